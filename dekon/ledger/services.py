"""Posting to the book. One door for few entries (`post`), one for very many (`post_batch`).

Both lock once, in one order.

Batches travel as temporary tables, so that two hundred thousand entries cost a handful of statements:

* a *path table* has `satker_id, program, kegiatan, kro, ro, komponen, subkomponen, akun` (`open_pos`);
* a *batch table* has `pos_id, kind, amount_rp, effective_on, order_no, source, reverses_id, reversed_kind`
  (`create_batch_table`). Reversals carry the entry they reverse. A row may name a `batch` of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import IntegrityError, connection, transaction

from dekon.errors import Conflict, NotFound, RuleBroken
from dekon.ledger import fitting, selectors
from dekon.ledger.choices import EntryKind, ParkedState
from dekon.ledger.models import Parked, Pos
from dekon.ledger.reversing import add_batch_reversals, add_take_backs, wait_again

__all__ = [
    "NewEntry",
    "Posted",
    "add_batch_reversals",
    "add_take_backs",
    "bind",
    "create_batch_table",
    "lock_pos",
    "open_pos",
    "post",
    "post_batch",
    "reverse_batch",
    "sample",
    "settle_parked",
    "wait_again",
    "withdraw_parked",
]

PATH_COLUMNS = "program, kegiatan, kro, ro, komponen, subkomponen, akun"
BATCH_COLUMNS = "pos_id, kind, amount_rp, effective_on, order_no, source, reverses_id, reversed_kind"


@dataclass(frozen=True, slots=True)
class NewEntry:
    """One entry to post. `order_no` (the SP2D number) decides, after the date, who comes first where room is short."""

    pos_id: int
    kind: EntryKind
    amount_rp: int
    effective_on: date
    source: str
    order_no: str = ""
    reverses_id: int | None = None
    reversed_kind: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a batch: entries written, payments parked, parked payments that found room."""

    entries: int = 0
    parked: int = 0
    settled: int = 0


def create_batch_table(name: str) -> None:
    """Make an empty batch table that ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"""
            DROP TABLE IF EXISTS {name};
            CREATE TEMP TABLE {name} (
                pos_id bigint NOT NULL, kind text NOT NULL, amount_rp bigint NOT NULL, effective_on date NOT NULL,
                order_no text NOT NULL DEFAULT '', source text NOT NULL, reverses_id bigint,
                reversed_kind text NOT NULL DEFAULT '', batch bigint
            ) ON COMMIT DROP""")


def sample(table: str) -> None:
    """Let the planner know a temporary table by a small sample: enough for its plans, a tenth of the usual time."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL default_statistics_target = 10; ANALYZE {table}")


@transaction.atomic
def open_pos(*, table: str, fiscal_year: int) -> int:
    """Make sure that every path of a path table has its position.

    Returns: how many positions are new.
    """
    try:
        with transaction.atomic():
            return _insert_pos(table, fiscal_year, "")
    except IntegrityError:  # some are there already
        return _insert_pos(table, fiscal_year, "ON CONFLICT ON CONSTRAINT ledger_pos_path DO NOTHING")


def _insert_pos(table: str, fiscal_year: int, on_conflict: str) -> int:
    """Insert the paths. To ask for conflicts row by row costs half as much again, so the first try does not."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO ledger_pos (fiscal_year, satker_id, {PATH_COLUMNS},
                                        pagu_rp, blocked_rp, reserved_rp, realised_rp, parked_rp)
                SELECT %(year)s::smallint, satker_id, {PATH_COLUMNS}, 0, 0, 0, 0, 0
                FROM (SELECT DISTINCT satker_id, {PATH_COLUMNS} FROM {table}) t
                ORDER BY satker_id, concat_ws('.', {PATH_COLUMNS}) {on_conflict}""",
            {"year": fiscal_year},
        )
        return int(cursor.rowcount)


