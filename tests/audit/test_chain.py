"""The chain of the trail: what it shows when somebody changes the past."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from dekon.audit import selectors, services
from dekon.audit.models import Event, Link
from dekon.audit.selectors import BadRow, ChainHead
from dekon.history import services as history
from dekon.ops.row_security import lift_policies
from dekon.org.selectors import system_user

CENTRE, ACEH = "", "069011"
ALL_TRIGGERS = ("audit_event", "audit_link", "audit_head")


def tell(action: str = "tested", satker_code: str = CENTRE, **facts: str) -> Event:
    return services.record(
        actor=system_user(), action=action, subject_type="thing", subject_id=1, satker_code=satker_code, after=facts
    )


def tell_and_roll_back() -> None:
    with transaction.atomic():
        tell("lost")
        transaction.set_rollback(True)


def three_rows() -> list[ChainHead]:
    """Rows of two chains, linked; gives the heads."""
    with transaction.atomic():
        tell(name="satu")
        tell(name="dua", satker_code=ACEH)
        tell(name="tiga")
    return selectors.heads()


def forge(*statements: str) -> None:
    """What only the owner of the database could do: switch the guards off and write."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ALL_TRIGGERS:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        for table in ALL_TRIGGERS:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def bad(anchors: list[ChainHead] | None = None) -> BadRow | None:
    return selectors.prove_trail(anchors or []).bad


@pytest.mark.django_db(transaction=True)
def test_rows_are_linked_at_commit_in_their_satkers_chain_and_prove() -> None:
    before = selectors.prove_trail()
    heads = {head.chain: head.seq for head in three_rows()}
    proof = selectors.prove_trail(selectors.heads())
    assert (proof.bad, proof.rows - before.rows, heads[ACEH]) == (None, 3, 1)
    assert proof.anchors == len(heads)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_gap() -> None:
    three_rows()
    with transaction.atomic():
        tell(name="kept")
        tell_and_roll_back()
        tell(name="kept too", satker_code=ACEH)
    assert bad() is None
    assert not Event.objects.filter(action="lost").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE audit_event SET action = 'forged' WHERE id = {first}", "altered"),
        ("UPDATE audit_event SET actor_id = 77 WHERE id = {first}", "altered"),
        ("UPDATE audit_event SET recorded_at = recorded_at - interval '1 day' WHERE id = {first}", "altered"),
        ('UPDATE audit_event SET after = \'{{"name": "lain"}}\' WHERE id = {first}', "details-altered"),
        ("UPDATE audit_event SET actor_name = 'orang lain' WHERE id = {first}", "details-altered"),
        ("UPDATE audit_event SET body = body || ' ' WHERE id = {first}", "altered"),
        ("UPDATE audit_event SET satker_code = '069011' WHERE id = {first}", "altered"),
        ("UPDATE audit_link SET hash = sha256('x') WHERE event_id = {first}", "link-altered"),
        ("DELETE FROM audit_event WHERE id = {first}", "missing-event"),
        ("DELETE FROM audit_link WHERE event_id = {first}", "gap"),
        ("DELETE FROM audit_link WHERE event_id = {last}", "head-differs"),
        ("UPDATE audit_head SET seq = seq - 1 WHERE chain = ''", "head-differs"),
    ],
)
def test_whoever_changes_the_past_is_found_at_the_first_row(statement: str, fault: str) -> None:
    three_rows()
    first, last = Event.objects.filter(satker_code=CENTRE, action="tested").order_by("pk").values_list("pk", flat=True)
    seq = Link.objects.get(event_id=first).seq
    forge(statement.format(first=first, last=last))
    found = bad()
    assert found is not None
    assert found.fault == fault
    assert found.chain == CENTRE
    assert seq <= found.seq <= seq + 1


@pytest.mark.django_db(transaction=True)
def test_a_row_that_slipped_in_without_a_link_is_found() -> None:
    three_rows()
    forge("INSERT INTO audit_event (actor_name, action, subject_type, subject_id, on_behalf_of, subject_name,"
          " satker_code, before, after, reason, origin, request_id, salt, body)"
          " VALUES ('a', 'b', 'c', 'd', '', '', '', '{}', '{}', '', 'cli', '', '', '')")  # fmt: skip
    found = bad()
    assert found is not None
    assert found.fault == "unlinked"


REWRITE = (
    "UPDATE audit_event SET after = '{\"name\": \"lain\"}' WHERE action = 'tested' AND satker_code = '069011'",
    "UPDATE audit_event e SET body = audit_plain_body(e) || chr(9) || audit_details_hash(e)",
    "DELETE FROM audit_link WHERE chain = '069011'",
    "DELETE FROM audit_head WHERE chain = '069011'",
    "SELECT audit_link_from(0)",
)


@pytest.mark.django_db(transaction=True)
def test_who_recomputes_the_links_is_found_only_by_a_copy_that_lies_outside() -> None:
    anchors = three_rows()
    forge(*REWRITE)
    assert bad() is None  # this is why heads are copied outside; docs/trail.md says so
    found = bad(anchors)
    assert found is not None
    assert (found.fault, found.chain) == ("anchor-differs", ACEH)


