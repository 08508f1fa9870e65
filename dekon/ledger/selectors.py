"""Reading the book, and proving it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce

from dekon.errors import NotFound
from dekon.ledger.choices import PATH_FIELDS, ParkedState
from dekon.ledger.models import DailySum, Entry, Parked, Pos

SUMS = ("pagu_rp", "blocked_rp", "reserved_rp", "realised_rp")


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
    SELECT p.id, concat_ws('.', p.fiscal_year, o.code, p.program, p.kegiatan, p.kro, p.ro, p.komponen, p.subkomponen,
        p.akun)
               AS path,
           p.pagu_rp, p.blocked_rp, p.reserved_rp, p.realised_rp, p.parked_rp,
           coalesce(e.pagu, 0), coalesce(e.blocked, 0), coalesce(e.reserved, 0), coalesce(e.realised, 0),
           coalesce(k.parked, 0),
           coalesce(d.pagu, 0), coalesce(d.blocked, 0), coalesce(d.reserved, 0), coalesce(d.realised, 0)
    FROM ledger_pos p JOIN org_satker o ON o.id = p.satker_id
    LEFT JOIN (SELECT x.pos_id, sum(f.pagu) pagu, sum(f.blocked) blocked, sum(f.reserved) reserved, sum(f.realised)
        realised
               FROM ledger_entry x, LATERAL ledger_effects(x.kind, x.reversed_kind, x.amount_rp) f GROUP BY 1) e ON
                   e.pos_id = p.id
    LEFT JOIN (SELECT pos_id, sum(amount_rp) parked FROM ledger_parked WHERE state = 'open' GROUP BY 1) k ON k.pos_id
        = p.id
    LEFT JOIN (SELECT pos_id, sum(pagu_rp) pagu, sum(blocked_rp) blocked, sum(reserved_rp) reserved,
                      sum(realised_rp) realised FROM ledger_dailysum GROUP BY 1) d ON d.pos_id = p.id
    WHERE (p.pagu_rp, p.blocked_rp, p.reserved_rp, p.realised_rp)
          IS DISTINCT FROM (coalesce(e.pagu, 0), coalesce(e.blocked, 0), coalesce(e.reserved, 0),
              coalesce(e.realised, 0))
       OR p.parked_rp <> coalesce(k.parked, 0)
       OR (p.pagu_rp, p.blocked_rp, p.reserved_rp, p.realised_rp)
          IS DISTINCT FROM (coalesce(d.pagu, 0), coalesce(d.blocked, 0), coalesce(d.reserved, 0),
              coalesce(d.realised, 0))
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


def lowest_room(*, pos_id: int, since: date) -> int:
    """The least that a position had free (pagu less blocked, reserved, realised) on any day from a day on, rupiah.

    Days before its first pagu do not count: what stood then is not known.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT coalesce(min(room) FILTER (WHERE till >= %(since)s), 0) FROM (
                   SELECT sum(pagu_rp - blocked_rp - reserved_rp - realised_rp) OVER days AS room,
                          sum(pagu_rp) FILTER (WHERE pagu_rp > 0) OVER days AS given,
                          coalesce(lead(effective_on) OVER days - 1, 'infinity'::date) AS till
                   FROM ledger_dailysum WHERE pos_id = %(pos)s WINDOW days AS (ORDER BY effective_on)) standing
               WHERE given > 0""",
            {"pos": pos_id, "since": since},
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


def listed_pos(
    *, year: int, province: str = "", unit: str = "", satker: str = "", path: dict[str, str] | None = None
) -> QuerySet[Pos]:
    """Positions of a year with their running totals, by satker and path.

    Args:
        path: codes by level (`{"kegiatan": "2143"}`); empty ones ask for nothing.
    """
    asked = {level: code for level, code in (path or {}).items() if code}
    found = Pos.objects.filter(fiscal_year=year, **_at_place("satker", province, unit, satker), **asked)
    return found.select_related("satker").order_by("satker__code", *PATH_FIELDS)


def pos_by_id(pos_id: int) -> Pos:
    """One position with its satker.

    Raises:
        NotFound: no such position.
    """
    found = Pos.objects.select_related("satker__unit", "satker__province").filter(pk=pos_id).first()
    if found is None:
        raise NotFound("pos-unknown", number=pos_id)
    return found


def entries_of(pos_id: int) -> QuerySet[Entry]:
    """The entries of a position, oldest first."""
    return Entry.objects.filter(pos_id=pos_id).order_by("effective_on", "id")


def sums_on(*, year: int, on: date, province: str = "", unit: str = "", satker: str = "") -> dict[str, int]:
    """What stood in the book at the end of a day, summed over a place.

    Returns: `pagu_rp`, `blocked_rp`, `reserved_rp`, `realised_rp`.
    """
    rows = DailySum.objects.filter(
        fiscal_year=year, effective_on__lte=on, **_at_place("pos__satker", province, unit, satker)
    )
    sums: dict[str, Any] = rows.aggregate(**{name: Coalesce(Sum(name), 0) for name in SUMS})
    return {name: int(value) for name, value in sums.items()}


def listed_parked(
    *, year: int, province: str = "", unit: str = "", satker: str = "", state: str = ParkedState.OPEN,
    on: date | None = None,
) -> QuerySet[Parked]:  # fmt: skip
    """Payments that had no room, in the order in which they will be posted; an empty state asks for all.

    Where a day is said, those paid by then.
    """
    found = Parked.objects.filter(pos__fiscal_year=year, **_at_place("pos__satker", province, unit, satker))
    found = found.filter(state=state) if state else found
    found = found.filter(effective_on__lte=on) if on else found
    return found.select_related("pos__satker").order_by("effective_on", "order_no", "id")


def _at_place(prefix: str, province: str, unit: str, satker: str) -> dict[str, str]:
    wanted = {"province__code": province, "unit__code": unit, "code": satker}
    return {f"{prefix}__{name}": code for name, code in wanted.items() if code}
