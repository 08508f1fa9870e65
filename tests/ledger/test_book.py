"""The book: what holds against services, against plain SQL and against many writers at once."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from psycopg.errors import ForeignKeyViolation, InsufficientPrivilege

from dekon.errors import Conflict
from dekon.ledger import selectors, services
from dekon.ledger.choices import EntryKind
from dekon.ledger.models import Entry, Parked, Pos
from dekon.ledger.services import NewEntry
from dekon.org.models import Satker, Unit

DAY = date(2022, 3, 1)


def make_pos(akun: str = "521211", pagu_rp: int = 0) -> Pos:
    """A position of a made-up satker, with its pagu."""
    unit, _ = Unit.objects.get_or_create(ba_code="026", code="04", defaults={"name": "Binapenta", "short_name": "04"})
    satker, _ = Satker.objects.get_or_create(code="029104", defaults={"name": "Dinas", "unit": unit})
    path = {"program": "DN", "kegiatan": "2173", "kro": "BAA", "ro": "001", "komponen": "051", "subkomponen": "0A"}
    pos = Pos.objects.create(fiscal_year=2022, satker=satker, akun=akun, **path)
    if pagu_rp:
        services.post(entries=[NewEntry(pos.pk, EntryKind.ALLOCATE, pagu_rp, date(2022, 1, 1), f"pagu:{pos.pk}")])
    pos.refresh_from_db()
    return pos


def pay(pos: Pos, amount_rp: int, source: str, day: date = DAY) -> services.Posted:
    """One payment."""
    return services.post(entries=[NewEntry(pos.pk, EntryKind.REALISE, amount_rp, day, source, order_no=source)])


def figures(pos: Pos) -> tuple[int, int, int, int, int]:
    """pagu, blocked, reserved, realised, parked."""
    pos.refresh_from_db()
    return pos.pagu_rp, pos.blocked_rp, pos.reserved_rp, pos.realised_rp, pos.parked_rp


@pytest.mark.django_db
def test_the_same_source_posts_once() -> None:
    pos = make_pos(pagu_rp=100)
    pay(pos, 40, "sp2d-1")
    pay(pos, 40, "sp2d-1")
    assert figures(pos) == (100, 0, 0, 40, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(("amount_rp", "realised_rp", "parked_rp"), [(99, 99, 0), (100, 100, 0), (101, 0, 101)])
def test_a_payment_below_at_and_above_the_ceiling(amount_rp: int, realised_rp: int, parked_rp: int) -> None:
    pos = make_pos(pagu_rp=100)
    pay(pos, amount_rp, "sp2d-1")
    assert figures(pos) == (100, 0, 0, realised_rp, parked_rp)


@pytest.mark.django_db
def test_a_payment_is_parked_whole_in_order_of_day_and_number_and_posts_when_a_revision_makes_room() -> None:
    pos = make_pos(pagu_rp=100)
    late = NewEntry(pos.pk, EntryKind.REALISE, 30, date(2022, 3, 3), "c", order_no="1")
    early = NewEntry(pos.pk, EntryKind.REALISE, 80, date(2022, 3, 2), "b", order_no="2")
    services.post(entries=[late, early])
    assert figures(pos) == (100, 0, 0, 80, 30)
    services.post(entries=[NewEntry(pos.pk, EntryKind.INCREASE, 10, date(2022, 4, 1), "revisi-1")])
    assert figures(pos) == (110, 0, 0, 110, 0)
    assert Entry.objects.get(source="c").effective_on == date(2022, 3, 3)


@pytest.mark.django_db
def test_a_smaller_pagu_parks_the_newest_payments() -> None:
    pos = make_pos(pagu_rp=100)
    pay(pos, 60, "old", date(2022, 2, 1))
    pay(pos, 40, "new", date(2022, 3, 1))
    services.post(entries=[NewEntry(pos.pk, EntryKind.DECREASE, 20, date(2022, 4, 1), "revisi-1")])
    assert figures(pos) == (80, 0, 0, 60, 40)
    assert selectors.prove_book().disagreement is None


@pytest.mark.django_db
def test_a_block_larger_than_what_is_left_is_refused_and_posts_nothing() -> None:
    pos = make_pos(pagu_rp=100)
    services.post(entries=[NewEntry(pos.pk, EntryKind.RESERVE, 60, DAY, "kontrak-1")])
    with pytest.raises(Conflict) as refused:
        services.post(entries=[NewEntry(pos.pk, EntryKind.BLOCK, 41, DAY, "blokir-1")])
    assert refused.value.code == "ledger-no-room"
    assert figures(pos) == (100, 0, 60, 0, 0)


@pytest.mark.django_db
def test_a_return_of_a_payment_that_is_parked_waits_with_it() -> None:
    pos = make_pos(pagu_rp=100)
    pay(pos, 150, "sp2d-1")
    services.post(entries=[NewEntry(pos.pk, EntryKind.RETURN, 20, DAY, "ntpn-1")])
    assert figures(pos) == (100, 0, 0, 0, 130)


@pytest.mark.django_db
def test_undoing_a_batch_reverses_every_entry_and_leaves_the_entries_there() -> None:
    pos = make_pos(pagu_rp=100)
    services.post(entries=[NewEntry(pos.pk, EntryKind.REALISE, 70, DAY, "sp2d-1")], batch=7)
    services.reverse_batch(batch=7, on_behalf_of="undo:7")
    assert figures(pos) == (100, 0, 0, 0, 0)
    assert Entry.objects.filter(pos=pos).count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET amount_rp = 1",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry CASCADE",
        "UPDATE ledger_pos SET realised_rp = 0",
        "UPDATE ledger_pos SET akun = '521211'",
        "DELETE FROM ledger_pos",
        "DELETE FROM org_satker WHERE id IN (SELECT satker_id FROM ledger_pos)",
        (
            "INSERT INTO ledger_entry (pos_id, kind, amount_rp, effective_on, source, reversed_kind)"
            " VALUES (-1, 'allocate', 1, '2022-03-01', 'psql', '')"
        ),
        (
            "INSERT INTO ledger_dailysum (pos_id, effective_on, fiscal_year, pagu_rp, blocked_rp, reserved_rp,"
            " realised_rp) VALUES (-1, '2022-03-01', 2022, 1, 0, 0, 0)"
        ),
        "UPDATE ledger_dailysum SET realised_rp = 0",
        "DELETE FROM ledger_dailysum",
        (
            "INSERT INTO ledger_pos (fiscal_year, satker_id, program, kegiatan, kro, ro, komponen, subkomponen, akun,"
            " pagu_rp, blocked_rp, reserved_rp, realised_rp, parked_rp)"
            " VALUES (2022, -1, 'DN', '2173', 'BAA', '001', '051', '0A', '521211', 0, 0, 0, 0, 0)"
        ),
        "DELETE FROM ledger_parked",
        "UPDATE audit_event SET action = 'x'",
        "TRUNCATE audit_event",
    ],
)
def test_plain_sql_cannot_change_the_book(statement: str) -> None:
    pos = make_pos(pagu_rp=100)
    pay(pos, 40, "sp2d-1")
    pay(pos, 90, "sp2d-2")
    connection.cursor().execute(
        "INSERT INTO audit_event (actor_name, action, subject_type, subject_id, on_behalf_of,"
        " subject_name, satker_code,"
        " before, after, reason, origin, request_id) VALUES ('a', 'b', 'c', 'd', '', '', '', '{}', '{}', '', 'cli', '')"
    )
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        connection.cursor().execute(statement)
    assert isinstance(refused.value.__cause__, (InsufficientPrivilege, ForeignKeyViolation))
    assert figures(pos) == (100, 0, 0, 40, 90)


@pytest.mark.django_db
def test_plain_sql_cannot_overspend() -> None:
    pos = make_pos(pagu_rp=100)
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.cursor().execute(
            "INSERT INTO ledger_entry (pos_id, kind, amount_rp, effective_on, source, reversed_kind)"
            " VALUES (%s, 'realise', 101, '2022-03-01', 'psql', '')",
            [pos.pk],
        )
    assert figures(pos) == (100, 0, 0, 0, 0)


@pytest.mark.django_db
def test_the_app_role_may_add_entries_but_not_change_them() -> None:
    pos = make_pos(pagu_rp=100)
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('dekon_app', 'ledger_entry', 'INSERT'),"
                       " has_table_privilege('dekon_app', 'ledger_entry', 'UPDATE, DELETE, TRUNCATE')")  # fmt: skip
        assert cursor.fetchone() == (True, False)
        cursor.execute("DROP TABLE ledger_few")  # of this transaction, made by the owner
        cursor.execute("SET LOCAL ROLE dekon_app; SET LOCAL dekon.scope = '*'")
    pay(pos, 40, "sp2d-1")
    connection.cursor().execute("RESET ROLE")
    assert figures(pos) == (100, 0, 0, 40, 0)


@pytest.mark.django_db
def test_random_sequences_keep_every_invariant() -> None:
    source = random.Random(20220315)
    positions = [make_pos(akun=f"52121{n}", pagu_rp=1000) for n in range(3)]
    paid_rp = 0
    for number in range(150):
        pos = source.choice(positions)
        kind = source.choice([EntryKind.REALISE, EntryKind.REALISE, EntryKind.INCREASE, EntryKind.DECREASE])
        amount_rp = source.randint(1, 300)
        try:
            services.post(entries=[NewEntry(pos.pk, kind, amount_rp, DAY, f"random:{number}")])
        except Conflict:
            continue
        paid_rp += amount_rp if kind == EntryKind.REALISE else 0
    assert sum(figures(pos)[3] + figures(pos)[4] for pos in positions) == paid_rp
    assert selectors.prove_book().disagreement is None


WRITER = """
import os, sys, django
os.environ["DATABASE_URL"] = os.environ["DATABASE_APP_URL"] = sys.argv[1]
django.setup()
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from django.db import connection
from dekon.ledger import services
from dekon.ledger.choices import EntryKind
from dekon.ledger.services import NewEntry
def write(writer):
    for number in range(10):
        source = f"{sys.argv[3]}:{writer}:{number}"
        services.post(entries=[NewEntry(int(sys.argv[2]), EntryKind.REALISE, 9, date(2022, 3, 1), source)])
    connection.close()
with ThreadPoolExecutor(8) as pool:
    list(pool.map(write, range(8)))
"""


@pytest.mark.django_db(transaction=True)
def test_thirty_two_writers_in_four_processes_never_overspend(database_url: str) -> None:
    pos = make_pos(pagu_rp=1440)
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, database_url, str(pos.pk), str(process)])
        for process in range(4)
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0, 0]
    assert figures(pos) == (1440, 0, 0, 1440, 1440)
    assert Parked.objects.count() == 160
    assert selectors.prove_book().disagreement is None


@pytest.mark.django_db
def test_thousands_that_wait_on_one_position_post_together_when_there_is_room() -> None:
    pos = make_pos(pagu_rp=1)
    count = 3000
    services.post(entries=[NewEntry(pos.pk, EntryKind.REALISE, 2, DAY, f"many-{number}", f"{number:05}")
                           for number in range(count)])  # fmt: skip
    assert figures(pos) == (1, 0, 0, 0, 2 * count)
    services.post(entries=[NewEntry(pos.pk, EntryKind.INCREASE, 2 * count, DAY, "revision")])
    assert figures(pos) == (2 * count + 1, 0, 0, 2 * count, 0)
    assert selectors.prove_book().disagreement is None
