"""Headers of every answer, forms that no other site can send, and pages without inline code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import closing
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from dekon.api.document import api
from dekon.org.models import User
from tests.meta.source import ROOT
from tests.web.conftest import SignIn

PAGES = ["/masuk/", "/publik/", "/", "/nasional/", "/pengguna-yang-tidak-ada/", "/api/docs", "/api/v1/openapi.json",
         "/api/v1/me", "/healthz", "/static/dekon.css"]  # fmt: skip
EXPECTED = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Origin-Agent-Cluster": "?1",
}
INLINE = re.compile(
    rb"<script(?![^>]*\ssrc=)[^>]*>\s*\S|<style|\son[a-z]+\s*=\s*[\"']|\sstyle\s*=|javascript:", re.IGNORECASE
)
NUMBERS = {"int": "1", "slug": "32", "str": "x", "path": "x", "uuid": "00000000-0000-0000-0000-000000000000"}


def headers_of(client: Client, address: str) -> Mapping[str, str]:
    """What an answer says before its body; a file of the server is closed."""
    with closing(client.get(address)) as answer:
        return dict(answer.headers)


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_says_what_a_browser_may_do_with_it(planner: Client, address: str) -> None:
    headers = headers_of(planner, address)
    assert {name: headers.get(name) for name in EXPECTED} == EXPECTED
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("address", PAGES)
def test_no_page_may_run_inline_code_or_be_framed(planner: Client, address: str) -> None:
    policy = {
        name: rest for name, _, rest in (part.strip().partition(" ")
        for part in headers_of(planner, address)["Content-Security-Policy"].split(";"))
    }  # fmt: skip
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert policy["form-action"] == "'self'"


@pytest.mark.parametrize("address", ["/masuk/", "/publik/", "/api/docs"])
def test_public_pages_hold_no_inline_code(visitor: Client, address: str) -> None:
    assert INLINE.findall(visitor.get(address).content) == []


def test_no_template_holds_inline_code() -> None:
    found = {
        path.name: INLINE.findall(path.read_bytes()) for path in (ROOT / "dekon").rglob("*.jinja")
    }  # fmt: skip
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_what_a_person_saw_stays_in_no_cache(planner: Client) -> None:
    assert "no-store" in planner.get("/nasional/").headers["Cache-Control"]
    assert "no-store" in planner.get("/api/v1/me").headers["Cache-Control"]


def posting() -> list[str]:
    """An address for every page, with some value in each of its places."""
    found: list[str] = []

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for pattern in patterns:
            address = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, address)
            elif not address.startswith("api"):
                found.append("/" + re.sub(r"<(?:(\w+):)?\w+>", lambda hit: NUMBERS[hit[1] or "str"], address))

    walk(get_resolver().url_patterns, "")
    return found


def test_no_page_takes_a_form_without_its_mark(sign_in: SignIn) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="perencana"))
    answers = {address: client.post(address, {"x": "1"}).status_code for address in posting()}
    assert len(answers) > 40
    assert {address for address, status in answers.items() if status != HTTPStatus.FORBIDDEN} == set()


def test_no_operation_takes_a_session_without_its_mark(sign_in: SignIn) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="perencana"))
    tried = 0
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in {"post", "put", "patch", "delete"} & set(methods):
            address = re.sub(r"\{\w+\}", "1", path)
            answer = client.generic(method.upper(), address, "{}", content_type="application/json")
            assert answer.status_code == HTTPStatus.FORBIDDEN, (method, address, answer.content)
            tried += 1
    assert tried > 10


def test_a_mark_of_another_session_is_refused(sign_in: SignIn) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="perencana"))
    client.get("/masuk/")
    client.cookies["csrftoken"] = "a" * 32
    assert client.post("/keluar/", {"csrfmiddlewaretoken": "b" * 32}).status_code == HTTPStatus.FORBIDDEN
