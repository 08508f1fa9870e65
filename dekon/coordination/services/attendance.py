"""Who comes: by scanning a badge, by the code on the screen of the room, or written down; once for each session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from dekon.audit import services as audit
from dekon.coordination import selectors
from dekon.coordination.choices import CheckIn, MeetingState, Presence, Reply
from dekon.coordination.models import Attendance, Meeting, MeetingSession, Participant
from dekon.errors import Conflict, NotFound, Problem, RuleBroken, Unfit
from dekon.lib.codes import read_code
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.org.selectors import system_user
from dekon.scope import EVERYWHERE, scoped_transaction

if TYPE_CHECKING:
    from dekon.org.models import User

LONGEST_QUEUE = timedelta(hours=12)
"""How old a scan may be that a page sends when its line is back."""
MARK = "DKN"
"""With what the text of a badge's QR code begins: mark, number of the meeting, code of the participant."""


@dataclass(frozen=True, slots=True)
class Scan:
    """One look at a badge: the text of its QR code or its typed code, when, and a key by which it counts once."""

    session_id: int
    text: str
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Noted:
    """An attendance, and whether this call made it; of one that was there before `at` says since when."""

    attendance: Attendance
    participant: Participant
    new: bool


def badge_text(participant: Participant) -> str:
    """What the QR code of a badge says."""
    return f"{MARK}.{participant.meeting_id}.{participant.code}"


@transaction.atomic
def check_in(*, actor: User, meeting_id: int, scan: Scan, now: datetime) -> Noted:
    """Note that somebody came whose badge was scanned. The same key again, or the same badge, changes nothing.

    Args:
        actor: who stands at the desk.
        scan: what the camera saw; its moment may lie back where the line was broken, never ahead.
        now: the moment, aware.

    Raises:
        NotFound: no such meeting or session, or nobody of this meeting has the code.
        NotAllowed: the actor takes no attendance there.
        Conflict: attendance is not taken in this state of the meeting.
        RuleBroken: the badge is of another meeting, or the session is not counted.
    """
    meeting = taking(actor, meeting_id, scan.at)
    session = counted(meeting, scan.session_id)
    participant = of_badge(meeting, scan.text)
    row = Attendance(method=CheckIn.SCAN, key=scan.key[:64], at=_moment(scan.at, now), recorded_by=actor)
    return _note(actor, participant, session, row)


@transaction.atomic
def note_presence(
    *, actor: User, participant_id: int, session_id: int, presence: str, key: str, now: datetime, deputy: str = "",
    note: str = "",
) -> Noted:  # fmt: skip
    """Write down by hand that somebody is there, is represented, or is excused.

    Args:
        presence: a code of `Presence`.
        key: by which it counts once.
        deputy: who represents; empty where the answer to the invitation names somebody.

    Raises:
        NotFound: no such participant or session.
        NotAllowed: the actor takes no attendance there.
        Conflict: attendance is not taken in this state of the meeting.
        RuleBroken: the session is not counted.
        Unfit: nobody is named who represents.
    """
    participant = Participant.objects.filter(pk=participant_id, withdrawn_at=None).first()
    if participant is None:
        raise NotFound("participant-unknown", number=participant_id)
    meeting = taking(actor, participant.meeting_id, now)
    row = Attendance(method=CheckIn.MANUAL, key=key[:64], at=now, recorded_by=actor, note=note.strip()[:255])
    row.presence, row.deputy_name = presence, deputy.strip() or participant.deputy_name
    return _note(actor, participant, counted(meeting, session_id), row)


def check_in_self(*, meeting_id: int, badge: str, digits: str, key: str, now: datetime) -> Noted:
    """Note that somebody came who shows the own badge's code and the code on the screen of the room.

    Args:
        badge: the code on the badge, or the text of its QR code.
        digits: the six digits on the screen, which change all the time.

    Raises:
        NotFound: no such meeting, or nobody of it has the code.
        Conflict: the meeting does not run.
        RuleBroken: the digits are not those of any running session.
    """
    with scoped_transaction("", EVERYWHERE):
        meeting = selectors.meeting(meeting_id)
        if meeting.state != MeetingState.RUNNING:
            raise Conflict("meeting-not-running", title=meeting.title)
        session = selectors.session_of_digits(meeting, digits, now)
        if session is None:
            raise RuleBroken("room-code-wrong")
        participant = of_badge(meeting, badge)
        return _note(
            system_user(), participant, session, Attendance(method=CheckIn.SELF, key=key[:64], at=now, recorded_by=None)
        )


