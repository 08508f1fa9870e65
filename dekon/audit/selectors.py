"""Reading the trail and proving it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from django.db import connection

type Fault = Literal[
    "unlinked", "missing-event", "altered", "details-altered", "gap", "link-altered", "head-differs", "anchor-differs",
    "cut-short",
]  # fmt: skip

GENESIS = b"dekon trail "
NO_CHAIN = "-"
ROWS = """COPY (
    SELECT l.chain, l.seq, l.hash, l.event_id, coalesce(e.body, ''), CASE
             WHEN e.id IS NULL THEN 'missing-event'
             WHEN e.satker_code <> l.chain
               OR left(e.body, length(audit_plain_body(e)) + 1) <> audit_plain_body(e) || chr(9) THEN 'altered'
             WHEN e.minimised_at IS NULL AND right(e.body, 64) <> audit_details_hash(e) THEN 'details-altered'
             ELSE '' END
    FROM audit_link l LEFT JOIN audit_event e ON e.id = l.event_id ORDER BY l.chain, l.seq
) TO STDOUT (FORMAT BINARY)"""
TYPES = ("text", "int8", "bytea", "int8", "text", "text")
UNLINKED = """SELECT e.satker_code, e.id FROM audit_event e
    WHERE NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.event_id = e.id) ORDER BY e.id LIMIT 1"""


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The end of a chain: a satker's code or empty for the centre, how many rows it has, the hash up to the last."""

    chain: str
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class BadRow:
    """The first row of the trail that does not hold, and how it fails."""

    fault: Fault
    chain: str
    seq: int
    event_id: int | None = None


@dataclass(frozen=True, slots=True)
class TrailProof:
    """What a verification saw: rows and chains, how far outside copies vouch, and the first bad row, if any."""

    rows: int
    chains: int
    anchors: int
    bad: BadRow | None


def genesis(chain: str) -> bytes:
    """What the first row of a chain is linked to."""
    return sha256(GENESIS + chain.encode()).digest()


def heads() -> list[ChainHead]:
    """The ends of all chains, by code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT chain, seq, hash FROM audit_head ORDER BY chain")
        return [ChainHead(chain, seq, bytes(digest)) for chain, seq, digest in cursor.fetchall()]


def prove_trail(anchors: Iterable[ChainHead] = ()) -> TrailProof:
    """Recompute every link and compare with the rows, the heads and the copies of heads that lie outside.

    Args:
        anchors: outside copies of heads; any change before the newest one of a chain is found by it.
    """
    outside: dict[str, dict[int, bytes]] = {}
    for anchor in anchors:
        outside.setdefault(anchor.chain, {})[anchor.seq] = anchor.hash
    walk = _Walk(outside)
    bad = walk.first_bad()
    if bad is None:
        with connection.cursor() as cursor:
            cursor.execute(UNLINKED)
            if row := cursor.fetchone():
                bad = BadRow("unlinked", row[0], 0, row[1])
    return TrailProof(walk.rows, len(walk.ends), sum(map(len, outside.values())), bad)


EXCERPT = """SELECT l.chain, l.seq, encode(l.hash, 'hex'), e.body, e.salt, e.actor_name, e.on_behalf_of, e.subject_name,
        e.reason, e.before::text, e.after::text, e.minimised_at IS NULL
    FROM audit_link l JOIN audit_event e ON e.id = l.event_id WHERE l.chain = ANY(%s) ORDER BY l.chain, l.seq"""


def excerpt(chains: Sequence[str], *, disclosed: bool) -> Iterator[dict[str, object]]:
    """The rows of whole chains as `offline.py` checks them, read piece by piece.

    Args:
        chains: codes of satker; empty text for the centre.
        disclosed: with names, reasons and facts, as far as they were not minimised.
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(EXCERPT, [list(chains)])
        for chain, seq, digest, body, salt, *details, whole in cursor:
            row: dict[str, object] = {"chain": chain, "seq": seq, "hash": digest, "body": body}
            yield {**row, "salt": salt, "details": details} if disclosed and whole else row


class _Walk:
    """One pass over all links in their order."""

    def __init__(self, outside: Mapping[str, Mapping[int, bytes]]) -> None:
        self.outside = outside
        self.rows = 0
        self.ends: dict[str, ChainHead] = {}

    def first_bad(self) -> BadRow | None:
        """The first link, head or outside copy that does not hold."""
        for bad in self.links():
            return bad
        kept = {head.chain: head for head in heads()}
        for chain in sorted(kept.keys() | self.ends.keys() | self.outside.keys()):
            end = self.ends.get(chain, ChainHead(chain, 0, genesis(chain)))
            if (newest := max(self.outside.get(chain, ()), default=0)) > end.seq:
                return BadRow("cut-short", chain, newest)
            if kept.get(chain) != end:
                return BadRow("head-differs", chain, end.seq)
        return None

    def links(self) -> Iterator[BadRow]:
        """Every bad link; most often none."""
        chain: str = NO_CHAIN
        seq, digest = 0, b""
        anchored: Mapping[int, bytes] = {}
        with connection.cursor() as cursor, cursor.copy(ROWS) as copy:
            copy.set_types(TYPES)
            for next_chain, next_seq, stored, event_id, body, fault in copy.rows():
                if next_chain != chain:
                    if chain != NO_CHAIN:
                        self.ends[chain] = ChainHead(chain, seq, digest)
                    chain, seq, digest = next_chain, 0, genesis(next_chain)
                    anchored = self.outside.get(chain, {})
                self.rows += 1
                seq += 1
                digest = sha256(digest + body.encode()).digest()
                if fault or next_seq != seq or stored != digest:
                    yield BadRow(fault or ("gap" if next_seq != seq else "link-altered"), chain, next_seq, event_id)
                if seq in anchored and anchored[seq] != digest:
                    yield BadRow("anchor-differs", chain, seq, event_id)
        if chain != NO_CHAIN:
            self.ends[chain] = ChainHead(chain, seq, digest)
