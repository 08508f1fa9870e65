"""The register of documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dekon.documents import selectors, services
from dekon.documents.choices import DocumentKind, Openness, RegisterState
from dekon.documents.selectors import Sought
from dekon.documents.services import Described
from dekon.errors import RuleBroken
from dekon.org.choices import Action
from dekon.web.access import Offer, access, offer, person, require
from dekon.web.forms import Desk, fill_in
from dekon.web.meanwhile import About
from dekon.web.pages import Crumb, answer
from dekon.web.register.forms import DescribeForm, RevokeForm
from dekon.web.register.listing import TONES, register_table
from dekon.web.trail.listing import timeline

if TYPE_CHECKING:
    from dekon.documents.models import Document

METHODS = ["GET", "HEAD", "POST"]
LISTS = (("jenis", "kind", DocumentKind), ("status", "state", RegisterState), ("sifat", "openness", Openness))
"""Name in the address, field of what is sought, and what can be chosen."""


def _crumbs(*more: Crumb) -> list[Crumb]:
    return [(_("Beranda"), reverse("start")), (_("Register naskah"), reverse("documents")), *more]


@access(Action.OWN_ACCOUNT)
@require_GET
def register(request: HttpRequest) -> HttpResponseBase:
    """The documents that the person may see, as the address asks for them."""
    sought = _sought(request)
    return answer(
        request, "register/register.html.jinja", crumbs=_crumbs()[:2], tabled=[register_table(sought)], sought=sought,
        waiting=len(selectors.waiting_for(person(request))),
        lists=_lists(),
    )  # fmt: skip


def _lists() -> dict[str, list[tuple[str, str]]]:
    """What can be chosen, by name in the address."""
    found = {name: [(one.value, str(one.label)) for one in choices] for name, _field, choices in LISTS}
    return {"terbit": [(str(year), str(year)) for year in selectors.register_years()], **found}


def _sought(request: HttpRequest) -> Sought:
    """What the address asks for.

    Raises:
        RuleBroken: a value that can be chosen nowhere.
    """
    said: dict[str, str] = {}
    for name, field, choices in LISTS:
        said[field] = request.GET.get(name, "")
        if said[field] and said[field] not in choices.values:
            raise RuleBroken("page-filter-wrong", value=said[field][:40])
    year = request.GET.get("terbit", "")
    if year and not (year.isascii() and year.isdigit() and 2000 <= int(year[:5]) <= 2100):
        raise RuleBroken("page-year-wrong", value=year[:40])
    return Sought(**said, year=int(year) if year else None)


@access(Action.OWN_ACCOUNT)
@require_GET
def document(request: HttpRequest, number: int) -> HttpResponseBase:
    """One document: its numbers, what the register says, its revisions and signatures, whether it still holds."""
    found: Any = selectors.registered(number)  # with what the register annotates
    state = RegisterState(found.state)
    entries = selectors.descriptions(found)
    return answer(
        request, "register/document.html.jinja", crumbs=_crumbs((found.number, "")), document=found,
        state=state, tone=TONES[state], entry=entries[0] if entries else None,
        entries=entries, revisions=selectors.revisions_of(found), signatures=selectors.signatures_of(found),
        papers=selectors.papers_of(found), newest_sha256=found.newest_sha256 or found.sha256,
        successor=selectors.successor(found), own=selectors.own_place(person(request), found),
        describing=offer(request, Action.DESCRIBE_DOCUMENT),
        revoking=_revoking(request, found),
        trail=timeline(request, "document", number),
    )  # fmt: skip


def _revoking(request: HttpRequest, found: Document) -> Offer | None:
    """Whether the person may declare the document void; nothing is offered of one that is void."""
    if found.revoked_at is not None:
        return None
    return offer(request, Action.REVOKE_DOCUMENT, selectors.matter_of_document(found))


@access(Action.OWN_ACCOUNT)
@require_GET
def pdf(request: HttpRequest, number: int) -> HttpResponseBase:
    """The newest revision."""
    found = selectors.document(number)
    selectors.readable(person(request), found)
    revisions = selectors.revisions_of(found)
    content = selectors.bytes_of(revisions[-1]) if revisions else selectors.content(found)
    answered = HttpResponse(content, content_type="application/pdf")
    answered["Content-Disposition"] = f'inline; filename="{found.number.replace("/", "-")}.pdf"'
    add_never_cache_headers(answered)
    return answered


@access(Action.DESCRIBE_DOCUMENT)
@require_http_methods(METHODS)
def describe(request: HttpRequest, number: int) -> HttpResponseBase:
    """Say in the register what a document is."""
    found = selectors.document(number)
    entry = selectors.described(found)
    initial = {name: getattr(entry, name) for name in Described.__dataclass_fields__} if entry else {}

    def act(said: dict[str, Any]) -> str:
        described = Described(**{name: said[name] for name in Described.__dataclass_fields__})
        services.describe(
            actor=person(request), document_id=number, said=described, reason=said["reason"], at=timezone.now()
        )
        return reverse("document", args=[number])

    return fill_in(
        request, DescribeForm(request.POST or None, initial=initial),
        _desk(found, _("Catat keterangan naskah"), act, done=_("Keterangan tersimpan dalam register.")),
    )  # fmt: skip


@access(Action.REVOKE_DOCUMENT)
@require_http_methods(METHODS)
def revoke(request: HttpRequest, number: int) -> HttpResponseBase:
    """Declare a document void, before everybody has signed or after."""
    found = selectors.document(number)
    require(request, Action.REVOKE_DOCUMENT, selectors.matter_of_document(found))

    def act(said: dict[str, Any]) -> str:
        services.revoke(actor=person(request), document_id=number, reason=said["reason"], at=timezone.now())
        return reverse("document", args=[number])

    desk = _desk(
        found, _("Cabut naskah"), act, done=_("Naskah dicabut. Siapa pun yang memeriksa salinannya membaca alasannya."),
        question=_("Cabut naskah ini? Tidak dapat dipulihkan."), danger=True,
    )  # fmt: skip
    return fill_in(request, RevokeForm(request.POST or None), desk)


def _desk(found: Document, title: str, act: Any, **more: Any) -> Desk:  # noqa: ANN401  as `Desk` takes it
    here = reverse("document", args=[found.pk])
    return Desk(
        title=title, crumbs=_crumbs((found.number, here), (title, "")), back=here, act=act, button=title,
        lede=f"{found.number}: {found.title}", about=About("document", found.pk), **more,
    )  # fmt: skip
