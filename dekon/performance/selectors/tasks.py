"""What waits for somebody, from all parts of Dekon: one small registry, which pages and the API read.

A part in which things wait adds a function to `SOURCES`: who asks and which day it is → tasks. It lists only what the
person may really do now, so that nothing waits for somebody who would be refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils import timezone

from dekon.budget import selectors as budget
from dekon.budget.choices import CaseStatus
from dekon.budget.selectors.matters import matter_of_case
from dekon.coordination import selectors as coordination
from dekon.coordination import services as meetings
from dekon.coordination.choices import DecisionState, IssueState
from dekon.coordination.selectors import DecisionsWanted, IssuesWanted
from dekon.documents import selectors as documents
from dekon.org import selectors as org
from dekon.org.choices import Action, RegistrationState
from dekon.org.selectors.accounts import registrations_for
from dekon.org.selectors.matters import matter_of_registration

if TYPE_CHECKING:
    from dekon.org.models import User


class TaskKind(StrEnum):
    """What is to be done; the pages have words and an address for each."""

    CASE_ANSWER = "case-answer"
    CASE_CLOSE = "case-close"
    DECISION = "decision"
    DECISION_VERIFY = "decision-verify"
    ISSUE = "issue"
    ISSUE_SETTLE = "issue-settle"
    SIGNATURE = "signature"
    REGISTRATION = "registration"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits. `number` is that of the thing, `due_on` the day it is due, where it has one."""

    kind: TaskKind
    number: int
    title: str
    detail: str = ""
    due_on: date | None = None
    since: date | None = None


type Source = Callable[[User, date], Iterable[Task]]


def tasks_of(actor: User, today: date) -> list[Task]:
    """Everything that waits for somebody: by the day it is due, then what has waited longest.

    Args:
        today: in Jakarta.
    """
    found = [task for source in SOURCES for task in source(actor, today)]
    return sorted(found, key=lambda task: (task.due_on or date.max, task.since or date.max, task.kind, task.number))


def _cases(actor: User, _today: date) -> Iterator[Task]:
    """Cases of reconciliation that wait for an answer, or for somebody who closes them."""
    steps = {
        CaseStatus.OPEN: (TaskKind.CASE_ANSWER, Action.ANSWER_CASE),
        CaseStatus.ANSWERED: (TaskKind.CASE_CLOSE, Action.CLOSE_CASE),
    }
    if not org.may(actor, Action.ANSWER_CASE).allowed:
        return
    for one in budget.cases().filter(status__in=steps).prefetch_related("notes"):
        kind, action = steps[CaseStatus(one.status)]
        if org.may(actor, action, matter_of_case(one)).allowed:
            detail = f"{one.satker.code} {one.satker.name}"
            yield Task(kind, one.pk, str(one.get_kind_display()), detail, None, timezone.localdate(one.opened_at))


def _decisions(actor: User, _today: date) -> Iterator[Task]:
    """Decisions to carry out, and those that were reported as done and are to be verified."""
    for one in coordination.decisions(DecisionsWanted(unfinished=True)):
        if one.state == DecisionState.CLAIMED:
            kind, action, to = TaskKind.DECISION_VERIFY, Action.VERIFY_DECISION, DecisionState.VERIFIED
        else:
            kind, action, to = TaskKind.DECISION, Action.CLAIM_DECISION, DecisionState.CLAIMED
        if to == DecisionState.CLAIMED and not _is_mine(actor, one.owner_role, one.owner_id):
            continue
        if org.may(actor, action, meetings.matter_for(one, to)).allowed:
            yield Task(kind, one.pk, one.text, one.meeting.title, one.due_on, timezone.localdate(one.recorded_at))


OFFICE = frozenset({"kadis", "operator"})
"""Whoever runs an office and whoever works in it have one list."""


def _is_mine(actor: User, role: str, owner: int | None) -> bool:
    """Whether it falls to this person: by name, by role, or as one of the office."""
    if owner is not None:
        return owner == actor.pk
    held = {one.role for one in org.assignments_of(actor)}
    return role in held or (role in OFFICE and bool(held & OFFICE))


def _issues(actor: User, _today: date) -> Iterator[Task]:
    """Issues to answer, and answers to settle or to ask about again."""
    for one in coordination.raised_issues(IssuesWanted(unfinished=True)):
        answered = one.state == IssueState.ANSWERED
        kind = TaskKind.ISSUE_SETTLE if answered else TaskKind.ISSUE
        to = IssueState.SETTLED if answered else IssueState.ANSWERED
        if answered and not _is_regional(actor):
            continue
        action = Action.SETTLE_ISSUE if answered else Action.ANSWER_ISSUE
        if org.may(actor, action, meetings.issue_matter(one, to)).allowed:
            yield Task(kind, one.pk, one.text, one.province.name, None, one.raised_on)


def _is_regional(actor: User) -> bool:
    return any(one.province is not None for one in org.assignments_of(actor))


def _signatures(actor: User, _today: date) -> Iterator[Task]:
    """Documents that wait for the person's signature."""
    for one in documents.waiting_for(actor):
        since = timezone.localdate(one.place.document.issued_at)
        yield Task(TaskKind.SIGNATURE, one.place.pk, one.place.document.title, one.place.office, None, since)


def _registrations(actor: User, _today: date) -> Iterator[Task]:
    """Requests for an account that wait for a decision."""
    if not org.may(actor, Action.DECIDE_REGISTRATION).allowed:
        return
    for one in registrations_for(actor):
        if one.state == RegistrationState.WAITING and org.may(
            actor, Action.DECIDE_REGISTRATION, matter_of_registration(one)
        ).allowed:  # fmt: skip
            yield Task(
                TaskKind.REGISTRATION,
                one.pk,
                one.display_name,
                one.province.name,
                None,
                timezone.localdate(one.requested_at),
            )


SOURCES: tuple[Source, ...] = (_decisions, _issues, _signatures, _cases, _registrations)
"""Who knows of what waits; later parts (reports, visits, questions) add theirs here."""
