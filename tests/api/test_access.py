"""Who may call what."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dekon.org import services
from dekon.org.selectors import system_user
from tests.api.conftest import MakeClient, MakeUser, envelope

pytestmark = pytest.mark.django_db


def test_without_token_or_session_the_answer_is_401_with_the_envelope() -> None:
    response = Client().get("/api/v1/provinces")
    assert response.status_code == 401
    assert envelope(response)["code"] == "api-sign-in-needed"


def test_an_unknown_token_is_no_sign_in() -> None:
    response = Client(headers={"authorization": "Bearer dekon_x"}).get("/api/v1/provinces")
    assert response.status_code == 401


def test_a_token_opens_what_its_person_may_see(calling: MakeClient) -> None:
    response = calling("perencana").get("/api/v1/me")
    assert response.status_code == 200
    assert response.json()["assignments"][0]["role"] == "perencana"


def test_a_session_opens_it_too(person: MakeUser) -> None:
    client = Client()
    client.force_login(person("auditor"))
    assert client.get("/api/v1/me").json()["username"] == "auditor"


def test_a_disabled_person_has_no_token_any_more(calling: MakeClient) -> None:
    client = calling("operator", province="32")
    services.disable_user(actor=system_user(), username="operator-32")
    assert client.get("/api/v1/me").status_code == 401


def test_an_expired_token_is_no_sign_in(person: MakeUser) -> None:
    person("auditor")
    key = services.create_token(
        actor=system_user(), username="auditor", scope="read", expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert Client(headers={"authorization": f"Bearer {key}"}).get("/api/v1/me").status_code == 401


def test_messages_follow_the_language_asked_for() -> None:
    english = Client(headers={"accept-language": "en"}).get("/api/v1/me").json()["message"]
    indonesian = Client(headers={"accept-language": "id"}).get("/api/v1/me").json()["message"]
    assert english.startswith("This request")
    assert indonesian.startswith("Permintaan ini")


def test_what_cannot_be_read_names_every_field(calling: MakeClient) -> None:
    response = calling().get("/api/v1/deadline", {"after": "31/03/2022", "working_days": "-1"})
    assert response.status_code == 422
    body = envelope(response)
    assert body["code"] == "api-request-invalid"
    assert {problem["field"] for problem in body["errors"]} == {"after", "working_days"}


def test_the_document_and_the_page_are_open_to_everybody() -> None:
    document = Client().get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    page = Client().get("/api/docs").content.decode()
    assert all(path in page for path in document["paths"])
    assert "://" not in page.replace("http://www.w3.org", "")


def test_an_unknown_address_has_the_envelope(calling: MakeClient) -> None:
    response = calling().get("/api/v1/nothing-here")
    assert response.status_code == 404
    assert envelope(response)["code"] == "api-address-unknown"


def test_every_operation_refuses_a_visitor() -> None:
    document = json.loads(Client().get("/api/v1/openapi.json").content)
    for path, methods in document["paths"].items():
        for method in methods:
            call: Callable[..., object] = getattr(Client(), method)
            response = call(path.replace("{", "1").replace("}", "") if "{" in path else path)
            assert getattr(response, "status_code", 0) == 401, f"{method} {path}"
