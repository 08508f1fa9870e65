"""The minutes: written by several at once, compared where two texts clash, approved, and made into a report."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dekon.coordination import selectors, services
from dekon.coordination.choices import MeetingState, TextKind
from dekon.coordination.selectors import Paragraph
from dekon.coordination.services import Saved
from dekon.documents import selectors as documents
from dekon.errors import Conflict, DekonError, NotAllowed, NotFound
from dekon.lib.merging import differences
from dekon.org.choices import Action
from dekon.web.access import access, offer, person, require
from dekon.web.attachments.views import LOCKED_AWAY
from dekon.web.formats import reader_language
from dekon.web.forms import Desk, fill_in
from dekon.web.meetings.views import of_meeting
from dekon.web.pages import answer
from dekon.web.results import forms

METHODS = ["GET", "HEAD", "POST"]
BLOCK_PAGE = "results/block.html.jinja"


@access(Action.VIEW_PLACE)
@require_GET
def minutes(request: HttpRequest, number: int) -> HttpResponseBase:
    meeting, closing = selectors.meeting(number), selectors.closing_of(number)
    matter, found = selectors.matter_of_meeting(meeting), selectors.paragraphs(number)
    writing = None if closing else offer(request, Action.WRITE_MINUTES, matter)
    return answer(
        request, "results/minutes.html.jinja", crumbs=of_meeting(meeting, (_("Notula"), "")), meeting=meeting,
        paragraphs=found, closing=closing, writing=writing, clashes=sum(len(one.aside) for one in found),
        approving=offer(request, Action.CLOSE_MINUTES, matter) if meeting.state == MeetingState.FINISHED and not closing
        else None,
    )  # fmt: skip


@access(Action.WRITE_MINUTES)
@require_http_methods(METHODS)
def add_block(request: HttpRequest, number: int) -> HttpResponseBase:
    meeting, back = selectors.meeting(number), reverse("minutes", args=[number])
    require(request, Action.WRITE_MINUTES, selectors.matter_of_meeting(meeting))
    form = forms.BlockForm(request.POST or None, sessions=[(one.pk, one.title) for one in meeting.sessions.all()])

    def act(said: dict[str, Any]) -> str:
        made = services.add_block(
            actor=person(request), meeting_id=number, heading=said["heading"], session_id=said["session"]
        )
        return f"{back}#paragraf-{made.pk}"

    title = _("Tambah paragraf")
    desk = Desk(
        title=title, crumbs=of_meeting(meeting, (_("Notula"), back), (title, "")), back=back, act=act, button=title,
        done=_("Paragraf ditambah."), lede=meeting.title,
    )  # fmt: skip
    return fill_in(request, form, desk)


@access(Action.WRITE_MINUTES)
@require_POST
def save(request: HttpRequest, number: int) -> HttpResponseBase:
    """Keep a text; asked by a script it answers in JSON, else it leads back, or to the comparison where texts clash."""
    text, scripted = request.POST.get("naskah", ""), "application/json" in request.headers.get("Accept", "")
    try:
        saved = services.save_text(
            actor=person(request), block_id=number, base=_base(request), text=text, at=timezone.now(),
            settles=[int(one) for one in request.POST.getlist("pilih") if one.isascii() and one.isdigit()],
        )  # fmt: skip
    except (NotAllowed, NotFound):
        raise
    except DekonError as problem:
        words = problem.message(reader_language())
        return JsonResponse({"said": words}, status=409) if scripted else _block(request, number, text, words)
    if scripted:
        return JsonResponse(_told(number, saved))
    page = reverse("minutes", args=[saved.block.meeting_id])
    clash = saved.kind is TextKind.ASIDE
    return redirect(reverse("minutes-block", args=[number]) if clash else f"{page}#paragraf-{number}")


def _base(request: HttpRequest) -> int:
    text = request.POST.get("dasar", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Conflict("minutes-base-unknown", number=text[:20])
    return int(text)


def _told(number: int, saved: Saved) -> dict[str, object]:
    """What the script learns: the text that counts, its number, and that of the very text it sent."""
    found = selectors.paragraph(number)
    own = found.block.version - (saved.kind is TextKind.MERGED)
    return {
        "kind": saved.kind.value if saved.kind else "", "base": found.block.version, "own": own, "text": found.text,
        "said": saved_words(saved.kind), "compare": reverse("minutes-block", args=[number]),
    }  # fmt: skip


def saved_words(kind: TextKind | None) -> str:
    """What is said after a text was sent."""
    if kind is TextKind.MERGED:
        return _("Tersimpan; digabung dengan perubahan penulis lain.")
    if kind is TextKind.ASIDE:
        return _("Naskah Anda disimpan terpisah karena penulis lain mengubah kata yang sama.")
    return _("Tersimpan.")


@access(Action.VIEW_PLACE)
@require_GET
def block(request: HttpRequest, number: int) -> HttpResponseBase:
    return _block(request, number)


def _block(request: HttpRequest, number: int, mine: str | None = None, problem: str = "") -> HttpResponseBase:
    """A paragraph with every text there was; texts that clash stand side by side."""
    found = selectors.paragraph(number)
    meeting, closing = found.block.meeting, selectors.closing_of(found.block.meeting_id)
    page = reverse("minutes", args=[meeting.pk])
    return answer(
        request, BLOCK_PAGE, crumbs=of_meeting(meeting, (_("Notula"), page), (found.block.heading, "")), found=found,
        texts=selectors.texts(number), compared=_compared(found), problem=problem, closing=closing,
        text=found.text if mine is None else mine, status=409 if problem else 200,
        writing=None if closing else offer(request, Action.WRITE_MINUTES, selectors.matter_of_meeting(meeting)),
    )  # fmt: skip


def _compared(found: Paragraph) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Each text that stands aside, with its differences from what counts."""
    return [(one, differences(found.text, one.text)) for one in found.aside]


