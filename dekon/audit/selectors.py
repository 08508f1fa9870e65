"""Reading the trail and proving it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Literal

from django.db import connection
from django.db.models import Max, Q, QuerySet

from dekon.audit.choices import EVERYWHERE, PASSING, Reading
from dekon.audit.models import Event
from dekon.errors import NotFound
from dekon.lib.periods import JAKARTA

type Fault = Literal[
    "unlinked", "missing-event", "altered", "details-altered", "gap", "link-altered", "head-differs", "anchor-differs",
    "cut-short",
]  # fmt: skip

GENESIS = b"dekon trail "
NO_CHAIN = "-"
PLAIN = """concat_ws(chr(9), e.id, to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    coalesce(e.actor_id::text, ''), e.action, e.subject_type, e.subject_id, e.satker_code, e.origin, e.request_id,
    nullif(e.place, ''))"""
"""The plain part of a body made anew, as the database made it (`audit_seal_event`); a function would cost tenfold."""
DETAILS = f"""encode(sha256(convert_to(concat(e.salt, {
    ", ".join(
        f"octet_length(e.{column}), ':', e.{column}, ','"
        for column in ("actor_name", "on_behalf_of", "subject_name", "reason", "before::text", "after::text")
    )
}, CASE WHEN e.address <> '' THEN concat(octet_length(e.address), ':', e.address, ',') END), 'UTF8')), 'hex')"""
"""The salted hash of the rest, made anew."""
ROWS = f"""COPY (
    SELECT l.chain, l.seq, l.hash, l.event_id, coalesce(e.body, ''), CASE
             WHEN e.id IS NULL THEN 'missing-event'
             WHEN e.satker_code <> l.chain OR left(e.body, -65) <> {PLAIN} THEN 'altered'
             WHEN e.minimised_at IS NULL AND right(e.body, 64) <> {DETAILS} THEN 'details-altered'
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
        e.reason, e.before::text, e.after::text, nullif(e.address, ''), e.minimised_at IS NULL
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
            shown = details if details[-1] else details[:-1]  # the address is part of the hash where there is one
            yield {**row, "salt": salt, "details": shown} if disclosed and whole else row


@dataclass(frozen=True, slots=True)
class Reach:
    """What of the trail somebody may see: own acts, and rows about these satker and places, of these kinds of things.

    `satker`: codes; None means all and the centre. `places`: provinces' digits, `unit:05`. `subject_types`: None means
    all kinds.
    """

    actor_id: int | None
    satker: frozenset[str] | None = frozenset()
    places: frozenset[str] = frozenset()
    subject_types: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is sought in the trail; what is empty is open. Days are Jakarta's, both ends included.

    `readings`: only reading, only changes, or both. `known_at`: the moment of record that somebody looks back to.
    """

    person: str = ""
    action: str = ""
    subject_type: str = ""
    subject_id: str = ""
    words: str = ""
    satker: str = ""
    place: str = ""
    since: date | None = None
    until: date | None = None
    request_id: str = ""
    readings: bool | None = None
    known_at: datetime | None = None


def within(reach: Reach) -> QuerySet[Event]:
    """The rows that somebody may see."""
    rows = Event.objects.all()
    if reach.satker is not None:
        of_all = Q(place=EVERYWHERE) if reach.satker else Q()
        about = Q(satker_code__in=reach.satker) | (Q(place__in=reach.places) if reach.places else Q()) | of_all
        rows = rows.filter(Q(actor_id=reach.actor_id) | about)
    if reach.subject_types is not None:
        rows = rows.filter(Q(actor_id=reach.actor_id) | Q(subject_type__in=reach.subject_types))
    return rows


def events(reach: Reach, asked: Asked) -> QuerySet[Event]:
    """The rows of the trail that are sought, newest first, as far as they may be seen."""
    rows = within(reach).order_by("-id")
    exact = {
        "action": asked.action, "subject_type": asked.subject_type, "subject_id": asked.subject_id,
        "request_id": asked.request_id,
    }  # fmt: skip
    rows = rows.filter(**{field: value for field, value in exact.items() if value})
    if asked.person:
        rows = rows.filter(Q(actor_name__icontains=asked.person) | Q(on_behalf_of__icontains=asked.person))
    rows = with_words(rows, asked.words)
    if asked.satker or asked.place:
        rows = rows.filter(_about(asked))
    if asked.since:
        rows = rows.filter(recorded_at__gte=_start(asked.since))
    if asked.until:
        rows = rows.filter(recorded_at__lt=_start(asked.until + timedelta(days=1)))
    if asked.known_at:
        rows = rows.filter(recorded_at__lte=asked.known_at)
    if asked.readings is not None:
        reading = Q(action__in=Reading.values)
        rows = rows.filter(reading if asked.readings else ~reading)
    return rows


type Thing = tuple[str, str]
"""What the trail calls a thing: its `subject_type` and `subject_id`."""


def newest_of(*things: Thing) -> int:
    """The number of the newest change of things; 0 where there is none. Readings, comings and goings do not count."""
    return changes_since(things, 0).values_list("pk", flat=True).order_by("-pk").first() or 0


def changes_since(things: Iterable[Thing], number: int) -> QuerySet[Event]:
    """What was done to things after the row of that number, in order. Readings, comings and goings do not count."""
    about = Q(pk__in=())
    for kind, key in things:
        about |= Q(subject_type=kind, subject_id=key)
    return Event.objects.filter(about, pk__gt=number).exclude(action__in=[*Reading.values, *PASSING]).order_by("pk")


def newest_each(kind: str, keys: Iterable[str]) -> dict[str, int]:
    """The numbers of the newest changes of things of one kind, by key; without those that never changed."""
    rows = Event.objects.filter(subject_type=kind, subject_id__in=list(keys))
    each = rows.exclude(action__in=[*Reading.values, *PASSING]).order_by().values("subject_id")
    return dict(each.annotate(newest=Max("pk")).values_list("subject_id", "newest"))


def with_words(rows: QuerySet[Event], words: str) -> QuerySet[Event]:
    """The rows that hold each of these words in the name or number of the thing, the reason or who did it."""
    for word in words.split()[:10]:
        rows = rows.filter(
            Q(subject_name__icontains=word) | Q(subject_id=word) | Q(reason__icontains=word)
            | Q(actor_name__icontains=word)
        )  # fmt: skip
    return rows


def _about(asked: Asked) -> Q:
    """Rows about a satker; or about a place. What is about everybody is about each of them."""
    about = Q(place=EVERYWHERE)
    if asked.satker:
        about |= Q(satker_code__in=asked.satker.split(","))
    return about | Q(place__in=asked.place.split(",")) if asked.place else about


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), JAKARTA)


def event(reach: Reach, number: int, known_at: datetime | None = None) -> Event:
    """One row of the trail, with its place in the chain.

    Args:
        reach: what may be seen.
        number: of the row.
        known_at: the moment of record that somebody looks back to.

    Raises:
        NotFound: there is none, or it is about another place.
    """
    found = within(reach).filter(pk=number).select_related("link").first()
    if found is None or (known_at and found.recorded_at > known_at):
        raise NotFound("trail-row-unknown", number=number)
    return found


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
