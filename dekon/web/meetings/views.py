"""Reading meetings: the list, and one with its agenda and materials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dekon.audit import services as audit
from dekon.audit.choices import Reading
from dekon.coordination import selectors
from dekon.coordination.choices import MEETING_TRANSITIONS, MeetingKind, MeetingState
from dekon.coordination.selectors import Wanted
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.web.access import access, may, offer, person
from dekon.web.attachments.views import LOCKED_AWAY
from dekon.web.filters import Choice, year_of
from dekon.web.meetings import listing, summary
from dekon.web.meetings.people import quorum_words
from dekon.web.pages import Crumb, answer
from dekon.web.trail.listing import timeline

if TYPE_CHECKING:
    from dekon.coordination.models import Meeting

STEPS = (MeetingState.PLANNED, MeetingState.INVITING, MeetingState.RUNNING, MeetingState.FINISHED)


def crumbs(*more: Crumb) -> list[Crumb]:
    """The way to a page of meetings."""
    return [(_("Beranda"), reverse("start")), (_("Rapat"), reverse("meetings")), *more]


def of_meeting(meeting: Meeting, *more: Crumb) -> list[Crumb]:
    """The way to a page of one meeting."""
    return crumbs((meeting.title, reverse("meeting", args=[meeting.pk])), *more)


def wanted_of(request: HttpRequest) -> Wanted:
    """The meetings that the address asks for; a word that is no choice asks for all."""
    kind, state, unit = (request.GET.get(name, "") for name in ("jenis", "tahap", "unit"))
    return Wanted(
        year_of(request) if request.GET.get("tahun") else None, kind if kind in MeetingKind.values else "",
        state if state in MeetingState.values else "", unit[:2] if unit[:2].isdigit() else "",
    )  # fmt: skip


@access(Action.VIEW_PLACE)
@require_GET
def meetings(request: HttpRequest) -> HttpResponseBase:
    wanted = wanted_of(request)
    found = list(selectors.meetings(wanted))
    units = [Choice(one.code, str(one)) for one in org.units_in_year(wanted.year or timezone.localdate().year)]
    years = [Choice(str(year), str(year)) for year in selectors.years()]
    return answer(
        request, "meetings/meetings.html.jinja", crumbs=crumbs()[:2], tabled=[listing.meetings_table(found)],
        wanted=wanted, units=units, years=years, count=len(found), filtered=wanted != Wanted(),
        kinds=[Choice(one.value, str(one.label)) for one in MeetingKind],
        states=[Choice(one.value, str(one.label)) for one in MeetingState],
        managing=offer(request, Action.MANAGE_MEETING),
    )  # fmt: skip


@access(Action.VIEW_PLACE)
@require_GET
def meeting(request: HttpRequest, number: int) -> HttpResponseBase:
    found, now = selectors.meeting(number), timezone.now()
    matter = selectors.matter_of_meeting(found)
    whole = may(request, Action.MANAGE_MEETING, matter.place)
    return answer(
        request, "meetings/meeting.html.jinja", crumbs=crumbs((found.title, "")), meeting=found,
        when=listing.span_words(found.starts_at, found.ends_at), series=listing.series_words(found),
        holder=listing.holder_words(found), tone=listing.TONES[found.state], steps=STEPS,
        agenda=listing.agenda(found.sessions.all(), now, several_days=found.first_day != found.last_day),
        materials=selectors.materials(number), managing=offer(request, Action.MANAGE_MEETING, matter),
        moves=[one for one in MeetingState if one in MEETING_TRANSITIONS[found.state]],
        trail=timeline(request, "meeting", number), results=summary.results_of(request, found),
        quorum=quorum_words(found),
        whole=whole, mails=selectors.mail_progress(number) if may(request, Action.MANAGE_MEETING, matter) else None,
        taking=may(request, Action.TAKE_ATTENDANCE, matter),
    )  # fmt: skip


@access(Action.VIEW_PLACE)
@require_GET
def material(request: HttpRequest, number: int) -> HttpResponseBase:
    found, path = selectors.material(number)
    audit.record_reading(
        actor=person(request), kind=Reading.FILE, subject_type="meeting", subject_id=found.meeting_id,
        subject_name=found.name, facts={"sha256": found.sha256},
    )  # fmt: skip
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=found.name, content_type=found.media_type, headers=LOCKED_AWAY
    )
