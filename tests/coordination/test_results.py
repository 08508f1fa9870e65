"""Decisions followed until verified, issues answered and measured, both carried into the next meeting of the series."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError

from dekon.coordination import selectors, services
from dekon.coordination.choices import DecisionState, IssueState, MeetingState
from dekon.coordination.models import Decision, DecisionEvent, IssueEvent, Meeting, RaisedIssue
from dekon.coordination.selectors import DecisionsWanted, IssuesWanted
from dekon.coordination.services import DecisionFacts, Evidence
from dekon.errors import Conflict, NotAllowed, Unfit
from dekon.lib.periods import JAKARTA
from dekon.org import selectors as org
from dekon.org.models import User
from tests.builders.meetings import BEGINS, ENDS, RAKOR, rakor, somebody
from tests.builders.refusals import refused

pytestmark = pytest.mark.django_db
FACTS = DecisionFacts("Lengkapi RPD triwulan II", "kadis", date(2022, 4, 15), province="32", path="DL.2175.SCH.001")
YEAR = timedelta(days=365)


@pytest.fixture
def planner() -> User:
    return somebody("perencana", "perencana")


@pytest.fixture
def kadis() -> User:
    return somebody("kadis-32", "kadis", province="32")


@pytest.fixture
def meeting(planner: User) -> Meeting:
    made, _session = rakor(planner)
    return services.move_meeting(actor=planner, meeting_id=made.pk, to=MeetingState.RUNNING, at=BEGINS)


@pytest.fixture
def decision(planner: User, meeting: Meeting) -> Decision:
    return services.record_decision(actor=planner, meeting_id=meeting.pk, facts=FACTS, at=BEGINS)


def claim(actor: User, decision: Decision) -> Decision:
    return services.claim_decision(actor=actor, decision_id=decision.pk, note="Sudah dikirim", at=ENDS)


def next_year(planner: User) -> Meeting:
    facts = replace(RAKOR, starts_at=BEGINS + YEAR, ends_at=ENDS + YEAR)
    return services.plan_meeting(actor=planner, facts=facts)


def test_a_decision_is_reported_with_evidence_and_verified_by_somebody_else(
    planner: User, kadis: User, decision: Decision
) -> None:
    evidence = Evidence(io.BytesIO(b"nomor,judul\n1,RPD\n"), "rpd.csv")
    claimed = services.claim_decision(
        actor=kadis, decision_id=decision.pk, note="RPD terkirim", at=ENDS, evidence=evidence
    )
    assert claimed.state == DecisionState.CLAIMED
    assert selectors.evidence(claimed.events.last().pk)[0].name == "rpd.csv"  # type: ignore[union-attr]  # just made
    done = services.verify_decision(actor=planner, decision_id=decision.pk, done=True, note="", at=ENDS)
    assert (done.state, done.over_at) == (DecisionState.VERIFIED, ENDS)
    with refused(Conflict, "not-allowed-status"):
        claim(kadis, decision)


def test_who_reported_it_does_not_verify_it(planner: User, decision: Decision) -> None:
    claim(planner, decision)
    with refused(NotAllowed, "not-allowed-preparer"):
        services.verify_decision(actor=planner, decision_id=decision.pk, done=True, note="", at=ENDS)


def test_what_is_not_done_goes_back_with_the_reason(planner: User, kadis: User, decision: Decision) -> None:
    claim(kadis, decision)
    with pytest.raises(Unfit):
        services.verify_decision(actor=planner, decision_id=decision.pk, done=False, note=" ", at=ENDS)
    back = services.verify_decision(actor=planner, decision_id=decision.pk, done=False, note="belum lengkap", at=ENDS)
    assert (back.state, back.over_at) == (DecisionState.RETURNED, None)
    assert claim(kadis, decision).state == DecisionState.CLAIMED
    assert [one.state for one in back.events.all()][:3] == ["terbuka", "dilaporkan", "dikembalikan"]


def test_another_province_neither_reports_nor_records(planner: User, meeting: Meeting, decision: Decision) -> None:
    other = somebody("kadis-91", "kadis", province="91")
    with refused(NotAllowed, "not-allowed-place"):
        claim(other, decision)
    with refused(NotAllowed, "not-allowed-role"):
        services.record_decision(actor=other, meeting_id=meeting.pk, facts=FACTS, at=BEGINS)
    own = services.record_decision(
        actor=planner, meeting_id=meeting.pk, facts=replace(FACTS, province="", owner_role="perencana"), at=BEGINS
    )
    with refused(NotAllowed, "not-allowed-place"):
        claim(other, own)


@pytest.mark.parametrize(
    "facts",
    [
        replace(FACTS, text=" "), replace(FACTS, text="x" * 2001), replace(FACTS, owner_role="raja"),
        replace(FACTS, unit="13"), replace(FACTS, path="DL.21"),
        replace(FACTS, owner="siapa-ini"),
    ],
)  # fmt: skip
def test_a_decision_that_says_nothing_certain_is_refused(planner: User, meeting: Meeting, facts: DecisionFacts) -> None:
    with pytest.raises(Unfit):
        services.record_decision(actor=planner, meeting_id=meeting.pk, facts=facts, at=BEGINS)


def test_decisions_are_carried_on_until_they_are_verified(planner: User, kadis: User, decision: Decision) -> None:
    following = next_year(planner)
    assert [one.pk for one in selectors.carried_into(following)] == [decision.pk]
    claim(kadis, decision)
    services.verify_decision(actor=planner, decision_id=decision.pk, done=True, note="", at=BEGINS + YEAR)
    assert [one.pk for one in selectors.carried_into(following)] == [decision.pk], "over only when that one had begun"
    assert not selectors.carried_into(Meeting.objects.get(pk=decision.meeting_id))


def test_decisions_that_were_over_before_are_not_carried_on(planner: User, kadis: User, decision: Decision) -> None:
    claim(kadis, decision)
    services.verify_decision(actor=planner, decision_id=decision.pk, done=True, note="", at=ENDS)
    assert not selectors.carried_into(next_year(planner))


@pytest.mark.parametrize(("day", "late"), [(date(2022, 4, 15), False), (date(2022, 4, 16), True)])
def test_a_decision_is_overdue_the_day_after_it_is_due(decision: Decision, day: date, late: bool) -> None:
    assert selectors.decisions(DecisionsWanted(overdue_on=day)).exists() is late


def test_a_withdrawn_decision_stays_on_record(planner: User, decision: Decision) -> None:
    with pytest.raises(Unfit):
        services.withdraw_decision(actor=planner, decision_id=decision.pk, reason="", at=ENDS)
    gone = services.withdraw_decision(actor=planner, decision_id=decision.pk, reason="Digabung ke nomor 2", at=ENDS)
    assert gone.state == DecisionState.WITHDRAWN
    assert not selectors.decisions(DecisionsWanted(unfinished=True))
    assert selectors.decisions(DecisionsWanted(year=2022)).count() == 1


def test_nothing_of_it_is_rewritten(decision: Decision) -> None:
    for change in (
        lambda: Decision.objects.update(text="lain"),
        lambda: Decision.objects.all().delete(),
        lambda: DecisionEvent.objects.update(note="lain"),
    ):
        with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
            change()


@pytest.fixture
def issue(kadis: User, meeting: Meeting) -> RaisedIssue:
    return services.raise_issue(
        actor=kadis, meeting_id=meeting.pk, province="32", category="anggaran", text="Blokir belum dibuka",
        unit="13", at=BEGINS,
    )  # fmt: skip


def test_an_issue_is_answered_by_the_unit_and_settled_by_the_region(kadis: User, issue: RaisedIssue) -> None:
    unit, other = somebody("unit-13", "unit", unit="13"), somebody("unit-05", "unit", unit="05")
    with refused(NotAllowed, "not-allowed-place"):
        services.move_issue(actor=other, issue_id=issue.pk, to="dijawab", text="Bukan kami", at=ENDS)
    later = datetime(2022, 3, 21, 9, tzinfo=JAKARTA)
    answered = services.move_issue(actor=unit, issue_id=issue.pk, to="dijawab", text="Diajukan", at=later)
    assert selectors.days_to_answer(answered, org.working_calendar(), later.date()) == 4, "15 March to 21 March 2022"
    again = services.move_issue(actor=kadis, issue_id=issue.pk, to="ditanya-lagi", text="Kapan?", at=later)
    assert (again.state, again.answered_on) == (IssueState.AGAIN, later.date())
    services.move_issue(actor=unit, issue_id=issue.pk, to="dijawab", text="April", at=later)
    done = services.move_issue(actor=kadis, issue_id=issue.pk, to="selesai", text="", at=later)
    assert done.over_at == later
    with refused(Conflict, "not-allowed-status"):
        services.move_issue(actor=unit, issue_id=issue.pk, to="dijawab", text="x", at=later)


def test_an_issue_waits_in_working_days_until_it_is_answered(issue: RaisedIssue) -> None:
    calendar = org.working_calendar()
    assert selectors.days_to_answer(issue, calendar, date(2022, 3, 15)) == 0
    assert selectors.days_to_answer(issue, calendar, date(2022, 3, 16)) == 1
    assert selectors.days_to_answer(issue, calendar, date(2022, 3, 20)) == 3, "a Sunday adds nothing"
    assert selectors.days_to_answer(issue, calendar, date(2092, 3, 20)) is None, "holidays of 2092 are not known"


def test_an_open_issue_comes_back_in_the_next_meeting(planner: User, issue: RaisedIssue) -> None:
    assert [one.pk for one in selectors.issues_carried_into(next_year(planner))] == [issue.pk]


def test_an_issue_of_another_province_or_without_words_is_refused(kadis: User, meeting: Meeting) -> None:
    facts = {"actor": kadis, "meeting_id": meeting.pk, "at": BEGINS}
    with pytest.raises(NotAllowed):
        services.raise_issue(**facts, province="91", category="anggaran", text="x")  # type: ignore[arg-type]  # of one kind each
    for wrong in ({"text": " "}, {"category": "x"}):
        with pytest.raises(Unfit):
            services.raise_issue(**facts, **{"province": "32", "category": "anggaran", "text": "x", **wrong})  # type: ignore[arg-type]  # as above


def test_a_step_that_is_none_is_refused(kadis: User, issue: RaisedIssue) -> None:
    for to in ("terbuka", "apa", ""):
        with pytest.raises(Conflict):
            services.move_issue(actor=kadis, issue_id=issue.pk, to=to, text="x", at=ENDS)
    assert selectors.raised_issues(IssuesWanted(unfinished=True)).count() == 1


def test_nothing_of_an_issue_is_rewritten(issue: RaisedIssue) -> None:
    for change in (
        lambda: RaisedIssue.objects.update(text="lain"),
        lambda: RaisedIssue.objects.filter(pk=issue.pk).delete(),
        lambda: IssueEvent.objects.update(text="lain"),
    ):
        with pytest.raises((DatabaseError, ProtectedError)), transaction.atomic():
            change()