@pytest.mark.django_db(transaction=True)
def test_who_cuts_the_tail_is_found_by_a_copy_that_lies_outside() -> None:
    anchors = three_rows()
    forge(
        "DELETE FROM audit_event WHERE satker_code = '069011'",
        "DELETE FROM audit_link WHERE chain = '069011'",
        "DELETE FROM audit_head WHERE chain = '069011'",
    )
    assert bad() is None
    found = bad(anchors)
    assert found is not None
    assert (found.fault, found.chain, found.seq) == ("cut-short", ACEH, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_head SET seq = 0",
        "DELETE FROM audit_head",
        "INSERT INTO audit_head (chain, seq, hash) VALUES ('999999', 0, '')",
        "INSERT INTO audit_link (event_id, chain, seq, hash) VALUES (1, '', 999, '')",
        "DELETE FROM audit_link",
        "UPDATE audit_event SET salt = ''",
        "SELECT audit_link_from(0)",
    ],
)
def test_the_app_role_cannot_touch_the_chain(statement: str) -> None:
    three_rows()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE dekon_app")
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute(statement)
    assert bad() is None


@pytest.mark.django_db(transaction=True)
def test_nobody_chooses_the_moment_or_the_hash_of_a_row() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE dekon_app")
        cursor.execute(
            "INSERT INTO audit_event (recorded_at, actor_name, action, subject_type, subject_id, on_behalf_of,"
            " subject_name, satker_code, before, after, reason, origin, request_id, salt, body)"
            " VALUES ('2001-01-01', 'a', 'backdated', 'c', 'd', '', '', '', '{}', '{}', '', 'cli', '', 'mine', 'mine')"
        )
    event = Event.objects.get(action="backdated")
    assert event.recorded_at.year > 2001
    assert event.salt != "mine"
    assert event.body.startswith(f"{event.pk}\t")
    assert bad() is None


WRITER = """
import os, sys, django
os.environ["DATABASE_URL"] = os.environ["DATABASE_APP_URL"] = sys.argv[1]
django.setup()
from concurrent.futures import ThreadPoolExecutor
from django.db import connection, transaction
from dekon.audit import services
from dekon.org.selectors import system_user
def write(writer):
    for number in range(15):
        with transaction.atomic():
            codes = ["", "069011", "079011"]
            for code in codes if writer % 2 else reversed(codes):
                services.record(actor=system_user(), action="tested", subject_type="thing", subject_id=number,
                                satker_code=code)
    connection.close()
with ThreadPoolExecutor(8) as pool:
    list(pool.map(write, range(8)))
"""


@pytest.mark.django_db(transaction=True)
def test_sixteen_writers_in_two_processes_who_lengthen_the_same_chains_never_wait_for_each_other_in_a_ring(
    database_url: str,
) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, database_url]) for _ in range(2)]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    proof = selectors.prove_trail()
    assert proof.bad is None
    assert Event.objects.filter(action="tested").count() == 2 * 8 * 15 * 3


@pytest.mark.django_db(transaction=True)
def test_many_rows_are_linked_although_the_last_one_was_rolled_back() -> None:
    with transaction.atomic():
        kept = [tell(), tell(satker_code=ACEH)]
        tell_and_roll_back()
    assert bad() is None
    assert Link.objects.filter(event__in=kept).count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("said", ["", "yes"])
def test_rows_written_after_some_were_linked_early_are_linked_too_whatever_the_session_says(said: str) -> None:
    """Also where somebody says by hand that the rows of the transaction are linked, or takes that back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('dekon.trail_linked', %s, true)", [said or "yes"])
        early = [tell(), tell(satker_code=ACEH)]
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert Link.objects.filter(event__in=early).count() == 2
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SELECT set_config('dekon.trail_linked', %s, true)", [said])
        late = [tell(), tell(satker_code=ACEH), tell()]
    assert bad() is None
    assert Link.objects.filter(event__in=[*early, *late]).count() == 5


@pytest.mark.django_db(transaction=True)
def test_nobody_chooses_the_number_of_a_row() -> None:
    newest = tell().pk
    for number in (newest + 1000, newest - 1, -5):
        with (
            pytest.raises(DatabaseError, match="drawn, not chosen"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                """INSERT INTO audit_event OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(
                   e, jsonb_build_object('id', %s::bigint))).* FROM audit_event e WHERE id = %s""", [number, newest],
            )  # fmt: skip
    tell()
    assert bad() is None


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("back_to", ["0004_place_and_address", "0005_cheaper_links"])
def test_the_way_back_of_the_migrations_and_forward_again_keeps_the_chain(back_to: str) -> None:
    three_rows()
    history.forget_views("default")
    lift_policies("default")
    call_command("migrate", "audit", back_to, verbosity=0)
    older = three_rows()
    tell("alone")
    assert bad(older) is None
    call_command("migrate", "audit", verbosity=0)
    newer = three_rows()
    tell("alone")
    assert bad([*older, *newer]) is None
    assert selectors.prove_trail().rows == Event.objects.count()
