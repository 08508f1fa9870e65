"""What is printed for a meeting: badges with their QR codes, and the list of attendance as offices file it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from dekon.audit import services as audit
from dekon.audit.choices import Reading
from dekon.coordination import selectors
from dekon.coordination.choices import Category, Presence
from dekon.coordination.models import Meeting
from dekon.coordination.services.attendance import badge_text
from dekon.errors import NotFound
from dekon.lib.periods import format_date, format_date_long, format_moment, format_time
from dekon.lib.qr import qr_svg
from dekon.lib.typst import render
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.org.selectors import may

if TYPE_CHECKING:
    from dekon.org.models import User

TEMPLATES = Path(__file__).parents[1] / "typst"
SYNTHETIC = "Data demonstrasi sintetis"
THERE = {Presence.PRESENT: "hadir", Presence.REPRESENTED: "diwakili", Presence.EXCUSED: "izin"}


@transaction.atomic
def print_badges(*, actor: User, meeting_id: int, at: datetime) -> bytes:
    """A PDF with a badge for everybody who is invited, eight to a page.

    Raises:
        NotFound: there is no such meeting, or nobody is invited whom the actor may see.
        NotAllowed: the actor does not prepare it.
    """
    meeting = selectors.meeting(meeting_id)
    org.require(actor, Action.MANAGE_MEETING, selectors.matter_of_meeting(meeting).place)
    people = [
        {
            "nomor": f"{one.number:04}", "nama": one.name, "jabatan": one.position, "instansi": one.office,
            "kategori": str(Category(one.category).label), "kode": one.code, "qr": qr_svg(badge_text(one)),
        }
        for one in selectors.participants(meeting_id)
    ]  # fmt: skip
    if not people:
        raise NotFound("nobody-invited", title=meeting.title)
    _note(actor, meeting, "tanda pengenal", len(people))
    return render(TEMPLATES / "tanda-pengenal.typ", {**_head(meeting), "peserta": people}, at=at.astimezone(UTC))


@transaction.atomic
def print_attendance(*, actor: User, meeting_id: int, at: datetime, session_id: int | None = None) -> bytes:
    """The list of attendance: name, NIP, office, institution and a place to sign; who came is marked with the time.

    Whoever neither prepares the meeting nor takes attendance gets the NIP masked, and the people of the own place.

    Args:
        session_id: of one session; None for the whole meeting.

    Raises:
        NotFound: there is no such meeting or session, or nobody is invited whom the actor may see.
    """
    meeting = selectors.meeting(meeting_id)
    session = selectors.session(meeting_id, session_id) if session_id else None
    whole = may(actor, Action.MANAGE_MEETING, selectors.matter_of_meeting(meeting).place).allowed
    rows: list[dict[str, object]] = []
    everybody: Any = selectors.participants(meeting_id)
    for one in everybody:
        there = [row for row in one.counting if session is None or row.session_id == session.pk]
        first = there[0] if there else None
        name = first.deputy_name if first and first.presence == Presence.REPRESENTED else one.name
        rows.append(
            {
                "nomor": one.number, "nama": name, "nip": one.nip if whole else selectors.masked_nip(one.nip),
                "jabatan": f"mewakili {one.position}" if name != one.name else one.position, "instansi": one.office,
                "tanda": f"{THERE[Presence(first.presence)]} {format_time(first.at)}" if first else "",
            }
        )  # fmt: skip
    if not rows:
        raise NotFound("nobody-invited", title=meeting.title)
    _note(actor, meeting, "daftar hadir", len(rows))
    said = {"sesi": session.title if session else "", "peserta": rows, "dicetak": format_moment(at)}
    return render(TEMPLATES / "daftar-hadir.typ", {**_head(meeting), **said}, at=at.astimezone(UTC))


def _head(meeting: Meeting) -> dict[str, object]:
    return {
        "judul": meeting.title, "hari": format_date_long(meeting.first_day), "tanggal": format_date(meeting.first_day),
        "waktu": f"{format_time(meeting.starts_at)} – {format_time(meeting.ends_at)}",
        "tempat": f"{meeting.venue}, {meeting.city}", "catatan": SYNTHETIC if settings.MODE == "demo" else "",
    }  # fmt: skip


def _note(actor: User, meeting: Meeting, what: str, rows: int) -> None:
    audit.record_reading(
        actor=actor, kind=Reading.PERSONAL_DATA, subject_type="meeting", subject_id=meeting.pk,
        subject_name=f"{meeting.title}: {what}", facts={"rows": rows},
    )  # fmt: skip
