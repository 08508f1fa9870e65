"""Attacks on pages and API: foreign numbers everywhere, forged keys, replays, extra fields, sizes, signs, clocks."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from dekon.api.document import api
from dekon.audit.models import Event
from dekon.budget.choices import CaseKind
from dekon.budget.models import Block, ImportRun, Policy, ReconciliationCase, Reservation, Theme
from dekon.ledger.models import Pos
from dekon.org import selectors, services
from dekon.org.models import ApiToken, RoleAssignment, Satker, User
from tests.builders import small_year
from tests.builders.small_year import PAPUA
from tests.web.conftest import SignIn

FOREIGN_WORDS = (f"/{PAPUA}/2022", f"2202900{PAPUA}", "RAHASIA-PAPUA")
HARMLESS = {HTTPStatus.OK, HTTPStatus.FOUND, HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND,
            HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.CONFLICT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.UNAUTHORIZED, HTTPStatus.NO_CONTENT, HTTPStatus.CREATED,
            HTTPStatus.ACCEPTED, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, HTTPStatus.MOVED_PERMANENTLY,
            HTTPStatus.TOO_MANY_REQUESTS}  # fmt: skip


def case_of_papua() -> ReconciliationCase:
    """A disagreement of Papua's satker, with words that nobody else may read."""
    return ReconciliationCase.objects.create(
        satker=Satker.objects.get(code=PAPUA), fiscal_year=2022, kind=CaseKind.values[0], subject="RAHASIA-PAPUA",
        span_from=date(2022, 1, 1), span_to=date(2022, 1, 31), stated_rp=2, booked_rp=1, owner_role="operator",
        import_run=ImportRun.objects.earliest("pk"),
    )  # fmt: skip


def foreign_numbers() -> set[str]:
    """Numbers and codes of what is Papua's, and some that are nobody's."""
    case = case_of_papua()
    pos = Pos.objects.filter(satker__code=PAPUA).values_list("pk", flat=True)
    return {str(case.pk), *map(str, pos[:2]), PAPUA, "91", "0", "-1", "9223372036854775808"}


def pages() -> Iterator[str]:
    """Addresses of all pages, with their places open."""

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
        for pattern in patterns:
            address = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, address)
            elif "<" in address and not address.startswith("api"):
                yield "/" + address

    yield from walk(get_resolver().url_patterns, "")


def filled(address: str, value: str) -> str | None:
    """An address with a value in every place; None where a number is asked for and this is none."""
    if "<int:" in address and not value.isdigit():
        return None
    return re.sub(r"<(?:\w+:)?\w+>", value, address)


def leaks(text: str) -> list[str]:
    return [word for word in FOREIGN_WORDS if word in text]


def test_foreign_numbers_in_every_page_tell_nothing(sign_in: SignIn) -> None:
    client = sign_in("operator-32")
    tried = 0
    for number in sorted(foreign_numbers()):
        for page in pages():
            address = filled(page, number)
            if address is None:
                continue
            for answer in (client.get(address), client.post(address, {"kunci": "x", "pasti": "ya"})):
                text = answer.getvalue().decode("utf-8", "replace")
                assert answer.status_code in HARMLESS, address
                assert leaks(text) == [], address
                tried += 1
    assert tried > 200


def test_foreign_numbers_in_every_filter_tell_nothing(sign_in: SignIn) -> None:
    client = sign_in("operator-32")
    case_of_papua()
    for page in ("/telusur/", "/rekonsiliasi/", "/diparkir/", "/uang-persediaan/", "/blokir/", "/cadangan/", "/impor/",
                 "/cari/", "/", "/provinsi/"):  # fmt: skip
        for query in (f"satker={PAPUA}", "provinsi=91", f"q={PAPUA}", f"tahun=2022&satker={PAPUA}&pos=1", "satker=*"):
            answer = client.get(f"{page}?{query}")
            assert answer.status_code in HARMLESS, (page, query)
            assert leaks(answer.getvalue().decode()) == [], (page, query)


