"""The files of a thing, handing one out in a way that no browser runs, and withdrawing one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from dekon.documents import selectors, services
from dekon.documents.choices import AttachmentKind
from dekon.documents.services import Handed
from dekon.errors import Unfit
from dekon.lib.uploads import EVIDENCE
from dekon.org.choices import Action
from dekon.org.selectors import satker_place
from dekon.web.access import Offer, access, offer, person, require
from dekon.web.attachments.things import Thing, thing, thing_of
from dekon.web.forms import Desk, Plain, fill_in, reason_field
from dekon.web.pages import Crumb, answer

if TYPE_CHECKING:
    from dekon.documents.models import Attachment

MEGABYTE = 1024 * 1024
LOCKED_AWAY = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}
"""A file of somebody else's: kept as a download, and should a browser show it after all, nothing in it runs."""


class AttachmentForm(Plain):
    """A file with what it is."""

    kind = forms.ChoiceField(label=gettext_lazy("Jenis"), choices=AttachmentKind.choices)
    note = forms.CharField(label=gettext_lazy("Keterangan"), max_length=255, required=False)
    berkas = forms.FileField(
        label=gettext_lazy("Berkas"),
        help_text=gettext_lazy("PDF, PNG, JPEG, WEBP, XLSX, DOCX, CSV, atau ZIP; paling besar 25 MB."),
    )


class WithdrawalForm(Plain):
    """Why a file no longer counts."""

    reason = reason_field(gettext_lazy("Berdiri di samping berkas dan tercatat dalam riwayat."))


@access(Action.VIEW_PLACE)
@require_http_methods(["GET", "HEAD", "POST"])
def attachments(request: HttpRequest, word: str, number: int) -> HttpResponseBase:
    """The list of a thing's files, and a form for whoever may add one."""
    found = thing(word, number)
    place = satker_place(found.target.satker)
    require(request, Action.VIEW_PLACE, place)
    form = AttachmentForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        require(request, found.target.action, place)
        if form.is_valid() and _attached(request, form, found.target):
            return redirect("attachments", word, number)
    files = selectors.attachments_of(found.target.subject_type, number)
    return answer(
        request, "attachments/attachments.html.jinja", status=422 if form.errors else 200, form=form, thing=found,
        crumbs=_crumbs(found)[:3], files=[(one, _withdrawing(request, found, one)) for one in files],
        attaching=offer(request, found.target.action, place, awaited=True), limit_mb=EVIDENCE.max_bytes // MEGABYTE,
    )  # fmt: skip


def _crumbs(found: Thing) -> list[Crumb]:
    """The way to the files of a thing and on."""
    return [
        (_("Beranda"), reverse("start")), (found.target.subject_name, found.href), (_("Lampiran"), found.files),
    ]  # fmt: skip


def _withdrawing(request: HttpRequest, found: Thing, one: Attachment) -> Offer | None:
    """Whether the person may withdraw a file, as attach to its thing; nothing is offered of one that is withdrawn."""
    if one.withdrawn_at:
        return None
    attaching = offer(request, found.target.action, satker_place(found.target.satker))
    if attaching is None or not attaching.allowed:
        return attaching
    return offer(request, Action.WITHDRAW_ATTACHMENT, selectors.matter_of_attachment(one))


def _attached(request: HttpRequest, form: AttachmentForm, target: services.Target) -> bool:
    """Keep the file; what is wrong with it stands beside its field."""
    said = form.cleaned_data
    handed = Handed(said["berkas"].file, said["berkas"].name, AttachmentKind(said["kind"]), said["note"])
    try:
        made = services.attach(actor=person(request), to=target, handed=handed)
    except Unfit as problem:
        form.refuse(problem)
        return False
    messages.success(request, _("%(name)s tersimpan.") % {"name": made.name})
    return True


@access(Action.VIEW_PLACE)
@require_GET
def attachment(request: HttpRequest, number: int) -> HttpResponseBase:
    """Hand a file out; the reading is logged first."""
    found, path = services.read_attachment(actor=person(request), number=number)
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=found.name, content_type=found.media_type, headers=LOCKED_AWAY
    )


@access(Action.WITHDRAW_ATTACHMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, number: int) -> HttpResponseBase:
    """Say of a file that it no longer counts, and why."""
    one = selectors.attachment(number)
    found = thing_of(one)
    require(request, found.target.action, satker_place(one.satker))
    require(request, Action.WITHDRAW_ATTACHMENT, selectors.matter_of_attachment(one))

    def act(said: dict[str, Any]) -> str:
        services.withdraw_attachment(
            actor=person(request), number=number, to=found.target, reason=said["reason"], at=timezone.now()
        )
        return found.files

    title = _("Tarik lampiran")
    desk = Desk(
        title=title, crumbs=[*_crumbs(found), (title, "")], back=found.files, act=act,
        done=_("Lampiran ditarik; berkasnya tetap tersimpan."), button=title, danger=True,
        question=_("Tarik lampiran ini? Berkas tetap tersimpan dan tampil dicoret."),
        lede=f"{found.target.subject_name}: {one.name}",
    )  # fmt: skip
    return fill_in(request, WithdrawalForm(request.POST or None), desk)
