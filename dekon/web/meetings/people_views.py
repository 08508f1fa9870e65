"""Who is invited: the list, adding to it, and what is answered."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from dekon.coordination import selectors, services
from dekon.coordination.choices import Category, MeetingState, Reply
from dekon.coordination.services import Answer, Invitee
from dekon.errors import Conflict, RuleBroken
from dekon.org.choices import Action
from dekon.web.access import access, may, person, require
from dekon.web.filters import Choice
from dekon.web.formats import reader_language
from dekon.web.forms import Desk, fill_in
from dekon.web.meetings import forms, people
from dekon.web.meetings.edit_views import METHODS, prepared
from dekon.web.meetings.views import of_meeting
from dekon.web.pages import answer
from dekon.web.trail.listing import timeline

if TYPE_CHECKING:
    from dekon.coordination.models import Participant

LIST_SALT = "dekon.web.meetings.list"
LIST_SECONDS = 3600
PDF = "application/pdf"


def list_of(number: int) -> str:
    """The page of who is invited."""
    return reverse("participants", args=[number])


@access(Action.VIEW_PLACE)
@require_GET
def participants(request: HttpRequest, number: int) -> HttpResponseBase:
    found = selectors.meeting(number)
    whole = may(request, Action.MANAGE_MEETING, selectors.matter_of_meeting(found).place)
    category, reply = request.GET.get("kategori", ""), request.GET.get("jawaban", "")
    rows = selectors.participants(
        number, category=category if category in Category.values else "", reply=reply if reply in Reply.values else ""
    )
    table = people.participants_table(rows, whole=whole, over=found.state == MeetingState.FINISHED)
    return answer(
        request, "meetings/participants.html.jinja", crumbs=of_meeting(found, (_("Peserta"), "")), meeting=found,
        tabled=[table], category=category, reply=reply, count=len(table.lines), whole=whole,
        categories=[Choice(one.value, str(one.label)) for one in Category],
        replies=[Choice(one.value, str(one.label)) for one in Reply],
        managing=may(request, Action.MANAGE_MEETING, selectors.matter_of_meeting(found)),
    )  # fmt: skip


@access(Action.MANAGE_MEETING)
@require_http_methods(METHODS)
def add(request: HttpRequest, number: int) -> HttpResponseBase:
    found = prepared(request, number)
    form = forms.InviteeForm(request.POST or None)

    def act(_said: dict[str, Any]) -> str:
        if not services.invite_people(actor=person(request), meeting_id=number, people=[form.invitee()]):
            raise Conflict("invitee-known", name=form.invitee().name)
        return list_of(number)

    title = _("Tambah peserta")
    desk = Desk(
        title=title, crumbs=of_meeting(found, (_("Peserta"), list_of(number)), (title, "")), back=list_of(number),
        act=act, done=_("Peserta masuk dalam daftar."), button=_("Undang"), lede=found.title,
    )  # fmt: skip
    return fill_in(request, form, desk)


@access(Action.MANAGE_MEETING)
@require_http_methods(METHODS)
def draw(request: HttpRequest, number: int) -> HttpResponseBase:
    found = prepared(request, number)

    def act(said: dict[str, Any]) -> str:
        services.draw_heads(actor=person(request), meeting_id=number, categories=said["categories"])
        return list_of(number)

    title = _("Ambil dari daftar provinsi")
    desk = Desk(
        title=title, crumbs=of_meeting(found, (_("Peserta"), list_of(number)), (title, "")), back=list_of(number),
        act=act, done=_("Jabatan provinsi masuk dalam daftar; yang sudah ada tidak berubah."), button=_("Undang"),
        lede=_("Setiap provinsi yang ada pada hari rapat mendapat satu undangan untuk setiap jabatan yang dipilih."),
    )  # fmt: skip
    return fill_in(request, forms.DrawForm(request.POST or None), desk)


@access(Action.MANAGE_MEETING)
@require_http_methods(METHODS)
def bring(request: HttpRequest, number: int) -> HttpResponseBase:
    """A list as a file: looked at first, then applied as it was shown."""
    found = prepared(request, number)
    content: dict[str, Any] = {"findings": [], "people": [], "sealed": "", "problem": ""}
    brought, status = request.FILES.get("berkas"), 200
    if "isi" in request.POST:
        return _apply(request, number)
    if isinstance(brought, UploadedFile):
        try:
            content |= _looked_at(brought)
        except RuleBroken as problem:
            content["problem"] = problem.message(reader_language())
        status = 422 if content["problem"] or content["findings"] else 200
    return answer(
        request, "meetings/bring.html.jinja", status=status, meeting=found,
        crumbs=of_meeting(found, (_("Peserta"), list_of(number)), (_("Impor"), "")), **content,
    )  # fmt: skip


def _looked_at(brought: UploadedFile[Any]) -> dict[str, Any]:
    """What a file says, or what is wrong with it."""
    with NamedTemporaryFile(suffix=Path(brought.name or "").suffix[:6]) as kept:
        for piece in brought.chunks():
            kept.write(piece)
        kept.flush()
        read = services.read_people(Path(kept.name))
    if read.findings:
        return {"findings": [(one.cell, one.message(reader_language()), one.value) for one in read.findings]}
    said = [asdict(one) for one in read.people]
    names = [(one, str(Category(one.category).label)) for one in read.people]
    return {"people": names, "sealed": signing.dumps(said, salt=LIST_SALT, compress=True)}


def _apply(request: HttpRequest, number: int) -> HttpResponseBase:
    try:
        said = signing.loads(request.POST["isi"], salt=LIST_SALT, max_age=LIST_SECONDS)
    except signing.BadSignature as problem:
        raise RuleBroken("people-file-stale") from problem
    made = services.invite_people(actor=person(request), meeting_id=number, people=[Invitee(**one) for one in said])
    words = ngettext("%(num)s peserta baru masuk dalam daftar.", "%(num)s peserta baru masuk dalam daftar.", len(made))
    messages.success(request, words % {"num": len(made)})
    return redirect("participants", number)


def _own(request: HttpRequest, number: int) -> Participant:
    """A participant of a meeting that the person prepares."""
    found = selectors.participant(number)
    require(request, Action.MANAGE_MEETING, selectors.matter_of_meeting(found.meeting))
    return found


@access(Action.MANAGE_MEETING)
@require_http_methods(METHODS)
def participant(request: HttpRequest, number: int) -> HttpResponseBase:
    """What somebody answered by letter or telephone."""
    found = _own(request, number)
    names = ("reply", "deputy_name", "deputy_nip", "deputy_position")
    initial = {**{name: getattr(found, name) for name in names}, "note": found.reply_note}
    form = forms.ReplyForm(request.POST or None, initial=initial)

    def act(said: dict[str, Any]) -> str:
        answered = Answer(**{name: said[name] for name in Answer.__slots__})
        services.record_reply(actor=person(request), participant_id=number, answer=answered, at=timezone.now())
        return list_of(found.meeting_id)

    crumbs = of_meeting(found.meeting, (_("Peserta"), list_of(found.meeting_id)), (found.name, ""))
    desk = Desk(
        title=_("Jawaban %(name)s") % {"name": found.name}, crumbs=crumbs, back=list_of(found.meeting_id), act=act,
        done=_("Jawaban tercatat."), button=_("Catat jawaban"), lede=f"{found.position}, {found.office}",
        template="meetings/participant.html.jinja",
    )  # fmt: skip
    return fill_in(request, form, desk, participant=found, history=timeline(request, "meeting", found.meeting_id))


@access(Action.MANAGE_MEETING)
@require_http_methods(METHODS)
def withdraw(request: HttpRequest, number: int) -> HttpResponseBase:
    found = _own(request, number)

    def act(said: dict[str, Any]) -> str:
        services.withdraw_invitation(
            actor=person(request), participant_id=number, reason=said["reason"], at=timezone.now()
        )
        return list_of(found.meeting_id)

    title = _("Tarik undangan")
    crumbs = of_meeting(found.meeting, (_("Peserta"), list_of(found.meeting_id)), (title, ""))
    desk = Desk(
        title=title, crumbs=crumbs, back=list_of(found.meeting_id), act=act, done=_("Undangan ditarik."), button=title,
        danger=True, lede=f"{found.name}, {found.position}",
    )  # fmt: skip
    return fill_in(request, forms.ReasonForm(request.POST or None), desk)


@access(Action.MANAGE_MEETING)
@require_GET
def badges(request: HttpRequest, number: int) -> HttpResponseBase:
    made = services.print_badges(actor=person(request), meeting_id=number, at=timezone.now())
    return _pdf(made, f"tanda-pengenal-{number}")


@access(Action.VIEW_PLACE)
@require_GET
def attendance_list(request: HttpRequest, number: int) -> HttpResponseBase:
    text = request.GET.get("sesi", "")
    session = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    made = services.print_attendance(
        actor=person(request), meeting_id=number, at=timezone.now(), session_id=session
    )  # fmt: skip
    return _pdf(made, f"daftar-hadir-{number}")


def _pdf(made: bytes, name: str) -> HttpResponseBase:
    return HttpResponse(made, content_type=PDF, headers={"Content-Disposition": f'attachment; filename="{name}.pdf"'})
