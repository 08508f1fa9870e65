"""The recaps: what may be spent, was spent, was planned, by any grouping and filter, as of any day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, get_args

from django.db import connection

from dekon.budget import selectors as budget
from dekon.history import selectors as history
from dekon.org.selectors import dated
from dekon.performance import cuts
from dekon.performance.cuts import Figures, RecapFilter
from dekon.performance.payments import PaymentLineView, PaymentOrder, PaymentSums, payment_lines, payment_sums

__all__ = [
    "Figures",
    "Gap",
    "Grouping",
    "MonthPoint",
    "Overview",
    "PaymentLineView",
    "PaymentOrder",
    "PaymentSums",
    "Recap",
    "RecapFilter",
    "RecapRow",
    "default_as_of",
    "largest_gaps",
    "monthly_curve",
    "overview",
    "payment_lines",
    "payment_sums",
    "province_unit_matrix",
    "recap",
    "totals",
]

type Grouping = Literal[
    "province",
    "satker",
    "unit",
    "program",
    "kegiatan",
    "kro",
    "ro",
    "komponen",
    "subkomponen",
    "akun",
    "spending_type",
    "month",
]
GROUPINGS: tuple[Grouping, ...] = get_args(Grouping.__value__)


@dataclass(frozen=True, slots=True)
class RecapRow:
    """One line of a recap. `key` is the code, or the path where the code alone would not be one thing."""

    key: str
    name: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Recap:
    """A recap with its total; the rows add up to the total in every figure."""

    year: int
    as_of: date
    synthetic: bool
    by: str
    rows: tuple[RecapRow, ...]
    total: Figures


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """Where the year stood at the end of a month, cumulative rupiah; realised is None for months that lie ahead."""

    month: int
    planned_rp: int
    realised_rp: int | None


@dataclass(frozen=True, slots=True)
class Gap:
    """A satker behind its plan, and what is on record about it (`pagu-minus`, `open-cases`, `blocked`)."""

    satker: str
    name: str
    province: str
    unit: str
    figures: Figures
    causes: tuple[str, ...]


def default_as_of(year: int) -> date:
    """Today (of the moment looked back to) within the running year, else the last (or first) day of the year."""
    return min(max(history.today(), date(year, 1, 1)), date(year, 12, 31))


def recap(asked: RecapFilter, by: str) -> Recap:
    """The recap of a year by one grouping.

    Args:
        asked: year, day and filters; the plan counts the months that have ended by that day.
        by: one of `GROUPINGS`.
    """
    moved = cuts.MOVEMENTS if by == "month" else cuts.STANDING
    found = {key or "": figures for key, figures in _summed(asked, cuts.key_of(asked, by), moved)}
    names = cuts.names(by, list(found), asked)
    lines = tuple(
        RecapRow(code, names.get(code, code), figures) for code, figures in found.items() if figures != Figures()
    )
    total = sum((row.figures for row in lines), Figures())
    return Recap(asked.year, asked.as_of, budget.is_synthetic(asked.year), by, lines, total)


def _summed(asked: RecapFilter, key: str, moved: str) -> list[tuple[Any, Figures]]:
    """The figures of a cut by a key, in its order."""
    chosen, params = cuts.chosen(asked, key)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH chosen AS MATERIALIZED ({chosen}), plan AS ({cuts.plan(asked, key)})
                SELECT m.key, {cuts.SUMS} FROM ({moved}) m GROUP BY 1 ORDER BY 1""",
            params,
        )
        return [(row[0], Figures(*row[1:])) for row in cursor.fetchall()]


def totals(asked: RecapFilter) -> Figures:
    """The figures of a whole cut."""
    return sum((figures for _key, figures in _summed(asked, "p.fiscal_year", cuts.STANDING)), Figures())


def province_unit_matrix(asked: RecapFilter) -> dict[tuple[str, str], Figures]:
    """Figures of every province and unit, by (Kemendagri code, unit code)."""
    by_satker = dict(_summed(asked, "p.satker_id", cuts.STANDING))
    return _matrix(by_satker, _places(by_satker, asked.as_of))


def monthly_curve(asked: RecapFilter) -> tuple[MonthPoint, ...]:
    """Cumulative plan and realisation at the end of each month of the year; of the running month, by the day."""
    chosen, params = cuts.chosen(asked, "p.fiscal_year")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH chosen AS MATERIALIZED ({chosen}), plan AS ({cuts.plan(asked, "p.fiscal_year")})
                SELECT m.month, sum(m.realised_rp)::bigint, sum(m.planned_rp)::bigint
                FROM ({cuts.months(asked)}) m GROUP BY 1""",
            params,
        )
        return _curve(asked, {row[0]: (row[1], row[2]) for row in cursor.fetchall()})


def largest_gaps(asked: RecapFilter, limit: int = 10) -> tuple[Gap, ...]:
    """The satker furthest behind their plan, in rupiah, with what is on record about each."""
    by_satker = dict(_summed(asked, "p.satker_id", cuts.STANDING))
    return _gaps_of(asked.year, by_satker, _places(by_satker, asked.as_of), limit)


def _causes(figures: Figures, *, has_cases: bool) -> tuple[str, ...]:
    known = (("pagu-minus", figures.parked_rp > 0), ("open-cases", has_cases), ("blocked", figures.blocked_rp > 0))
    return tuple(cause for cause, holds in known if holds)


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that a page of the nation shows."""

    by_province: Recap
    by_province_and_unit: dict[tuple[str, str], Figures]
    months: tuple[MonthPoint, ...]
    gaps: tuple[Gap, ...]


