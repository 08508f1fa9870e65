"""The report of a meeting: who came, the minutes, what was decided and raised, photos; one document of the register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from dekon.audit import services as audit
from dekon.coordination import selectors
from dekon.coordination.choices import Category, Presence
from dekon.coordination.models import Attendance, MeetingReport, Participant
from dekon.coordination.selectors import DecisionsWanted, IssuesWanted
from dekon.coordination.services.meetings import locked
from dekon.documents import services as documents
from dekon.documents.choices import DocumentKind
from dekon.documents.services import Draft
from dekon.errors import RuleBroken
from dekon.gateways import files
from dekon.lib.periods import format_date, format_date_long, format_time
from dekon.lib.typst import TemplateBroken, scaled
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.choices import Action, Role

if TYPE_CHECKING:
    from dekon.coordination.models import Meeting
    from dekon.org.models import User

MOST_PHOTOS = 8
SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
type Data = dict[str, object]


def issue_report(*, actor: User, meeting_id: int, at: datetime) -> MeetingReport:
    """Issue the report of a meeting whose minutes are approved. A newer one supersedes the one before.

    Args:
        at: the moment that it bears, aware; photos are scaled before the transaction begins.

    Raises:
        NotFound: there is no such meeting.
        NotAllowed: the actor issues no reports of it.
        Conflict: the meeting is not over.
        RuleBroken: the minutes are not approved.
    """
    meeting = selectors.meeting(meeting_id)
    org.require(actor, Action.CLOSE_MINUTES, selectors.matter_of_meeting(meeting))
    if selectors.closing_of(meeting_id) is None:
        raise RuleBroken("minutes-not-closed", title=meeting.title)
    photos, unreadable = _photos(meeting_id, at)
    return _issue(actor, meeting_id, at, (photos, unreadable))


@transaction.atomic
def _issue(actor: User, meeting_id: int, at: datetime, pictures: tuple[dict[str, bytes], int]) -> MeetingReport:
    meeting = locked(actor, meeting_id, Action.CLOSE_MINUTES)
    before, (photos, unreadable) = selectors.reports_of(meeting_id), pictures
    title = f"Laporan {meeting.title}"[:200]
    data = {**_facts(meeting, at), "foto": list(photos), "rusak": unreadable}
    draft = Draft(
        DocumentKind.MEETING_REPORT, title, "laporan-rapat.typ", data,
        supersedes=before[0].document if before else None, images=photos,
    )  # fmt: skip
    document = documents.issue(actor=actor, draft=draft, at=at)
    made = MeetingReport.objects.create(meeting=meeting, document=document, issued_at=at)
    audit.record(
        actor=actor, action="meeting-report-issued", subject_type="meeting", subject_id=meeting.pk,
        subject_name=meeting.title, place=audit.place_of("", meeting.unit.code if meeting.unit else ""),
        after={"number": document.number, "sha256": document.sha256},
    )  # fmt: skip
    return made


def _facts(meeting: Meeting, at: datetime) -> Data:
    """What the template shows."""
    closing = selectors.closing_of(meeting.pk)
    return {
        "seri": meeting.series.name,
        "hari": format_date_long(meeting.first_day),
        "jam": f"{format_time(meeting.starts_at)}–{format_time(meeting.ends_at)}",
        "tempat": f"{meeting.venue}, {meeting.city}",
        "penyelenggara": str(meeting.unit) if meeting.unit else "Kementerian Ketenagakerjaan",
        "disahkan": format_date(timezone.localdate(closing.at)) if closing else "–",
        "kehadiran": list(_attendance(meeting)),
        "kategori": list(_categories(meeting)),
        "notula": list(_minutes(meeting)),
        "keputusan": list(_decisions(meeting)),
        "persoalan": list(_issues(meeting, at)),
    }


def _minutes(meeting: Meeting) -> Iterator[Data]:
    for one in selectors.paragraphs(meeting.pk):
        if one.text.strip():
            yield {"judul": one.block.heading, "isi": one.text}


def _attendance(meeting: Meeting) -> Iterator[Data]:
    """Each session in which attendance was taken: how many came, sent somebody, were excused, stayed away."""
    invited = Participant.objects.filter(meeting=meeting, withdrawn_at=None).count()
    rows = Attendance.objects.filter(session__meeting=meeting, voided_at=None).values_list("session", "presence")
    counted = Counter(rows)
    for session in meeting.sessions.filter(counted=True):
        present, represented, excused = (
            counted[session.pk, one.value] for one in (Presence.PRESENT, Presence.REPRESENTED, Presence.EXCUSED)
        )
        yield {
            "sesi": session.title, "undangan": invited, "hadir": present, "diwakili": represented, "izin": excused,
            "tidak": invited - present - represented - excused,
        }  # fmt: skip


def _categories(meeting: Meeting) -> Iterator[Data]:
    """Each category of people: how many were invited, how many of them came to any session or sent somebody."""
    people = dict(Participant.objects.filter(meeting=meeting, withdrawn_at=None).values_list("pk", "category"))
    came = set(
        Attendance.objects.filter(participant__in=people, voided_at=None)
        .exclude(presence=Presence.EXCUSED)
        .values_list("participant", flat=True)
    )
    invited, there = Counter(people.values()), Counter(people[one] for one in came)
    for one in Category:
        if invited[one.value]:
            yield {"nama": str(one.label), "undangan": invited[one.value], "hadir": there[one.value]}


def _decisions(meeting: Meeting) -> Iterator[Data]:
    for one in selectors.decisions(DecisionsWanted(meeting=meeting.pk)).order_by("number"):
        owner = f"{Role(one.owner_role).label}, {one.province or one.unit or 'Kementerian'}"
        yield {
            "nomor": one.number, "isi": one.text, "pemilik": owner, "tenggat": format_date(one.due_on),
            "ro": one.path or "–", "status": str(one.get_state_display()),
        }  # fmt: skip


def _issues(meeting: Meeting, at: datetime) -> Iterator[Data]:
    calendar, today = org_selectors.working_calendar(), timezone.localdate(at)
    for one in selectors.raised_issues(IssuesWanted(meeting=meeting.pk)):
        days = selectors.days_to_answer(one, calendar, today)
        answers = [event.text for event in one.events.all() if event.state == "dijawab"]
        yield {
            "provinsi": one.province.name, "kategori": str(one.get_category_display()), "isi": one.text,
            "jawaban": answers[-1] if answers else "–", "hari": "–" if days is None else days,
            "status": str(one.get_state_display()),
        }  # fmt: skip


def _photos(meeting_id: int, at: datetime) -> tuple[dict[str, bytes], int]:
    """The photos of a meeting as a report shows them, and how many files are no picture after all."""
    found, unreadable = dict[str, bytes](), 0
    for one in selectors.photos_of(meeting_id)[:MOST_PHOTOS]:
        content = files.stored(one.sha256, shelf="attachments").read_bytes()
        try:
            found[f"foto-{len(found) + 1}.png"] = scaled(content, SUFFIXES[one.media_type], at=at)
        except TemplateBroken:
            unreadable += 1
    return found, unreadable
