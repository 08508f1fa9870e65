"""Signatures by hand: recording the scan, handing it out, withdrawing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dekon.documents import selectors, services
from dekon.documents.services import Scan
from dekon.errors import NotFound
from dekon.org.choices import Action
from dekon.web.access import access, person
from dekon.web.account.proof import proved
from dekon.web.attachments.views import LOCKED_AWAY
from dekon.web.forms import Desk, Plain, fill_in
from dekon.web.meanwhile import About
from dekon.web.signing.forms import PaperForm, WithdrawPaperForm
from dekon.web.signing.views import crumbs, may_record, place_of

if TYPE_CHECKING:
    from dekon.documents.models import SignaturePlace

METHODS = ["GET", "HEAD", "POST"]
type Act = Callable[[Any], str]


@access(Action.OWN_ACCOUNT)
@proved
@require_http_methods(METHODS)
def record(request: HttpRequest, number: int) -> HttpResponseBase:
    """Keep the scan of what was signed by hand."""
    found, user = place_of(request, number), person(request)
    may_record(request, found)

    def act(said: dict[str, Any]) -> str:
        brought = said["berkas"]
        scan = Scan(brought.file, brought.name, said["name"], said["signed_on"], said["standing"])
        services.accept_paper(actor=user, place=number, scan=scan, at=timezone.now())
        return reverse("signing-place", args=[number])

    name = "" if found.document.issued_by_id == user.pk else str(user)
    initial = {"signed_on": timezone.localdate(), "name": name, "standing": selectors.standing_in(user, found)}
    form = PaperForm(request.POST or None, request.FILES or None, initial=initial)
    words = (_("Catat tanda tangan basah"), _("Tanda tangan basah tercatat."))
    return _filled_in(request, found, form, act, words)


@access(Action.OWN_ACCOUNT)
@proved
@require_http_methods(METHODS)
def withdraw(request: HttpRequest, number: int) -> HttpResponseBase:
    """Say that a scan does not count."""
    found, user = place_of(request, number), person(request)
    may_record(request, found)
    if selectors.paper_in(found) is None:
        raise NotFound("paper-signature-missing", office=found.office)

    def act(said: dict[str, Any]) -> str:
        services.withdraw_paper(actor=user, place=number, reason=said["reason"], at=timezone.now())
        return reverse("signing-place", args=[number])

    form = WithdrawPaperForm(request.POST or None)
    words = (_("Tarik catatan tanda tangan basah"), _("Catatan ditarik; pindaiannya tetap tersimpan."))
    return _filled_in(request, found, form, act, words, danger=True)


def _filled_in(
    request: HttpRequest, found: SignaturePlace, form: Plain, act: Act, words: tuple[str, str], *, danger: bool = False
) -> HttpResponseBase:
    """The form; `words` are its title and what is said once it is done."""
    here, (title, done) = reverse("signing-place", args=[found.pk]), words
    desk = Desk(
        title=title, crumbs=crumbs((found.document.number, here), (title, "")), back=here, act=act, done=done,
        button=title, danger=danger, lede=found.office, about=About("document", found.document_id),
    )  # fmt: skip
    return fill_in(request, form, desk)


@access(Action.OWN_ACCOUNT)
@require_GET
def scan(request: HttpRequest, number: int) -> HttpResponseBase:
    """Hand the scan out, as a download in which nothing runs."""
    found = place_of(request, number)
    paper, path = services.scan_of(actor=person(request), place=number)
    end = {"application/pdf": "pdf", "image/png": "png"}.get(paper.media_type, "jpg")
    name = f"{found.document.number.replace('/', '-')}-basah-{found.seq}.{end}"
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=name, content_type=paper.media_type, headers=LOCKED_AWAY
    )
