"""Reading meetings and what belongs to them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db.models import FETCH_PEERS, Count, Q, QuerySet

from dekon.coordination.models import Material, Meeting, MeetingSeries, MeetingSession
from dekon.errors import NotFound
from dekon.gateways import files
from dekon.lib.hashing import sha256_of_file
from dekon.org.selectors import Matter, Place


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which meetings; an empty word asks for all. `unit` is the two digits of whoever holds them."""

    year: int | None = None
    kind: str = ""
    state: str = ""
    unit: str = ""
    series: int | None = None


def meetings(wanted: Wanted) -> QuerySet[Meeting]:
    """Meetings with how many people are invited, as far as the reader sees them; the newest first."""
    bounds = {
        "fiscal_year": wanted.year, "series__kind": wanted.kind, "state": wanted.state, "unit__code": wanted.unit,
        "series_id": wanted.series,
    }  # fmt: skip
    found = Meeting.objects.filter(**{name: value for name, value in bounds.items() if value})
    counted = found.select_related("series", "unit").annotate(
        invited=Count("participants", filter=Q(participants__withdrawn_at=None))
    )
    return counted.order_by("-starts_at", "-pk")


def meeting(number: int) -> Meeting:
    """One meeting.

    Raises:
        NotFound: there is none of that number.
    """
    found = Meeting.objects.select_related("series", "unit", "invitation").filter(pk=number).first()
    if found is None:
        raise NotFound("meeting-unknown", number=number)
    return found


def session(meeting_id: int, number: int) -> MeetingSession:
    """One session of a meeting.

    Raises:
        NotFound: there is none of that number in it.
    """
    found = MeetingSession.objects.select_related("meeting").filter(pk=number, meeting=meeting_id).first()
    if found is None:
        raise NotFound("meeting-session-unknown", number=number, title=meeting(meeting_id).title)
    return found


def material(number: int) -> tuple[Material, Path]:
    """A file that was handed out, and where its bytes lie.

    Raises:
        NotFound: there is none of that number, or the store has lost or changed its bytes.
    """
    found = Material.objects.select_related("meeting__unit").fetch_mode(FETCH_PEERS).filter(pk=number).first()
    if found is None:
        raise NotFound("material-unknown", number=number)
    path = files.stored(found.sha256, shelf="attachments")
    if sha256_of_file(path) != found.sha256:
        raise NotFound("file-not-stored", sha256=found.sha256)
    return found, path


def materials(meeting_id: int) -> QuerySet[Material]:
    """The files of a meeting that count."""
    found = Material.objects.filter(meeting=meeting_id, withdrawn_at=None)
    return found.select_related("session").fetch_mode(FETCH_PEERS)


def years() -> list[int]:
    """The years in which there are meetings, the newest first."""
    return list(Meeting.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct())


def series_names() -> list[tuple[str, str]]:
    """Kind and name of every series."""
    return list(MeetingSeries.objects.values_list("kind", "name"))


def matter_of_meeting(found: Meeting) -> Matter:
    """A meeting, for `may`: whose it is and how far."""
    place = Place(unit=found.unit.code if found.unit else "", name=str(found.unit) if found.unit else "")
    return Matter(place, found.state, str(found.get_state_display()))
