"""The recaps: what may be spent, was spent, was planned, by any grouping and filter, as of any day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import connection
from django.utils import timezone

from dekon.budget import selectors as budget
from dekon.performance import cuts
from dekon.performance.cuts import Figures, RecapFilter

__all__ = [
    "Figures",
    "Gap",
    "MonthPoint",
    "Overview",
    "PaymentLineView",
    "Recap",
    "RecapFilter",
    "RecapRow",
    "default_as_of",
    "largest_gaps",
    "monthly_curve",
    "overview",
    "payment_lines",
    "province_unit_matrix",
    "recap",
]

GROUPINGS = (
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
)


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


@dataclass(frozen=True, slots=True)
class PaymentLineView:
    """One payment line as lists show it."""

    pk: int
    satker: str
    sp2d_no: str
    sp2d_on: date | None
    spp_no: str
    spm_no: str
    spp_kind: str
    spp_kind_name: str
    description: str
    path: str
    akun: str
    amount_rp: int
    stage: str
    effect: str
    effect_words: str


def default_as_of(year: int) -> date:
    """Today within the running year, else the last (or first) day of the year."""
    return min(max(timezone.localdate(), date(year, 1, 1)), date(year, 12, 31))


def recap(asked: RecapFilter, by: str) -> Recap:
    """The recap of a year by one grouping.

    Args:
        asked: year, day and filters; the plan counts the months that have ended by that day.
        by: one of `GROUPINGS`.
    """
    key = cuts.key_of(asked, by)
    rows, params = cuts.movements(asked)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, {cuts.SUMS} FROM ({rows}) m {cuts.JOINS} GROUP BY 1 ORDER BY 1", params)
        found = [(row[0] or "", Figures(*(int(value) for value in row[1:]))) for row in cursor.fetchall()]
    names = cuts.names(by, [code for code, _ in found], asked)
    lines = tuple(RecapRow(code, names.get(code, code), figures) for code, figures in found if figures != Figures())
    total = sum((row.figures for row in lines), Figures())
    return Recap(asked.year, asked.as_of, budget.is_synthetic(asked.year), by, lines, total)


def province_unit_matrix(asked: RecapFilter) -> dict[tuple[str, str], Figures]:
    """Figures of every province and unit, by (Kemendagri code, unit code)."""
    rows, params = cuts.movements(asked)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(v.code, ''), u.code, {cuts.SUMS} FROM ({rows}) m {cuts.JOINS} GROUP BY 1, 2", params
        )
        return {(row[0], row[1]): Figures(*(int(value) for value in row[2:])) for row in cursor.fetchall()}


def monthly_curve(asked: RecapFilter) -> tuple[MonthPoint, ...]:
    """Cumulative plan and realisation at the end of each month of the year."""
    whole_year = asked.on(date(asked.year, 12, 31))
    rows, params = cuts.movements(whole_year)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT m.month, {cuts.SUMS} FROM ({rows}) m {cuts.JOINS} GROUP BY 1", params)
        moved = {row[0]: Figures(*(int(value) for value in row[1:])) for row in cursor.fetchall()}
    realised_by_day = recap(asked, "month").total.realised_rp
    points, planned, realised = [], 0, 0
    for month in range(1, 13):
        figures = moved.get(month, Figures())
        planned, realised = planned + figures.planned_rp, realised + figures.realised_rp
        started = date(asked.year, month, 1) <= asked.as_of
        ended = _month_end(asked.year, month) <= asked.as_of
        points.append(MonthPoint(month, planned, (realised if ended else realised_by_day) if started else None))
    return tuple(points)


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def largest_gaps(asked: RecapFilter, limit: int = 10) -> tuple[Gap, ...]:
    """The satker furthest behind their plan, in rupiah, with what is on record about each."""
    rows, params = cuts.movements(asked)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT o.code, o.name, coalesce(v.code, ''), u.code, o.id, {cuts.SUMS} FROM ({rows}) m {cuts.JOINS}
                GROUP BY 1, 2, 3, 4, 5 HAVING sum(m.planned_rp) > sum(m.realised_rp)
                ORDER BY sum(m.planned_rp) - sum(m.realised_rp) DESC LIMIT %(limit)s""",
            {**params, "limit": limit},
        )
        found = cursor.fetchall()
    with_cases = budget.satker_with_open_cases(asked.year, [row[4] for row in found])
    return tuple(
        Gap(
            row[0],
            row[1],
            row[2],
            row[3],
            figures := Figures(*map(int, row[5:])),
            _causes(figures, has_cases=row[4] in with_cases),
        )
        for row in found
    )


def _causes(figures: Figures, *, has_cases: bool) -> tuple[str, ...]:
    known = (("pagu-minus", figures.parked_rp > 0), ("open-cases", has_cases), ("blocked", figures.blocked_rp > 0))
    return tuple(cause for cause, holds in known if holds)


