"""The promise board and alerts through the API."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from dekon.org import services as org
from dekon.org.selectors import system_user
from dekon.performance import services
from dekon.performance.models import Alert
from tests.api.conftest import envelope
from tests.builders import small_year

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _year(tmp_path: Path) -> None:
    small_year.build(tmp_path)
    services.evaluate_warnings(actor=system_user(), year=2022, on=date(2022, 9, 30))


def calling(name: str) -> Client:
    key = org.create_token(actor=system_user(), username=name, scope="write")
    return Client(headers={"authorization": f"Bearer {key}", "accept-language": "en"})


def act(client: Client, number: int, **body: object) -> tuple[int, bytes]:
    answer = client.post(f"/api/v1/alerts/{number}/acts", json.dumps(body), content_type="application/json")
    return answer.status_code, answer.content


def test_the_board_gives_numbers_with_what_is_behind_or_says_which_data_is_missing() -> None:
    board = calling("perencana").get("/api/v1/promises", {"year": "2022", "as_of": "2022-09-30"}).json()
    assert [row["province"] for row in board["rows"]] == ["32", "91"]
    first = board["rows"][1]["promises"][0]
    assert (first["promise"], first["state"]) == (1, "unmet")
    measures = {one["key"]: one for one in first["measures"]}
    assert measures["pagu-minus"]["value"] == "1.000000"
    assert [item["satker"] for item in measures["pagu-minus"]["items"]] == [small_year.PAPUA]
    assert measures["findings"]["value"] is None
    assert (
        measures["findings"]["missing"] == "Findings of supervision and their follow-up are not recorded in Dekon yet."
    )
    own = calling("operator-32").get("/api/v1/promises", {"year": 2022}).json()
    assert [row["province"] for row in own["rows"]] == ["32"]


def test_alerts_are_listed_by_place_rule_and_state_with_their_reason() -> None:
    papua = Alert.objects.get(rule="pagu-minus")
    found = calling("perencana").get("/api/v1/alerts", {"year": "2022", "rule": "pagu-minus"}).json()
    assert (found["count"], found["items"][0]["id"]) == (1, papua.pk)
    assert found["items"][0]["reason"].startswith("1 payments exceed the ceiling")
    assert calling("operator-32").get("/api/v1/alerts", {"year": "2022", "rule": "pagu-minus"}).json()["count"] == 0
    closed = calling("operator-91").get("/api/v1/alerts", {"year": "2022", "state": "selesai"}).json()
    assert closed["count"] == 0


def test_acts_are_kept_and_refusals_say_why() -> None:
    papua, client = Alert.objects.get(rule="pagu-minus").pk, calling("operator-91")
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    status, content = act(client, papua, act="snooze", until=until, text="revisi diajukan")
    assert (status, json.loads(content)["snoozed_until"]) == (200, until)
    assert act(client, papua, act="assign", role="ppk", to_self=True)[0] == 200
    assert Alert.objects.get(pk=papua).owner_role == "ppk"
    assert act(client, papua, act="note", text="dihubungi")[0] == 200
    refused = client.post(
        f"/api/v1/alerts/{papua}/acts", json.dumps({"act": "snooze", "text": "x"}), content_type="application/json"
    )
    assert envelope(refused)["code"] == "alert-snooze-day"
    assert act(client, papua, act="note", text=" ")[0] == 422
    assert act(calling("operator-32"), papua, act="note", text="x")[0] in {403, 404}
