"""Preparing meetings: of which series, when, where, in which sessions, with which materials; and how far they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO

from django.db import transaction
from django.db.models import Max

from dekon.audit import services as audit
from dekon.coordination import selectors
from dekon.coordination.choices import MEETING_TRANSITIONS, MeetingKind, MeetingState
from dekon.coordination.models import Attendance, Material, Meeting, MeetingSeries, MeetingSession
from dekon.errors import Conflict, NotFound, Problem, RuleBroken, Unfit
from dekon.gateways import files
from dekon.lib.periods import JAKARTA, format_moment
from dekon.lib.uploads import EVIDENCE, inspect, refuse
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.org.selectors import Place, unit_or_none

if TYPE_CHECKING:
    from dekon.org.models import User

PIECE_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """What a meeting is: its series by kind and name, when and where, who holds it.

    `unit` is the two digits of a unit, empty for the whole ministry; `quorum_percent` counts within each category.
    """

    kind: str
    series: str
    title: str
    city: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    unit: str = ""
    quorum_percent: int = 67


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What a session is; `counted` says that attendance is taken in it."""

    title: str
    starts_at: datetime
    ends_at: datetime
    room: str = ""
    speakers: str = ""
    counted: bool = False


@dataclass(frozen=True, slots=True)
class MaterialFile:
    """A file as it was handed in: its content, seekable, the name that the browser says, and what it is called."""

    stream: BinaryIO
    name: str
    title: str


@transaction.atomic
def plan_meeting(*, actor: User, facts: MeetingFacts) -> Meeting:
    """Plan a meeting; it is the next of its series, which begins with it where it is new.

    Args:
        actor: who prepares it; whoever acts for one unit plans the meetings of that unit.
        facts: what it is; moments aware.

    Raises:
        NotAllowed: the actor prepares no meetings, or not for that unit.
        NotFound: there is no such unit.
        Unfit: a word is missing, or it would end before it begins.
    """
    unit = unit_or_none(facts.unit)
    org.require(actor, Action.MANAGE_MEETING, Place(unit=facts.unit, name=str(unit) if unit else ""))
    _require_fit(facts)
    series = _series(facts)
    last = Meeting.objects.filter(series=series).aggregate(last=Max("ordinal"))["last"] or 0
    made = Meeting.objects.create(
        series=series, ordinal=last + 1, unit=unit, fiscal_year=_year(facts), created_by=actor, **_plain(facts)
    )
    _trail(actor, "meeting-planned", made, after=_told(made))
    return made


@transaction.atomic
def change_meeting(*, actor: User, meeting_id: int, facts: MeetingFacts) -> Meeting:
    """Change what a meeting is, while it is not over. Its series, its number in it and who holds it stay.

    Raises:
        NotFound: there is no such meeting.
        NotAllowed: the actor does not prepare it.
        Conflict: it is over.
        Unfit: a word is missing, it would end before it begins, or leave a session outside.
    """
    meeting = locked(actor, meeting_id, Action.MANAGE_MEETING)
    _require_fit(facts)
    _require_sessions_within(meeting, facts)
    before = _told(meeting)
    for name, value in {**_plain(facts), "fiscal_year": _year(facts)}.items():
        setattr(meeting, name, value)
    meeting.save()
    _trail(actor, "meeting-changed", meeting, before=before, after=_told(meeting))
    return meeting


@transaction.atomic
def move_meeting(*, actor: User, meeting_id: int, to: str, at: datetime, reason: str = "") -> Meeting:
    """Take a meeting one step on: invitations, running, finished; or cancel it.

    Args:
        to: a code of `MeetingState`.
        at: the moment, aware.
        reason: why, where it is cancelled.

    Raises:
        NotFound: there is no such meeting.
        NotAllowed: the actor does not prepare it.
        Conflict: it is over, or it does not go there from where it is.
        RuleBroken: no session has attendance, so there is nothing to begin.
        Unfit: the reason is missing or too long.
    """
    meeting = locked(actor, meeting_id, Action.MANAGE_MEETING)
    if to not in MEETING_TRANSITIONS[meeting.state]:
        raise Conflict(
            "meeting-cannot-go-there", state=str(meeting.get_state_display()), to=str(MeetingState(to).label)
        )
    if to in {MeetingState.INVITING, MeetingState.RUNNING} and not meeting.sessions.filter(counted=True).exists():
        raise RuleBroken("meeting-without-session", title=meeting.title)
    if to == MeetingState.CANCELLED:
        org.require_reason(reason)
        meeting.cancelled_reason = reason.strip()
    before, meeting.state, meeting.state_since = meeting.state, to, at
    meeting.save(update_fields=["state", "state_since", "cancelled_reason"])
    _trail(
        actor, "meeting-moved", meeting, before={"state": before}, after={"state": to}, reason=meeting.cancelled_reason
    )  # fmt: skip
    return meeting


