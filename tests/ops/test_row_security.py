"""What the database itself keeps from the app's role: rows of other places, to be read or written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from pytest_django import DjangoDbBlocker

from dekon.ops.row_security import PUBLISHED, PUBLISHED_BACK, RULES, table_of
from dekon.org.models import User
from dekon.org.selectors.reach import reached_by
from dekon.scope import acting_everywhere, published, scoped_transaction
from tests.demo_database import in_demo

OPEN_TO_PERSONS = "budget.Outcome"
"""Statistics that whoever is signed in may compare."""
PERSONAL = frozenset(
    {
        "budget.ImportRun", "budget.ImportDependency", "org.User", "org.User_groups", "org.User_user_permissions",
        "org.ApiToken", "org.Submission", "org.SignedIn", "org.KnownDevice", "org.MailedLink", "org.MailOrder",
        "sessions.Session", "mfa.Authenticator", "account.EmailAddress", "account.EmailConfirmation",
        "socialaccount.SocialAccount", "socialaccount.SocialToken", "documents.SigningKey",
        "documents.PassphraseCount", "documents.CheckedFile",
    }
)  # fmt: skip
"""Of one person; tests/ops/test_doors.py tries them."""
CENTRAL = frozenset(label for label in RULES if label.startswith("coordination.")) | frozenset(
    {
        "audit.Event", "audit.Link", "audit.Head", "documents.Document", "documents.Revision",
        "documents.SignaturePlace", "documents.PlacedSignature", "documents.Lease", "org.RoleAssignment",
    }
)  # fmt: skip
"""Some rows of these belong to no satker and no province, or to several: tests/documents/test_reach.py,
tests/coordination/test_results_reach.py."""
PLACED = sorted(RULES.keys() - PERSONAL - CENTRAL - {OPEN_TO_PERSONS})


@pytest.fixture(scope="module", autouse=True)
def demo_loaded(database_server: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), in_demo(database_server):
        yield


@pytest.fixture(autouse=True)
def _rolled_back(demo_loaded: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def rows(query: str, *params: str | int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return list(cursor.fetchall())


def count(label: str) -> int:
    return int(rows(f"SELECT count(*) FROM {table_of(label)}")[0][0])


def keys(label: str) -> set[str]:
    """Where the rows that can be seen stand."""
    return {str(row[0]) for row in rows(f"SELECT ctid::text FROM {table_of(label)}")}


@contextmanager
def at(scope: str, user: str = "") -> Iterator[None]:
    with scoped_transaction(user, scope):
        yield


@contextmanager
def refused(reason: str = "row-level security") -> Iterator[None]:
    with pytest.raises(ProgrammingError, match=reason), transaction.atomic():
        yield


def test_the_role_under_test_is_an_ordinary_one() -> None:
    with at("32"):
        ((superuser, bypasses, owned),) = rows(
            """SELECT rolsuper::int, rolbypassrls::int,
                      (SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user)
               FROM pg_roles WHERE rolname = current_user AND current_user = 'dekon_app'"""
        )
        memberships = rows(
            "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE rolname = current_user"
        )
    assert (superuser, bypasses, owned, memberships) == (0, 0, 0, [(0,)])


@pytest.mark.parametrize("label", sorted(RULES))
def test_nobody_and_nowhere_sees_nothing_and_everywhere_sees_what_the_owner_sees(label: str) -> None:
    whole = keys(label)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE dekon_app")
        assert count(label) == 0, "the setting was never made in this session"
        transaction.set_rollback(True)
    for scope in ("", ",", "0", "satker:", "unit:", "32,*", "* ", "satker:%", "' OR true --"):
        with at(scope):
            assert count(label) == 0 or scope == "32,*", scope
            assert count(label) < len(whole) or not whole, scope
    with at("*"):
        assert keys(label) == whole


@pytest.mark.parametrize("label", PLACED)
def test_every_row_of_a_place_is_seen_by_exactly_one_province(label: str) -> None:
    whole, seen = keys(label), set[str]()
    for (code,) in rows("SELECT code FROM org_province"):
        with at(str(code)):
            own = keys(label)
        assert not own & seen
        seen |= own
    assert seen == whole


@pytest.mark.parametrize("label", PLACED)
def test_a_satker_sees_its_part_of_the_province_and_a_unit_its_part_of_the_nation(label: str) -> None:
    with at("32"):
        province = keys(label)
    satker = [
        code for (code,) in rows("SELECT o.code FROM org_satker o JOIN org_province v ON v.id = o.province_id"
                                 " WHERE v.code = '32'")
    ]  # fmt: skip
    parts = []
    for code in satker:
        with at(f"satker:{code}"):
            parts.append(keys(label))
    assert set().union(*parts) == province
    assert sum(map(len, parts)) == len(province)
    with at(",".join(f"satker:{code}" for code in satker)):
        assert keys(label) == province
    units = []
    for (code,) in rows("SELECT DISTINCT u.code FROM org_satker o JOIN org_unit u ON u.id = o.unit_id"):
        with at(f"unit:{code}"):
            units.append(keys(label))
    assert (set().union(*units), sum(map(len, units))) == (keys(label), count(label))


def test_the_trail_shows_a_place_what_concerns_it_and_a_person_what_the_person_did() -> None:
    (operator,) = User.objects.filter(username="operator-32").values_list("pk", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO audit_event (actor_id, actor_name, on_behalf_of, action, subject_type, subject_id,
                                        subject_name, satker_code, before, after, reason, origin, request_id)
               SELECT a, 'x', '', 'tested', 'test', '1', '', s, '{}', '{}', '', 'web', ''
               FROM unnest(%s::bigint[], %s::text[]) AS t(a, s)""",
            [[operator, 0, 0, 0], ["", *(code for (code,) in codes("32")[:1]), *(code for (code,) in codes("33")[:1]),
                                   ""]],
        )  # fmt: skip
    with at("32", str(operator)):
        found = rows("SELECT actor_id, satker_code FROM audit_event WHERE action = 'tested'")
        assert sorted(found) == sorted([(operator, ""), (0, codes("32")[0][0])])
        for table in ("audit_event", "audit_link"):
            assert rows(f"SELECT count(*) > 2 FROM {table}") == [(True,)]