def overview(asked: RecapFilter, gaps: int = 10) -> Overview:
    """Recap by province, provinces × units, the curve and the largest gaps, from one reading of the book.

    Gives what `recap`, `province_unit_matrix`, `monthly_curve` and `largest_gaps` give.
    """
    by_satker, by_month = _by_satker_and_by_month(asked)
    places = _places(by_satker, asked.as_of)
    matrix = _matrix(by_satker, places)
    by_province: dict[str, Figures] = {}
    for (province, _unit), figures in matrix.items():
        by_province[province] = by_province.get(province, Figures()) + figures
    names = {place.province: place.province_name for place in places.values()}
    lines = tuple(
        RecapRow(code, names.get(code) or code, figures)
        for code, figures in sorted(by_province.items())
        if figures != Figures()
    )
    total = sum((row.figures for row in lines), Figures())
    return Overview(
        Recap(asked.year, asked.as_of, budget.is_synthetic(asked.year), "province", lines, total),
        matrix,
        _curve(asked, by_month),
        _gaps_of(asked.year, by_satker, places, gaps),
    )


def _by_satker_and_by_month(asked: RecapFilter) -> tuple[dict[int, Figures], dict[int, tuple[int, int]]]:
    """Figures by satker, and realisation and plan by month."""
    chosen, params = cuts.chosen(asked, "p.satker_id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH chosen AS MATERIALIZED ({chosen}), plan AS MATERIALIZED ({cuts.plan(asked, "p.satker_id")})
                SELECT m.key, 0 AS month, {cuts.SUMS} FROM ({cuts.STANDING}) m GROUP BY 1
                UNION ALL
                SELECT 0, m.month, 0, 0, 0, sum(m.realised_rp)::bigint, 0, sum(m.planned_rp)::bigint
                FROM ({cuts.months(asked)}) m GROUP BY 2""",
            params,
        )
        rows = cursor.fetchall()
    by_satker = {row[0]: Figures(*row[2:]) for row in rows if row[0]}
    return by_satker, {row[1]: (row[5], row[7]) for row in rows if not row[0]}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a satker belongs, with the words for it."""

    satker: str
    name: str
    province: str
    province_name: str
    unit: str


def _places(satker_ids: Iterable[int], on: date) -> dict[int, _Place]:
    """Code, name, province with its name, and unit of satker by number; names are those of the day."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT o.id, o.code, o.name, coalesce(v.code, ''), coalesce(v.name, ''), u.code FROM org_satker o
               JOIN org_unit u ON u.id = o.unit_id LEFT JOIN org_province v ON v.id = o.province_id
               WHERE o.id = ANY(%s)""",
            [list(satker_ids)],
        )
        found = {row[0]: _Place(*row[1:]) for row in cursor.fetchall()}
    renamed = dated.names_on(("satker", "provinsi"), on)
    return {number: _called(place, renamed) for number, place in found.items()} if renamed else found


def _called(place: _Place, renamed: Mapping[tuple[str, str], str]) -> _Place:
    """The place under the names that it had."""
    name = renamed.get(("satker", place.satker), place.name)
    return replace(place, name=name, province_name=renamed.get(("provinsi", place.province), place.province_name))


def _matrix(by_satker: dict[int, Figures], places: dict[int, _Place]) -> dict[tuple[str, str], Figures]:
    matrix: dict[tuple[str, str], Figures] = {}
    for satker, figures in by_satker.items():
        if figures != Figures():
            key = places[satker].province, places[satker].unit
            matrix[key] = matrix.get(key, Figures()) + figures
    return matrix


def _curve(asked: RecapFilter, by_month: dict[int, tuple[int, int]]) -> tuple[MonthPoint, ...]:
    """The cumulative curve from realisation and plan of each month."""
    points, planned, realised = [], 0, 0
    for month in range(1, 13):
        realised_rp, planned_rp = by_month.get(month, (0, 0))
        planned, realised = planned + planned_rp, realised + realised_rp
        started = date(asked.year, month, 1) <= asked.as_of
        points.append(MonthPoint(month, planned, realised if started else None))
    return tuple(points)


def _gaps_of(year: int, by_satker: dict[int, Figures], places: dict[int, _Place], limit: int) -> tuple[Gap, ...]:
    behind = sorted(((f.gap_rp, satker) for satker, f in by_satker.items() if f.gap_rp > 0), reverse=True)[:limit]
    with_cases = budget.satker_with_open_cases(year, [satker for _, satker in behind])
    return tuple(_gap(places[number], by_satker[number], has_cases=number in with_cases) for _, number in behind)


def _gap(place: _Place, figures: Figures, *, has_cases: bool) -> Gap:
    causes = _causes(figures, has_cases=has_cases)
    return Gap(place.satker, place.name, place.province, place.unit, figures, causes)
