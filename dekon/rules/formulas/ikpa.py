"""The total of IKPA: conversion of weights, deduction, category, and what holds above the satker.

What comes out is an estimate: the official value is published by the Treasury (OMSPAN, MyIntress).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from dekon.errors import RuleBroken
from dekon.rules.entry import Entry
from dekon.rules.explained import Explained, Step
from dekon.rules.numbers import ZERO, mean, not_negative, plain, score, settled, some, within
from dekon.rules.overrides import with_overrides
from dekon.rules.parameter import Parameter
from dekon.rules.regulations import regulation_for_year

WEIGHTS = Parameter[Mapping[str, Decimal]]("ikpa/weights")
CATEGORY_LIMITS = Parameter[tuple[Decimal, ...]]("ikpa/category_limits")
CATEGORY_NAMES = Parameter[tuple[str, ...]]("ikpa/category_names")
SCORE_CAP = Parameter[Decimal]("ikpa/score_cap")
AVERAGED_ABOVE_SATKER = Parameter[tuple[str, ...]]("ikpa/averaged_above_satker")

MAX_DEDUCTION = 100


def ikpa_total(
    values: Mapping[str, Decimal | None],
    year: int,
    *,
    weights: Mapping[str, Decimal] | None = None,
    deduction: Decimal = ZERO,
    quarter: int | None = None,
) -> Explained[Decimal]:
    """IKPA from its indicators: Σ value × weight ÷ Σ weights of those with data, less the deduction.

    Indicators without data are named in a step; their weight is spread over the others (konversi bobot). Where a
    quarter is given, its period overrides count instead of the values.

    Args:
        values: indicator → points 0 to 100, None where there is no data; every indicator of the year must be named.
        year: fiscal year.
        weights: other weights than those of the year; each indicator must have one.
        deduction: points that dispensations of SPM take off (2024 on), 0 or more.
        quarter: 1 to 4, to apply the period overrides of that quarter.

    Raises:
        RuleBroken: an indicator is missing, unknown or no score, a weight is negative, or no indicator has data.

    Legal:
        PER-4/PB/2021; PER-5/PB/2022; PER-5/PB/2024 (konversi bobot; dispensasi SPM as a deduction from 2024).
    """
    counting: Mapping[str, Decimal | None] = values
    notes: tuple[Step, ...] = ()
    if quarter is not None:
        counting, notes = with_overrides("ikpa", values, year, quarter)
    sources: tuple[Entry, ...] = () if weights else (WEIGHTS.source_for_year(year),)
    used = weights or WEIGHTS.for_year(year)
    _complete(used, values)
    total, active, steps, missing = ZERO, ZERO, list(notes), []
    for indicator, weight in used.items():
        points = counting[indicator]
        if points is None:
            missing.append(indicator)
            continue
        total += score(indicator, points) * weight
        active += weight
        steps.append(Step(indicator, settled(points * weight / 100), f"{plain(points)} × {plain(weight)} %"))
    if active == 0:
        raise RuleBroken("no-indicator-with-data")
    if missing:
        steps.append(Step("tanpa data, bobot dikonversi", ", ".join(missing)))
    converted = settled(total / active)
    steps.append(Step("nilai total ÷ konversi bobot", converted, f"{plain(settled(total / 100))} ÷ {plain(active)} %"))
    value = converted
    if deduction:
        value = max(ZERO, converted - within("pengurang", deduction, 0, MAX_DEDUCTION))
        steps.append(Step("pengurang dispensasi SPM", value, f"{plain(converted)} − {plain(deduction)}"))
    return Explained(
        value, tuple(steps), sources, regulation=regulation_for_year("ikpa", year),
        parts={"nilai_total": settled(total / 100), "jumlah_bobot": active, "sebelum_pengurang": converted,
               "nilai": value},
    )  # fmt: skip


def _complete(weights: Mapping[str, Decimal], values: Mapping[str, object]) -> None:
    for indicator, weight in weights.items():
        not_negative(f"bobot {indicator}", weight)
        if indicator not in values:
            raise RuleBroken("indicator-missing", name=indicator)
    for indicator in values:
        if indicator not in weights:
            raise RuleBroken("indicator-unknown", name=indicator, known=", ".join(weights))


def ikpa_category(value: Decimal, year: int) -> Explained[str]:
    """The category of a value: from 95, 89 or 70 on, or the lowest.

    Args:
        value: 0 to 100; a limit itself belongs to the category above it.
        year: fiscal year.

    Raises:
        RuleBroken: the value is no score, or no limits are recorded for the year.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024.
    """
    score("nilai", value)
    names, limits = CATEGORY_NAMES.for_year(year), CATEGORY_LIMITS.for_year(year)
    position = next((at for at, limit in enumerate(limits) if value >= limit), len(limits))
    how = f"≥ {limits[position]}" if position < len(limits) else f"< {limits[-1]}"
    return Explained(
        names[position], (Step("kategori", names[position], f"{plain(value)} {how}"),),
        (CATEGORY_LIMITS.source_for_year(year),), regulation=regulation_for_year("ikpa", year),
    )  # fmt: skip


def contribution(value: Decimal, weight: Decimal) -> Decimal:
    """The points that an indicator brings to the total before conversion.

    Args:
        value: points of the indicator, 0 to 100.
        weight: its weight, of 100.

    Raises:
        RuleBroken: the weight lies outside of 0 to 100.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024.
    """
    return settled(value * score("bobot", weight) / 100)


def averaged_above_satker(indicator: str, year: int) -> bool:
    """Whether the value of an indicator above the satker is the mean of its satker, not a new count from sums.

    Args:
        indicator: its short name, such as `revisi_dipa`.
        year: fiscal year.

    Legal:
        PER-5/PB/2022 (revisi DIPA); that sums come first for the others: best reading.
    """
    return indicator in AVERAGED_ABOVE_SATKER.for_year(year)


def mean_of_satker(indicator: str, values: Sequence[Decimal | None], year: int) -> Explained[Decimal]:
    """The plain mean of an indicator over the satker that have data, for those that are averaged above the satker.

    Args:
        indicator: its short name.
        values: points of each satker, None where it has no data.
        year: fiscal year.

    Raises:
        RuleBroken: the indicator is one for which sums are taken first, a value is no score, or no satker has data.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024.
    """
    if not averaged_above_satker(indicator, year):
        raise RuleBroken("indicator-not-averaged", name=indicator)
    known = [score(indicator, value) for value in values if value is not None]
    total = mean(some(indicator, known))
    step = Step(indicator, total, f"rata-rata {len(known)} satker")
    return Explained(
        total, (step,), (AVERAGED_ABOVE_SATKER.source_for_year(year),), regulation=regulation_for_year("ikpa", year)
    )


def capped(value: Decimal, year: int) -> Decimal:
    """The points that count of a value.

    Args:
        value: points, 0 or more.
        year: fiscal year.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024.
    """
    return min(value, SCORE_CAP.for_year(year))
