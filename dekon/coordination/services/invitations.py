"""Invitations: one letter with its number in the register, and a mail to each with calendar file and link."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.tasks import task
from django.utils import timezone

from dekon.audit import services as audit
from dekon.coordination import selectors
from dekon.coordination.choices import Delivery, MeetingState, Reply
from dekon.coordination.models import InvitationMail, Meeting, Participant
from dekon.coordination.services.meetings import locked
from dekon.documents import selectors as documents
from dekon.documents import services as papers
from dekon.documents.choices import DocumentKind
from dekon.documents.services import Draft
from dekon.errors import Conflict, DekonError, RuleBroken, message_text
from dekon.gateways import mail
from dekon.lib.icalendar import Event, calendar_of
from dekon.lib.periods import format_date_long, format_time
from dekon.org.choices import Action
from dekon.scope import EVERYWHERE, scoped_transaction

if TYPE_CHECKING:
    from dekon.org.models import User

LETTER = "undangan.typ"
MOST_TRIES = 6
BATCH = 20


@transaction.atomic
def send_invitations(*, actor: User, meeting_id: int, at: datetime) -> int:
    """Issue the letter of the meeting, once, and order a mail for everybody who has an address and none yet.

    The mails leave by a job; `selectors.mail_progress` says how far it is.

    Args:
        actor: who prepares the meeting.
        at: the moment that the letter bears, aware.

    Raises:
        NotFound: there is no such meeting.
        NotAllowed: the actor does not prepare it.
        Conflict: its invitations are not open.
        RuleBroken: nobody is invited.

    Returns: how many mails were ordered.
    """
    meeting = locked(actor, meeting_id, Action.MANAGE_MEETING)
    if meeting.state not in {MeetingState.INVITING, MeetingState.RUNNING}:
        raise Conflict("meeting-not-inviting", title=meeting.title)
    people = list(Participant.objects.filter(meeting=meeting, withdrawn_at=None).select_related("province"))
    if not people:
        raise RuleBroken("nobody-to-invite", title=meeting.title)
    if meeting.invitation_id is None:
        meeting.invitation = papers.issue(actor=actor, draft=_draft(meeting, people), at=at.astimezone(UTC))
        meeting.save(update_fields=["invitation"])
    mailed = set(InvitationMail.objects.filter(participant__meeting=meeting).values_list("participant_id", flat=True))
    return _order(actor, meeting, [one for one in people if one.email and one.pk not in mailed], reminder=False)


@transaction.atomic
def remind(*, actor: User, meeting_id: int) -> int:
    """Order one more mail for everybody who has an address and has not answered. Returns how many.

    Raises:
        NotFound: there is no such meeting.
        NotAllowed: the actor does not prepare it.
        Conflict: its invitations are not open, or were not sent yet.
    """
    meeting = locked(actor, meeting_id, Action.MANAGE_MEETING)
    if meeting.invitation_id is None or meeting.state != MeetingState.INVITING:
        raise Conflict("meeting-not-inviting", title=meeting.title)
    silent = Participant.objects.filter(meeting=meeting, withdrawn_at=None, reply=Reply.NONE).exclude(email="")
    waiting = InvitationMail.objects.filter(participant__meeting=meeting, state=Delivery.WAITING)
    rows = silent.exclude(pk__in=waiting.values("participant_id"))
    return _order(actor, meeting, list(rows), reminder=True)


def _order(actor: User, meeting: Meeting, people: list[Participant], *, reminder: bool) -> int:
    InvitationMail.objects.bulk_create(InvitationMail(participant=one, reminder=reminder) for one in people)
    audit.record(
        actor=actor, action="invitations-ordered", subject_type="meeting", subject_id=meeting.pk,
        subject_name=meeting.title, place=audit.place_of("", meeting.unit.code if meeting.unit else ""),
        after={"count": len(people), "reminder": reminder},
    )  # fmt: skip
    if people:
        transaction.on_commit(lambda: mail_invitations.enqueue(meeting.pk))
    return len(people)


@task
def mail_invitations(meeting_id: int) -> int:
    """Send what waits for a meeting, some at a time. Returns how many the server took."""
    sent = 0
    while batch := deliver_batch(meeting_id=meeting_id, now=timezone.now()):
        sent += batch
    return sent


def deliver_batch(*, meeting_id: int | None, now: datetime) -> int:
    """Write and send some of the mails that wait; one that no server takes waits for its next try.

    Args:
        meeting_id: of one meeting; None for all.

    Returns: how many left; 0 where none is due.
    """
    with scoped_transaction("", EVERYWHERE):
        rows = InvitationMail.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            state=Delivery.WAITING, try_at__lte=now
        )
        if meeting_id is not None:
            rows = rows.filter(participant__meeting=meeting_id)
        taken = list(
            rows.select_related("participant__meeting__invitation", "participant__meeting__series").order_by("pk")[
                :BATCH
            ]
        )
        numbers = [one.pk for one in taken]
        InvitationMail.objects.filter(pk__in=numbers).update(
            tries=F("tries") + 1, try_at=now + timedelta(minutes=5)
        )  # fmt: skip
    return sum(_send(one, now) for one in taken)


def _send(row: InvitationMail, now: datetime) -> int:
    """Send one; what became of it is noted at once."""
    problem = ""
    try:
        mail.send(_written(row.participant, reminder=row.reminder, now=now))
    except DekonError as refused:
        problem = refused.code
    with scoped_transaction("", EVERYWHERE):
        if not problem:
            noted = {"state": Delivery.SENT, "sent_at": now, "problem": ""}
        else:
            state = Delivery.FAILED if row.tries + 1 >= MOST_TRIES else Delivery.WAITING
            noted = {"state": state, "problem": problem}
        InvitationMail.objects.filter(pk=row.pk).update(**noted)
    return 0 if problem else 1


def _written(one: Participant, *, reminder: bool, now: datetime) -> mail.Mail:
    meeting = one.meeting
    link = f"{settings.PUBLIC_URL}/undangan-rapat/{selectors.token_of(one)}/"
    facts: dict[str, str | int] = {
        "title": meeting.title, "name": one.name, "position": one.position, "day": format_date_long(meeting.first_day),
        "time": format_time(meeting.starts_at), "place": f"{meeting.venue}, {meeting.city}", "link": link,
        "number": meeting.invitation.number if meeting.invitation else "–",
    }  # fmt: skip
    text = message_text("mail-meeting-reminder" if reminder else "mail-meeting-invitation", facts)
    subject, _line, body = text.partition("\n")
    files = [mail.Attachment("rapat.ics", calendar_of(event_of(meeting, now, link)), "octet-stream")]
    if meeting.invitation:
        name = f"{meeting.invitation.number.replace('/', '-')}.pdf"
        files.insert(0, mail.Attachment(name, documents.content(meeting.invitation)))
    return mail.Mail(one.email, subject.strip(), body.strip() + "\n", tuple(files))


def event_of(meeting: Meeting, now: datetime, link: str = "") -> Event:
    """A meeting for a calendar."""
    host = settings.PUBLIC_URL.partition("//")[2] or "dekon"
    return Event(
        f"rapat-{meeting.pk}@{host}", meeting.title, meeting.starts_at, meeting.ends_at, now,
        location=f"{meeting.venue}, {meeting.city}", url=link, cancelled=meeting.state == MeetingState.CANCELLED,
    )  # fmt: skip


def _draft(meeting: Meeting, people: list[Participant]) -> Draft:
    sessions = [
        {"waktu": f"{format_time(one.starts_at)} – {format_time(one.ends_at)}", "acara": one.title, "ruang": one.room}
        for one in meeting.sessions.all()
    ]
    invited = [
        {"nomor": one.number, "nama": one.name, "jabatan": one.position, "instansi": one.office} for one in people
    ]
    return Draft(
        DocumentKind.INVITATION, f"Undangan {meeting.title}", LETTER,
        {
            "hal": f"Undangan {meeting.title}", "hari": format_date_long(meeting.first_day),
            "waktu": f"{format_time(meeting.starts_at)} – {format_time(meeting.ends_at)}",
            "tempat": f"{meeting.venue}, {meeting.city}", "acara": sessions, "undangan": invited,
            "penyelenggara": str(meeting.unit) if meeting.unit else "Sekretariat Jenderal",
        },
    )  # fmt: skip


def retry_mails(*, now: datetime) -> int:
    """Try again what has not left yet; for the scheduled job. Returns how many left."""
    sent = 0
    while batch := deliver_batch(meeting_id=None, now=now):
        sent += batch
    return sent
