"""Attacks on the book with plain SQL, as the role of the web server and as the owner of the tables."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from dekon.errors import Conflict
from dekon.ledger import selectors, services
from dekon.ledger.choices import EntryKind
from dekon.ledger.models import Entry, Parked, Pos
from dekon.ledger.services import NewEntry
from tests.ledger.test_book import DAY, figures, make_pos, pay

ENTRY = "INSERT INTO ledger_entry (pos_id, kind, amount_rp, effective_on, source, reversed_kind, reverses_id) VALUES "
TRIGGERED = """
CREATE TEMP TABLE mine (n int);
CREATE FUNCTION pg_temp.hit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {attack}; RETURN NEW; END $$;
CREATE TRIGGER hit AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION pg_temp.hit();
INSERT INTO mine VALUES (1)
"""
"""Inside a trigger of one's own the book's triggers could take the change for one of theirs."""


def refused(statement: str) -> None:
    """The database refuses it and nothing of it stays."""
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.fixture
def pos(db: None) -> Pos:
    """A position of 100 of which 40 are paid and 90 wait."""
    pos = make_pos(pagu_rp=100)
    pay(pos, 40, "sp2d-1")
    pay(pos, 90, "sp2d-2")
    return pos


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE ledger_pos SET realised_rp = 0",
        "UPDATE ledger_pos SET pagu_rp = 1000",
        "UPDATE ledger_pos SET parked_rp = 0",
        "UPDATE ledger_pos SET fiscal_year = 2023",
        "UPDATE ledger_dailysum SET realised_rp = 0",
        "INSERT INTO ledger_dailysum SELECT pos_id, '2022-12-01', 2022, 5, 0, 0, 0 FROM ledger_dailysum LIMIT 1",
        "DELETE FROM ledger_dailysum",
        "DELETE FROM ledger_pos",
        "UPDATE ledger_entry SET amount_rp = 1",
        "DELETE FROM ledger_entry",
        "DELETE FROM ledger_parked",
        "UPDATE ledger_parked SET amount_rp = 1",
        "UPDATE audit_event SET action = 'x'",
    ],
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_the_web_server_s_role_cannot_touch_what_the_book_says(pos: Pos, attack: str, *, wrapped: bool) -> None:
    connection.cursor().execute("DROP TABLE IF EXISTS ledger_few")
    connection.cursor().execute("SET LOCAL ROLE dekon_app; SET LOCAL dekon.scope = '*'")
    if "audit" in attack and wrapped:
        attack = "TRUNCATE audit_event"
    refused(TRIGGERED.format(attack=attack) if wrapped else attack)
    connection.cursor().execute("RESET ROLE")
    assert figures(pos) == (100, 0, 0, 40, 90)
    assert selectors.prove_book().disagreement is None


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("({pos}, 'realise', 61, '2022-06-01', 'more', '', NULL)", "ledger_pos_used_within_effective"),
        ("(-1, 'realise', 1, '2022-06-01', 'nowhere', '', NULL)", "names a position that is not there"),
        ("({pos}, 'realise', 1, '2023-01-01', 'next year', '', NULL)", "ledger_entry_within_year"),
        ("({pos}, 'reverse', 40, '2022-06-01', 'of none', 'realise', -1)", "ledger_entry_reverse_matches"),
        ("({pos}, 'reverse', 1, '2022-06-01', 'of part', 'realise', {paid})", "ledger_entry_reverse_matches"),
    ],
)
def test_who_only_says_to_hold_the_positions_is_refused_all_the_same(pos: Pos, entry: str, reason: str) -> None:
    paid = Entry.objects.get(kind=EntryKind.REALISE).pk
    statement = "SET LOCAL dekon.positions_held = 'yes'; " + ENTRY + entry.format(pos=pos.pk, paid=paid)
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        connection.cursor().execute(statement)
    shown = getattr(refusal.value.__cause__, "diag", None)
    assert reason in f"{refusal.value} {shown and shown.constraint_name}"
    assert figures(pos) == (100, 0, 0, 40, 90)


@pytest.mark.parametrize(
    "attack",
    [
        "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
        "ALTER TABLE ledger_pos DROP CONSTRAINT ledger_pos_used_within_effective",
        "DROP TRIGGER ledger_entry_carry ON ledger_entry",
        "SET LOCAL session_replication_role = replica",
        """CREATE OR REPLACE FUNCTION ledger_effects(kind text, reversed_kind text, amount bigint)
           RETURNS TABLE (pagu bigint, blocked bigint, reserved bigint, realised bigint) LANGUAGE sql AS
           'SELECT 0::bigint, 0::bigint, 0::bigint, 0::bigint'""",
        "TRUNCATE ledger_entry CASCADE",
        "TRUNCATE ledger_dailysum",
    ],
)
def test_the_web_server_s_role_cannot_take_the_guards_away(pos: Pos, attack: str) -> None:
    connection.cursor().execute("SET LOCAL ROLE dekon_app; SET LOCAL dekon.scope = '*'")
    refused(attack)
    connection.cursor().execute("RESET ROLE")


@pytest.mark.parametrize(
    "values",
    [
        "({pos}, 'realise', 61, '2022-03-01', 'x', '', NULL)",
        "({pos}, 'realise', -5, '2022-03-01', 'x', '', NULL)",
        "({pos}, 'realise', 0, '2022-03-01', 'x', '', NULL)",
        "({pos}, 'return', 41, '2022-03-01', 'x', '', NULL)",
        "({pos}, 'decrease', 61, '2022-01-01', 'x', '', NULL)",
        "({pos}, 'block', 61, '2022-01-01', 'x', '', NULL)",
        "({pos}, 'unblock', 1, '2022-01-01', 'x', '', NULL)",
        "({pos}, 'release', 1, '2022-01-01', 'x', '', NULL)",
        "({pos}, 'gift', 1, '2022-03-01', 'x', '', NULL)",
        "({pos}, 'reverse', 40, '2022-03-01', 'x', '', NULL)",
        "({pos}, 'reverse', 39, '2022-03-01', 'x', 'realise', {paid})",
        "({pos}, 'reverse', 40, '2022-03-01', 'x', 'return', {paid})",
        "({pos}, 'realise', 1, '2022-03-01', 'sp2d-1', '', NULL)",
        "(0, 'realise', 1, '2022-03-01', 'x', '', NULL)",
        "({pos}, 'realise', 1, '2023-01-01', 'x', '', NULL)",
        "({pos}, 'realise', 1, '2021-12-31', 'x', '', NULL)",
    ],
)
def test_no_entry_by_hand_breaks_the_totals(pos: Pos, values: str) -> None:
    refused(ENTRY + values.format(pos=pos.pk, paid=Entry.objects.get(source="sp2d-1").pk))
    assert figures(pos) == (100, 0, 0, 40, 90)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_reverse_the_same_entry_at_once_one_does() -> None:
    pos = make_pos(pagu_rp=100)
    pay(pos, 40, "sp2d-1")
    paid = Entry.objects.get(source="sp2d-1")

    def reverse(writer: int) -> bool:
        entry = NewEntry(
            pos.pk, EntryKind.REVERSE, 40, DAY, f"reverse-{writer}", reverses_id=paid.pk, reversed_kind="realise"
        )
        try:
            services.post(entries=[entry])
        except (DatabaseError, Conflict):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(reverse, range(8))) == 1
    assert figures(pos) == (100, 0, 0, 0, 0)
    assert selectors.prove_book().disagreement is None


@pytest.mark.django_db
def test_what_waits_is_not_called_posted_without_its_entry(pos: Pos) -> None:
    refused("UPDATE ledger_parked SET state = 'posted'")
    assert Parked.objects.get().state == "open"
    services.post(entries=[NewEntry(pos.pk, EntryKind.INCREASE, 50, date(2022, 4, 1), "revisi-1")])
    assert (Parked.objects.get().state, figures(pos)) == ("posted", (150, 0, 0, 130, 0))
