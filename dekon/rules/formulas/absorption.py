"""Absorption: what was realised of the budget, and its classes for the map and for tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final, Literal

from dekon.rules.explained import Explained, Step
from dekon.rules.numbers import not_negative, percent_of, plain, positive
from dekon.rules.parameter import Parameter
from dekon.rules.regulations import regulation_for_year

ABSORPTION_LIMITS = Parameter[tuple[int, ...]]("budget/absorption_limits")

type Base = Literal["pagu", "pagu_efektif"]

BASE_NAMES: Final[dict[Base, str]] = {"pagu": "pagu", "pagu_efektif": "pagu efektif (pagu − blokir)"}


def absorption(realised: Decimal, budget: Decimal, year: int, base: Base = "pagu") -> Explained[Decimal]:
    """What was realised in percent of the budget; above 100 where more was paid than the budget says (pagu minus).

    Args:
        realised: net realisation, any one unit of money.
        budget: the pagu or, as `base` says, the pagu efektif, in the same unit.
        year: fiscal year.
        base: over what it is counted; the step says so.

    Raises:
        RuleBroken: the budget is not positive, or the realisation negative.

    Legal:
        PMK 214/PMK.02/2017; PMK 22/PMK.02/2021 Lampiran (penyerapan anggaran).
    """
    value = percent_of(not_negative("realisasi", realised), positive(base, budget))
    how = f"{plain(realised)} ÷ {plain(budget)} × 100, terhadap {BASE_NAMES[base]}"
    if value > 100:
        how += "; realisasi melebihi pagu"
    return Explained(
        value, (Step("penyerapan", value, how),), regulation=regulation_for_year("nka", year),
        parts={"penyerapan": value, "terhadap": base},
    )  # fmt: skip


def absorption_class(share_of_plan: Decimal | None, on: date) -> int | None:
    """The class of what was realised against what was planned by then, 0 (far below) to 4 (above plan).

    Args:
        share_of_plan: realised ÷ planned, 1 where exactly on plan; None where nothing was planned.
        on: the day whose limits count.

    Returns:
        0 to 4, or None where there is nothing to compare with.

    Raises:
        RuleBroken: no limits are recorded for the day.

    Legal:
        house rule (display only).
    """
    if share_of_plan is None:
        return None
    return sum(share_of_plan * 100 >= limit for limit in ABSORPTION_LIMITS.at(on))