def payment_lines(asked: RecapFilter) -> Iterator[PaymentLineView]:
    """Payment lines of a cut, oldest first, read in portions so that memory stays flat."""
    condition, params = cuts.condition(asked)
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"""SELECT l.id, o.code, l.sp2d_no, l.sp2d_on, l.spp_no, l.spm_no, l.spp_kind, l.spp_kind_name,
                    l.description,
                       concat_ws('.', p.program, p.kegiatan, p.kro, p.ro, p.komponen, p.subkomponen, p.akun), l.akun,
                       l.amount_rp, l.stage, l.effect
                FROM budget_paymentline l JOIN ledger_pos p ON p.id = l.pos_id {cuts.PLACES}
                WHERE l.sp2d_on <= %(as_of)s AND {condition} ORDER BY l.sp2d_on, l.sp2d_no, l.id""",
            params,
        )
        while portion := cursor.fetchmany(2000):
            for row in portion:
                yield PaymentLineView(*(*row, budget.effect_words(row[12], row[13])))


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that a page of the nation shows, from one reading of the book."""

    by_province: Recap
    by_province_and_unit: dict[tuple[str, str], Figures]
    months: tuple[MonthPoint, ...]
    gaps: tuple[Gap, ...]


def overview(asked: RecapFilter, gaps: int = 10) -> Overview:
    """Recap by province, provinces × units, the curve and the largest gaps, in one pass over the movements.

    Gives what `recap`, `province_unit_matrix`, `monthly_curve` and `largest_gaps` give.
    """
    moved = _by_satker_and_month(asked)
    due = cuts.planned_months(asked.year, asked.as_of)
    places = {row[0]: row[1:] for row in _places({satker for satker, _ in moved})}
    by_satker: dict[int, Figures] = {}
    by_month: dict[int, Figures] = {}
    for (satker, month), figures in moved.items():
        counted = figures if month <= due else replace(figures, planned_rp=0)
        by_satker[satker] = by_satker.get(satker, Figures()) + counted
        by_month[month] = by_month.get(month, Figures()) + figures
    matrix: dict[tuple[str, str], Figures] = {}
    by_province: dict[str, Figures] = {}
    for satker, figures in by_satker.items():
        _code, _name, province, _province_name, unit = places[satker]
        matrix[province, unit] = matrix.get((province, unit), Figures()) + figures
        by_province[province] = by_province.get(province, Figures()) + figures
    names = {row[2]: row[3] for row in places.values()}
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


def _by_satker_and_month(asked: RecapFilter) -> dict[tuple[int, int], Figures]:
    """What moved up to the day, and the plan of all months, by satker and month."""
    where, params = cuts.condition(asked)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH chosen AS MATERIALIZED (SELECT p.id, p.satker_id FROM ledger_pos p {cuts.PLACES} WHERE {where})
                SELECT satker_id, month, {cuts.SUMS} FROM (
                    SELECT c.satker_id, extract(month FROM d.effective_on)::int AS month, d.pagu_rp, d.blocked_rp,
                           d.reserved_rp, d.realised_rp, 0::bigint AS parked_rp, 0::bigint AS planned_rp
                    FROM ledger_dailysum d JOIN chosen c ON c.id = d.pos_id
                    WHERE d.fiscal_year = %(year)s AND d.effective_on <= %(as_of)s
                    UNION ALL
                    SELECT c.satker_id, extract(month FROM k.effective_on)::int, 0, 0, 0, 0, k.amount_rp, 0
                    FROM ledger_parked k JOIN chosen c ON c.id = k.pos_id
                    WHERE k.state = 'open' AND k.effective_on <= %(as_of)s
                    UNION ALL
                    SELECT c.satker_id, n.month, 0, 0, 0, 0, 0, n.planned_rp
                    FROM budget_plannedmonth n JOIN chosen c ON c.id = n.pos_id WHERE n.fiscal_year = %(year)s
                ) m GROUP BY 1, 2""",
            params,
        )
        return {(row[0], row[1]): Figures(*(int(value) for value in row[2:])) for row in cursor.fetchall()}


def _places(satker_ids: Iterable[int]) -> list[tuple[int, str, str, str, str, str]]:
    """Number, code, name, province with its name, and unit of satker."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT o.id, o.code, o.name, coalesce(v.code, ''), coalesce(v.name, ''), u.code FROM org_satker o
               JOIN org_unit u ON u.id = o.unit_id LEFT JOIN org_province v ON v.id = o.province_id
               WHERE o.id = ANY(%s)""",
            [list(satker_ids)],
        )
        found: list[tuple[int, str, str, str, str, str]] = cursor.fetchall()
        return found


def _curve(asked: RecapFilter, by_month: dict[int, Figures]) -> tuple[MonthPoint, ...]:
    points, planned, realised = [], 0, 0
    for month in range(1, 13):
        figures = by_month.get(month, Figures())
        planned, realised = planned + figures.planned_rp, realised + figures.realised_rp
        started = date(asked.year, month, 1) <= asked.as_of
        points.append(MonthPoint(month, planned, realised if started else None))
    return tuple(points)


def _gaps_of(
    year: int, by_satker: dict[int, Figures], places: dict[int, tuple[str, str, str, str, str]], limit: int
) -> tuple[Gap, ...]:
    behind = sorted(((f.gap_rp, satker) for satker, f in by_satker.items() if f.gap_rp > 0), reverse=True)[:limit]
    with_cases = budget.satker_with_open_cases(year, [satker for _, satker in behind])
    return tuple(
        Gap(places[satker][0], places[satker][1], places[satker][2], places[satker][4], by_satker[satker],
            _causes(by_satker[satker], has_cases=satker in with_cases))
        for _, satker in behind
    )  # fmt: skip
