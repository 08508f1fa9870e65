"""Revisi DIPA: how often the budget document was revised without a change of its pagu, newest regulation first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from dekon.errors import RuleBroken
from dekon.lib.periods import quarter_of
from dekon.rules.explained import Explained, Step
from dekon.rules.formulas.ikpa import capped
from dekon.rules.numbers import mean, settled, some
from dekon.rules.parameter import Parameter
from dekon.rules.regulations import regulation_for_year

REVISION_CODES = Parameter[tuple[str, ...]]("ikpa/revision_codes")
REVISIONS_ALLOWED = Parameter[int]("ikpa/revisions_allowed_in_quarter")
REVISION_POINTS = Parameter[tuple[Decimal, ...]]("ikpa/revision_points")

QUARTERS_OF_YEAR, SEMESTERS = 4, 2
FULL: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Revision:
    """A revision of a DIPA: its day, its code in the list of revisions, and whether the pagu stayed the same."""

    on: date
    code: str
    pagu_unchanged: bool


def counted_by_quarter(revisions: Iterable[Revision], year: int) -> list[int]:
    """How many revisions of each quarter count.

    Args:
        revisions: all that took place; those with another code or a changed pagu, or of another year, do not count.
        year: fiscal year.

    Returns:
        Four numbers.

    Raises:
        RuleBroken: no list of codes is recorded for the year.

    Legal:
        PER-5/PB/2022 (14 codes; 219, deconcentration, is not among them).
    """
    codes = frozenset(REVISION_CODES.for_year(year))
    counts = [0, 0, 0, 0]
    for revision in revisions:
        if revision.on.year == year and revision.pagu_unchanged and revision.code in codes:
            counts[quarter_of(revision.on) - 1] += 1
    return counts


def revision_2024(by_semester: Sequence[int], year: int) -> Explained[Decimal]:
    """The mean of the semesters so far: 110 for none or one revision, 100 for two, 50 for more; at most 100 in the end.

    Args:
        by_semester: counted revisions of the first and, if begun, the second semester.
        year: fiscal year, 2024 or later.

    Raises:
        RuleBroken: no semester, more than two, or a negative number.

    Legal:
        PER-5/PB/2024 Pasal 6 (the cap comes after the mean: by two applications).
    """
    points = REVISION_POINTS.for_year(year)
    _counts("revisi_semester", by_semester, SEMESTERS)
    values = [points[min(count, len(points) - 1)] for count in by_semester]
    before = mean(values)
    value = capped(before, year)
    steps = [
        Step("revisi semester", p, f"{c} revisi", str(n)) for n, (c, p) in enumerate(_pairs(by_semester, values), 1)
    ]
    steps.append(Step("revisi DIPA", value, f"rata-rata {before:f}, paling tinggi 100"))
    return Explained(
        value, tuple(steps), (REVISION_POINTS.source_for_year(year),), regulation=regulation_for_year("ikpa", year),
        parts={"nilai_semester": values, "sebelum_batas": before, "nilai": value},
    )  # fmt: skip


def revision_2021(by_quarter: Sequence[int], year: int) -> Explained[Decimal]:
    """The mean of the quarters so far, each allowed ÷ made × 100: one revision 100, two 50, three 33.33.

    Args:
        by_quarter: counted revisions of each quarter so far.
        year: fiscal year, 2021 to 2023.

    Raises:
        RuleBroken: no quarter, more than four, or a negative number.

    Legal:
        PER-5/PB/2022; PER-4/PB/2021: best reading.
    """
    allowed = REVISIONS_ALLOWED.for_year(year)
    _counts("jumlah_revisi", by_quarter, QUARTERS_OF_YEAR)
    values = [revision_ratio(count, allowed) for count in by_quarter]
    running = [mean(values[:number]) for number in range(1, len(values) + 1)]
    steps = [
        Step("revisi triwulan", p, f"{c} revisi", str(n)) for n, (c, p) in enumerate(_pairs(by_quarter, values), 1)
    ]
    steps.append(Step("revisi DIPA", running[-1], f"rata-rata {len(values)} triwulan"))
    return Explained(
        running[-1], tuple(steps), (REVISIONS_ALLOWED.source_for_year(year),),
        regulation=regulation_for_year("ikpa", year),
        parts={"nilai_triwulan": values, "nilai_kumulatif": running, "nilai": running[-1]},
    )  # fmt: skip


def revision_ratio(count: int, allowed: int) -> Decimal:
    """Points of a quarter with so many counted revisions.

    Args:
        count: revisions made, 0 or more.
        allowed: those that cost nothing.

    Legal:
        PER-5/PB/2022.
    """
    return FULL if count <= allowed else settled(FULL * allowed / count)


def _pairs(counts: Sequence[int], values: Sequence[Decimal]) -> Iterable[tuple[int, Decimal]]:
    return zip(counts, values, strict=True)


def _counts(name: str, counts: Sequence[int], most: int) -> None:
    some(name, counts)
    if len(counts) > most:
        raise RuleBroken("input-too-many", name=name, count=len(counts), most=most)
    if min(counts) < 0:
        raise RuleBroken("input-negative", name=name, value=min(counts))
