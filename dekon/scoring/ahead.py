"""The months to come, supposed: a satker with a plan and with spending that has not happened yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from dekon.lib.periods import MONTHS, QUARTERS, months_of_quarter, quarter_of_month
from dekon.scoring.figures import SatkerFigures, TypeMonths
from dekon.scoring.ikpa import MONTHS_OF_QUARTER, ikpa_of

type Cells = Mapping[tuple[str, int], int]
"""Whole rupiah by spending type and month."""


def quarter_ahead(month: int) -> int:
    """The quarter that still runs after the end of a month; the fourth at the year's end.

    Args:
        month: 1 to 12, which has ended.
    """
    return min(QUARTERS[-1], quarter_of_month(month) + (1 if month % MONTHS_OF_QUARTER == 0 else 0))


def months_ahead(month: int) -> tuple[int, ...]:
    """The months of that quarter which have not ended; none at the year's end.

    Args:
        month: 1 to 12, which has ended.
    """
    return tuple(one for one in months_of_quarter(quarter_ahead(month)) if one > month)


def rooms_of(figures: SatkerFigures) -> dict[str, int]:
    """What each managed spending type may still spend, whole rupiah: ceiling net of blocks less realised."""
    return {
        kind: max(0, one.effective_rp(figures.month) - one.realised_rp[-1]) for kind, one in figures.managed().items()
    }


def planned_ahead(longer: SatkerFigures, months: tuple[int, ...]) -> dict[tuple[str, int], int]:
    """The plan of the months to come.

    Args:
        longer: the same satker with figures up to the last of the months, of which only the plan is taken.
        months: 1 to 12.
    """
    return {(kind, month): one.planned_rp[month - 1] for kind, one in longer.types.items() for month in months}


def supposed(
    figures: SatkerFigures, end: int, planned: Cells, spent: Cells, pagu: Mapping[str, int] | None = None
) -> SatkerFigures:
    """The satker at the end of a later month, had it spent so.

    Args:
        figures: as it stands.
        end: the later month, up to 12.
        planned: plan of each type and month to come; nothing where it is not said.
        spent: what each type spends in each month to come.
        pagu: what is added to the ceiling of a type from the first month to come on.
    """
    kinds = {*figures.types, *(kind for kind, _month in (*planned, *spent)), *(pagu or {})}
    types = {}
    for kind in sorted(kinds):
        old = figures.types.get(kind) or TypeMonths.empty(figures.month)
        types[kind] = one = TypeMonths(
            [*old.pagu_rp], [*old.blocked_rp], [*old.realised_rp], [*old.planned_rp], [*old.spent_rp]
        )
        added = (pagu or {}).get(kind, 0)
        for month in MONTHS[figures.month : end]:
            one.pagu_rp.append(old.pagu_rp[-1] + added)
            one.blocked_rp.append(old.blocked_rp[-1])
            one.spent_rp.append(spent.get((kind, month), 0))
            one.realised_rp.append(one.realised_rp[-1] + one.spent_rp[-1])
            one.planned_rp.append(planned.get((kind, month), 0))
    return replace(figures, month=end, types=types)


def ikpa_value(figures: SatkerFigures) -> Decimal | None:
    """The points of IKPA; None where the regulation allows no value."""
    return ikpa_of(figures).value
