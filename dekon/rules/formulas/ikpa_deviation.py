"""Deviasi Halaman III DIPA: how far realisation strays from the monthly withdrawal plan, newest regulation first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from dekon.errors import RuleBroken
from dekon.lib.periods import MONTHS
from dekon.rules.explained import Explained, Step
from dekon.rules.numbers import HUNDRED, ZERO, each_once, mean, not_negative, percent_of, plain, score, settled, some
from dekon.rules.parameter import Parameter
from dekon.rules.regulations import regulation_for_year

DEVIATION_TOLERANCE = Parameter[Decimal]("ikpa/deviation_tolerance")
DEVIATION_TOLERANCE_LEVEL = Parameter[str]("ikpa/deviation_tolerance_level")
DEVIATION_CAP = Parameter[Decimal]("ikpa/deviation_cap")
DEVIATION_MONTHS_LEFT_OUT = Parameter[tuple[int, ...]]("ikpa/deviation_months_left_out")

SHARE_TOLERANCE = Decimal("0.5")
CELL = "cell"


@dataclass(frozen=True, slots=True)
class TypeDeviation:
    """A spending type in a month: its deviation in percent, and its share of the pagu in percent."""

    kind: str
    deviation: Decimal
    share: Decimal = ZERO


def type_deviation(planned: Decimal, realised: Decimal, year: int) -> Explained[Decimal]:
    """The deviation of one spending type in one month in percent of its plan, at most 100.

    Without a plan it is 0 if nothing was spent, else 100.

    Args:
        planned: RPD of the month, any one unit of money.
        realised: realisation of the month.
        year: fiscal year.

    Raises:
        RuleBroken: a figure is negative.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024 Pasal 7.
    """
    cap = DEVIATION_CAP.for_year(year)
    not_negative("rpd", planned)
    not_negative("realisasi", realised)
    if planned == 0:
        value, how = (cap if realised else ZERO), f"tanpa rencana, realisasi {plain(realised)}"
    else:
        value = min(cap, percent_of(abs(realised - planned), planned))
        how = f"|{plain(realised)} − {plain(planned)}| ÷ {plain(planned)} × 100"
    return Explained(
        value, (Step("deviasi jenis belanja", value, how),), (DEVIATION_CAP.source_for_year(year),),
        regulation=regulation_for_year("ikpa", year), parts={"dev": value},
    )  # fmt: skip


def month_deviation_2024(types: Sequence[TypeDeviation], year: int) -> Explained[Decimal]:
    """The deviation of a month: that of each spending type weighted by its share of the pagu.

    Args:
        types: deviation 0 to 100 and share of pagu in percent of each type managed; shares sum to about 100.
        year: fiscal year, 2024 or later.

    Raises:
        RuleBroken: no type, one twice, a deviation or share out of range, or shares that do not sum to 100.

    Legal:
        PER-5/PB/2024 Pasal 7.
    """
    _types(types)
    shares = sum((score("pagu_share", one.share) for one in types), ZERO)
    if abs(shares - HUNDRED) > SHARE_TOLERANCE:
        raise RuleBroken("shares-sum", value=plain(shares))
    kept = [_tolerated(one.deviation, year) for one in types]
    value = settled(sum((d * one.share for d, one in zip(kept, types, strict=True)), ZERO) / shares)
    how = " + ".join(f"{plain(d)} × {plain(one.share)} %" for d, one in zip(kept, types, strict=True))
    return _month(value, how, year)


def month_deviation_2021(types: Sequence[TypeDeviation], year: int) -> Explained[Decimal]:
    """The deviation of a month: the plain mean over the spending types managed.

    Args:
        types: deviation 0 to 100 of each type managed; shares are not used.
        year: fiscal year, 2021 to 2023.

    Raises:
        RuleBroken: no type, one twice, or a deviation out of range.

    Legal:
        PER-5/PB/2022; PER-4/PB/2021: best reading.
    """
    _types(types)
    kept = [_tolerated(one.deviation, year) for one in types]
    value = mean(kept)
    return _month(value, f"({' + '.join(map(plain, kept))}) ÷ {len(kept)}", year)


def _types(types: Sequence[TypeDeviation]) -> None:
    some("akun", types)
    each_once("jenis", [one.kind for one in types])
    for one in types:
        score("dev", one.deviation)


def _tolerated(deviation: Decimal, year: int) -> Decimal:
    """The deviation of a type in a month after a tolerance at this level, if the parameter sets it there."""
    at_cell = DEVIATION_TOLERANCE_LEVEL.for_year(year) == CELL
    return ZERO if at_cell and deviation <= DEVIATION_TOLERANCE.for_year(year) else deviation


def _month(value: Decimal, how: str, year: int) -> Explained[Decimal]:
    return Explained(
        value, (Step("deviasi bulan", value, how),), (DEVIATION_TOLERANCE_LEVEL.source_for_year(year),),
        regulation=regulation_for_year("ikpa", year), parts={"dev_bulan": value},
    )  # fmt: skip


def month_deviation(types: Sequence[TypeDeviation], year: int) -> Explained[Decimal]:
    """The deviation of a month by the regulation of the year; arguments as in `month_deviation_2024`.

    Args:
        types: deviation and share of pagu of each type managed.
        year: fiscal year.

    Raises:
        RuleBroken: as the formula of the year.

    Legal:
        PER-4/PB/2021; PER-5/PB/2022; PER-5/PB/2024 Pasal 7.
    """
    weighted = regulation_for_year("ikpa", year).id == "PER-5/PB/2024"
    return month_deviation_2024(types, year) if weighted else month_deviation_2021(types, year)


def deviation_of_months(months: Sequence[Decimal], year: int) -> Explained[Decimal]:
    """The indicator: 100 less the mean deviation of the months so far, 100 up to the tolerance; December is left out.

    Args:
        months: deviation of each month from January on, 0 to 100.
        year: fiscal year.

    Raises:
        RuleBroken: no month, more than twelve, or a deviation out of range.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024 Pasal 7 (level of the tolerance before 2024: best reading).
    """
    some("dev_bulanan", months)
    if len(months) > len(MONTHS):
        raise RuleBroken("input-too-many", name="dev_bulanan", count=len(months), most=len(MONTHS))
    left_out = DEVIATION_MONTHS_LEFT_OUT.for_year(year)
    counted: list[Decimal] = []
    running: list[Decimal] = []
    for number, deviation in enumerate(months, 1):
        score("dev_bulanan", deviation)
        if number not in left_out:
            counted.append(deviation)
        running.append(mean(counted))
    result = deviation_value(running[-1], year)
    steps = tuple(Step("rata-rata deviasi", value, "", str(number)) for number, value in enumerate(running, 1))
    values = [deviation_value(value, year).value for value in running]
    return Explained(
        result.value, (*steps, *result.steps),
        (*result.sources, DEVIATION_MONTHS_LEFT_OUT.source_for_year(year)), regulation=result.regulation,
        parts={"rata_rata_kumulatif": running, "rata_rata": running[-1], "nilai_bulan": values, "nilai": result.value},
    )  # fmt: skip


def deviation_value(average: Decimal, year: int) -> Explained[Decimal]:
    """The points of a mean deviation: 100 up to the tolerance, else 100 less the mean.

    Args:
        average: mean of the months so far, 0 to 100.
        year: fiscal year.

    Raises:
        RuleBroken: the mean is out of range.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024 Pasal 7.
    """
    score("rata_rata", average)
    tolerance = DEVIATION_TOLERANCE.for_year(year)
    at_mean = DEVIATION_TOLERANCE_LEVEL.for_year(year) != CELL
    inside = at_mean and average <= tolerance
    value = HUNDRED if inside else settled(HUNDRED - average)
    how = f"{plain(average)} ≤ {tolerance}" if inside else f"100 − {plain(average)}"
    return Explained(
        value, (Step("deviasi Halaman III DIPA", value, how),),
        (DEVIATION_TOLERANCE.source_for_year(year), DEVIATION_TOLERANCE_LEVEL.source_for_year(year)),
        regulation=regulation_for_year("ikpa", year), parts={"rata_rata": average, "nilai": value},
    )  # fmt: skip
