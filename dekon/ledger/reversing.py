"""Taking back what stands in the book: by batch, or by the source it came with. Adds reversals to a batch table.

A payment that had to make way and found room again stands under its source with a mark behind it (`line:7~12`).
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection


def add_batch_reversals(*, table: str, batch: int, prefix: str, for_good: Sequence[str] = ()) -> None:
    """Add what undoes everything that was posted under a batch number.

    Each of its entries gets a reversal, its parked payments are withdrawn, and what it had reversed itself is posted
    again under the number it was posted under first. Payments that it displaced wait parked and come by themselves.

    Args:
        table: a batch table.
        prefix: why, as a source prefix (`undo:17`), unique for this undoing.
        for_good: prefixes of reversals of the batch that are not taken back, since the caller posts something else.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id FROM ledger_pos WHERE id IN (
                   SELECT pos_id FROM ledger_entry WHERE batch = %(batch)s
                   UNION SELECT pos_id FROM ledger_parked WHERE batch = %(batch)s) ORDER BY id FOR UPDATE""",
            {"batch": batch},
        )
        cursor.execute(
            "UPDATE ledger_parked SET state = 'withdrawn', settled_at = clock_timestamp()"
            " WHERE batch = %s AND state = 'open'",
            [batch],
        )
        cursor.execute(
            f"""INSERT INTO {table} (pos_id, kind, amount_rp, effective_on, source, reverses_id, reversed_kind, batch)
                SELECT e.pos_id, 'reverse', e.amount_rp, e.effective_on, %(why)s || ':' || e.id, e.id, e.kind, NULL
                FROM ledger_entry e
                WHERE e.batch = %(batch)s AND e.kind <> 'reverse'
                  AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses_id = e.id)
                UNION ALL
                SELECT e.pos_id, e.kind, e.amount_rp, e.effective_on, e.source || '~' || r.id, NULL, '', e.batch
                FROM ledger_entry r JOIN ledger_entry e ON e.id = r.reverses_id
                WHERE r.batch = %(batch)s AND r.kind = 'reverse' AND e.batch IS DISTINCT FROM r.batch
                  AND split_part(r.source, ':', 1) <> ALL(%(for_good)s)""",
            {"why": prefix, "batch": batch, "for_good": ["displaced", *for_good]},
        )


def wait_again(*, sources: Sequence[str]) -> list[int]:
    """Let withdrawn payments wait again. Returns their positions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_parked SET state = 'open', settled_at = NULL WHERE source = ANY(%s)"
            " AND state = 'withdrawn' RETURNING pos_id",
            [list(sources)],
        )
        return sorted({row[0] for row in cursor.fetchall()})


def add_take_backs(*, table: str, sources: str, prefix: str) -> None:
    """Add a reversal for whatever stands in the book of some sources; what is parked of them is withdrawn.

    Args:
        table: a batch table.
        sources: a table with the sources, column `source`.
        prefix: why, as a source prefix (`replaced`); an entry is taken back once, so its number makes it unique.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE ledger_parked k SET state = 'withdrawn', settled_at = clock_timestamp() FROM {sources} s
                WHERE k.state = 'open' AND split_part(k.source, '~', 1) = s.source"""
        )
        cursor.execute(
            f"""INSERT INTO {table} (pos_id, kind, amount_rp, effective_on, source, reverses_id, reversed_kind)
                SELECT e.pos_id, 'reverse', e.amount_rp, e.effective_on, %s || ':' || e.id, e.id, e.kind
                FROM (SELECT e.* FROM {sources} s JOIN ledger_entry e ON e.source = s.source
                      UNION ALL
                      SELECT e.* FROM {sources} s JOIN ledger_entry e
                        ON split_part(e.source, '~', 1) = s.source AND e.source LIKE '%%~%%') e
                WHERE e.kind <> 'reverse' AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.reverses_id = e.id)
                  AND NOT EXISTS (SELECT 1 FROM {table} b WHERE b.reverses_id = e.id)""",
            [prefix],
        )
