"""What the formulas need of each satker, read from the books: a handful of questions, however many satker there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from dekon.budget.choices import RevisionKind
from dekon.lib.periods import QUARTERS, month_end, quarter_start
from dekon.lib.workdays import Calendar
from dekon.org import selectors as org
from dekon.org.selectors import Place
from dekon.rules.formulas.ikpa_revision import Revision


@dataclass(slots=True)
class TypeMonths:
    """A spending type, month by month from January on, whole rupiah.

    `pagu_rp`, `blocked_rp` and `realised_rp` are what stood at the end of the month, `planned_rp` and `spent_rp` what
    the month itself was to bring and brought.
    """

    pagu_rp: list[int]
    blocked_rp: list[int]
    realised_rp: list[int]
    planned_rp: list[int]
    spent_rp: list[int]

    @classmethod
    def empty(cls, months: int) -> TypeMonths:
        """So many months with nothing in them."""
        return cls(*([0] * months for _ in range(5)))

    def effective_rp(self, month: int) -> int:
        """The pagu net of blocks at the end of a month, 1 to 12."""
        return self.pagu_rp[month - 1] - self.blocked_rp[month - 1]


@dataclass(frozen=True, slots=True)
class OutputFigures:
    """An RO at the end of the month: money, target volume, and the newest volume reported; None where nothing was."""

    code: str
    pagu_rp: int
    realised_rp: int
    target: Decimal
    volume: Decimal | None
    progress: Decimal | None = None
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class RecordFigures:
    """A contract, bill, move of an advance, dispensation, output report or target of an RO; open fields are None."""

    kind: str
    number: str = ""
    move: str = ""
    akun: str = ""
    ro: str = ""
    month: int | None = None
    amount_rp: int | None = None
    percent: Decimal | None = None
    dated_on: date | None = None
    arrived_on: date | None = None
    paid_on: date | None = None


@dataclass(slots=True)
class SatkerFigures:
    """Everything that the books hold of a satker up to the end of a month.

    `orders` are the days of the payment orders (SPM) that were paid, `calendar` the working days for deadlines.
    """

    satker: str
    name: str
    province: str
    unit: str
    year: int
    month: int
    types: dict[str, TypeMonths] = field(default_factory=dict)
    revisions: list[Revision] = field(default_factory=list)
    counted_by_hand: list[date] = field(default_factory=list)
    outputs: list[OutputFigures] = field(default_factory=list)
    records: list[RecordFigures] = field(default_factory=list)
    orders: list[date] = field(default_factory=list)
    calendar: Calendar | None = None

    def of_type(self, kind: str) -> TypeMonths:
        """The months of a spending type; begun where there were none yet."""
        return self.types.setdefault(kind, TypeMonths.empty(self.month))

    def managed(self) -> dict[str, TypeMonths]:
        """The spending types that have a pagu at the end of the month, a plan or spending up to it; by code."""
        return {
            kind: months for kind, months in sorted(self.types.items())
            if months.pagu_rp[-1] or any(months.planned_rp) or any(months.spent_rp)
        }  # fmt: skip


WHERE = """o.code IN (SELECT c.code FROM org_satker c JOIN org_unit w ON w.id = c.unit_id
        LEFT JOIN org_province l ON l.id = c.province_id
        WHERE (%(satker)s = '' OR c.code = %(satker)s) AND (%(province)s = '' OR l.code = %(province)s)
          AND (%(unit)s = '' OR w.code = %(unit)s))"""

SATKER = f"""
    SELECT o.code, o.name, coalesce(v.code, ''), u.code FROM org_satker o JOIN org_unit u ON u.id = o.unit_id
    LEFT JOIN org_province v ON v.id = o.province_id
    WHERE {WHERE} AND EXISTS (SELECT 1 FROM ledger_pos p WHERE p.satker_id = o.id AND p.fiscal_year = %(year)s)
    ORDER BY 1"""

MONEY = f"""
    SELECT o.code, left(p.akun, 2), date_part('month', d.effective_on)::int, sum(d.pagu_rp)::bigint,
           sum(d.blocked_rp)::bigint, sum(d.realised_rp)::bigint
    FROM ledger_dailysum d JOIN ledger_pos p ON p.id = d.pos_id JOIN org_satker o ON o.id = p.satker_id
    WHERE d.fiscal_year = %(year)s AND d.effective_on <= %(last_day)s AND {WHERE} GROUP BY 1, 2, 3"""

PLANNED = f"""
    SELECT o.code, left(p.akun, 2), n.month, sum(n.planned_rp)::bigint
    FROM budget_plannedmonth n JOIN ledger_pos p ON p.id = n.pos_id JOIN org_satker o ON o.id = p.satker_id
    WHERE n.fiscal_year = %(year)s AND n.month <= %(month)s AND {WHERE} GROUP BY 1, 2, 3"""

REVISIONS = f"""
    SELECT o.code, r.dated_on, r.revision_code, r.pagu_before_rp = r.pagu_rp, r.counts_for_ikpa
    FROM budget_diparevision r JOIN budget_dipa d ON d.id = r.dipa_id JOIN org_satker o ON o.id = d.satker_id
    WHERE d.fiscal_year = %(year)s AND r.dated_on <= %(last_day)s AND r.withdrawn_at IS NULL AND r.kind = ANY(%(kinds)s)
      AND {WHERE} ORDER BY 1, 2, r.sequence"""

OUTPUTS = f"""
    WITH spent AS (
        SELECT p.satker_id, p.program, p.kegiatan, p.kro, p.ro, sum(d.pagu_rp)::bigint AS pagu_rp,
               sum(d.realised_rp)::bigint AS realised_rp
        FROM ledger_dailysum d JOIN ledger_pos p ON p.id = d.pos_id JOIN org_satker o ON o.id = p.satker_id
        WHERE d.fiscal_year = %(year)s AND d.effective_on <= %(last_day)s AND {WHERE} GROUP BY 1, 2, 3, 4, 5)
    SELECT o.code, concat_ws('.', r.kegiatan, r.kro, r.ro), coalesce(s.pagu_rp, 0), coalesce(s.realised_rp, 0),
           r.target_volume, g.total_volume, g.total_progress,
           coalesce(g.status, '') !~* 'belum'
    FROM budget_ro r JOIN org_satker o ON o.id = r.satker_id
    LEFT JOIN spent s ON (s.satker_id, s.program, s.kegiatan, s.kro, s.ro)
                       = (r.satker_id, r.program, r.kegiatan, r.kro, r.ro)
    LEFT JOIN LATERAL (SELECT total_volume, total_progress, status FROM budget_roprogress g
                       WHERE g.ro_id = r.id AND g.month <= %(month)s AND g.withdrawn_at IS NULL
                       ORDER BY g.month DESC, g.id DESC LIMIT 1) g ON true
    WHERE r.fiscal_year = %(year)s AND {WHERE} ORDER BY 1, 2"""


RECORDS = f"""
    SELECT o.code, x.kind, x.number, x.move, x.akun, x.ro, x.month, x.amount_rp, x.percent, x.dated_on, x.arrived_on,
           x.paid_on
    FROM budget_executionrecord x JOIN org_satker o ON o.id = x.satker_id
    WHERE x.fiscal_year = %(year)s AND x.withdrawn_at IS NULL AND {WHERE} ORDER BY 1, x.dated_on, x.id"""

ADVANCES = f"""
    SELECT o.code, 'up-tup', l.sp2d_no, CASE WHEN l.spp_kind IN ('313', '314') THEN 'gup'
               WHEN l.spp_kind IN ('315', '322') THEN 'ptup' WHEN l.spp_kind = '311' THEN 'up' ELSE 'tup' END,
           '', '', NULL::int, sum(abs(l.amount_rp))::bigint, NULL::numeric, l.sp2d_on, NULL::date, NULL::date
    FROM budget_paymentline l JOIN org_satker o ON o.id = l.satker_id
    WHERE l.fiscal_year = %(year)s AND l.sp2d_on <= %(last_day)s AND l.stage = 'paid' AND l.withdrawn_at IS NULL
      AND l.spp_kind IN ('311', '312', '321', '313', '314', '315', '322') AND {WHERE}
    GROUP BY o.code, l.sp2d_no, l.sp2d_on, 4 HAVING sum(abs(l.amount_rp)) > 0 ORDER BY 1, l.sp2d_on, 3"""

ORDERS = f"""
    SELECT DISTINCT o.code, l.sp2d_on, l.sp2d_no FROM budget_paymentline l JOIN org_satker o ON o.id = l.satker_id
    WHERE l.fiscal_year = %(year)s AND l.sp2d_on BETWEEN %(fourth)s AND %(last_day)s AND l.stage = 'paid'
      AND l.withdrawn_at IS NULL AND {WHERE} ORDER BY 1, 2, 3"""


def figures_of(*, year: int, month: int, place: Place) -> list[SatkerFigures]:
    """What the books hold of every satker of a place that has a budget in the year, by code.

    Args:
        year: fiscal year.
        month: 1 to 12; nothing after its last day counts.
        place: a satker, province or unit, or empty for the nation.
    """
    params: dict[str, Any] = {
        "year": year, "month": month, "last_day": month_end(year, month), "satker": place.satker,
        "province": place.province, "unit": place.unit, "kinds": [RevisionKind.REVISION, RevisionKind.POK],
    }  # fmt: skip
    found = {
        code: SatkerFigures(code, name, province, unit, year, month)
        for code, name, province, unit in _rows(SATKER, params)
    }
    _read_money(found, params)
    for code, kind, number, planned_rp in _rows(PLANNED, params):
        found[code].of_type(kind).planned_rp[number - 1] = planned_rp
    for code, dated_on, revision_code, unchanged, by_hand in _rows(REVISIONS, params):
        if code not in found:  # a DIPA of which no line is known yet
            continue
        if by_hand:
            found[code].counted_by_hand.append(dated_on)
        elif by_hand is None:
            found[code].revisions.append(Revision(dated_on, revision_code, unchanged))
    for code, *output in _rows(OUTPUTS, params):
        if code in found:
            found[code].outputs.append(OutputFigures(*output))
    _read_records(found, params)
    return list(found.values())


def _read_records(found: Mapping[str, SatkerFigures], params: dict[str, Any]) -> None:
    """What people recorded, the advances that the Treasury's payments show, the orders of the fourth quarter."""
    params["fourth"] = quarter_start(params["year"], QUARTERS[-1])
    for code, *record in _rows(RECORDS, params):
        if code in found:
            found[code].records.append(RecordFigures(*record))
    known = {(code, one.move, one.number) for code, of in found.items() for one in of.records if one.move}
    for code, kind, number, move, *rest in _rows(ADVANCES, params):
        if code in found and (code, move, number) not in known:
            found[code].records.append(RecordFigures(kind, number, move, *rest))
    for code, paid_on, _number in _rows(ORDERS, params) if params["last_day"] >= params["fourth"] else ():
        if code in found:
            found[code].orders.append(paid_on)
    calendar = org.working_calendar() if any(of.records for of in found.values()) else None
    for of in found.values():
        of.calendar = calendar