@access(Action.CLOSE_MINUTES)
@require_http_methods(METHODS)
def close(request: HttpRequest, number: int) -> HttpResponseBase:
    meeting, back = selectors.meeting(number), reverse("minutes", args=[number])
    require(request, Action.CLOSE_MINUTES, selectors.matter_of_meeting(meeting))

    def act(_said: dict[str, Any]) -> str:
        services.close_minutes(actor=person(request), meeting_id=number, at=timezone.now())
        return back

    title = _("Sahkan notula")
    desk = Desk(
        title=title, crumbs=of_meeting(meeting, (_("Notula"), back), (title, "")), back=back, act=act, button=title,
        done=_("Notula disahkan."),
        lede=_("Sesudah disahkan notula tidak berubah lagi dan dapat dibaca semua peserta."),
    )  # fmt: skip
    return fill_in(request, forms.SureForm(request.POST or None), desk)


@access(Action.CLOSE_MINUTES)
@require_http_methods(METHODS)
def issue_report(request: HttpRequest, number: int) -> HttpResponseBase:
    meeting, back = selectors.meeting(number), reverse("meeting", args=[number])
    require(request, Action.CLOSE_MINUTES, selectors.matter_of_meeting(meeting))

    def act(_said: dict[str, Any]) -> str:
        services.issue_report(actor=person(request), meeting_id=number, at=timezone.now())
        return back

    title = _("Terbitkan laporan rapat")
    desk = Desk(
        title=title, crumbs=of_meeting(meeting, (title, "")), back=back, act=act, button=title,
        done=_("Laporan rapat diterbitkan."),
        lede=_("Laporan memuat kehadiran, notula, keputusan, persoalan daerah, dan foto, dengan nomor register."),
    )  # fmt: skip
    return fill_in(request, forms.SureForm(request.POST or None), desk)


@access(Action.VIEW_PLACE)
@require_GET
def report(request: HttpRequest, number: int) -> HttpResponseBase:
    found = selectors.report(number)
    name = f"{found.document.number.replace('/', '-')}.pdf"
    headers = {**LOCKED_AWAY, "Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(documents.content(found.document), content_type="application/pdf", headers=headers)
