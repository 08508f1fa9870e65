"""The hall: taking attendance by camera, code and hand, the code on the screen, and the quorum as it grows."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dekon.coordination import selectors, services
from dekon.coordination.choices import Presence
from dekon.coordination.services import Noted, Scan
from dekon.errors import DekonError, NotAllowed
from dekon.lib.periods import format_time
from dekon.lib.qr import qr_svg
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.web.access import access, person, public, require
from dekon.web.callers import address_of
from dekon.web.filters import Choice
from dekon.web.formats import reader_language
from dekon.web.headers import FEATURES
from dekon.web.meetings import people
from dekon.web.meetings.views import of_meeting
from dekon.web.pages import answer

if TYPE_CHECKING:
    from dekon.coordination.models import Meeting, MeetingSession

CAMERA = ", ".join(f"{one}=({'self' if one == 'camera' else ''})" for one in FEATURES)
MOST_FOUND = 8


def hall_of(request: HttpRequest, number: int) -> tuple[Meeting, list[MeetingSession], MeetingSession | None]:
    """A meeting in which the person takes attendance, its counted sessions, and the one of the address or of now."""
    found = selectors.meeting(number)
    require(request, Action.TAKE_ATTENDANCE, selectors.matter_of_meeting(found).place)
    sessions = [one for one in found.sessions.all() if one.counted]
    asked, now = request.GET.get("sesi", "") or request.POST.get("sesi", ""), timezone.now()
    chosen = next((one for one in sessions if str(one.pk) == asked), None)
    begun = [one for one in sessions if one.starts_at <= now]
    return found, sessions, chosen or (begun[-1] if begun and now < found.ends_at else next(iter(sessions), None))


@access(Action.TAKE_ATTENDANCE)
@require_GET
def hall(request: HttpRequest, number: int) -> HttpResponseBase:
    found, sessions, session = hall_of(request, number)
    sought = request.GET.get("cari", "").replace("\x00", "").strip()[:80]
    answered = answer(
        request, "meetings/hall.html.jinja", crumbs=of_meeting(found, (_("Kehadiran"), "")), meeting=found,
        session=session, sessions=[Choice(str(one.pk), one.title) for one in sessions], sought=sought,
        people=_sought(number, sought, session), quorum=people.quorum_words(found), key=uuid.uuid4().hex,
    )  # fmt: skip
    answered.headers["Permissions-Policy"] = CAMERA
    return answered


def _sought(number: int, words: str, session: MeetingSession | None) -> list[tuple[Any, Any]]:
    """Who is meant by the words, each with the attendance in the session."""
    if not words or session is None:
        return []
    found: list[tuple[Any, Any]] = []
    everybody: Any = selectors.participants(number)
    for one in everybody:
        text = f"{one.number:04} {one.name} {one.position} {one.office} {one.deputy_name}".lower()
        if all(word in text for word in words.lower().split()):
            found.append((one, next((row for row in one.counting if row.session_id == session.pk), None)))
    return found[:MOST_FOUND]


@access(Action.VIEW_PLACE)
@require_GET
def quorum(request: HttpRequest, number: int) -> HttpResponseBase:
    """The quorum alone, for pages that ask for it again and again."""
    found = selectors.meeting(number)
    answered = answer(request, "meetings/quorum.html.jinja", meeting=found, quorum=people.quorum_words(found))
    answered.headers["Cache-Control"] = "no-store"
    return answered


@access(Action.TAKE_ATTENDANCE)
@require_POST
def scanned(request: HttpRequest, number: int) -> HttpResponseBase:
    """What a camera saw; a page without a line sends it later, with the key and the moment of then."""
    now = timezone.now()
    said = {name: request.POST.get(name, "").replace("\x00", "")[:200] for name in ("sesi", "teks", "kunci", "saat")}
    at = _moment(said["saat"]) or now
    session = int(said["sesi"]) if said["sesi"].isdigit() and len(said["sesi"]) < 10 else 0
    try:
        noted = services.check_in(
            actor=person(request), meeting_id=number, now=now,
            scan=Scan(session, said["teks"], said["kunci"] or uuid.uuid4().hex, at),
        )  # fmt: skip
    except NotAllowed:
        raise
    except DekonError as problem:
        return JsonResponse(
            {"tone": "bad", "words": problem.message(reader_language()), "sub": "", "time": format_time(at)}
        )
    return JsonResponse(_told(noted))


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _told(noted: Noted) -> dict[str, str]:
    """What the desk is told."""
    one, row = noted.participant, noted.attendance
    sub = f"{one.position}, {one.office} · {_('tanda pengenal %(number)s') % {'number': f'{one.number:04}'}}"
    if row.presence == Presence.REPRESENTED:
        sub = f"{sub} · {_('diwakili %(name)s') % {'name': row.deputy_name}}"
    if noted.new:
        return {
            "tone": "ok",
            "words": _("%(name)s: hadir") % {"name": one.name},
            "sub": sub,
            "time": format_time(row.at),
        }
    words = _("%(name)s: sudah tercatat %(time)s") % {"name": one.name, "time": format_time(row.at)}
    return {"tone": "warn", "words": words, "sub": sub, "time": format_time(row.at)}


@access(Action.TAKE_ATTENDANCE)
@require_POST
def noted_by_hand(request: HttpRequest, number: int) -> HttpResponseBase:
    """Written down by the desk, or typed from a badge; works without a script."""
    _found, _sessions, session = hall_of(request, number)
    back = f"{reverse('hall', args=[number])}?sesi={session.pk if session else ''}"
    try:
        told = _told(_by_hand(request, number, session.pk if session else 0))
    except NotAllowed:
        raise
    except DekonError as problem:
        messages.warning(request, problem.message(reader_language()))
        return redirect(back)
    (messages.success if told["tone"] == "ok" else messages.warning)(request, told["words"])
    return redirect(back)


def _by_hand(request: HttpRequest, number: int, session: int) -> Noted:
    said = {
        name: request.POST.get(name, "").replace("\x00", "") for name in ("peserta", "kunci", "wakil", "cara", "teks")
    }
    key = said["kunci"][:40] or uuid.uuid4().hex
    if said["teks"]:
        scan = Scan(session, said["teks"][:200], key, timezone.now())
        return services.check_in(actor=person(request), meeting_id=number, scan=scan, now=timezone.now())
    presence = said["cara"] if said["cara"] in Presence.values else Presence.PRESENT
    one = int(said["peserta"]) if said["peserta"].isdigit() and len(said["peserta"]) < 10 else 0
    return services.note_presence(
        actor=person(request), participant_id=one, session_id=session, presence=presence, key=f"{key}-{one}-{presence}",
        now=timezone.now(), deputy=said["wakil"][:160],
    )  # fmt: skip


@access(Action.TAKE_ATTENDANCE)
@require_GET
def screen(request: HttpRequest, number: int) -> HttpResponseBase:
    """The screen of the room: the code of now as digits and as a QR code; the page asks for the next by itself."""
    found, _sessions, session = hall_of(request, number)
    now = timezone.now()
    digits = selectors.room_code(session, now) if session else ""
    address = f"{settings.PUBLIC_URL}{reverse('self-check-in', args=[number])}"
    answered = answer(
        request, "meetings/screen.html.jinja", crumbs=of_meeting(found, (_("Kode ruang"), "")), meeting=found,
        session=session, digits=f"{digits[:3]} {digits[3:]}", qr=qr_svg(f"{address}?kode={digits}"),
        address=address, left=selectors.seconds_left(now), whole=selectors.ROOM_CODE_SECONDS,
    )  # fmt: skip
    answered.headers["Cache-Control"] = "no-store"
    return answered


@public
@require_http_methods(["GET", "HEAD", "POST"])
def self_check_in(request: HttpRequest, number: int) -> HttpResponseBase:
    """For whoever holds a badge and sees the screen; without signing in. Guessing is slowed down."""
    now = timezone.now()
    keys = [("address", f"hadir {address_of(request)}")]
    said = {name: request.POST.get(name, "").replace("\x00", "").strip()[:60] for name in ("tanda", "kode", "kunci")}
    content: dict[str, Any] = {"told": None, "problem": "", "badge": said["tanda"]}
    status = 200
    if request.method == "POST" and (wait := org.seconds_to_wait(keys, now=now)):
        content["problem"], status = _("Terlalu banyak percobaan. Tunggu %(seconds)s detik.") % {"seconds": wait}, 429
    elif request.method == "POST":
        try:
            key = f"diri-{said['kunci']}"
            noted = services.check_in_self(
                meeting_id=number, badge=said["tanda"], digits=said["kode"], key=key, now=now
            )  # fmt: skip
            content["told"] = _told(noted)
        except DekonError as problem:
            org.count_failure(keys, now=now)
            content["problem"], status = problem.message(reader_language()), 422
    digits = "".join(one for one in request.GET.get("kode", "") if one in "0123456789")[:6]
    return answer(
        request, "meetings/self.html.jinja", status=status, number=number, digits=digits, key=uuid.uuid4().hex,
        crumbs=[(_("Kehadiran"), "")], **content,
    )  # fmt: skip