@transaction.atomic
def state_session(
    *, actor: User, meeting_id: int, facts: SessionFacts, session_id: int | None = None
) -> MeetingSession:
    """Put a session into the agenda, or change one that is there.

    Args:
        session_id: the one to change; None for a new one.

    Raises:
        NotFound: there is no such meeting, or no such session in it.
        NotAllowed: the actor does not prepare it.
        Conflict: it is over, or attendance was taken in the session, so that it goes on being counted.
        Unfit: it has no name, ends before it begins, or lies outside of the meeting.
    """
    meeting = locked(actor, meeting_id, Action.MANAGE_MEETING)
    _require_session_fit(meeting, facts)
    found = _session(meeting, session_id) if session_id else MeetingSession(meeting=meeting)
    if session_id and not facts.counted and Attendance.objects.filter(session=found).exists():
        raise Conflict("meeting-session-has-attendance", title=found.title)
    before = {"title": found.title, "room": found.room} if session_id else {}
    for name in SessionFacts.__slots__:
        setattr(found, name, getattr(facts, name))
    found.save()
    after = {"title": found.title, "room": found.room, "starts_at": format_moment(found.starts_at)}
    _trail(
        actor, "meeting-session-changed" if session_id else "meeting-session-added", meeting, before=before, after=after
    )
    return found


@transaction.atomic
def remove_session(*, actor: User, meeting_id: int, session_id: int) -> None:
    """Take a session out of the agenda in which nothing has happened yet.

    Raises:
        NotFound: there is no such meeting, or no such session in it.
        NotAllowed: the actor does not prepare it.
        Conflict: it is over, or attendance was taken in it, or it has materials.
    """
    meeting = locked(actor, meeting_id, Action.MANAGE_MEETING)
    found = _session(meeting, session_id)
    if found.attendance.exists() or found.materials.exists():
        raise Conflict("meeting-session-has-attendance", title=found.title)
    _trail(actor, "meeting-session-removed", meeting, before={"title": found.title})
    found.delete()


def add_material(*, actor: User, meeting_id: int, handed: MaterialFile, session_id: int | None = None) -> Material:
    """Keep a file that is handed out in a meeting. The same file twice is kept once.

    Args:
        handed: the file; looked at, scanned and stored before the transaction begins.
        session_id: the session that it is for; None for the whole meeting.

    Raises:
        NotFound: there is no such meeting, or no such session in it.
        NotAllowed: the actor does not prepare it.
        Conflict: it is over.
        Unfit: everything that is wrong with the file.
        RuleBroken: the virus scanner finds something.
        GatewayFailed: there is a virus scanner and it does not answer.
    """
    org.require(actor, Action.MANAGE_MEETING, selectors.matter_of_meeting(selectors.meeting(meeting_id)))
    looked = inspect(handed.stream, handed.name, EVIDENCE)
    refuse(looked, "file")
    kept = files.keep(iter(lambda: handed.stream.read(PIECE_BYTES), b""), shelf="attachments")
    title = handed.title.strip()[:160] or looked.name[:160]
    facts: dict[str, str | int] = {
        "title": title,
        "name": looked.name,
        "media_type": looked.media_type,
        "size_bytes": kept.size_bytes,
    }
    return _keep_material(actor, meeting_id, session_id, kept.sha256, facts)


@transaction.atomic
def _keep_material(
    actor: User, meeting_id: int, session_id: int | None, sha256: str, facts: dict[str, str | int]
) -> Material:
    meeting = locked(actor, meeting_id, Action.MANAGE_MEETING)
    session = _session(meeting, session_id) if session_id else None
    made, is_new = Material.objects.get_or_create(
        meeting=meeting, sha256=sha256, withdrawn_at=None, defaults={**facts, "session": session, "added_by": actor}
    )
    if is_new:
        _trail(actor, "material-added", meeting, after={"title": made.title, "sha256": sha256})
    return made