@transaction.atomic
def void_attendance(*, actor: User, attendance_id: int, reason: str, now: datetime) -> Attendance:
    """Declare void what was recorded wrongly; it stays with its reason.

    Raises:
        NotFound: there is none of that number.
        NotAllowed: the actor takes no attendance there.
        Conflict: attendance is not taken in this state of the meeting, or it is void already.
        Unfit: the reason is missing or too long.
    """
    found = Attendance.objects.select_for_update(of=("self",)).select_related("participant").filter(pk=attendance_id)
    row = found.first()
    if row is None:
        raise NotFound("attendance-unknown", number=attendance_id)
    meeting = taking(actor, row.participant.meeting_id, now)
    if row.voided_at:
        raise Conflict("attendance-void", name=row.participant.name)
    org.require_reason(reason)
    _void(row, actor, reason.strip(), now)
    _trail(actor, "attendance-voided", meeting, row, reason.strip())
    return row


def taking(actor: User, meeting_id: int, at: datetime) -> Meeting:
    """A meeting in which the actor takes attendance; a scan from before its end still counts after it.

    Raises:
        NotFound: there is no such meeting.
        NotAllowed: the actor does not.
        Conflict: not in its state.
    """
    meeting = selectors.meeting(meeting_id)
    matter = selectors.matter_of_meeting(meeting)
    if meeting.state == MeetingState.FINISHED and at <= meeting.state_since:
        org.require(actor, Action.TAKE_ATTENDANCE, matter.place)
    else:
        org.require(actor, Action.TAKE_ATTENDANCE, matter)
    return meeting


def counted(meeting: Meeting, session_id: int) -> MeetingSession:
    """A session in which attendance is taken.

    Raises:
        NotFound: there is none of that number.
        RuleBroken: none is taken in it.
    """
    session = selectors.session(meeting.pk, session_id)
    if not session.counted:
        raise RuleBroken("meeting-session-not-counted", title=session.title)
    return session


def of_badge(meeting: Meeting, text: str) -> Participant:
    """Whose badge it is.

    Raises:
        RuleBroken: it is of another meeting, or no badge at all.
        NotFound: nobody of this meeting has the code, or the invitation was withdrawn.
    """
    mark, _dot, rest = text.strip().partition(".")
    number, _dot, code = rest.partition(".")
    if mark == MARK and number != str(meeting.pk):
        raise RuleBroken("badge-of-another-meeting", title=selectors.title_of(number))
    typed = read_code(code if mark == MARK else text)
    if typed is None:
        raise RuleBroken("badge-unreadable")
    found = Participant.objects.select_related("province").filter(meeting=meeting, code=typed).first()
    if found is None or found.withdrawn_at:
        raise NotFound("badge-unknown")
    return found


def _note(actor: User, participant: Participant, session: MeetingSession, row: Attendance) -> Noted:
    """Keep an attendance, once; who was excused and comes after all is there."""
    row.participant, row.session = participant, session
    if not row.presence:
        row.presence = Presence.REPRESENTED if participant.reply == Reply.REPRESENTED else Presence.PRESENT
        row.deputy_name = participant.deputy_name
    if row.presence == Presence.REPRESENTED and not row.deputy_name:
        raise Unfit([Problem("deputy", "deputy-unnamed")])
    if row.presence != Presence.REPRESENTED:
        row.deputy_name = ""
    known = _known(participant, session, row.key)
    if known and known.presence == Presence.EXCUSED and row.presence != Presence.EXCUSED and known.key != row.key:
        _void(known, row.recorded_by or actor, "datang juga", row.at)
        known = None
    if known:
        return Noted(known, participant, new=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # another phone was quicker
        first = _known(participant, session, row.key)
        if first is None:
            raise
        return Noted(first, participant, new=False)
    _trail(actor, "attendance-noted", session.meeting, row)
    return Noted(row, participant, new=True)


def _known(participant: Participant, session: MeetingSession, key: str) -> Attendance | None:
    same_key = Attendance.objects.filter(key=key, participant=participant).first()
    return same_key or Attendance.objects.filter(participant=participant, session=session, voided_at=None).first()


def _void(row: Attendance, actor: User, reason: str, now: datetime) -> None:
    row.voided_at, row.voided_by, row.void_reason = now, actor, reason
    row.save(update_fields=["voided_at", "voided_by", "void_reason"])


def _moment(at: datetime, now: datetime) -> datetime:
    """When it happened: as the page says, never ahead of us and not longer ago than a queue may be."""
    return at if now - LONGEST_QUEUE <= at <= now else now


def _trail(actor: User, action: str, meeting: Meeting, row: Attendance, reason: str = "") -> None:
    province = row.participant.province
    audit.record(
        actor=actor, action=action, subject_type="meeting", subject_id=meeting.pk, subject_name=meeting.title,
        place=audit.place_of(province.code if province else "", ""), reason=reason,
        after={
            "number": row.participant.number, "presence": row.presence, "method": row.method,
            "session": row.session.title,
        },
    )  # fmt: skip
