"""Invitations: the letter, the mails that leave, and the page on which whoever is invited answers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dekon.coordination import selectors, services
from dekon.coordination.choices import MeetingState, Reply
from dekon.coordination.services import Answer
from dekon.documents import selectors as documents
from dekon.errors import DekonError, NotFound
from dekon.lib.icalendar import calendar_of
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.web.access import access, person, public
from dekon.web.callers import address_of
from dekon.web.formats import reader_language
from dekon.web.forms import Desk, fill_in
from dekon.web.meetings import forms, listing
from dekon.web.meetings.edit_views import METHODS, page_of, prepared
from dekon.web.meetings.views import of_meeting
from dekon.web.pages import answer

ANSWERING = frozenset({MeetingState.INVITING, MeetingState.RUNNING})


@access(Action.MANAGE_MEETING)
@require_http_methods(METHODS)
def send(request: HttpRequest, number: int) -> HttpResponseBase:
    found = prepared(request, number)

    def act(_said: dict[str, Any]) -> str:
        services.send_invitations(actor=person(request), meeting_id=number, at=timezone.now())
        return page_of(number)

    title = _("Kirim undangan")
    desk = Desk(
        title=title, crumbs=of_meeting(found, (title, "")), back=page_of(number), act=act, button=title,
        done=_("Surat undangan terbit; surelnya sedang dikirim."),
        lede=_("Surat undangan bernomor satu kali. Setiap peserta dengan alamat surel menerima satu surel."),
    )  # fmt: skip
    return fill_in(request, forms.SureForm(request.POST or None), desk)


@access(Action.MANAGE_MEETING)
@require_http_methods(METHODS)
def remind(request: HttpRequest, number: int) -> HttpResponseBase:
    found = prepared(request, number)

    def act(_said: dict[str, Any]) -> str:
        services.remind(actor=person(request), meeting_id=number)
        return page_of(number)

    title = _("Ingatkan yang belum menjawab")
    desk = Desk(
        title=title, crumbs=of_meeting(found, (title, "")), back=page_of(number), act=act, button=title,
        done=_("Surel pengingat sedang dikirim."), lede=found.title,
    )  # fmt: skip
    return fill_in(request, forms.SureForm(request.POST or None), desk)


@access(Action.MANAGE_MEETING)
@require_GET
def letter(request: HttpRequest, number: int) -> HttpResponseBase:
    found = prepared(request, number)
    if found.invitation is None:
        raise NotFound("file-not-stored", sha256="–")
    name = f"{found.invitation.number.replace('/', '-')}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(documents.content(found.invitation), content_type="application/pdf", headers=headers)


@access(Action.VIEW_PLACE)
@require_GET
def calendar(request: HttpRequest, number: int) -> HttpResponseBase:
    made = calendar_of(services.event_of(selectors.meeting(number), timezone.now()))
    headers = {"Content-Disposition": f'attachment; filename="rapat-{number}.ics"'}
    return HttpResponse(made, content_type="text/calendar; charset=utf-8", headers=headers)


@public
@require_http_methods(METHODS)
def respond(request: HttpRequest, token: str) -> HttpResponseBase:
    """The page behind the personal link: without signing in; guessing at links is slowed down."""
    now, keys = timezone.now(), [("asking", f"undangan {address_of(request)}")]
    if wait := org.seconds_to_wait(keys, now=now):
        return _said(request, _("Terlalu banyak percobaan. Tunggu %(seconds)s detik.") % {"seconds": wait}, 429)
    try:
        found = selectors.by_link(token)
    except NotFound as problem:
        org.count_failure(keys, now=now)
        return _said(request, problem.message(reader_language()), 404)
    names = ("reply", "deputy_name", "deputy_nip", "deputy_position")
    initial = {**{name: getattr(found, name) for name in names}, "note": found.reply_note}
    form = forms.ReplyForm(request.POST or None, initial=initial)
    status, done = 200, False
    if request.method == "POST":
        done = _keep(token, form)
        found = selectors.by_link(token) if done else found
        status = 200 if done else 422
    return answer(
        request, "meetings/respond.html.jinja", status=status, crumbs=[(_("Undangan rapat"), "")], form=form, done=done,
        meeting=found.meeting, participant=found,
        when=listing.span_words(found.meeting.starts_at, found.meeting.ends_at),
        reply=Reply(found.reply).label, answering=found.meeting.state in ANSWERING,
    )  # fmt: skip


def _keep(token: str, form: forms.ReplyForm) -> bool:
    """Keep the answer; what is wrong with it stands on the form."""
    if not form.is_valid():
        return False
    said = {name: form.cleaned_data[name] for name in Answer.__slots__}
    try:
        services.reply_by_link(token=token, answer=Answer(**said), at=timezone.now())
    except DekonError as problem:
        form.refuse(problem)
        return False
    return True


def _said(request: HttpRequest, words: str, status: int) -> HttpResponseBase:
    return answer(request, "meetings/respond.html.jinja", status=status, crumbs=[], meeting=None, words=words)
