"""Accounts and what belongs to them: seen by their owners and whoever manages them; narrow doors let nobodies in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.db import ProgrammingError, connection, transaction
from django.db.models import FETCH_PEERS
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from dekon.ops.doors import DOORS
from dekon.ops.row_security import RULES, table_of
from dekon.org.models import (
    ApiToken,
    KnownDevice,
    MailedLink,
    MailOrder,
    RoleAssignment,
    SignedIn,
    Submission,
    User,
)
from dekon.org.selectors import assignments_of
from dekon.scope import bring_session, scoped_transaction
from tests.demo_database import in_demo

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
OWN = (
    "org.ApiToken", "org.Submission", "org.SignedIn", "org.KnownDevice", "org.MailedLink", "mfa.Authenticator",
    "account.EmailAddress", "socialaccount.SocialAccount",
)  # fmt: skip
"""Tables with one row of each person of `lives`."""
LOOKED_AFTER = frozenset({"mfa.Authenticator"})
"""Of these whoever manages the accounts of the office sees the rows too."""


def digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


@pytest.fixture(scope="module", autouse=True)
def demo_loaded(database_server: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), in_demo(database_server):
        yield


@pytest.fixture(autouse=True)
def lives(demo_loaded: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, User]]:
    """Three people of two offices, each with one row in every table of persons."""
    with django_db_blocker.unblock(), transaction.atomic():
        people = {name: User.objects.get(username=name) for name in ("operator-32", "bappeda-32", "operator-33")}
        for name, user in people.items():
            User.objects.filter(pk=user.pk).update(email=f"{name}@contoh.example", nik_sealed="tersegel")
            ApiToken.objects.create(user=user, digest=digest(f"kunci {name}"), scope="read")
            Submission.objects.create(user=user, key="k", purpose="uji", digest=digest(name))
            SignedIn.objects.create(user=user, session_key=f"s-{name}")
            KnownDevice.objects.create(user=user, digest=digest(f"perangkat {name}"))
            MailedLink.objects.create(
                user=user, kind="reset", digest=digest(f"tautan {name}"), expires_at=NOW + timedelta(hours=1)
            )
            Authenticator.objects.create(user=user, type="totp", data={"secret": "tersegel"})
            EmailAddress.objects.create(user=user, email=f"{name}@contoh.example", verified=True)
            SocialAccount.objects.create(user=user, provider="sso", uid=f"uid-{name}")
            MailOrder.objects.create(kind="reset", to_whom=f"{name}@contoh.example")
        yield people
        transaction.set_rollback(True)


def rows(query: str, *params: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401  whatever a query takes
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return list(cursor.fetchall())


def owners(label: str) -> list[int]:
    """Whose rows of `lives` and of everybody else can be seen, with every filter left out."""
    return [number for (number,) in rows(f"SELECT user_id FROM {table_of(label)} ORDER BY 1")]


@contextmanager
def at(scope: str, user: User | None = None) -> Iterator[None]:
    with scoped_transaction(str(user.pk) if user else "", scope):
        yield


# Whose rows -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", OWN)
def test_a_person_sees_the_own_rows_and_nobody_elses_of_the_same_office(label: str, lives: dict[str, User]) -> None:
    with at(""):
        assert owners(label) == []
    for scope in ("32", "33", "*"):
        with at(scope):
            assert bool(owners(label)) is (scope == "*"), "a place alone is nobody"
    for user in lives.values():
        with at("32", user):
            assert owners(label) == [user.pk]


@pytest.mark.parametrize("label", OWN)
def test_an_office_is_looked_after_by_its_administrator_alone(label: str, lives: dict[str, User]) -> None:
    head = User.objects.get(username="kadis-32")
    expected = sorted(lives[name].pk for name in ("operator-32", "bappeda-32")) if label in LOOKED_AFTER else []
    with at("32", head):
        assert [number for number in owners(label) if number != head.pk] == expected
    for scope in ("", "33"):  # who is nowhere or looks elsewhere looks after nobody
        with at(scope, head):
            assert [number for number in owners(label) if number != head.pk] == []


def test_accounts_are_seen_by_their_owner_by_the_administrator_of_the_office_and_by_the_ministry() -> None:
    everybody = User.objects.count()
    operator, head = User.objects.get(username="operator-32"), User.objects.get(username="kadis-32")
    office = set(
        User.objects.filter(assignments__province__code="32").values_list("pk", flat=True)
    ) | set(User.objects.filter(assignments__satker__province__code="32").values_list("pk", flat=True))  # fmt: skip
    with at(""):
        assert User.objects.count() == 0
    with at("32"):
        assert User.objects.count() == 0
    with at("32", operator):
        assert list(User.objects.values_list("pk", "nik_sealed")) == [(operator.pk, "tersegel")]
    with at("32", head):
        assert set(User.objects.values_list("pk", flat=True)) == office
    with at("*", head):
        assert User.objects.count() == everybody > len(office) > 5


@pytest.mark.parametrize(
    ("first", "last", "looks_after"), [(-30, -1, False), (-30, 0, True), (0, 9, True), (1, 9, False)]
)
def test_offices_are_looked_after_on_the_days_of_the_assignment(first: int, last: int, looks_after: bool) -> None:
    held = RoleAssignment.objects.get(user__username="kadis-32")
    former = User.objects.create(username="kadis-lama")
    today = timezone.localdate()
    RoleAssignment.objects.create(
        user=former, role="kadis", province=held.province, valid_from=today + timedelta(days=first),
        valid_to=today + timedelta(days=last),
    )  # fmt: skip
    with at("32", former):
        assert (User.objects.count() > 1) is looks_after


@pytest.mark.parametrize("name", ["bappeda-32", "kadis-32"])
def test_nobody_writes_the_account_or_the_factors_of_another(name: str, lives: dict[str, User]) -> None:
    victim = lives["operator-32"].pk
    with at("32", User.objects.get(username=name)), connection.cursor() as cursor:
        for table, column in (("org_user", "id"), ("mfa_authenticator", "user_id"), ("org_signedin", "user_id")):
            cursor.execute(f"UPDATE {table} SET id = id WHERE {column} = %s", [victim])
            assert cursor.rowcount == 0, table
            if table != "org_user":  # which nobody removes
                cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [victim])
                assert cursor.rowcount == 0, table
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            cursor.execute(
                "INSERT INTO org_apitoken (user_id, name, digest, scope) VALUES (%s, '', 'x', 'write')", [victim]
            )


def test_a_visitor_makes_no_account_and_reads_no_mail_but_may_order_one() -> None:
    with at(""), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            User(pk=10_000_000, username="penyusup").save(force_insert=True)
        cursor.execute(
            "INSERT INTO org_mailorder (kind, to_whom, language, facts, tries) VALUES ('reset', 'x', 'id', '{}', 0)"
        )
        assert rows("SELECT count(*) FROM org_mailorder") == [(0,)]
        cursor.execute("UPDATE org_mailorder SET to_whom = 'penyusup@contoh.example'")
        assert cursor.rowcount == 0
    with at("*"):
        assert rows("SELECT count(*) FROM org_mailorder WHERE to_whom = 'x'") == [(1,)]


def test_a_visitor_asks_for_an_account_but_decides_on_none() -> None:
    asked = """INSERT INTO org_registration (display_name, email, job_title, role, province_id, language, letter_digest,
                   letter_name, letter_type, state, decided_at, decided_by_id, reason)
               SELECT 'x', 'x@contoh.example', 'x', 'operator', v.id, 'id', '', '', '', %s, {decided}, ''
               FROM org_province v WHERE v.code = '32'"""
    (number,) = User.objects.filter(username="kadis-32").values_list("pk", flat=True)
    with at(""), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            cursor.execute(asked.format(decided=f"now(), {number}"), ["approved"])
        cursor.execute(asked.format(decided="NULL, NULL"), ["waiting"])
        assert rows("SELECT count(*) FROM org_registration") == [(0,)]


# Names ----------------------------------------------------------------------------------------------------------------


def test_names_stand_beside_what_people_did_where_their_accounts_are_hidden() -> None:
    operator = User.objects.get(username="operator-32")
    RoleAssignment.objects.update(recorded_by=User.objects.get(username="perencana"))
    with at("32", operator):
        with CaptureQueriesContext(connection) as queries:
            found = list(RoleAssignment.objects.all().fetch_mode(FETCH_PEERS))
            assert len({str(one.user) for one in found}) > 5
            assert {one.recorded_by.username for one in found if one.recorded_by} == {"perencana"}
        assert len(queries) == 2
        hidden = next(one.user for one in found if one.user_id != operator.pk)
        for column in ("email", "password", "nik_sealed"):
            with pytest.raises(User.DoesNotExist):
                getattr(hidden, column)


def test_names_are_given_for_numbers_and_to_somebody_only() -> None:
    operator, other = User.objects.get(username="operator-32"), User.objects.get(username="operator-91")
    asked = "SELECT id, username FROM dekon_names(%s)"
    with at(""):
        assert rows(asked, [other.pk]) == []
        assert [one.user_id for one in RoleAssignment.objects.all()] == []
    with at("32", operator):
        assert rows(asked, [other.pk]) == [(other.pk, "operator-91")]
        assert rows(asked, []) == rows(asked, None) == []


def test_who_is_represented_by_somebody_hidden_knows_it_before_the_scope_is_known() -> None:
    head, acting = User.objects.get(username="kadis-32"), User.objects.get(username="operator-91")
    held = RoleAssignment.objects.get(user=head)
    RoleAssignment.objects.create(
        user=acting, for_user=head, role=held.role, province=held.province, standing="plt", decree_no="SK 1",
        decree_on="2022-01-03", valid_from="2022-01-03", valid_to="2099-12-31",
    )  # fmt: skip
    with at("", head):
        (found,) = assignments_of(head)
        assert found.represented_by is not None
        assert found.represented_by.user.username == "operator-91"


# The doors ------------------------------------------------------------------------------------------------------------

DOOR = "dekon_document_by_hash"
PATTERNS = ("%", "operator-%", "operator%", "_perator-32", "", " ", ".*", "' OR true --", "operator-32,operator-33")
ONE_KEY: dict[str, list[tuple[Any, ...]]] = {
    "dekon_account_by_login": [("operator-32",), ("OPERATOR-32",), ("operator-32@CONTOH.example",)],
    "dekon_account_by_sso": [("sso", "uid-operator-32")],
    "dekon_account_by_token": [(digest("kunci operator-32"), NOW)],
    "dekon_link_by_digest": [(digest("tautan operator-32"), "reset", NOW)],
}


def through(name: str, *keys: object) -> list[tuple[Any, ...]]:
    return rows(f"SELECT * FROM {name}({', '.join(['%s'] * len(keys))})", *keys)


@pytest.mark.parametrize("name", sorted(ONE_KEY))
def test_a_door_opens_to_one_exact_key_and_to_no_pattern(name: str) -> None:
    with at(""):
        for keys in ONE_KEY[name]:
            assert len(through(name, *keys)) == 1, keys
        first = ONE_KEY[name][0]
        place = 1 if name == "dekon_account_by_sso" else 0
        for word in (*PATTERNS, None):
            assert through(name, *first[:place], word, *first[place + 1 :]) == [], word


def test_every_door_is_tried_by_these_tests() -> None:
    assert DOORS.keys() - ONE_KEY.keys() == {
        "dekon_knows_device", DOOR, "dekon_document_by_code", "dekon_checked_file", "dekon_revoked_certificates",
        "dekon_names",
    }  # fmt: skip


def test_signing_in_is_told_nothing_that_it_does_not_need() -> None:
    with at(""), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM dekon_account_by_login('operator-32')")
        given = {column.name for column in cursor.description}
    assert given == {"id", "username", "display_name", "password", "language", "is_active", "is_demo"}


def test_keys_and_links_that_are_over_open_nothing(lives: dict[str, User]) -> None:
    key, link = digest("kunci operator-32"), digest("tautan operator-32")
    ApiToken.objects.filter(digest=key).update(expires_at=NOW)
    with at(""):
        assert len(through("dekon_account_by_token", key, NOW - timedelta(seconds=1))) == 1
        assert through("dekon_account_by_token", key, NOW) == []
        assert through("dekon_link_by_digest", link, "reset", NOW + timedelta(hours=1)) == []
        assert through("dekon_link_by_digest", link, "invitation", NOW) == []
    ApiToken.objects.filter(digest=key).update(expires_at=None)
    User.objects.filter(pk=lives["operator-32"].pk).update(is_active=False)
    with at(""):
        assert through("dekon_account_by_token", key, NOW) == []
        assert through("dekon_link_by_digest", link, "reset", NOW) == []


def test_a_browser_is_known_to_its_person_only(lives: dict[str, User]) -> None:
    token = digest("perangkat operator-32")
    with at(""):
        assert through("dekon_knows_device", lives["operator-32"].pk, token) == [(True,)]
        assert through("dekon_knows_device", lives["operator-33"].pk, token) == [(False,)]
        assert through("dekon_knows_device", lives["operator-32"].pk, "%") == [(False,)]


def test_who_holds_a_document_learns_its_public_facts_and_nobody_lists_documents() -> None:
    author = User.objects.get(username="perencana")
    with connection.cursor() as cursor:
        for word, openness in (("satu", "terbatas"), ("dua", "rahasia")):
            cursor.execute(
                """INSERT INTO documents_document (number, kind, title, issued_at, issued_by_id, sha256, size_bytes,
                       revoked_reason, code, openness)
                   VALUES (%s, 'trail-seal', 'Segel', now(), %s, %s, 1, '', %s, %s)""",
                [f"UJI/{word}", author.pk, digest(word), f"KODE-{word}", openness],
            )
        cursor.execute(
            """INSERT INTO documents_revision (document_id, seq, kind, sha256, size_bytes, made_at, made_by_id)
               SELECT id, 3, 'tanda-tangan', %s, 1, now(), %s FROM documents_document WHERE number = 'UJI/satu'""",
            [digest("satu, ditandatangani"), author.pk],
        )
    with at("32", User.objects.get(username="operator-32")):
        for shown, seq in ((digest("satu"), 0), (digest("satu, ditandatangani"), 3)):
            ((number, kind, title, *_rest, revision, newest, _placed, _papers, _waiting),) = through(DOOR, shown)
            assert (number, kind, title, revision) == ("UJI/satu", "trail-seal", "Segel", seq)
            assert newest == digest("satu, ditandatangani")
        assert through(DOOR, digest("tiga")) == []
        told = {word: through("dekon_document_by_code", f"KODE-{word}")[0][2] for word in ("satu", "dua")}
        assert told == {"satu": "Segel", "dua": ""}, "a secret title is not told to whoever only has the code"
        for pattern in (*PATTERNS, "KODE-%", None):
            assert through(DOOR, pattern) == through("dekon_document_by_code", pattern) == []
        assert rows("SELECT count(*) FROM documents_document WHERE number LIKE 'UJI/%%'") == [(0,)]


def test_looks_at_files_are_read_by_file_and_keys_of_people_only_as_void_numbers(lives: dict[str, User]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_checkedfile (sha256, trust, checked_at, report) VALUES (%s, 't', now(), '{}')",
            [digest("satu")],
        )
        for name, serial, since in (("operator-32", "a1", NOW), ("operator-33", "b2", None)):
            cursor.execute(
                """INSERT INTO documents_signingkey (user_id, method, certificate, serial, sealed, token_label,
                       key_label, issued_at, expires_at, revoked_at, revoked_reason)
                   VALUES (%s, 'lokal', 'x', %s, 'x', '', '', now(), now(), %s, %s)""",
                [lives[name].pk, serial, since, "hilang" if since else ""],
            )
    with at("32", lives["operator-33"]):
        assert through("dekon_checked_file", digest("satu"), "t") == [("{}",)]
        for shown, trust in ((digest("satu"), "%"), ("%", "t"), (None, "t")):
            assert through("dekon_checked_file", shown, trust) == []
        assert through("dekon_revoked_certificates", "lokal") == [("a1", NOW)]
        assert through("dekon_revoked_certificates", "%") == []
        assert rows("SELECT count(*) FROM documents_checkedfile") == [(0,)]
        assert rows("SELECT serial FROM documents_signingkey") == [("b2",)]


def test_a_session_is_seen_by_who_brings_its_key_and_by_its_person(lives: dict[str, User]) -> None:
    for name in lives:
        Session.objects.create(session_key=f"s-{name}", session_data="x", expire_date=NOW + timedelta(hours=12))
    found = Session.objects.order_by("session_key").values_list("session_key", flat=True)
    with at(""):
        assert list(found.all()) == []
        bring_session("s-operator-33")
        assert list(found.all()) == ["s-operator-33"]
        bring_session("%")
        assert list(found.all()) == []
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Session.objects.create(session_key="s-asing", session_data="x", expire_date=NOW)
    with at("32", lives["operator-32"]):
        assert list(found.all()) == ["s-operator-32"]
        assert Session.objects.all().delete()[0] == 1
    assert list(found.all()) == ["s-bappeda-32", "s-operator-33"]


def test_no_table_of_persons_is_left_out_of_these_tests() -> None:
    of_persons = {label for label, rule in RULES.items() if "dekon_people_in_care" in rule.seen or label in OWN}
    assert of_persons == {*OWN, "org.User"}
