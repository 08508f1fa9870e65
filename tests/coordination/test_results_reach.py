"""Who reaches results of meetings in the database itself: the place that they concern, and who holds the meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.db import ProgrammingError, transaction

from dekon.coordination import services
from dekon.coordination.choices import MeetingState
from dekon.coordination.models import Decision, DecisionEvent, IssueEvent, MinutesBlock, MinutesText, RaisedIssue
from dekon.coordination.services import DecisionFacts
from dekon.org.models import User
from dekon.scope import scoped_transaction
from tests.builders.meetings import BEGINS, ENDS, RAKOR, rakor, somebody

pytestmark = pytest.mark.django_db
MODELS = (Decision, DecisionEvent, RaisedIssue, IssueEvent, MinutesBlock, MinutesText)


@pytest.fixture
def planner() -> User:
    return somebody("perencana", "perencana")


@pytest.fixture
def meeting(planner: User) -> int:
    """A meeting with one of everything, held by unit 08; the decision is for province 32, the issue for unit 13."""
    made, _session = rakor(planner, replace(RAKOR, unit="08"))
    services.move_meeting(actor=planner, meeting_id=made.pk, to=MeetingState.RUNNING, at=BEGINS)
    facts = DecisionFacts("Lengkapi RPD", "kadis", date(2022, 4, 15), "32")
    services.record_decision(actor=planner, meeting_id=made.pk, facts=facts, at=BEGINS)
    services.raise_issue(
        actor=planner, meeting_id=made.pk, province="33", category="sdm", text="Kurang orang", unit="13", at=BEGINS
    )
    block = services.add_block(actor=planner, meeting_id=made.pk, heading="Pembukaan")
    services.save_text(actor=planner, block_id=block.pk, base=0, text="Uang rakyat.", at=BEGINS)
    return made.pk


def seen(scope: str, user: str = "1") -> tuple[int, ...]:
    with scoped_transaction(user, scope):
        return tuple(model.objects.count() for model in MODELS)


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("*", (1, 1, 1, 1, 1, 1)),
        ("32", (1, 1, 0, 0, 0, 0)),
        ("33", (0, 0, 1, 1, 0, 0)),
        ("91", (0,) * 6),
        ("unit:08", (1, 1, 1, 1, 1, 1)),
        ("unit:13", (0, 0, 1, 1, 0, 0)),
        ("unit:05", (0,) * 6),
        ("", (0,) * 6),
    ],
)
def test_results_are_seen_where_they_belong(meeting: int, scope: str, expected: tuple[int, ...]) -> None:
    assert seen(scope) == expected


def test_a_person_sees_what_is_addressed_to_that_person(planner: User, meeting: int) -> None:
    facts = DecisionFacts("Siapkan data", "perencana", date(2022, 4, 15), owner="perencana")
    services.record_decision(actor=planner, meeting_id=meeting, facts=facts, at=BEGINS)
    assert seen("91", str(planner.pk))[:2] == (1, 1)


def test_approved_minutes_are_for_everybody_who_signs_in(planner: User, meeting: int) -> None:
    services.move_meeting(actor=planner, meeting_id=meeting, to=MeetingState.FINISHED, at=ENDS)
    services.close_minutes(actor=planner, meeting_id=meeting, at=ENDS)
    assert seen("91")[4:] == (1, 1)
    assert seen("", "")[4:] == (0, 0)


def test_a_province_writes_no_decision_and_no_issue_of_another(meeting: int) -> None:
    decision, issue = Decision.objects.get(), RaisedIssue.objects.get()
    for row in (decision, issue):
        row.pk = None
        row._state.adding = True
    decision.number = 9
    for row in (decision, issue):
        with pytest.raises(ProgrammingError, match="row-level security"), scoped_transaction("1", "32"):
            row.save()
    with scoped_transaction("1", "33"), transaction.atomic():
        assert RaisedIssue.objects.update(unit=None) == 1
        assert Decision.objects.update(state="dicabut") == 0
        transaction.set_rollback(True)
