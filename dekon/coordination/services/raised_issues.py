"""Raising an issue of a region, answering it, and settling it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from dekon.audit import services as audit
from dekon.coordination import selectors
from dekon.coordination.choices import ISSUE_OVER, ISSUE_TRANSITIONS, IssueCategory, IssueState
from dekon.coordination.models import IssueEvent, RaisedIssue
from dekon.coordination.services.decisions import TEXT_LENGTH
from dekon.errors import Conflict, NotFound, Problem, Unfit
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.org.selectors import Matter, Place

if TYPE_CHECKING:
    from dekon.org.models import User

NEEDS_WORDS = frozenset({IssueState.ANSWERED, IssueState.AGAIN})


@transaction.atomic
def raise_issue(
    *, actor: User, meeting_id: int, province: str, category: str, text: str, at: datetime, unit: str = ""
) -> RaisedIssue:
    """Raise an issue of a province in a meeting.

    Args:
        province: Kemendagri code of the region that raises it.
        category: a code of `IssueCategory`.
        unit: two digits of who is to answer; empty: the planning bureau.
        at: the moment, aware; the time to answer counts from its day in Jakarta.

    Raises:
        NotFound: there is no such meeting, province or unit.
        NotAllowed: it is another province's.
        Conflict: the meeting has not been called, or was cancelled.
        Unfit: the words or the province are missing, or the category is unknown.
    """
    meeting, place = selectors.meeting(meeting_id), org_selectors.province_or_none(province)
    answers = org_selectors.unit_or_none(unit) if unit else None
    status = str(meeting.get_state_display())
    org.require(actor, Action.RAISE_ISSUE, Matter(Place(province=province), meeting.state, status))
    problems = [] if place else [Problem("province", "meeting-word-missing")]
    if category not in IssueCategory.values:
        problems.append(Problem("category", "issue-category-unknown", {"category": category[:40]}))
    problems += list(_words(text))
    if problems or place is None:
        raise Unfit(problems)
    made = RaisedIssue.objects.create(
        meeting=meeting, province=place, category=category, text=text.strip(), unit=answers, raised_by=actor,
        raised_on=timezone.localdate(at),
    )  # fmt: skip
    IssueEvent.objects.create(issue=made, state=IssueState.OPEN, by=actor, at=at)
    _trail(actor, "issue-raised", made, after={"text": made.text, "category": made.category})
    return made


ACTIONS = {
    IssueState.ANSWERED: Action.ANSWER_ISSUE,
    IssueState.SETTLED: Action.SETTLE_ISSUE,
    IssueState.AGAIN: Action.SETTLE_ISSUE,
    IssueState.WITHDRAWN: Action.WITHDRAW_ISSUE,
}
"""State → what one must hold to bring an issue there."""


def issue_matter(found: RaisedIssue, to: str) -> Matter:
    """What `may` is asked about an issue that is to go into a state."""
    return selectors.matter_to_answer(found) if to == IssueState.ANSWERED else selectors.matter_of_issue(found)


@transaction.atomic
def move_issue(*, actor: User, issue_id: int, to: str, text: str, at: datetime) -> RaisedIssue:
    """Answer an issue, ask again, settle it, or withdraw it.

    Args:
        to: `dijawab`, `ditanya-lagi`, `selesai` or `dicabut`.
        text: the answer or further question, or why it is withdrawn; may be empty when it is settled.
        at: the moment, aware.

    Raises:
        NotFound: no such issue, or not for this person.
        NotAllowed: somebody else answers, or settles.
        Conflict: from where it stands it cannot go there.
        Unfit: the words are missing or too long.
    """
    if RaisedIssue.objects.select_for_update(of=("self",)).filter(pk=issue_id).first() is None:
        raise NotFound("issue-unknown", number=issue_id)
    found = selectors.raised_issue(issue_id)
    state = IssueState(to) if to in IssueState.values else None
    if state not in ACTIONS:
        raise Conflict("issue-cannot-move", number=issue_id, status=str(found.get_state_display()))
    org.require(actor, ACTIONS[state], issue_matter(found, to))
    if state not in ISSUE_TRANSITIONS[found.state]:
        raise Conflict("issue-cannot-move", number=issue_id, status=str(found.get_state_display()))
    _require_fit(state, text)
    before, found.state = found.state, state
    found.over_at = at if state in ISSUE_OVER else None
    if state == IssueState.ANSWERED and found.answered_on is None:
        found.answered_on = timezone.localdate(at)
    found.save(update_fields=["state", "over_at", "answered_on"])
    IssueEvent.objects.create(issue=found, state=state, text=text.strip(), by=actor, at=at)
    _trail(actor, "issue-moved", found, before={"state": before}, after={"state": state.value}, reason=text.strip())
    return selectors.raised_issue(issue_id)


def _require_fit(state: IssueState, text: str) -> None:
    if state == IssueState.WITHDRAWN:
        org.require_reason(text)
    elif state in NEEDS_WORDS and (problems := list(_words(text))):
        raise Unfit(problems)
    elif len(text) > TEXT_LENGTH:
        raise Unfit([Problem("text", "result-too-long", {"length": TEXT_LENGTH})])


def _words(text: str) -> list[Problem]:
    if not text.strip():
        return [Problem("text", "meeting-word-missing")]
    return [Problem("text", "result-too-long", {"length": TEXT_LENGTH})] if len(text) > TEXT_LENGTH else []


def _trail(
    actor: User, action: str, of: RaisedIssue, *, before: dict[str, str] | None = None, after: dict[str, str],
    reason: str = "",
) -> None:  # fmt: skip
    audit.record(
        actor=actor, action=action, subject_type="issue", subject_id=of.pk,
        subject_name=f"{of.province.name}: {of.text}"[:255], place=audit.place_of(of.province.code, ""),
        before=before, after=after, reason=reason,
    )  # fmt: skip
