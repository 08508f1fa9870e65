"""What the trail costs: a posting with and without it, a row with and without its link, and how fast it is verified."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path as FilePath
from statistics import median
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F

from dekon.audit import selectors
from dekon.audit import services as audit
from dekon.budget import services as budget
from dekon.ledger.models import Pos
from dekon.org.selectors import system_user

if TYPE_CHECKING:
    from dekon.org.models import User

type Result = dict[str, float]

YEAR, ROOM_RP = 2022, 1_000_000
TURNS = 6
CALLS, WARM = 25, 5
"""Postings of one writer in one turn, and those before that nobody counts."""
LINK_TURNS, INSERTS, AT_ONCE = 20, 50, 1000
CHAIN, ROWS, PORTION = "999998", 300_000, 50_000
"""A chain of the measurements, how many rows are verified, and how many of them one transaction writes."""
INSERT = """INSERT INTO audit_event (actor_id, actor_name, on_behalf_of, action, subject_type, subject_id, subject_name,
        satker_code, before, after, reason, origin, request_id, salt, body)
    SELECT 1, 'pengukur', '', 'measured', 'bench', n::text, 'Baris ' || n, %s, '{}', '{"amount_rp": 125000}', '', 'cli',
        '', '', '' FROM generate_series(1, %s) n"""


@contextmanager
def without_trail() -> Iterator[None]:
    """The same services, none of which records anything."""
    recorded = audit.record
    audit.record = lambda **_facts: None  # type: ignore[assignment]  # nobody reads what it returns
    try:
        yield
    finally:
        audit.record = recorded


class Writer(threading.Thread):
    """One person who reserves money on one position, call after call, each in a transaction of its own."""

    def __init__(self, actor: User, pos_id: int, start: threading.Barrier, name: str) -> None:
        super().__init__(daemon=True)
        self.actor, self.pos_id, self.started, self.series = actor, pos_id, start, name
        self.seconds: list[float] = []

    def run(self) -> None:
        """Post; the first calls only warm up."""
        connection.ensure_connection()
        self.started.wait()
        for number in range(WARM + CALLS):
            began = time.perf_counter()
            budget.reserve_pagu(
                actor=self.actor, pos_id=self.pos_id, amount_rp=1, document=f"{self.series}/{number}",
                on=date(YEAR, 12, 1),
            )  # fmt: skip
            if number >= WARM:
                self.seconds.append(time.perf_counter() - began)
        connection.close()


def post_once(positions: list[int], series: str) -> list[float]:
    """As many writers as there are positions, at the same time. Returns the seconds of each call."""
    start = threading.Barrier(len(positions))
    writers = [Writer(system_user(), pos, start, f"{series}/{at}") for at, pos in enumerate(positions)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return [seconds for writer in writers for seconds in writer.seconds]


def posting(writers: FilePath) -> Result:
    """Medians of a posting with and without the trail, in turns; each writer has a satker of its own."""
    return _posting(_positions(int(str(writers)), own_satker=True))


def posting_one_satker(writers: FilePath) -> Result:
    """The same with all writers in one satker, whose chain they share."""
    return _posting(_positions(int(str(writers)), own_satker=False))


def _posting(positions: list[int]) -> Result:
    series = time.time_ns()
    with_trail: list[float] = []
    bare: list[float] = []
    for turn in range(TURNS):
        with_trail += post_once(positions, f"{series}/{turn}/a")
        with without_trail():
            bare += post_once(positions, f"{series}/{turn}/b")
    return {"seconds": median(with_trail), "bare_seconds": median(bare), "calls": len(with_trail)}


def _positions(count: int, *, own_satker: bool) -> list[int]:
    """Positions with room, of as many satker or of one."""
    free = F("pagu_rp") - F("blocked_rp") - F("reserved_rp") - F("realised_rp")
    found = Pos.objects.filter(fiscal_year=YEAR).annotate(free_rp=free).filter(free_rp__gt=ROOM_RP)
    if own_satker:
        found = found.order_by("satker_id", "-free_rp").distinct("satker_id")
    else:
        found = found.filter(satker_id=found.order_by("satker_id")[0].satker_id).order_by("-free_rp")
    return list(found.values_list("pk", flat=True)[:count])


def linking() -> Result:
    """Medians of an insert of one row, and of a thousand in one transaction, with and without the link, in turns."""
    one: dict[bool, list[float]] = {True: [], False: []}
    many: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(LINK_TURNS * 2):
        linked = turn % 2 == 0
        _switch(linked=linked)
        _insert(1)  # plans are made anew
        one[linked] += [_timed(partial(_insert, 1)) for _ in range(INSERTS)]
        many[linked] += [_timed(partial(_insert, AT_ONCE))]
    _switch(linked=True)
    return {
        "seconds": median(one[True]), "bare_seconds": median(one[False]), "many_seconds": median(many[True]),
        "many_bare_seconds": median(many[False]),
    }  # fmt: skip


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _insert(rows: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT, [CHAIN, rows])


def _switch(*, linked: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE audit_event {'ENABLE' if linked else 'DISABLE'} TRIGGER audit_event_linked")


def verifying() -> Result:
    """Rows verified in a second. Rows without a link, which `linking` leaves, are linked first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_link_from(0)")
        cursor.execute("SELECT count(*) FROM audit_link")
        missing = ROWS - cursor.fetchone()[0]
    for _portion in range(0, missing, PORTION):
        _insert(PORTION)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE audit_event, audit_link")
    began = time.perf_counter()
    proof = selectors.prove_trail()
    seconds = time.perf_counter() - began
    if proof.bad is not None:
        raise SystemExit(f"bench: the trail does not hold: {proof.bad}")
    return {"seconds": seconds, "rows": proof.rows}
