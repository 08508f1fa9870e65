"""The commitments of the years, and one version with everybody who signs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dekon.coordination.choices import CommitmentState
from dekon.coordination.selectors import commitments as selectors
from dekon.org.choices import Action
from dekon.web.access import Offer, access, offer, person
from dekon.web.commitments import listing
from dekon.web.filters import year_of
from dekon.web.pages import Crumb, answer
from dekon.web.trail.listing import timeline

if TYPE_CHECKING:
    from dekon.coordination.models import Commitment


def crumbs(*more: Crumb) -> list[Crumb]:
    """The way to a page of commitments."""
    return [(_("Beranda"), reverse("start")), (_("Komitmen"), reverse("commitments")), *more]


def title_of(found: Commitment) -> str:
    """What a version is called among others."""
    words = {"year": found.fiscal_year, "version": found.edition}
    if found.satker:
        return _("Perjanjian kinerja %(code)s tahun %(year)s, versi %(version)s") % {"code": found.satker.code, **words}
    return _("Komitmen bersama %(year)s, versi %(version)s") % words


@access(Action.VIEW_PLACE)
@require_GET
def commitments(request: HttpRequest) -> HttpResponseBase:
    year, at = year_of(request), timezone.now()
    found = [(one, selectors.signing_of(one, at=at)) for one in selectors.commitments()]
    return answer(
        request, "commitments/commitments.html.jinja", crumbs=crumbs()[:2], year=year,
        found=[(one, title_of(one), signing, listing.badge_of(one, signing)) for one, signing in found],
        editing=offer(request, Action.EDIT_COMMITMENT), asked_year=year,
    )  # fmt: skip


@access(Action.VIEW_PLACE)
@require_GET
def of_year(request: HttpRequest, year: int) -> HttpResponseBase:
    found = selectors.newest(year)
    if found is None:
        return answer(
            request, "commitments/none.html.jinja", crumbs=crumbs((str(year), "")), asked_year=year,
            editing=offer(request, Action.EDIT_COMMITMENT),
        )  # fmt: skip
    return _shown(request, found)


@access(Action.VIEW_PLACE)
@require_GET
def version(request: HttpRequest, number: int) -> HttpResponseBase:
    return _shown(request, selectors.commitment(number))


def _shown(request: HttpRequest, found: Commitment) -> HttpResponseBase:
    wording, signing = selectors.wording_of(found), selectors.signing_of(found, at=timezone.now())
    own = selectors.seat_for(signing, person(request)) if signing else None
    return answer(
        request, "commitments/commitment.html.jinja", crumbs=crumbs((title_of(found), "")), year=found.fiscal_year,
        commitment=found, name=title_of(found), wording=wording, signing=signing, own=own,
        status_badge=listing.badge_of(found, signing),
        sign_href=reverse("signing-place", args=[own.place.pk]) if own else "",
        statements=[(one, listing.facts_of(request, one, found.fiscal_year)) for one in wording.statements.all()],
        tabled=[listing.seats_table(request, found, signing)] if signing else [],
        steps=listing.told(selectors.steps_of(found)), trail=timeline(request, "commitment", found.pk),
        versions=[one for one in selectors.commitments(year=found.fiscal_year).filter(satker=found.satker)
                  if one.pk != found.pk],
        offers=offers_of(request, found), signing_offer=_signing(request, found, own),
    )  # fmt: skip


def offers_of(request: HttpRequest, found: Commitment) -> dict[str, Offer | None]:
    """What the reader may do to a version."""
    matter = selectors.matter_of_commitment(found)
    drafting = found.state == CommitmentState.DRAFT
    ended = found.state in {CommitmentState.WITHDRAWN, CommitmentState.COMPLETE}
    again = found.state == CommitmentState.WITHDRAWN or selectors.is_revoked(found)
    return {
        "edit": offer(request, Action.EDIT_COMMITMENT) if drafting else None,
        "approve": offer(request, Action.APPROVE_COMMITMENT, matter) if drafting else None,
        "withdraw": None if ended else offer(request, Action.WITHDRAW_COMMITMENT, matter),
        "again": offer(request, Action.EDIT_COMMITMENT) if again else None,
    }


def _signing(request: HttpRequest, found: Commitment, own: selectors.Seat | None) -> Offer | None:
    """Whether the reader may sign now; with the reason where an own place cannot be signed."""
    if own is None or found.state not in {CommitmentState.PREPARED, CommitmentState.SIGNING}:
        return None
    if own.is_done:
        return Offer(allowed=False, reason=_("Tempat Anda sudah ditandatangani."))
    return offer(request, Action(own.place.action), selectors.matter_of_place(own.place))
