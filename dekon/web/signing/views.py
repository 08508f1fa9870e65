"""What waits for one's signature, and the page of one place: what is signed, who has signed, and signing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from dekon.documents import selectors, services
from dekon.documents.choices import LeasePurpose, Method
from dekon.documents.services import Secret, SigningWish
from dekon.errors import Conflict, DekonError, NotAllowed, NotFound
from dekon.org.choices import Action
from dekon.web import formats
from dekon.web.access import access, offer, person, require
from dekon.web.account.proof import fresh, prove_first
from dekon.web.forms import STATUS
from dekon.web.pages import Crumb, answer
from dekon.web.signing.forms import ReturnForm, SignForm

if TYPE_CHECKING:
    from dekon.documents.models import SignaturePlace

METHODS = ["GET", "HEAD", "POST"]


def crumbs(*more: Crumb) -> list[Crumb]:
    """Where a page of signing stands."""
    return [(_("Beranda"), reverse("start")), (_("Menunggu tanda tangan saya"), reverse("signing")), *more]


@access(Action.OWN_ACCOUNT)
@never_cache
@require_GET
def waiting(request: HttpRequest) -> HttpResponseBase:
    """What waits for one's signature."""
    user, now = person(request), timezone.now()
    return answer(
        request, "signing/waiting.html.jinja", crumbs=crumbs(), waiting=selectors.waiting_for(user),
        ended=selectors.offices_ended(user, at=now),
    )  # fmt: skip


@access(Action.OWN_ACCOUNT)
@never_cache
@sensitive_post_parameters("passphrase")
@require_http_methods(METHODS)
def place(request: HttpRequest, number: int) -> HttpResponseBase:
    """One place for a signature: exactly what is signed, how far it is, and signing it."""
    found = place_of(request, number)
    form = SignForm(selectors.ways_of(person(request), at=timezone.now()), request.POST or None)
    status = 200
    if request.method == "POST":
        if not fresh(request):
            return prove_first(request)
        status = _signed(request, found, form) if form.is_valid() else 422
    if status == REDIRECTED:
        return redirect("signing-place", number)
    return page(request, found, form, status=status)


REDIRECTED = 302


def _signed(request: HttpRequest, found: SignaturePlace, form: SignForm) -> int:
    """Sign; refusals stand on the form. Sent twice, the second finds the first one's signature. Returns the status."""
    said = form.cleaned_data
    wish = SigningWish(
        found.pk, Method(said["method"]), Secret(said["passphrase"]), wait_for_clock=said["clock"] == "wait"
    )
    try:
        made = services.sign(actor=person(request), wish=wish, at=timezone.now())
    except NotAllowed:
        raise
    except DekonError as problem:
        if signed_by_oneself(request, problem, found):
            return REDIRECTED
        form.refuse(problem)
        return STATUS.get(problem.kind, 422)
    messages.success(request, _("%(number)s sudah Anda tanda tangani.") % {"number": found.document.number})
    if not made.trusted_time:
        messages.warning(request, _("Penanda waktu tidak menjawab: belum ada waktu tepercaya; cap waktu menyusul."))
    return REDIRECTED


def signed_by_oneself(request: HttpRequest, problem: DekonError, found: SignaturePlace) -> bool:
    """Whether a signature is refused only because the same person has just given it, as by a double click."""
    if not isinstance(problem, Conflict) or problem.code != "place-signed-already":
        return False
    now = selectors.place(found.pk)
    standing = selectors.signature_in(now)
    return standing is not None and standing.signer_id == person(request).pk


def place_of(request: HttpRequest, number: int) -> SignaturePlace:
    """A place that the person may see.

    Raises:
        NotFound: there is none.
        NotAllowed: `signing-office-ended`: the person's office ended a short while ago, whatever stands at that number.
    """
    try:
        return selectors.place(number)
    except NotFound:
        ended = selectors.offices_ended(person(request), at=timezone.now())
        if not ended or ended[0].valid_to is None:
            raise
        office = f"{ended[0].get_role_display()} {ended[0].satker or ended[0].province or ''}".strip()
        raise NotAllowed("signing-office-ended", office=office, until=formats.day(ended[0].valid_to)) from None


def page(
    request: HttpRequest,
    found: SignaturePlace,
    form: SignForm,
    returned: ReturnForm | None = None,
    *,
    status: int = 200,
) -> HttpResponseBase:
    """The page of a place, with whatever was refused beside its field."""
    user, now = person(request), timezone.now()
    progress = selectors.progress(found.document, at=now)
    own = next(one for one in progress.places if one.pk == found.pk)
    lease = progress.lease
    mine = bool(lease and lease.holder_id == user.pk and lease.purpose == LeasePurpose.OUTSIDE)
    return answer(
        request, "signing/place.html.jinja", crumbs=crumbs((found.document.number, "")), status=status, form=form,
        place=own, document=found.document, progress=progress, signature=selectors.signature_in(own), lease=lease,
        mine=mine, ways=selectors.ways_of(user, at=now), fresh=fresh(request), returned=returned or ReturnForm(),
        signing=offer(request, Action(found.action), selectors.matter_of_place(found), awaited=True),
        acting_as=selectors.standing_in(user, found), paper=selectors.paper_in(own),
        recording=selectors.may_record(user, found),
    )  # fmt: skip


def may_record(request: HttpRequest, found: SignaturePlace) -> None:
    """Go on only for who signs in the place, or prepared the document and gathers the sheets.

    Raises:
        NotAllowed: with the reason.
    """
    if not selectors.may_record(person(request), found):
        require(request, Action(found.action), selectors.matter_of_place(found))


@access(Action.OWN_ACCOUNT)
@require_GET
def pdf(request: HttpRequest, number: int) -> HttpResponseBase:
    """The newest revision, exactly as the next signature covers it."""
    document = place_of(request, number).document
    selectors.readable(person(request), document)
    content = selectors.bytes_of(selectors.newest_revision(document))
    answered = HttpResponse(content, content_type="application/pdf")
    how = "attachment" if "unduh" in request.GET else "inline"
    answered["Content-Disposition"] = f'{how}; filename="{document.number.replace("/", "-")}.pdf"'
    add_never_cache_headers(answered)
    return answered
