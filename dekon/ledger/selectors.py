"""Reading the book, and proving it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from dekon.ledger.models import Parked


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The first place where the running totals are not what the entries add up to."""

    pos_id: int
    path: str
    figure: str
    kept_rp: int
    recomputed_rp: int


@dataclass(frozen=True, slots=True)
class BookProof:
    """What was recomputed, and the first line that disagrees."""

    positions: int
    entries: int
    disagreement: Disagreement | None


RECOMPUTED = """
    SELECT p.id, concat_ws('.', p.fiscal_year, o.code, p.program, p.kegiatan, p.kro, p.ro, p.komponen, p.subkomponen, p.akun)
               AS path,
           p.pagu_rp, p.blocked_rp, p.reserved_rp, p.realised_rp, p.parked_rp,
           coalesce(e.pagu, 0), coalesce(e.blocked, 0), coalesce(e.reserved, 0), coalesce(e.realised, 0),
           coalesce(k.parked, 0),
           coalesce(d.pagu, 0), coalesce(d.blocked, 0), coalesce(d.reserved, 0), coalesce(d.realised, 0)
    FROM ledger_pos p JOIN org_satker o ON o.id = p.satker_id
    LEFT JOIN (SELECT x.pos_id, sum(f.pagu) pagu, sum(f.blocked) blocked, sum(f.reserved) reserved, sum(f.realised) realised
               FROM ledger_entry x, LATERAL ledger_effects(x.kind, x.reversed_kind, x.amount_rp) f GROUP BY 1) e ON e.pos_id = p.id
    LEFT JOIN (SELECT pos_id, sum(amount_rp) parked FROM ledger_parked WHERE state = 'open' GROUP BY 1) k ON k.pos_id = p.id
    LEFT JOIN (SELECT pos_id, sum(pagu_rp) pagu, sum(blocked_rp) blocked, sum(reserved_rp) reserved,
                      sum(realised_rp) realised FROM ledger_dailysum GROUP BY 1) d ON d.pos_id = p.id
    WHERE (p.pagu_rp, p.blocked_rp, p.reserved_rp, p.realised_rp)
          IS DISTINCT FROM (coalesce(e.pagu, 0), coalesce(e.blocked, 0), coalesce(e.reserved, 0), coalesce(e.realised, 0))
       OR p.parked_rp <> coalesce(k.parked, 0)
       OR (p.pagu_rp, p.blocked_rp, p.reserved_rp, p.realised_rp)
          IS DISTINCT FROM (coalesce(d.pagu, 0), coalesce(d.blocked, 0), coalesce(d.reserved, 0), coalesce(d.realised, 0))
    ORDER BY p.id LIMIT 1
"""
FIGURES = ("pagu", "blocked", "reserved", "realised", "parked")


def prove_book() -> BookProof:
    """Recompute every running total and daily sum from the entries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM ledger_pos), (SELECT count(*) FROM ledger_entry)")
        positions, entries = cursor.fetchone()
        cursor.execute(RECOMPUTED)
        row = cursor.fetchone()
    return BookProof(positions, entries, _disagreement(row) if row else None)


def _disagreement(row: tuple[object, ...]) -> Disagreement:
    pos_id, path, *amounts = row
    kept = [int(str(amount)) for amount in amounts[:5]]
    recomputed = [int(str(amount)) for amount in amounts[5:10]]
    daily = [int(str(amount)) for amount in amounts[10:]]
    for figure, mine, entries in zip(FIGURES, kept, recomputed, strict=True):
        if mine != entries:
            return Disagreement(int(str(pos_id)), str(path), figure, mine, entries)
    figure, mine, summed = next(t for t in zip(FIGURES, kept, daily, strict=False) if t[1] != t[2])
    return Disagreement(int(str(pos_id)), str(path), f"daily {figure}", summed, mine)


def pagu_on(*, year: int, satker_id: int, day: date) -> int:
    """The pagu of a satker as it stood on a day, rupiah."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(d.pagu_rp), 0) FROM ledger_dailysum d JOIN ledger_pos p ON p.id = d.pos_id"
            " WHERE d.fiscal_year = %s AND p.satker_id = %s AND d.effective_on <= %s",
            [year, satker_id, day],
        )
        return int(cursor.fetchone()[0])


def parked_payments(*, year: int, province: str = "", satker: str = "") -> list[Parked]:
    """Payments that wait for room, in the order in which they will be posted."""
    found = Parked.objects.filter(state="open", pos__fiscal_year=year).select_related("pos__satker__province")
    if province:
        found = found.filter(pos__satker__province__code=province)
    if satker:
        found = found.filter(pos__satker__code=satker)
    return list(found.order_by("effective_on", "order_no", "id"))