def test_foreign_numbers_in_every_operation_tell_nothing_and_change_nothing(year: None) -> None:
    key = services.create_token(actor=selectors.system_user(), username="operator-32", scope="write")
    client = Client(headers={"authorization": f"Bearer {key}"})
    numbers = foreign_numbers()
    before = fingerprint()
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in methods:
            for number in sorted(numbers):
                address = re.sub(r"\{\w+\}", number, path)
                query = f"?year=2022&satker={PAPUA}&province=91" if method == "get" else ""
                answer = client.generic(method.upper(), address + query, "{}", content_type="application/json")
                assert answer.status_code in HARMLESS, (method, address, answer.content[:200])
                assert leaks(answer.getvalue().decode("utf-8", "replace")) == [], (method, address)
    assert fingerprint() == before


def fingerprint() -> list[int]:
    """How many of what there is: a write that slipped through would show."""
    return [model._default_manager.count() for model in (Block, Policy, Theme, Reservation, RoleAssignment, User)]


@pytest.mark.parametrize("forged", ["x", "dekon_", "dekon_" + "A" * 43, "' OR 1=1 --", "\u202edekon", "a" * 5000])
def test_a_forged_token_opens_nothing(year: None, forged: str) -> None:
    answer = Client().get("/api/v1/me", headers={"authorization": f"Bearer {forged}".encode().decode("latin-1")})
    assert answer.status_code == HTTPStatus.UNAUTHORIZED


def test_a_token_with_one_other_sign_opens_nothing(year: None) -> None:
    key = services.create_token(actor=selectors.system_user(), username="perencana", scope="read")
    assert Client(headers={"authorization": f"Bearer {key}"}).get("/api/v1/me").status_code == HTTPStatus.OK
    for place in (6, 20, len(key) - 1):
        other = key[:place] + ("A" if key[place] != "A" else "B") + key[place + 1 :]
        answer = Client(headers={"authorization": f"Bearer {other}"}).get("/api/v1/me")
        assert answer.status_code == HTTPStatus.UNAUTHORIZED
    assert not ApiToken.objects.filter(digest=key).exists(), "only the hash is kept"


@pytest.mark.parametrize("forged", ["x", "a" * 32, "../../x", "\x00", "'; DROP TABLE org_user --", "a" * 4000])
def test_a_forged_session_is_nobody(year: None, forged: str) -> None:
    client = Client()
    client.cookies["dekon_session"] = forged
    assert client.get("/nasional/").status_code == HTTPStatus.FOUND
    assert client.get("/api/v1/me").status_code == HTTPStatus.UNAUTHORIZED


def test_a_session_signed_with_another_key_is_nobody(sign_in: SignIn, settings: Settings) -> None:
    client = sign_in("perencana")
    session = Session.objects.get(pk=client.cookies["dekon_session"].value)
    data = {"_auth_user_id": "1", "_auth_user_backend": "django.contrib.auth.backends.ModelBackend"}
    session.session_data = signing.dumps(data, key="another" * 9, salt="django.contrib.sessions.SessionStore")
    session.save()
    assert client.get("/nasional/").status_code == HTTPStatus.FOUND


def test_a_session_ends_with_its_person(sign_in: SignIn) -> None:
    client = sign_in("perencana")
    assert client.get("/nasional/").status_code == HTTPStatus.OK
    services.disable_user(actor=selectors.system_user(), username="perencana")
    assert client.get("/nasional/").status_code == HTTPStatus.FOUND


def writer() -> dict[str, str]:
    """What a planner's program sends along."""
    key = services.create_token(actor=selectors.system_user(), username="perencana", scope="write")
    return {"authorization": f"Bearer {key}"}


def put(head: dict[str, str], name: str, body: str) -> int:
    return Client(headers=head).put(f"/api/v1/themes/{name}", body, content_type="application/json").status_code


def test_a_call_sent_again_counts_once(year: None) -> None:
    head = {**writer(), "idempotency-key": "satu"}
    answers = [put(head, "ulang", '{"description": "a"}') for _ in range(3)]
    assert set(answers) == {HTTPStatus.OK}
    assert Event.objects.filter(subject_type="theme").count() == 1
    assert put(head, "lain", '{"description": "a"}') == HTTPStatus.CONFLICT
    assert not Theme.objects.filter(name="lain").exists()


def test_a_form_sent_again_counts_once(planner: Client) -> None:
    form = {"kunci": "sama", "name": "sekali", "description": ""}
    assert [planner.post("/tema/tambah/", form).status_code for _ in range(3)] == [302, 302, 302]
    assert Theme.objects.filter(name="sekali").count() == 1


