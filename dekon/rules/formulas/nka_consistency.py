"""Consistency of absorption with the monthly withdrawal plan (RPD) as NKA measures it, newest regulation first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from dekon.errors import RuleBroken
from dekon.lib.periods import MONTHS
from dekon.rules.entry import Entry
from dekon.rules.explained import Explained, Step
from dekon.rules.numbers import mean, not_falling, not_negative, percent_of, plain, settled, some
from dekon.rules.parameter import Parameter
from dekon.rules.regulations import regulation_for_year, regulations

CONSISTENCY_WITHOUT_PLAN = Parameter[Mapping[str, Decimal]]("nka/consistency_without_plan")
CONSISTENCY_FLOOR = Parameter[Decimal]("nka/consistency_floor")


def consistency_2018(planned: Sequence[Decimal], realised: Sequence[Decimal], year: int) -> Explained[Decimal]:
    """The mean over the months of (plan − |plan − realised|) ÷ plan × 100, both cumulative.

    A month above plan loses as much as one below; no month counts less than the floor.

    Args:
        planned: RPD cumulative from January on, any one unit of money.
        realised: realisation cumulative, as many months.
        year: fiscal year, 2018 to 2022.

    Raises:
        RuleBroken: no month, more than twelve, different numbers of months, a negative figure, a plan that falls.

    Legal:
        PMK 214/PMK.02/2017 Lampiran; PMK 22/PMK.02/2021 Lampiran; months without plan and the floor: best reading.
    """
    floor = CONSISTENCY_FLOOR.for_year(year)

    def month(plan: Decimal, real: Decimal) -> Decimal:
        return max(floor, settled((plan - abs(plan - real)) / plan * 100))

    values, steps, without = _months(planned, realised, year, month)
    total = mean(values)
    return Explained(
        total, (*steps, Step("konsistensi", total, f"rata-rata {len(values)} bulan")),
        (CONSISTENCY_FLOOR.source_for_year(year), without), regulation=regulation_for_year("nka", year),
        parts={"bulan": values, "konsistensi": total},
    )  # fmt: skip


def consistency_2012(planned: Sequence[Decimal], realised: Sequence[Decimal], year: int = 2012) -> Explained[Decimal]:
    """The mean over the months of realised ÷ plan × 100, both cumulative; a month above plan counts above 100.

    Args:
        planned: RPD cumulative from January on, any one unit of money.
        realised: realisation cumulative, as many months.
        year: fiscal year, 2012 to 2017.

    Raises:
        RuleBroken: as `consistency_2018`.

    Legal:
        PMK 249/PMK.02/2011 (historic).
    """
    values, steps, without = _months(planned, realised, year, lambda plan, real: percent_of(real, plan))
    total = mean(values)
    return Explained(
        total, (*steps, Step("konsistensi", total, f"rata-rata {len(values)} bulan")), (without,),
        regulation=regulations()["PMK 249/PMK.02/2011"], parts={"bulan": values, "konsistensi": total},
    )  # fmt: skip


def _months(
    planned: Sequence[Decimal], realised: Sequence[Decimal], year: int, month: Callable[[Decimal, Decimal], Decimal]
) -> tuple[list[Decimal], list[Step], Entry]:
    """The value of each month, its step, and what was used for months without plan."""
    some("rpd_kumulatif", planned)
    if len(planned) != len(realised):
        raise RuleBroken(
            "inputs-unequal", name="rpd_kumulatif", count=len(planned), other="realisasi_kumulatif",
            other_count=len(realised),
        )  # fmt: skip
    if len(planned) > len(MONTHS):
        raise RuleBroken("input-too-many", name="rpd_kumulatif", count=len(planned), most=len(MONTHS))
    without = CONSISTENCY_WITHOUT_PLAN.for_year(year)
    values, steps = [], []
    for number, (plan, real) in enumerate(zip(planned, realised, strict=True), 1):
        not_negative("rpd_kumulatif", plan)
        not_negative("realisasi_kumulatif", real)
        if plan > 0:
            value, how = month(plan, real), f"rencana {plain(plan)}, realisasi {plain(real)}"
        else:
            value = without["dengan_realisasi" if real else "tanpa_realisasi"]
            how = f"belum ada rencana, realisasi {plain(real)}"
        values.append(value)
        steps.append(Step("konsistensi bulan", value, how, str(number)))
    not_falling("rpd_kumulatif", planned)
    return values, steps, CONSISTENCY_WITHOUT_PLAN.source_for_year(year)
