"""The recaps: what may be spent, was spent, was planned, by any grouping and filter, as of any day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from dekon.budget import selectors as budget
from dekon.performance import cuts
from dekon.performance.cuts import Figures, RecapFilter

__all__ = [
    "Figures", "Gap", "MonthPoint", "PaymentLineView", "Recap", "RecapFilter", "RecapRow", "default_as_of", "largest_gaps",
    "monthly_curve", "payment_lines", "province_unit_matrix", "recap",
]  # fmt: skip

GROUPINGS = (
    "province", "satker", "unit", "program", "kegiatan", "kro", "ro", "komponen", "subkomponen", "akun", "spending_type", "month",
)  # fmt: skip


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
            f"""SELECT l.id, o.code, l.sp2d_no, l.sp2d_on, l.spp_no, l.spm_no, l.spp_kind, l.spp_kind_name, l.description,
                       concat_ws('.', p.program, p.kegiatan, p.kro, p.ro, p.komponen, p.subkomponen, p.akun), l.akun,
                       l.amount_rp, l.stage, l.effect
                FROM budget_paymentline l JOIN ledger_pos p ON p.id = l.pos_id {cuts.PLACES}
                WHERE l.sp2d_on <= %(as_of)s AND {condition} ORDER BY l.sp2d_on, l.sp2d_no, l.id""",
            params,
        )
        while portion := cursor.fetchmany(2000):
            for row in portion:
                yield PaymentLineView(*row, budget.effect_words(row[12], row[13]))


def ratio(part_rp: int, whole_rp: int) -> Decimal | None:
    """A share from 0 to 1, or None where there is nothing to divide by."""
    return Decimal(part_rp) / Decimal(whole_rp) if whole_rp else None
