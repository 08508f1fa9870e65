"""Decisions, issues and tasks through the API."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from dekon.coordination import services
from dekon.coordination.choices import MeetingState
from dekon.coordination.services import DecisionFacts
from dekon.org.models import User
from tests.builders import small_year
from tests.builders.meetings import BEGINS, rakor


@pytest.fixture
def numbers(db: None, tmp_path: Path) -> tuple[int, int]:
    """A decision addressed to a province, and an issue that it raised."""
    small_year.build(tmp_path)
    planner, operator = User.objects.get(username="perencana"), User.objects.get(username="operator-32")
    meeting, _session = rakor(planner)
    services.move_meeting(actor=planner, meeting_id=meeting.pk, to=MeetingState.RUNNING, at=BEGINS)
    facts = DecisionFacts("Lengkapi RPD", "kadis", date(2022, 4, 15), "32", path="DL")
    decision = services.record_decision(actor=planner, meeting_id=meeting.pk, facts=facts, at=BEGINS)
    issue = services.raise_issue(
        actor=operator, meeting_id=meeting.pk, province="32", category="sdm", text="Kurang orang", at=BEGINS
    )
    return decision.pk, issue.pk


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def test_a_decision_is_listed_claimed_and_verified(numbers: tuple[int, int]) -> None:
    operator, planner = signed_in("operator-32"), signed_in("perencana")
    listed = operator.get("/api/v1/decisions?year=2022").json()["items"]
    assert [(one["id"], one["path"], one["overdue"], one["province"]) for one in listed] == [
        (numbers[0], "DL", True, "32")
    ]
    assert signed_in("operator-91").get("/api/v1/decisions").json()["count"] == 0
    where = f"/api/v1/decisions/{numbers[0]}"
    said = operator.post(f"{where}/claim", {"note": "Terkirim"}, content_type="application/json")
    assert said.json()["state"] == "dilaporkan"
    done = planner.post(f"{where}/verification", {"done": True}, content_type="application/json")
    assert [one["state"] for one in done.json()["steps"]] == ["terbuka", "dilaporkan", "selesai"]
    again = operator.post(f"{where}/claim", {"note": "Lagi"}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "not-allowed-status")


def test_an_issue_is_answered_and_the_tasks_follow(numbers: tuple[int, int]) -> None:
    planner, operator = signed_in("perencana"), signed_in("operator-32")
    assert "issue" in [one["kind"] for one in planner.get("/api/v1/tasks").json()]
    where = f"/api/v1/issues/{numbers[1]}/steps"
    body = {"state": "dijawab", "text": "Formasi diusulkan"}
    assert operator.post(where, body, content_type="application/json").status_code == 403
    assert planner.post(where, body, content_type="application/json").json()["answered_on"]
    assert {"kind": "issue-settle", "number": numbers[1]}.items() <= next(
        one for one in operator.get("/api/v1/tasks").json() if one["kind"] == "issue-settle"
    ).items()
    assert planner.get("/api/v1/issues?state=dijawab").json()["items"][0]["category"] == "sdm"
