"""Reading decisions: of a meeting, carried into it, and across meetings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.db.models import FETCH_PEERS, Q, QuerySet

from dekon.coordination.choices import DECISION_OVER, DecisionState
from dekon.coordination.models import Decision, DecisionEvent
from dekon.errors import NotFound
from dekon.gateways import files
from dekon.lib.hashing import sha256_of_file
from dekon.org.selectors import Matter, Place

if TYPE_CHECKING:
    from dekon.coordination.models import Meeting

WAITING = (DecisionState.OPEN, DecisionState.RETURNED)


@dataclass(frozen=True, slots=True)
class DecisionsWanted:
    """Which decisions; an empty word asks for all. `overdue_on`: those that were due before that day and are open."""

    year: int | None = None
    meeting: int | None = None
    state: str = ""
    province: str = ""
    unit: str = ""
    overdue_on: date | None = None
    unfinished: bool = False


def decisions(wanted: DecisionsWanted) -> QuerySet[Decision]:
    """Decisions that the reader may see, by the day on which they are due."""
    bounds = {
        "meeting__fiscal_year": wanted.year, "meeting": wanted.meeting, "state": wanted.state,
        "province__code": wanted.province, "unit__code": wanted.unit,
    }  # fmt: skip
    found = _whole().filter(**{name: value for name, value in bounds.items() if value})
    if wanted.overdue_on:
        found = found.filter(state__in=WAITING, due_on__lt=wanted.overdue_on)
    return found.exclude(state__in=DECISION_OVER) if wanted.unfinished else found


def carried_into(meeting: Meeting) -> QuerySet[Decision]:
    """Decisions of earlier meetings of the series that were not over when this one began."""
    earlier = Q(meeting__series=meeting.series_id, meeting__ordinal__lt=meeting.ordinal)
    return _whole().filter(earlier).filter(Q(over_at=None) | Q(over_at__gte=meeting.starts_at))


def decision(number: int) -> Decision:
    """One decision with what became of it.

    Raises:
        NotFound: there is none of that number, or not for this reader.
    """
    found = _whole().filter(pk=number).first()
    if found is None:
        raise NotFound("decision-unknown", number=number)
    return found


def evidence(number: int) -> tuple[DecisionEvent, Path]:
    """A file that stands for a step of a decision, and where its bytes lie.

    Raises:
        NotFound: there is none, or the store has lost or changed its bytes.
    """
    found = DecisionEvent.objects.select_related("decision").filter(pk=number).exclude(sha256="").first()
    if found is None:
        raise NotFound("decision-evidence-unknown", number=number)
    path = files.stored(found.sha256, shelf="attachments")
    if sha256_of_file(path) != found.sha256:
        raise NotFound("file-not-stored", sha256=found.sha256)
    return found, path


def place_of_decision(found: Decision) -> Place:
    """Whose decision it is to carry out; that of the ministry has no codes."""
    return Place(
        province=found.province.code if found.province else "", unit=found.unit.code if found.unit else "",
        name=str(found.province or found.unit or ""),
    )  # fmt: skip


def matter_of_decision(found: Decision) -> Matter:
    """A decision, for whoever carries it out or withdraws it."""
    return Matter(place_of_decision(found), found.state, str(found.get_state_display()))


def matter_to_verify(found: Decision) -> Matter:
    """A decision, for whoever says that it was done: who holds the meeting, never who reported it."""
    claims = [one for one in found.events.all() if one.state == DecisionState.CLAIMED]
    holder = found.meeting.unit
    place = Place(unit=holder.code if holder else "", name=str(holder) if holder else "")
    prepared = frozenset({claims[-1].by_id}) if claims else frozenset()
    return Matter(place, found.state, str(found.get_state_display()), prepared)


def _whole() -> QuerySet[Decision]:
    joined = Decision.objects.select_related("meeting__series", "meeting__unit", "province", "unit")
    return joined.prefetch_related("events").fetch_mode(FETCH_PEERS)
