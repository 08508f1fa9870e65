"""How every satker stood at the end of each month of a year: ceiling, blocks, realised and planned, month by month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from dekon.lib.periods import MONTHS, month_end
from dekon.performance.cuts import planned_months

YEAR = len(MONTHS)

WHERE = """(%(satker)s = '' OR o.code = %(satker)s) AND (%(province)s = '' OR v.code = %(province)s)
    AND (%(unit)s = '' OR u.code = %(unit)s)"""
PLACES = """JOIN org_satker o ON o.id = {0}.satker_id JOIN org_unit u ON u.id = o.unit_id
    LEFT JOIN org_province v ON v.id = o.province_id"""

MOVED = f"""
    SELECT o.id, o.code, o.name, coalesce(v.code, ''), u.code, date_part('month', d.effective_on)::int,
           sum(d.pagu_rp)::bigint, sum(d.blocked_rp)::bigint, sum(d.realised_rp)::bigint
    FROM ledger_dailysum d JOIN ledger_pos p ON p.id = d.pos_id {PLACES.format("p")}
    WHERE d.fiscal_year = %(year)s AND d.effective_on <= %(as_of)s AND {WHERE}
    GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 2, 6"""

PLANNED = f"""
    SELECT o.code, t.month, sum(t.planned_rp)::bigint FROM budget_plannedtotal t {PLACES.format("t")}
    WHERE t.fiscal_year = %(year)s AND {WHERE} GROUP BY 1, 2"""

PARKED = f"""
    SELECT o.code, count(*)::int, sum(k.amount_rp)::bigint FROM ledger_parked k JOIN ledger_pos p ON p.id = k.pos_id
    {PLACES.format("p")}
    WHERE p.fiscal_year = %(year)s AND k.state = 'open' AND k.effective_on <= %(as_of)s AND {WHERE} GROUP BY 1"""


def _year() -> list[int]:
    return [0] * YEAR


@dataclass(slots=True)
class SatkerStand:
    """A satker on a day. The lists have twelve months, whole rupiah: what stood at the end of each.

    `planned_rp` is what each month itself was to bring, from the locked versions; for months to come from the newest.
    """

    number: int
    satker: str
    name: str
    province: str
    unit: str
    year: int
    as_of: date
    pagu_rp: list[int] = field(default_factory=_year)
    blocked_rp: list[int] = field(default_factory=_year)
    realised_rp: list[int] = field(default_factory=_year)
    planned_rp: list[int] = field(default_factory=_year)
    parked: int = 0
    parked_rp: int = 0

    @property
    def ended(self) -> int:
        """How many months have ended by the day, 0 to 12."""
        return planned_months(self.year, self.as_of)

    def effective_rp(self, month: int) -> int:
        """The ceiling net of blocks at the end of a month, 1 to 12."""
        return self.pagu_rp[month - 1] - self.blocked_rp[month - 1]

    def planned_by_rp(self, month: int) -> int:
        """What the plan was to have brought by the end of a month, 0 to 12."""
        return sum(self.planned_rp[:month])

    def behind(self, month: int) -> Decimal | None:
        """Points of the effective ceiling by which realisation lies below the plan; None without ceiling or plan."""
        effective, planned = self.effective_rp(month), self.planned_by_rp(month)
        if effective <= 0 or planned <= 0:
            return None
        return Decimal(planned - self.realised_rp[month - 1]) * 100 / effective


def stands_on(*, year: int, as_of: date, province: str = "", unit: str = "", satker: str = "") -> list[SatkerStand]:
    """Every satker of a place that has a budget by a day, by code.

    Args:
        year: fiscal year; as_of: nothing after this day counts, except the plan.
        province: code; unit: code; satker: code; empty for all.
    """
    params: dict[str, Any] = {
        "year": year, "as_of": as_of, "province": province, "unit": unit, "satker": satker
    }  # fmt: skip
    found: dict[str, SatkerStand] = {}
    for number, code, name, place, of_unit, month, *moved in _rows(MOVED, params):
        one = found.setdefault(code, SatkerStand(number, code, name, place, of_unit, year, as_of))
        for sums, amount_rp in zip((one.pagu_rp, one.blocked_rp, one.realised_rp), moved, strict=True):
            _add(sums, month, amount_rp)
    for code, month, planned_rp in _rows(PLANNED, params):
        if code in found:
            found[code].planned_rp[month - 1] = planned_rp
    for code, count, amount_rp in _rows(PARKED, params):
        if code in found:
            found[code].parked, found[code].parked_rp = count, amount_rp
    return list(found.values())


def _add(sums: list[int], month: int, amount_rp: int) -> None:
    """Something moved in a month, which stands from its end on."""
    for at in range(month - 1, YEAR):
        sums[at] += amount_rp


def _rows(query: str, params: dict[str, Any]) -> Iterator[Sequence[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        yield from cursor.fetchall()


def on_month(stand: SatkerStand, month: int) -> SatkerStand:
    """The same satker as it stood at the end of an earlier month: what came later is not in it, but the plan.

    Args:
        stand: as of a later day.
        month: 1 to 12.
    """
    return SatkerStand(
        stand.number, stand.satker, stand.name, stand.province, stand.unit, stand.year, month_end(stand.year, month),
        _cut(stand.pagu_rp, month), _cut(stand.blocked_rp, month), _cut(stand.realised_rp, month), stand.planned_rp,
    )  # fmt: skip


def _cut(sums: list[int], month: int) -> list[int]:
    return sums[:month] + [sums[month - 1]] * (YEAR - month)