EXTRA: dict[str, Any] = {
    "id": 1, "pk": 1, "is_superuser": True, "is_staff": True, "role": "admin", "user": 1, "user_id": 1, "actor": "x",
    "created_by": 1, "recorded_at": "2000-01-01", "scope": "*", "satker_id": 1, "nik_sealed": "x", "password": "x",
}  # fmt: skip


def test_extra_fields_of_a_call_are_not_taken(year: None) -> None:
    status = put(writer(), "massal", json.dumps({"description": "", **EXTRA}))
    assert status in {HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY}
    assert not User.objects.filter(is_superuser=True, username="perencana").exists()
    assert not User.objects.exclude(username="sistem").filter(is_staff=True).exists()
    assert RoleAssignment.objects.filter(user__username="perencana", role="admin").count() == 0


def test_extra_fields_of_a_form_are_not_taken(planner: Client) -> None:
    planner.post("/tema/tambah/", {"kunci": "m", "name": "massal", "description": "", **EXTRA})
    user = User.objects.get(username="perencana")
    assert (user.is_superuser, user.is_staff, user.nik_sealed) == (False, False, "")
    assert RoleAssignment.objects.filter(user=user).count() == 1


SET_BY_THE_SERVER = frozenset({
    "id", "pk", "is_superuser", "is_staff", "is_active", "is_demo", "groups", "user_permissions", "actor", "created_by",
    "recorded_by", "recorded_at", "made_by", "made_at", "uploaded_by", "user_id", "satker_id", "nik_sealed", "digest",
})  # fmt: skip
"""What nobody may say of a thing, though its table has it."""


def kinds_of(base: type[object]) -> Iterator[type[object]]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds_of(kind)


def test_no_form_has_a_field_for_what_the_server_sets() -> None:
    list(pages())  # every area is loaded
    kinds = {kind for kind in kinds_of(forms.BaseForm) if kind.__module__.startswith("dekon.")}
    assert len(kinds) > 20
    taken = {kind.__name__: set(getattr(kind, "base_fields", {})) & SET_BY_THE_SERVER for kind in kinds}
    assert {name: fields for name, fields in taken.items() if fields} == {}
    assert not {kind.__name__ for kind in kinds if issubclass(kind, forms.BaseModelForm)}, "a table is no form"


def named_in(part: Any, whole: Mapping[str, Any], met: frozenset[str] = frozenset()) -> Iterator[str]:  # noqa: ANN401  a tree of JSON
    """Names of what a body may say, through every schema that it refers to."""
    if isinstance(part, list):
        for one in part:
            yield from named_in(one, whole, met)
    elif isinstance(part, dict):
        yield from part.get("properties", {}) if isinstance(part.get("properties"), dict) else ()
        where = part.get("$ref")
        if isinstance(where, str) and where not in met:
            yield from named_in(whole["components"]["schemas"][where.rpartition("/")[2]], whole, met | {where})
        for key, one in part.items():
            if key != "$ref":
                yield from named_in(one, whole, met)


def test_no_call_has_a_name_for_what_the_server_sets() -> None:
    document = api.get_openapi_schema()
    bodies = {
        f"{method} {path}": set(named_in(operation["requestBody"], document))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if "requestBody" in operation
    }
    assert len(bodies) > 15
    assert any(bodies.values())
    assert {name: said & SET_BY_THE_SERVER for name, said in bodies.items() if said & SET_BY_THE_SERVER} == {}


NAMES = [
    "../../etc/passwd", "..\\..\\x.csv", "/etc/passwd", "a\u202ecsv.exe", "\u200b.csv", "C:\\x.csv", "con.csv",
    "%2e%2e%2fx", "a" * 400 + ".csv", "x\r\nSet-Cookie: a=b.csv", "\uff0e\uff0e\uff0fx.csv",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_with_a_path_goes_nowhere(planner: Client, settings: Settings, tmp_path: Path, name: str) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    answer = planner.post("/impor/unggah/", {"berkas": SimpleUploadedFile(name, b"satker;pagu\n1;2\n")})
    assert answer.status_code in HARMLESS
    assert "a=b" not in str(answer.headers)
    stored = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file() and "files" in path.parts]
    assert all(re.fullmatch(r"files/imports/[0-9a-f]{64}", str(path)) for path in stored)
    for run in ImportRun.objects.filter(file_name__contains="csv"):
        assert run.file_name.isprintable()
        assert not set(run.file_name) & set("/\\")


