"""Who gets the room of a position when there is not enough.

Payments are parked whole, in order of SP2D date and number.

Only positions that are tight are looked at one by one; for all others one statement proves that everything fits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection

from dekon.ledger.models import Parked

BUDGET_ROOM = """
    SELECT p.id AS pos_id, p.pagu_rp - p.blocked_rp - p.reserved_rp - p.realised_rp AS room, p.realised_rp AS realised,
           coalesce(sum_rp(f.pagu - f.blocked - f.reserved), 0)
             - coalesce(sum_rp(f.realised) FILTER (WHERE b.kind = 'reverse'), 0) AS change,
           coalesce(sum_rp(f.realised) FILTER (WHERE b.kind <> 'reverse'), 0) AS spending,
           coalesce(sum_rp(f.realised) FILTER (WHERE b.kind = 'reverse'), 0) AS reversed,
           coalesce(sum_rp(f.realised) FILTER (WHERE b.kind = 'return'), 0) AS returned
    FROM ledger_pos p JOIN {table} b ON b.pos_id = p.id,
         LATERAL ledger_effects(b.kind, b.reversed_kind, b.amount_rp) f
    GROUP BY p.id
"""


@dataclass(slots=True)
class Room:
    """What a position can still take (`left_rp`) and give back (`realised_rp`)."""

    left_rp: int
    realised_rp: int

    def take(self, amount_rp: int) -> bool:
        """Use the room for a payment (or, negative, a return). False where it does not fit: nothing is used."""
        if amount_rp > self.left_rp or self.realised_rp + amount_rp < 0:
            return False
        self.left_rp -= amount_rp
        self.realised_rp += amount_rp
        return True


class Candidate(NamedTuple):
    """A payment or return that wants into a tight position; the amount is signed."""

    pos_id: int
    amount_rp: int
    effective_on: date
    order_no: str
    source: str
    batch: int | None


def anything_tight(table: str) -> bool:
    """Whether any position could fail to take its part of a batch; nearly always not, and then one look is enough.

    True also where a batch takes back more than is realised so far: who comes first matters then.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT EXISTS (SELECT 1 FROM ledger_pos p JOIN (
                    SELECT b.pos_id, sum_rp(f.pagu) AS pagu, sum_rp(f.blocked) AS blocked,
                           sum_rp(f.reserved) AS reserved, sum_rp(f.realised) AS realised,
                           sum_rp(least(f.realised, 0)) AS taken_back
                    FROM {table} b, LATERAL ledger_effects(b.kind, b.reversed_kind, b.amount_rp) f GROUP BY b.pos_id
                ) d ON d.pos_id = p.id
                WHERE p.blocked_rp + d.blocked < 0 OR p.reserved_rp + d.reserved < 0
                   OR p.realised_rp + d.taken_back < 0 OR p.blocked_rp + d.blocked > p.pagu_rp + d.pagu
                   OR p.pagu_rp + d.pagu < p.blocked_rp + d.blocked + p.reserved_rp + d.reserved
                                           + p.realised_rp + d.realised)"""
        )
        return bool(cursor.fetchone()[0])


def park_overflow(table: str, batch: int | None) -> int:
    """Move the payments that have no room from a batch table to the parked ones. Returns how many."""
    rooms = _tight_rooms(table)
    if not rooms:
        return 0
    overflow = [c for c in _candidates(table, list(rooms)) if not rooms[c.pos_id].take(c.amount_rp)]
    _park(overflow, batch)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE source = ANY(%s)", [[c.source for c in overflow]])
    return len(overflow)


def _tight_rooms(table: str) -> dict[int, Room]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT pos_id, room + change, realised + reversed FROM ({BUDGET_ROOM.format(table=table)}) t
                WHERE (spending <> 0 OR returned <> 0)
                  AND (spending > room + change OR realised + reversed + returned < 0)"""
        )
        return {row[0]: Room(int(row[1]), int(row[2])) for row in cursor.fetchall()}


def _candidates(table: str, pos_ids: list[int]) -> list[Candidate]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT pos_id, CASE kind WHEN 'realise' THEN amount_rp ELSE -amount_rp END, effective_on, order_no,
                    source, batch
                FROM {table} WHERE kind IN ('realise', 'return') AND pos_id = ANY(%s)
                ORDER BY pos_id, effective_on, order_no, source""",
            [pos_ids],
        )
        return [Candidate(*row) for row in cursor.fetchall()]


def _park(overflow: list[Candidate], batch: int | None) -> None:
    withdrawn = {parked.source: parked for parked in Parked.objects.filter(source__in=[c.source for c in overflow])}
    if withdrawn:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_parked SET state = 'open', settled_at = NULL WHERE source = ANY(%s)",
                           [list(withdrawn)])  # fmt: skip
    Parked.objects.bulk_create(
        Parked(pos_id=c.pos_id, amount_rp=c.amount_rp, effective_on=c.effective_on, order_no=c.order_no,
               source=c.source, batch=batch if c.batch is None else c.batch)
        for c in overflow if c.source not in withdrawn
    )  # fmt: skip


class Standing(NamedTuple):
    """A payment that stands in the book and may have to make way."""

    pos_id: int
    entry_id: int
    amount_rp: int
    effective_on: date
    source: str
    batch: int | None


def displace_newest(table: str) -> int:
    """Where a batch takes away pagu that payments already use: reverse and park the newest ones until the rest fits.

    Returns: how many payments were parked.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pos_id, -(room + change) FROM ({BUDGET_ROOM.format(table=table)}) t WHERE room +"
            f" change < 0 AND change < 0"
        )
        missing = {row[0]: int(row[1]) for row in cursor.fetchall()}
    displaced = [standing for pos_id, short_rp in missing.items() for standing in _newest(table, pos_id, short_rp)]
    for standing in displaced:
        _displace(table, standing)
    return len(displaced)


def _newest(table: str, pos_id: int, short_rp: int) -> list[Standing]:
    """The newest payments of a position that together make up what is missing."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT e.pos_id, e.id, e.amount_rp, e.effective_on, e.source, e.batch FROM ledger_entry e
                WHERE e.pos_id = %s AND e.kind = 'realise'
                  AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses_id = e.id)
                  AND NOT EXISTS (SELECT 1 FROM {table} b WHERE b.reverses_id = e.id)
                ORDER BY e.effective_on DESC, e.source DESC""",
            [pos_id],
        )
        chosen: list[Standing] = []
        for row in cursor.fetchall():
            if short_rp <= 0:
                break
            chosen.append(Standing(*row))
            short_rp -= row[2]
    return chosen


def _displace(table: str, standing: Standing) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (pos_id, kind, amount_rp, effective_on, source, reverses_id, reversed_kind)"
            " VALUES (%s, 'reverse', %s, %s, %s, %s, 'realise')",
            [
                standing.pos_id,
                standing.amount_rp,
                standing.effective_on,
                f"displaced:{standing.entry_id}",
                standing.entry_id,
            ],
        )
    Parked.objects.create(
        pos_id=standing.pos_id, amount_rp=standing.amount_rp, effective_on=standing.effective_on,
        order_no=standing.source, source=f"{standing.source}~{standing.entry_id}", batch=standing.batch,
    )  # fmt: skip