@pytest.mark.parametrize("scope", ["32", "unit:13", "satker:{code}", "", "32,unit:05"])
def test_the_trail_reaches_in_the_database_as_far_as_its_pages(scope: str) -> None:
    wanted = scope.format(code=codes("32")[0][0])
    reached = reached_by(wanted)
    with at(wanted):
        assert set(rows("SELECT unnest(dekon_satker_codes_in_scope())")) == {(code,) for code in reached.satker or ()}
        places = {place for (place,) in rows("SELECT unnest(dekon_places_in_scope())")}
    assert places == {*reached.places, *(["*"] if wanted else [])}


def codes(province: str) -> list[tuple[str]]:
    found = rows(
        "SELECT o.code FROM org_satker o JOIN org_province v ON v.id = o.province_id WHERE v.code = %s ORDER BY 1",
        province,
    )
    return [(str(code),) for (code,) in found]


FOREIGN_POS = "(SELECT p.id FROM ledger_pos p JOIN org_satker o ON o.id = p.satker_id WHERE o.code = '{code}' LIMIT 1)"


@pytest.mark.parametrize(
    "statement",
    [
        """INSERT INTO ledger_pos (fiscal_year, satker_id, program, kegiatan, kro, ro, komponen, subkomponen, akun,
               pagu_rp, blocked_rp, reserved_rp, realised_rp, parked_rp)
           VALUES (2022, (SELECT id FROM org_satker WHERE code = '{code}'), 'DL', '2175', 'SCH', '001', '051', 'A',
                   '521211', 0, 0, 0, 0, 0)""",
        """INSERT INTO ledger_entry (pos_id, kind, amount_rp, effective_on, source, reversed_kind)
           VALUES ({pos}, 'realise', 1, '2022-05-05', 'forged', '')""",
        """INSERT INTO budget_dipa (satker_id, fiscal_year, number, legal_basis)
           VALUES ((SELECT id FROM org_satker WHERE code = '{code}'), 2031, '', '')""",
        """INSERT INTO budget_reservation (pos_id, document, description, amount_rp, reserved_on, released_rp)
           VALUES ({pos}, 'SPK', '', 1, '2022-05-05', 0)""",
        """INSERT INTO budget_block (pos_id, kind, origin, amount_rp, letter_no, blocked_on, released_rp,
               release_letter_no)
           VALUES ({pos}, 'aa', 'letter', 1, '', '2022-05-05', 0, '')""",
        """INSERT INTO org_roleassignment (user_id, role, valid_from, province_id)
           SELECT id, 'kadis', '2022-01-01', (SELECT id FROM org_province WHERE code = '33') FROM org_user LIMIT 1""",
        """INSERT INTO org_roleassignment (user_id, role, valid_from) SELECT id, 'admin', '2022-01-01' FROM org_user
           LIMIT 1""",
        "UPDATE budget_dipa SET satker_id = (SELECT id FROM org_satker WHERE code = '{code}'), fiscal_year = 2031",
        """INSERT INTO budget_outcome (indicator, province_id, year, round, value, source)
           VALUES ('tpt', (SELECT id FROM org_province WHERE code = '33'), 2031, 'x', 1, 'x')""",
        "INSERT INTO budget_outcome (indicator, year, round, value, source) VALUES ('tpt', 2031, 'x', 1, 'x')",
    ],
)
def test_rows_of_another_place_cannot_be_written(statement: str) -> None:
    ((code,),) = codes("33")[:1]
    ((pos,),) = rows(FOREIGN_POS.format(code=code))
    text = statement.format(code=code, pos=pos)
    with at("32", "7"), refused():
        rows(f"{text} RETURNING 1")
    if "'admin'" in text or "INTO budget_outcome (indicator, year" in text:
        return  # the centre's alone
    with at("33", "7"), suppress(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(text)  # may break other rules, which are asked after the policies
        transaction.set_rollback(True)


@pytest.mark.parametrize("label", ["budget.Dipa", "budget.Ro", "budget.PaymentLine", "budget.ReconciliationCase",
                                   "budget.Block", "budget.Reservation", "budget.RpdVersion"])  # fmt: skip
def test_rows_of_another_place_are_not_there_to_be_changed_locked_or_removed(label: str) -> None:
    table, whole = table_of(label), count(label)
    with at("32"), connection.cursor() as cursor:
        own = count(label)
        cursor.execute(f"UPDATE {table} SET id = id")
        assert cursor.rowcount == own < whole
        cursor.execute(f"SELECT 1 FROM {table} FOR UPDATE")
        assert len(cursor.fetchall()) == own
    with at("33"), connection.cursor() as cursor:
        (foreign,) = rows(f"SELECT min(id) FROM {table}")[0]
    with at("32"), connection.cursor() as cursor, suppress(ProgrammingError), transaction.atomic():
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [foreign])  # what is official nobody removes
        assert cursor.rowcount == 0


