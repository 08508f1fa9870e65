"""Reading issues raised by regions, and how long their answers took."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import TYPE_CHECKING

from django.db.models import FETCH_PEERS, Q, QuerySet

from dekon.coordination.choices import ISSUE_OVER, IssueState
from dekon.coordination.models import RaisedIssue
from dekon.errors import NotFound, RuleBroken
from dekon.org.selectors import Matter, Place

if TYPE_CHECKING:
    from dekon.coordination.models import Meeting
    from dekon.lib.workdays import Calendar

WAITING_FOR_ANSWER = (IssueState.OPEN, IssueState.AGAIN)


@dataclass(frozen=True, slots=True)
class IssuesWanted:
    """Which issues; an empty word asks for all."""

    year: int | None = None
    meeting: int | None = None
    state: str = ""
    category: str = ""
    province: str = ""
    unit: str = ""
    unfinished: bool = False


def raised_issues(wanted: IssuesWanted) -> QuerySet[RaisedIssue]:
    """Issues that the reader may see, the oldest first."""
    bounds = {
        "meeting__fiscal_year": wanted.year, "meeting": wanted.meeting, "state": wanted.state,
        "category": wanted.category, "province__code": wanted.province, "unit__code": wanted.unit,
    }  # fmt: skip
    found = _whole().filter(**{name: value for name, value in bounds.items() if value})
    return found.exclude(state__in=ISSUE_OVER) if wanted.unfinished else found


def issues_carried_into(meeting: Meeting) -> QuerySet[RaisedIssue]:
    """Issues of earlier meetings of the series that were not over when this one began."""
    earlier = Q(meeting__series=meeting.series_id, meeting__ordinal__lt=meeting.ordinal)
    return _whole().filter(earlier).filter(Q(over_at=None) | Q(over_at__gte=meeting.starts_at))


def raised_issue(number: int) -> RaisedIssue:
    """One issue with what was said.

    Raises:
        NotFound: there is none of that number, or not for this reader.
    """
    found = _whole().filter(pk=number).first()
    if found is None:
        raise NotFound("issue-unknown", number=number)
    return found


def days_to_answer(found: RaisedIssue, calendar: Calendar, today: date) -> int | None:
    """Working days from the day it was raised to its first answer, or to today while it waits.

    None where the holidays of a year on the way are not known, and where it was withdrawn without an answer.
    """
    if found.answered_on is None and found.state == IssueState.WITHDRAWN:
        return None
    try:
        return calendar.working_days_between(found.raised_on, found.answered_on or max(today, found.raised_on))
    except RuleBroken:
        return None


def usual_days(found: Iterable[RaisedIssue], calendar: Calendar) -> int | None:
    """The median of the working days that answers took; None without an answer."""
    answered = [one for one in found if one.answered_on]
    taken = [days for one in answered if (days := days_to_answer(one, calendar, one.raised_on)) is not None]
    return round(median(taken)) if taken else None


def matter_of_issue(found: RaisedIssue) -> Matter:
    """An issue, for the province that raised it; who gave the last answer does not settle it."""
    answers = [one.by_id for one in found.events.all() if one.state == IssueState.ANSWERED]
    place = Place(province=found.province.code, name=found.province.name)
    return Matter(place, found.state, str(found.get_state_display()), frozenset(answers[-1:]))


def matter_to_answer(found: RaisedIssue) -> Matter:
    """An issue, for whoever answers it: the unit, or the planning bureau where none is named."""
    place = Place(unit=found.unit.code if found.unit else "", name=str(found.unit) if found.unit else "")
    return Matter(place, found.state, str(found.get_state_display()))


def _whole() -> QuerySet[RaisedIssue]:
    joined = RaisedIssue.objects.select_related("meeting__series", "meeting__unit", "province", "unit")
    return joined.prefetch_related("events").fetch_mode(FETCH_PEERS)
