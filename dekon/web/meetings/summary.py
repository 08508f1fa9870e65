"""What the page of a meeting says of its results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from dekon.coordination import selectors
from dekon.coordination.selectors import DecisionsWanted, IssuesWanted
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.org.selectors import Matter, Place
from dekon.web.access import offer, person

if TYPE_CHECKING:
    from dekon.coordination.models import Meeting


def results_of(request: HttpRequest, meeting: Meeting) -> dict[str, Any]:
    """What the page of a meeting says of its results: how many of each, what is carried over, what may be added."""
    matter = selectors.matter_of_meeting(meeting)
    own = org.narrowed(person(request), Action.VIEW_PLACE, Place()).province
    raising = offer(request, Action.RAISE_ISSUE, Matter(Place(province=own), matter.status, matter.status_name))
    return {
        "decisions": selectors.decisions(DecisionsWanted(meeting=meeting.pk)).count(),
        "issues": selectors.raised_issues(IssuesWanted(meeting=meeting.pk)).count(),
        "carried": list(selectors.carried_into(meeting)),
        "carried_issues": list(selectors.issues_carried_into(meeting)),
        "closing": selectors.closing_of(meeting.pk), "reports": selectors.reports_of(meeting.pk),
        "deciding": offer(request, Action.RECORD_DECISION, matter), "raising": raising,
        "writing": offer(request, Action.WRITE_MINUTES, matter),
        "approving": offer(request, Action.CLOSE_MINUTES, matter),
    }  # fmt: skip
