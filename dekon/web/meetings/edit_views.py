"""Preparing meetings: each page is one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dekon.coordination import selectors, services
from dekon.coordination.choices import MeetingState
from dekon.coordination.services import MaterialFile
from dekon.errors import NotFound
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.org.selectors import Place
from dekon.web.access import access, person, require
from dekon.web.forms import Desk, fill_in
from dekon.web.meanwhile import About
from dekon.web.meetings import forms
from dekon.web.meetings.views import crumbs, of_meeting

if TYPE_CHECKING:
    from dekon.coordination.models import Meeting

METHODS = ["GET", "HEAD", "POST"]


def page_of(number: int) -> str:
    """The page of a meeting."""
    return reverse("meeting", args=[number])


def prepared(request: HttpRequest, number: int) -> Meeting:
    """A meeting that the person prepares.

    Raises:
        NotFound: there is none of that number.
        NotAllowed: somebody else prepares it, or it is over.
    """
    found = selectors.meeting(number)
    require(request, Action.MANAGE_MEETING, selectors.matter_of_meeting(found))
    return found


@access(Action.MANAGE_MEETING)
@require_http_methods(METHODS)
def add(request: HttpRequest) -> HttpResponseBase:
    own = org.narrowed(person(request), Action.MANAGE_MEETING, Place()).unit
    form = forms.MeetingForm(request.POST or None, unit=own)

    def act(_said: dict[str, Any]) -> str:
        return page_of(services.plan_meeting(actor=person(request), facts=form.facts()).pk)

    title = _("Rencanakan rapat")
    desk = Desk(
        title=title, crumbs=crumbs((title, "")), back=reverse("meetings"), act=act, button=_("Simpan rapat"),
        done=_("Rapat tersimpan. Lengkapi agenda dan undangannya."), template="meetings/meeting_form.html.jinja",
    )  # fmt: skip
    return fill_in(request, form, desk, known=selectors.series_names())


@access(Action.MANAGE_MEETING)
@require_http_methods(METHODS)
def change(request: HttpRequest, number: int) -> HttpResponseBase:
    found = prepared(request, number)
    form = forms.MeetingForm(request.POST or None, meeting=found)

    def act(_said: dict[str, Any]) -> str:
        services.change_meeting(actor=person(request), meeting_id=number, facts=form.facts())
        return page_of(number)

    title = _("Ubah rapat")
    desk = Desk(
        title=title, crumbs=of_meeting(found, (title, "")), back=page_of(number), act=act, done=_("Rapat tersimpan."),
        button=_("Simpan rapat"), lede=found.title, about=About("meeting", number),
    )  # fmt: skip
    return fill_in(request, form, desk)


def move_words(to: str) -> tuple[str, str]:
    """What a step of a meeting is called, and what is asked before it."""
    return {
        MeetingState.INVITING: (_("Buka undangan"), _("Sesudah ini undangan dapat dikirim dan dijawab.")),
        MeetingState.RUNNING: (_("Mulai rapat"), _("Mulai rapat ini sekarang?")),
        MeetingState.FINISHED: (_("Tutup rapat"), _("Tutup rapat ini? Sesudahnya kehadiran tidak dicatat lagi.")),
        MeetingState.CANCELLED: (_("Batalkan rapat"), _("Batalkan rapat ini? Catatannya tetap tersimpan.")),
    }[MeetingState(to)]


@access(Action.MANAGE_MEETING)
@require_http_methods(METHODS)
def move(request: HttpRequest, number: int, to: str) -> HttpResponseBase:
    found = prepared(request, number)
    if to not in MeetingState.values or to == MeetingState.PLANNED:
        raise NotFound("page-not-found", thing=_("Tahap rapat"), code=to)
    title, question = move_words(to)
    cancelling = to == MeetingState.CANCELLED
    form = (forms.ReasonForm if cancelling else forms.SureForm)(request.POST or None)

    def act(said: dict[str, Any]) -> str:
        services.move_meeting(
            actor=person(request), meeting_id=number, to=to, at=timezone.now(), reason=said.get("reason", "")
        )
        return page_of(number)

    desk = Desk(
        title=title, crumbs=of_meeting(found, (title, "")), back=page_of(number), act=act, button=title,
        done=_("Tahap rapat tercatat."), lede=question, danger=cancelling, about=About("meeting", number),
    )  # fmt: skip
    return fill_in(request, form, desk)


@access(Action.MANAGE_MEETING)
@require_http_methods(METHODS)
def add_session(request: HttpRequest, number: int) -> HttpResponseBase:
    found = prepared(request, number)
    last = found.sessions.last()
    form = forms.SessionForm(request.POST or None, initial={"starts_at": last.ends_at if last else found.starts_at})

    def act(_said: dict[str, Any]) -> str:
        services.state_session(actor=person(request), meeting_id=number, facts=form.facts())
        return page_of(number)

    return fill_in(request, form, _session_desk(found, _("Tambah sesi"), act))


@access(Action.MANAGE_MEETING)
@require_http_methods(METHODS)
def change_session(request: HttpRequest, number: int, session: int) -> HttpResponseBase:
    found = prepared(request, number)
    form = forms.SessionForm(request.POST or None, session=selectors.session(number, session))

    def act(_said: dict[str, Any]) -> str:
        services.state_session(actor=person(request), meeting_id=number, facts=form.facts(), session_id=session)
        return page_of(number)

    return fill_in(request, form, _session_desk(found, _("Ubah sesi"), act))


def _session_desk(found: Meeting, title: str, act: Any) -> Desk:  # noqa: ANN401  what carries it out
    return Desk(
        title=title, crumbs=of_meeting(found, (title, "")), back=page_of(found.pk), act=act,
        done=_("Sesi tersimpan."), button=_("Simpan sesi"), lede=found.title,
    )  # fmt: skip


@access(Action.MANAGE_MEETING)
@require_http_methods(METHODS)
def remove_session(request: HttpRequest, number: int, session: int) -> HttpResponseBase:
    found, one = prepared(request, number), selectors.session(number, session)

    def act(_said: dict[str, Any]) -> str:
        services.remove_session(actor=person(request), meeting_id=number, session_id=session)
        return page_of(number)

    title = _("Hapus sesi")
    desk = Desk(
        title=title, crumbs=of_meeting(found, (title, "")), back=page_of(number), act=act, danger=True,
        done=_("Sesi dihapus dari agenda."), button=title,
        lede=_("Hapus sesi %(title)s dari agenda?") % {"title": one.title},
    )  # fmt: skip
    return fill_in(request, forms.SureForm(request.POST or None), desk)


@access(Action.MANAGE_MEETING)
@require_http_methods(METHODS)
def add_material(request: HttpRequest, number: int) -> HttpResponseBase:
    found = prepared(request, number)
    form = forms.MaterialForm(request.POST or None, request.FILES or None, meeting=number)

    def act(said: dict[str, Any]) -> str:
        handed = MaterialFile(said["file"].file, said["file"].name, said["title"])
        services.add_material(actor=person(request), meeting_id=number, handed=handed, session_id=said["session"])
        return page_of(number)

    title = _("Tambah bahan")
    desk = Desk(
        title=title, crumbs=of_meeting(found, (title, "")), back=page_of(number), act=act, done=_("Bahan tersimpan."),
        button=_("Simpan bahan"), lede=found.title,
    )  # fmt: skip
    return fill_in(request, form, desk)


@access(Action.MANAGE_MEETING)
@require_http_methods(METHODS)
def withdraw_material(request: HttpRequest, number: int) -> HttpResponseBase:
    one, _path = selectors.material(number)
    found = prepared(request, one.meeting_id)

    def act(said: dict[str, Any]) -> str:
        services.withdraw_material(actor=person(request), material_id=number, reason=said["reason"], at=timezone.now())
        return page_of(found.pk)

    title = _("Tarik bahan")
    desk = Desk(
        title=title, crumbs=of_meeting(found, (title, "")), back=page_of(found.pk), act=act, danger=True, button=title,
        done=_("Bahan ditarik; berkasnya tetap tersimpan."), lede=one.title,
    )  # fmt: skip
    return fill_in(request, forms.ReasonForm(request.POST or None), desk)