SIGNS = [
    "\x00", "\x01\x1b", "\u202e\u202d", "a\u0301" * 500, "\U0001f600", "\ufeff", "%00", "{{7*7}}",
    "<script>alert(1)</script>", "' OR '1'='1", "١٢٣", "ﷺ" * 50, "\u2028", "\ufdd0",
]  # fmt: skip


@pytest.mark.parametrize("sign", SIGNS)
def test_odd_signs_are_shown_as_text_or_refused(planner: Client, sign: str) -> None:
    answer = planner.post("/tema/tambah/", {"kunci": "s", "name": sign[:32], "description": sign[:200]})
    assert answer.status_code in HARMLESS
    for address in ("/tema/", "/cari/"):
        page = planner.get(address, {"q": sign})
        assert page.status_code in HARMLESS
        assert "<script>alert" not in page.content.decode()
        assert "49" not in re.findall(r"<h1>(.*?)</h1>", page.content.decode())


@pytest.mark.parametrize("size", ["form", "fields", "json"])
def test_a_body_that_is_too_large_is_refused(planner: Client, size: str) -> None:
    if size == "form":
        answer = planner.post("/tema/tambah/", {"kunci": "x", "name": "x" * (11 * 1024 * 1024)})
    elif size == "fields":
        answer = planner.post("/tema/tambah/", {f"f{number}": "1" for number in range(3000)})
    else:
        body = "[" * (11 * 1024 * 1024)
        answer = Client(headers=writer()).put("/api/v1/themes/x", body, content_type="application/json")
    assert answer.status_code in {400, 403, 413, 422}
    assert not Theme.objects.exists()


def test_json_that_is_nested_without_end_is_refused(year: None) -> None:
    head = writer()
    for body in ("[" * 100_000, '{"a":' * 100_000, '{"description": ' + "9" * 100_000 + "}", '{"description": NaN}'):
        assert put(head, "x", body) in {400, 422}, body[:20]


def test_a_clock_that_is_wrong_opens_no_expired_token(year: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's clock decides, and what a caller says about the time does not count."""
    key = services.create_token(
        actor=selectors.system_user(), username="perencana", scope="read",
        expires_at=timezone.now() + timedelta(minutes=5),
    )  # fmt: skip
    said = {"authorization": f"Bearer {key}", "date": "Mon, 01 Jan 2001 00:00:00 GMT"}
    assert Client(headers=said).get("/api/v1/me").status_code == HTTPStatus.OK
    later = timezone.now() + timedelta(minutes=6)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert Client(headers=said).get("/api/v1/me").status_code == HTTPStatus.UNAUTHORIZED


def test_the_trail_takes_its_time_from_the_database_and_not_from_the_caller(planner: Client) -> None:
    planner.post("/tema/tambah/", {"kunci": "w", "name": "waktu", "recorded_at": "1999-01-01"})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(now() - recorded_at) < interval '1 hour' FROM audit_event WHERE action LIKE 'theme%%'"
        )
        assert cursor.fetchone()[0] is True


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "localhost@evil.example", ""])
def test_another_host_name_is_refused(db: None, host: str) -> None:
    assert Client().get("/masuk/", headers={"host": host}).status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_sign_in_leads_nowhere_else(year: None, there: str) -> None:
    client = Client()
    answer = client.post(
        f"/masuk/?next={there}", {"username": "perencana", "password": small_year.PASSWORD, "next": there}
    )
    assert "evil.example" not in answer.headers.get("Location", "")
    assert "javascript" not in answer.headers.get("Location", "")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_slow_senders_keep_nobody_else_waiting(live_server: LiveServer) -> None:
    """Connections that send a byte now and then do not stop the others."""
    host, port = live_server.thread.host, live_server.thread.port
    slow = [socket.create_connection((host, port), timeout=10) for _ in range(8)]
    try:
        for line in slow:
            line.sendall(b"POST /masuk/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nuser")
        begun = time.monotonic()
        with socket.create_connection((host, port), timeout=10) as quick:
            quick.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert b"200 OK" in quick.recv(4096)
        assert time.monotonic() - begun < 5
    finally:
        for line in slow:
            line.close()
    assert django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE <= 10 * 1024 * 1024