def _rows(query: str, params: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        yield from cursor.fetchall()


def _read_money(found: Mapping[str, SatkerFigures], params: Mapping[str, Any]) -> None:
    """Running sums from what each month moved."""
    moved: dict[tuple[str, str], dict[int, tuple[int, int, int]]] = defaultdict(dict)
    for code, kind, month, *amounts in _rows(MONEY, params):
        moved[code, kind][month] = (amounts[0], amounts[1], amounts[2])
    for (code, kind), by_month in moved.items():
        months = found[code].of_type(kind)
        pagu_rp = blocked_rp = realised_rp = 0
        for at in range(found[code].month):
            pagu, blocked, spent = by_month.get(at + 1, (0, 0, 0))
            pagu_rp, blocked_rp, realised_rp = pagu_rp + pagu, blocked_rp + blocked, realised_rp + spent
            months.pagu_rp[at], months.blocked_rp[at], months.realised_rp[at] = pagu_rp, blocked_rp, realised_rp
            months.spent_rp[at] = spent


def together(satker: Sequence[SatkerFigures], *, code: str, name: str) -> SatkerFigures:
    """The money and plans of several satker added up, and what was recorded; revisions and outputs stay with each.

    Args:
        satker: of one year and month, at least one.
        code: code of what they are together; name: what it is called.
    """
    first = satker[0]
    whole = SatkerFigures(code, name, "", "", first.year, first.month)
    for one in satker:
        for kind, months in one.types.items():
            sums = whole.of_type(kind)
            for part in fields(TypeMonths):
                added = zip(getattr(sums, part.name), getattr(months, part.name), strict=True)
                setattr(sums, part.name, [a + b for a, b in added])
        whole.records += one.records
        whole.orders += one.orders
        whole.calendar = whole.calendar or one.calendar
    return whole