def test_the_published_recap_reads_sums_and_nothing_else_and_writes_nothing() -> None:
    readable = {label for label, rule in RULES.items() if rule.published == PUBLISHED}
    assert readable == {"ledger.Pos", "ledger.DailySum", "ledger.Parked", "budget.PlannedMonth", "budget.PlannedTotal"}
    whole = {label: count(label) for label in readable}
    with at(""):
        with published():
            assert {label: count(label) for label in readable} == whole
            assert not [label for label in RULES.keys() - readable if count(label)]
            with connection.cursor() as cursor:
                cursor.execute("UPDATE budget_plannedmonth SET planned_rp = 0")
                assert cursor.rowcount == 0
        assert count("ledger.Pos") == 0


def test_the_published_recap_reads_single_amounts_only_while_it_looks_back() -> None:
    amounts = {label for label, rule in RULES.items() if rule.published == PUBLISHED_BACK}
    assert amounts == {"ledger.Entry", "budget.RpdMonth"}
    whole = {label: count(label) for label in amounts}
    with at(""), published():
        assert not any(count(label) for label in amounts)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('dekon.moment', '2030-01-01', true)")
        assert {label: count(label) for label in amounts} == whole
    with at("32"), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('dekon.moment', '2030-01-01', true)")
        assert all(count(label) < whole[label] for label in amounts)


def test_a_scope_ends_with_its_block() -> None:
    with at("32"):
        own = count("budget.Dipa")
        with at("33"):
            pass
        assert count("budget.Dipa") == own
        with pytest.raises(ValueError, match="x"), at("*"):
            raise ValueError("x")
        assert count("budget.Dipa") == own
    assert rows("SELECT current_setting('dekon.scope', true) = '*', current_user = 'dekon_app'") in [
        [(False, False)], [(None, False)],
    ]  # fmt: skip


def test_the_command_line_reaches_everything_over_whatever_connection_and_no_longer_afterwards() -> None:
    with acting_everywhere():
        beside = connection.copy()
        with beside.cursor() as cursor:
            cursor.execute("SET ROLE dekon_app")
            cursor.execute("SELECT count(*) FROM ledger_pos")
            assert cursor.fetchone()[0] == count("ledger.Pos")
        beside.close()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE dekon_app")
        assert count("ledger.Pos") == 0
        transaction.set_rollback(True)


def test_a_person_sees_the_own_roles_wherever_they_hold() -> None:
    person = User.objects.get(username="operator-32")
    with at("", str(person.pk)):
        assert rows("SELECT count(*) FROM org_roleassignment") == [(1,)]
    with at("33", str(person.pk)):
        foreign = rows("SELECT count(DISTINCT user_id) FROM org_roleassignment")
        assert rows("SELECT count(*) FROM org_roleassignment WHERE user_id = %s", person.pk) == [(1,)]
    assert foreign[0][0] > 2
