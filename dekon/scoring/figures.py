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
from dekon.lib.periods import month_end
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


@dataclass(slots=True)
class SatkerFigures:
    """Everything that the books hold of a satker up to the end of a month."""

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
           r.target_volume, g.total_volume
    FROM budget_ro r JOIN org_satker o ON o.id = r.satker_id
    LEFT JOIN spent s ON (s.satker_id, s.program, s.kegiatan, s.kro, s.ro)
                       = (r.satker_id, r.program, r.kegiatan, r.kro, r.ro)
    LEFT JOIN LATERAL (SELECT total_volume FROM budget_roprogress g WHERE g.ro_id = r.id AND g.month <= %(month)s
                       AND g.withdrawn_at IS NULL ORDER BY g.month DESC, g.id DESC LIMIT 1) g ON true
    WHERE r.fiscal_year = %(year)s AND {WHERE} ORDER BY 1, 2"""


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
    return list(found.values())


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
    """The money and plans of several satker added up; revisions and outputs stay with each.

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
    return whole