@transaction.atomic
def withdraw_material(*, actor: User, material_id: int, reason: str, at: datetime) -> Material:
    """Say of a material that it no longer counts. It stays in the store, and that it was there stays on record.

    Raises:
        NotFound: there is none of that number.
        NotAllowed: the actor does not prepare its meeting.
        Conflict: that is over, or the file was withdrawn before.
        Unfit: the reason is missing or too long.
    """
    found = Material.objects.select_for_update().filter(pk=material_id).first()
    if found is None:
        raise NotFound("material-unknown", number=material_id)
    meeting = locked(actor, found.meeting_id, Action.MANAGE_MEETING)
    if found.withdrawn_at:
        raise Conflict("material-withdrawn", title=found.title)
    org.require_reason(reason)
    found.withdrawn_at, found.withdrawn_by, found.withdrawn_reason = at, actor, reason.strip()
    found.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    _trail(actor, "material-withdrawn", meeting, before={"title": found.title}, reason=reason.strip())
    return found


def locked(actor: User, meeting_id: int, action: Action) -> Meeting:
    """A meeting that nobody else changes until this transaction ends, and to which the actor may do it.

    Raises:
        NotFound: there is no such meeting.
        NotAllowed: the actor may not.
        Conflict: not as it stands.
    """
    found = Meeting.objects.select_for_update(of=("self",)).select_related("series", "unit").filter(pk=meeting_id)
    meeting = found.first()
    if meeting is None:
        raise NotFound("meeting-unknown", number=meeting_id)
    org.require(actor, action, selectors.matter_of_meeting(meeting))
    return meeting


def _series(facts: MeetingFacts) -> MeetingSeries:
    """The series, locked; begun where it is new."""
    name = facts.series.strip()
    MeetingSeries.objects.get_or_create(kind=facts.kind, name=name)
    return MeetingSeries.objects.select_for_update().get(kind=facts.kind, name=name)


def _session(meeting: Meeting, session_id: int) -> MeetingSession:
    found = meeting.sessions.filter(pk=session_id).first()
    if found is None:
        raise NotFound("meeting-session-unknown", number=session_id, title=meeting.title)
    return found


def _year(facts: MeetingFacts) -> int:
    return facts.starts_at.astimezone(JAKARTA).year


def _plain(facts: MeetingFacts) -> dict[str, str | int | datetime]:
    """The columns that the facts fill as they are."""
    names = ("title", "city", "venue", "starts_at", "ends_at", "quorum_percent")
    values = {name: getattr(facts, name) for name in names}
    return {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}


def _require_fit(facts: MeetingFacts) -> None:
    missing = [name for name in ("series", "title", "city", "venue") if not getattr(facts, name).strip()]
    problems = [Problem(name, "meeting-word-missing") for name in missing]
    if facts.kind not in MeetingKind.values:
        problems.append(Problem("kind", "meeting-kind-unknown", {"kind": facts.kind}))
    if facts.ends_at <= facts.starts_at:
        problems.append(Problem("ends_at", "meeting-backwards"))
    if not 1 <= facts.quorum_percent <= 100:
        problems.append(Problem("quorum_percent", "meeting-quorum-impossible", {"percent": facts.quorum_percent}))
    if problems:
        raise Unfit(problems)


def _require_sessions_within(meeting: Meeting, facts: MeetingFacts) -> None:
    outside = [
        one for one in meeting.sessions.all() if not facts.starts_at <= one.starts_at < one.ends_at <= facts.ends_at
    ]
    if outside:
        raise Unfit([Problem("ends_at", "meeting-session-outside", {"title": outside[0].title})])


def _require_session_fit(meeting: Meeting, facts: SessionFacts) -> None:
    problems = [] if facts.title.strip() else [Problem("title", "meeting-word-missing")]
    if facts.ends_at <= facts.starts_at:
        problems.append(Problem("ends_at", "meeting-backwards"))
    elif facts.starts_at < meeting.starts_at or facts.ends_at > meeting.ends_at:
        problems.append(Problem("starts_at", "meeting-session-outside", {"title": facts.title}))
    if problems:
        raise Unfit(problems)


def _told(meeting: Meeting) -> dict[str, str | int]:
    """What the trail says of a meeting."""
    return {
        "title": meeting.title, "city": meeting.city, "venue": meeting.venue, "quorum": meeting.quorum_percent,
        "starts_at": format_moment(meeting.starts_at), "ends_at": format_moment(meeting.ends_at),
    }  # fmt: skip


type Facts = Mapping[str, str | int]


def _trail(
    actor: User, action: str, meeting: Meeting, *, before: Facts | None = None, after: Facts | None = None,
    reason: str = "",
) -> None:  # fmt: skip
    audit.record(
        actor=actor, action=action, subject_type="meeting", subject_id=meeting.pk, subject_name=meeting.title,
        place=audit.place_of("", meeting.unit.code if meeting.unit else ""), before=before, after=after, reason=reason,
    )  # fmt: skip
