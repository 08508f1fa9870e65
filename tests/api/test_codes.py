"""Writing reference data by the API; calls that are sent twice; addresses and methods that are not known."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dekon.org.models import CodeVersion, Holiday, Submission
from tests.api.conftest import MakeClient, envelope

pytestmark = pytest.mark.django_db

VERSIONS = "/api/v1/reference/kppn/022/versions"
CHANGE = {"valid_from": "2024-01-01", "facts": {"name": "KPPN Bandung Baru"}, "reason": "KMK 12/2024"}
DAYS = {"days": [{"day": "2027-12-30", "kind": "cuti_bersama", "name": "Percobaan"}], "decree": "SKB 1/2026"}


def post(client: Client, path: str, body: object, **headers: str) -> Any:  # noqa: ANN401  the test client gives no type
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


@pytest.fixture
def admin(calling: MakeClient) -> Client:
    return calling("admin", scope="write")


@pytest.fixture
def reader(calling: MakeClient) -> Client:
    return calling("perencana")


def names(client: Client, on: str) -> dict[str, str]:
    items = client.get("/api/v1/kppn", {"limit": "1000", "on": on}).json()["items"]
    return {item["code"]: item["name"] for item in items}


def test_a_change_holds_from_its_day_and_the_old_stays_readable(admin: Client, reader: Client) -> None:
    before = names(reader, "2023-12-31")["022"]
    answer = post(admin, VERSIONS, {**CHANGE, "seen": 0})
    assert answer.status_code == 201
    assert answer.json()["facts"] == CHANGE["facts"]
    assert (names(reader, "2023-12-31")["022"], names(reader, "2024-01-01")["022"]) == (before, "KPPN Bandung Baru")
    history = reader.get(VERSIONS).json()["items"]
    assert [(item["kind"], item["reason"], item["counts"]) for item in history] == [
        ("facts", "", True), ("facts", "KMK 12/2024", True),
    ]  # fmt: skip
    assert reader.get("/api/v1/reference/kppn/022").json()["newest"] == answer.json()["newest"] == history[1]["id"]


def test_the_second_of_two_is_told(admin: Client) -> None:
    assert post(admin, VERSIONS, {**CHANGE, "seen": 0}).status_code == 201
    refused = post(admin, VERSIONS, {**CHANGE, "valid_from": "2025-01-01", "seen": 0})
    assert (refused.status_code, envelope(refused)["code"]) == (409, "changed-meanwhile")


def test_a_code_is_added_corrected_ended_and_a_record_taken_back(admin: Client) -> None:
    assert post(admin, "/api/v1/reference/kppn", {**CHANGE, "code": "998"}).status_code == 201
    first = CodeVersion.objects.get(code="998").pk
    path = "/api/v1/reference/kppn/998"
    right = {**CHANGE, "valid_from": "2024-02-01"}
    assert post(admin, f"{path}/versions/{first}/correction", right).json()["valid_from"] == "2024-02-01"
    ended = post(admin, f"{path}/end", {"last_day": "2024-12-31", "reason": "dilebur"}).json()
    assert ended["valid_to"] == "2024-12-31"
    taken_back = post(admin, f"{path}/versions/{ended['newest']}/withdrawal", {"reason": "tidak jadi"})
    assert taken_back.json()["valid_to"] is None


def test_every_problem_comes_at_once_with_its_field(admin: Client) -> None:
    body = {"code": "99", "valid_from": "2024-01-01", "facts": {"warna": "biru"}, "reason": "x"}
    refused = post(admin, "/api/v1/reference/kegiatan", body)
    assert refused.status_code == 422
    problems = envelope(refused)["errors"]
    assert {problem["field"] for problem in problems} == {
        "code", "facts.warna", "facts.name", "facts.unit", "facts.program", "reason",
    }  # fmt: skip
    assert all(problem["message"] for problem in problems)


def test_holidays_are_added_and_withdrawn_and_deadlines_follow(admin: Client, reader: Client) -> None:
    def due() -> str:
        asked = {"after": "2027-12-29", "working_days": "1"}
        return str(reader.get("/api/v1/deadline", asked).json()["due_on"])

    before = due()
    made = post(admin, "/api/v1/holidays", DAYS)
    assert made.status_code == 201
    assert (before, due()) == ("2027-12-30", "2027-12-31")
    withdrawal = {"withdrawn_on": "2026-12-01", "reason": "SKB 2/2026"}
    assert post(admin, f"/api/v1/holidays/{made.json()[0]['id']}/withdrawal", withdrawal).status_code == 200
    assert due() == before
    refused = post(admin, "/api/v1/holidays", {**DAYS, "days": [{"day": "2027-12-30", "kind": "x", "name": ""}]})
    assert {problem["field"] for problem in envelope(refused)["errors"]} == {"days.1.kind", "days.1.name"}


@pytest.mark.parametrize(
    ("role", "scope", "code"),
    [("perencana", "write", "not-allowed-role"), ("admin", "read", "api-token-read-only")],
)
def test_only_an_administrator_with_a_writing_token_writes(
    calling: MakeClient, role: str, scope: str, code: str
) -> None:
    client = calling(role, scope=scope)
    for path, body in ((VERSIONS, CHANGE), ("/api/v1/holidays", DAYS)):
        refused = post(client, path, body)
        assert (refused.status_code, envelope(refused)["code"]) == (403, code)


def test_a_call_sent_again_with_its_key_changes_nothing_and_gets_the_first_answer(admin: Client) -> None:
    key = {"Idempotency-Key": "c0ffee"}
    first, again = post(admin, "/api/v1/holidays", DAYS, **key), post(admin, "/api/v1/holidays", DAYS, **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Holiday.objects.filter(name="Percobaan").count() == 1
    other = post(admin, "/api/v1/holidays", {**DAYS, "decree": "SKB 2/2026"}, **key)
    assert (other.status_code, envelope(other)["code"]) == (409, "submission-key-used")


@pytest.mark.django_db(transaction=True)
def test_a_refused_call_leaves_its_key_free(admin: Client) -> None:
    key = {"Idempotency-Key": "c0ffee"}
    assert post(admin, "/api/v1/holidays", {**DAYS, "decree": ""}, **key).status_code == 422
    assert Submission.objects.count() == 0
    assert post(admin, "/api/v1/holidays", DAYS, **key).status_code == 201


def test_an_unfit_key_is_refused(admin: Client) -> None:
    refused = post(admin, "/api/v1/holidays", DAYS, **{"Idempotency-Key": "x" * 65})
    assert (refused.status_code, envelope(refused)["code"]) == (422, "api-key-unfit")


def test_unknown_methods_and_addresses_get_the_envelope(reader: Client) -> None:
    refused = reader.delete("/api/v1/kppn")
    assert (refused.status_code, envelope(refused)["code"]) == (405, "api-method-unknown")
    assert refused.headers["Allow"] == "GET"
    for path in ("/api", "/api/", "/api/v1/", "/api/v1/nothing", "/api/v2/kppn", "/api/v1/reference/kppn/0/0/0"):
        missing = reader.get(path)
        assert (missing.status_code, envelope(missing)["code"]) == (404, "api-address-unknown"), path
    for path in ("/api/v1/reference/tiada/022", "/api/v1/reference/kppn/zzz", "/api/v1/reference/kppn/%00"):
        assert envelope(reader.get(path))["code"].startswith("reference-"), path


def test_the_roles_of_the_caller_are_read_once_a_request(reader: Client) -> None:
    for path in ("/api/v1/me", "/api/v1/satker", "/api/v1/recap?year=2022"):
        with CaptureQueriesContext(connection) as queries:
            reader.get(path)
        asked = [query for query in queries if '"org_roleassignment"' in query["sql"]]
        assert len(asked) == 1, path
