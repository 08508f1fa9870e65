"""Execution records through the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.api.conftest import MakeClient
from tests.builders import small_year
from tests.builders.small_year import PAPUA, WEST_JAVA

BODY: dict[str, Any] = {
    "satker": WEST_JAVA, "year": 2022, "kind": "tagihan", "number": "00001A", "dated_on": "2022-08-01",
    "arrived_on": "2022-08-05",
}  # fmt: skip


@pytest.fixture
def planner(calling: MakeClient) -> Client:
    small_year.place_satker()
    return calling("perencana", "write")


def post(client: Client, path: str, body: dict[str, Any], **more: str) -> Any:  # noqa: ANN401  the test client's answer
    return client.post(f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=more)


def test_a_record_is_added_listed_and_withdrawn(planner: Client) -> None:
    made = post(planner, "/execution-records", BODY)
    assert made.status_code == 201, made.content
    assert (made.json()["kind"], made.json()["satker"], made.json()["arrived_on"]) == (
        "tagihan", WEST_JAVA, "2022-08-05",
    )  # fmt: skip
    assert post(planner, "/execution-records", BODY).status_code == 409
    listed = planner.get(f"/api/v1/execution-records?year=2022&satker={WEST_JAVA}&kind=tagihan").json()
    assert [one["id"] for one in listed["items"]] == [made.json()["id"]]
    assert planner.get("/api/v1/execution-records?year=2022&kind=kontrak").json()["count"] == 0
    gone = post(planner, f"/execution-records/{made.json()['id']}/withdraw", {"reason": "keliru"})
    assert (gone.status_code, gone.json()["withdrawal_reason"]) == (200, "keliru")
    assert planner.get("/api/v1/execution-records?year=2022").json()["count"] == 0


def test_every_problem_comes_with_its_field(planner: Client) -> None:
    refused = post(planner, "/execution-records", {**BODY, "akun": "1", "dated_on": None})
    assert refused.status_code == 422
    assert {one["field"] for one in refused.json()["errors"]} >= {"akun", "dated_on"}
    assert post(planner, "/execution-records", {**BODY, "satker": "999999"}).status_code == 404


def test_a_province_records_for_its_own_satker_only(planner: Client, calling: MakeClient) -> None:
    operator = calling("operator", "write", province="32")
    assert post(operator, "/execution-records", BODY).status_code == 201
    assert post(operator, "/execution-records", {**BODY, "satker": PAPUA}).status_code == 403
