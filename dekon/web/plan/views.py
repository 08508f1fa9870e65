"""Policies with their outcomes, themes, the DIPA of a satker, blocks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dekon.budget import selectors as budget
from dekon.budget.selectors import plan as things
from dekon.budget.selectors.on_day import blocks_on
from dekon.errors import NotFound
from dekon.ledger import selectors as ledger
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.rules.formulas.deadlines import rpd_lock_dates
from dekon.web.access import access, may, offer, require
from dekon.web.address import Address
from dekon.web.filters import asked, day_of, place_asked
from dekon.web.pages import Crumb, answer
from dekon.web.plan import listing
from dekon.web.trail.listing import timeline, timeline_of_place

if TYPE_CHECKING:
    from dekon.budget.models import Dipa, DipaRevision

TPT = "tpt"


def _crumbs(*more: Crumb) -> list[Crumb]:
    return [(_("Beranda"), reverse("start")), *more]


@access(Action.VIEW_PLACE)
@require_GET
def policies(request: HttpRequest) -> HttpResponseBase:
    chosen = asked(request)
    series = budget.outcomes(TPT)
    return answer(
        request,
        "plan/policies.html.jinja",
        year=chosen.recap.year,
        crumbs=_crumbs((_("Kebijakan"), "")),
        policies=budget.policies(chosen.recap.year),
        tabled=[listing.outcome_table(series, chosen.recap.year)],
        asked=chosen.recap,
        national=listing.national(series),
        trail=timeline(request, "fiscal-year", chosen.recap.year),
        basis=things.fiscal_year(chosen.recap.year),
        editing=offer(request, Action.EDIT_PLAN),
    )


@access(Action.VIEW_PLACE)
@require_GET
def themes(request: HttpRequest) -> HttpResponseBase:
    chosen, address = asked(request), Address.of(request)
    return answer(
        request,
        "plan/themes.html.jinja",
        year=chosen.recap.year,
        crumbs=_crumbs((_("Tema"), "")),
        asked=chosen.recap,
        cut=chosen.recap,
        tabled=[listing.theme_table(chosen, address)],
        themes=budget.listed_themes(),
        editing=offer(request, Action.EDIT_PLAN),
    )


@access(Action.VIEW_PLACE)
@require_GET
def blocks(request: HttpRequest) -> HttpResponseBase:
    chosen, address = asked(request), Address.of(request)
    place, day = place_asked(request), day_of(request, chosen.recap.year)
    known = budget.blocks(year=chosen.recap.year, province=place.province, unit=place.unit, satker=place.satker)
    found = blocks_on(known, day) if day else list(known)
    return answer(
        request,
        "plan/blocks.html.jinja",
        year=chosen.recap.year,
        crumbs=_crumbs((_("Blokir"), "")),
        tabled=[listing.block_table(found, address)],
        cut=place,
        adding=offer(request, Action.MANAGE_BLOCKS),
        blocked_rp=sum(one.amount_rp - one.released_rp for one in found),
    )


@access(Action.VIEW_PLACE)
@require_GET
def dipa(request: HttpRequest, code: str) -> HttpResponseBase:
    satker = org.satker_or_none(code)
    if satker is None:
        raise NotFound("page-not-found", thing=_("Satker"), code=code)
    require(request, Action.VIEW_PLACE, org.satker_place(satker))
    chosen, address = asked(request, satker=code), Address.of(request)
    year, as_of = chosen.recap.year, chosen.recap.as_of
    found, day = budget.dipa_of(year=year, satker=code), day_of(request, year)
    known = budget.blocks(year=year, satker=code)
    return answer(
        request,
        "plan/dipa.html.jinja",
        year=year,
        crumbs=_crumbs((code, drill_href(address, code)), (_("DIPA"), "")),
        satker=satker,
        trail=timeline_of_place(request, satker=code),
        dipa=found,
        asked=chosen.recap,
        cut=org.satker_place(satker),
        pagu_rp=ledger.sums_on(year=year, on=as_of, satker=code)["pagu_rp"],
        tabled=[
            listing.revision_table(
                revisions_of(found, day),
                may_edit=may(request, Action.EDIT_PLAN, org.satker_place(satker)),
            ),
            listing.rpd_table(budget.rpd_versions(year=year, satker=code, on=day)),
            listing.block_table(blocks_on(known, day) if day else known, address),
        ],
        locks=lock_days(year),
        editing=offer(request, Action.EDIT_PLAN, org.satker_place(satker)),
    )


def revisions_of(dipa: Dipa | None, day: date | None) -> list[DipaRevision]:
    """The versions of a DIPA that hold; those dated by a day, where one is said."""
    rows = dipa.revisions.all() if dipa else ()
    return [one for one in rows if one.withdrawn_at is None and (day is None or one.dated_on <= day)]


def drill_href(address: Address, code: str) -> str:
    """The figures of the satker."""
    return address.elsewhere(reverse("drill"), satker=code)


def lock_days(year: int) -> list[tuple[int, date]]:
    """Quarter and the day on which its plan is locked."""
    return sorted(rpd_lock_dates(year, org.working_calendar()).items())