def lock_pos(*, table: str) -> None:
    """Lock the positions that a table names (`pos_id`), in the one order that all writers keep.

    Whoever works out what to post from what stands in the book locks first: nobody else moves it in between.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM ledger_pos WHERE id IN (SELECT pos_id FROM {table}) ORDER BY id FOR UPDATE")


@transaction.atomic
def post(*, entries: Iterable[NewEntry], batch: int | None = None) -> Posted:
    """Post a few entries together. Payments without room are parked.

    Args:
        entries: what to post; amounts in whole rupiah, positive.
        batch: the caller's number for what belongs together, for finding and reversing it later.

    Raises:
        Conflict: a budget entry or reservation would leave less than is blocked, reserved or spent; nothing is posted.
    """
    create_batch_table("ledger_few")
    rows = [
        (e.pos_id, e.kind.value, e.amount_rp, e.effective_on, e.order_no, e.source, e.reverses_id, e.reversed_kind)
        for e in entries
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO ledger_few ({BATCH_COLUMNS}) VALUES (%s,%s,%s,%s,%s,%s,%s,%s)", rows)
    return post_batch(table="ledger_few", batch=batch)


@transaction.atomic
def bind(*, pos_id: int, kind: EntryKind, amount_rp: int, on: date, source: str) -> None:
    """Block or reserve part of a position, if it is free on that day and on every day after it.

    Days before the first pagu that is known of the position say nothing and are passed over.

    Args:
        kind: `block` or `reserve`; amount_rp: whole rupiah, positive; source: its idempotency key.

    Raises:
        NotFound: no such position.
        RuleBroken: the day lies outside the fiscal year of the position.
        Conflict: on some day less is free.
    """
    pos = Pos.objects.select_for_update().filter(pk=pos_id).first()
    if pos is None:
        raise NotFound("pos-unknown", number=pos_id)
    if on.year != pos.fiscal_year:
        raise RuleBroken("day-outside-year", day=on.isoformat(), year=pos.fiscal_year)
    room_rp = selectors.lowest_room(pos_id=pos_id, since=on)
    if amount_rp > room_rp:
        path = f"{pos.kegiatan}.{pos.kro}.{pos.ro}.{pos.akun}"
        raise Conflict("ledger-no-room-since", path=path, day=on.isoformat(), amount=amount_rp, room=max(room_rp, 0))
    post(entries=[NewEntry(pos_id, kind, amount_rp, on, source)])


@transaction.atomic
def post_batch(*, table: str, batch: int | None = None, positions_held: bool = False) -> Posted:
    """Post a batch table.

    Lock its positions, park what has no room, write the rest in one statement, settle what waits.

    Entries whose source is already in the book are left out, so that posting again changes nothing. Where a smaller
    pagu no longer carries what was paid, the newest payments are reversed and parked: the Treasury's total stays whole.

    Args:
        table: the batch table.
        batch: the caller's number for what belongs together.
        positions_held: the caller has locked every position of the batch in this transaction (`lock_pos`).

    Raises:
        Conflict: see `post`.
    """
    if not positions_held:
        lock_pos(table=table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""DELETE FROM {table} b WHERE EXISTS (SELECT 1 FROM ledger_entry e WHERE e.source = b.source)
                OR EXISTS (SELECT 1 FROM ledger_parked p WHERE p.source = b.source AND p.state <> 'withdrawn')"""
        )
    sample(table)
    parked = 0
    if fitting.anything_tight(table):
        parked = fitting.displace_newest(table) + fitting.park_overflow(table, batch)
        refuse_impossible(table)
    entries = _write(table, batch)
    return Posted(entries=entries, parked=parked, settled=_settle(table))


def refuse_impossible(table: str) -> None:
    """Nothing but payments may be parked: everything else must leave the position's totals in order.

    Raises:
        Conflict: with the first position whose totals would break, and by how much.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT p.id, p.satker_id, p.kegiatan || '.' || p.kro || '.' || p.ro || '.' || p.akun,
                       p.pagu_rp + d.pagu, p.blocked_rp + d.blocked, p.reserved_rp + d.reserved,
                       p.realised_rp + d.realised
                FROM ledger_pos p JOIN (
                    SELECT b.pos_id, sum(f.pagu) pagu, sum(f.blocked) blocked, sum(f.reserved) reserved,
                           sum(f.realised) realised
                    FROM {table} b, LATERAL ledger_effects(b.kind, b.reversed_kind, b.amount_rp) f GROUP BY b.pos_id
                ) d ON d.pos_id = p.id
                WHERE p.pagu_rp + d.pagu < 0 OR p.blocked_rp + d.blocked < 0 OR p.reserved_rp + d.reserved < 0
                   OR p.realised_rp + d.realised < 0 OR p.blocked_rp + d.blocked > p.pagu_rp + d.pagu
                   OR p.pagu_rp + d.pagu < p.blocked_rp + d.blocked + p.reserved_rp + d.reserved
                                           + p.realised_rp + d.realised
                ORDER BY p.id LIMIT 1"""
        )
        row = cursor.fetchone()
    if row:
        _, _, path, pagu, blocked, reserved, realised = row
        raise Conflict(
            "ledger-no-room", path=path, pagu=int(pagu), blocked=int(blocked), reserved=int(reserved),
            realised=int(realised),
        )  # fmt: skip


def _write(table: str, batch: int | None) -> int:
    """Write the entries of a batch whose positions are locked, which the trigger is told: it need not lock again."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL dekon.positions_held = 'yes'")
        cursor.execute(
            f"""INSERT INTO ledger_entry (pos_id, kind, amount_rp, effective_on, source, batch, reverses_id,
                    reversed_kind)
                SELECT pos_id, kind, amount_rp, effective_on, source, coalesce(batch, %s), reverses_id, reversed_kind
                FROM {table} ORDER BY pos_id, effective_on, order_no, source""",
            [batch],
        )
        written = int(cursor.rowcount)
        cursor.execute("SET LOCAL dekon.positions_held = ''")
        return written


def _settle(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT DISTINCT p.id FROM ledger_pos p JOIN {table} b ON b.pos_id = p.id
                JOIN ledger_parked k ON k.pos_id = p.id AND k.state = 'open' ORDER BY p.id"""
        )
        waiting = [row[0] for row in cursor.fetchall()]
    return settle_parked(pos_ids=waiting) if waiting else 0


@transaction.atomic
def settle_parked(*, pos_ids: Sequence[int]) -> int:
    """Post what waits on these positions as far as there is room, in order of SP2D date and number.

    Returns: how many parked payments were posted.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, pagu_rp - blocked_rp - reserved_rp - realised_rp, realised_rp FROM ledger_pos"
            " WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
            [list(pos_ids)],
        )
        rooms = {row[0]: fitting.Room(row[1], row[2]) for row in cursor.fetchall()}
    waiting = Parked.objects.filter(pos_id__in=pos_ids, state=ParkedState.OPEN).order_by(
        "pos_id", "effective_on", "order_no", "id"
    )
    fitting_now = [parked for parked in waiting if rooms[parked.pos_id].take(parked.amount_rp)]
    if not fitting_now:
        return 0
    ids = [parked.pk for parked in fitting_now]
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO ledger_entry (pos_id, kind, amount_rp, effective_on, source, batch, reversed_kind)
               SELECT pos_id, CASE WHEN amount_rp > 0 THEN 'realise' ELSE 'return' END, abs(amount_rp), effective_on,
                      source, batch, '' FROM ledger_parked WHERE id = ANY(%s) ORDER BY pos_id, effective_on, id""",
            [ids],
        )
        cursor.execute(
            "UPDATE ledger_parked SET state = 'posted', settled_at = clock_timestamp() WHERE id = ANY(%s)", [ids]
        )
    return len(ids)


@transaction.atomic
def withdraw_parked(*, sources: Sequence[str]) -> int:
    """Take back parked payments that turned out not to count (a correction, an undone import).

    Returns: how many were open and are withdrawn now.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_parked SET state = 'withdrawn', settled_at = clock_timestamp()"
            " WHERE source = ANY(%s) AND state = 'open'",
            [list(sources)],
        )
        return int(cursor.rowcount)


@transaction.atomic
def reverse_batch(*, batch: int, on_behalf_of: str, reopened: Sequence[str] = ()) -> Posted:
    """Undo everything that was posted under a batch number (`add_batch_reversals`).

    Args:
        batch: the number the entries were posted under.
        on_behalf_of: why, as a source prefix (`undo:17`), unique for this undoing.
        reopened: sources of parked payments that the batch had withdrawn; they wait again.

    Raises:
        Conflict: what was posted since needs the room that this would take away; nothing is changed.
    """
    create_batch_table("ledger_undo")
    add_batch_reversals(table="ledger_undo", batch=batch, prefix=on_behalf_of)
    posted = post_batch(table="ledger_undo")
    waiting = wait_again(sources=reopened)
    return replace(posted, settled=posted.settled + settle_parked(pos_ids=waiting)) if waiting else posted
