"""Cases where two sources differ, payments that wait for room, and advances."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dekon.budget import selectors as budget
from dekon.budget import services
from dekon.budget.choices import CASE_TRANSITIONS, CaseStatus
from dekon.errors import RuleBroken
from dekon.ledger import selectors as ledger
from dekon.org.choices import Action
from dekon.org.selectors import satker_place
from dekon.web.access import access, may, person, require
from dekon.web.address import Address
from dekon.web.filters import asked, place_asked
from dekon.web.pages import Crumb, answer
from dekon.web.reconciliation import listing
from dekon.web.trail.listing import timeline

REASON_LENGTH = 5
STATES = ("terbuka", "selesai", "semua")


def _crumbs(*more: Crumb) -> list[Crumb]:
    return [(_("Beranda"), reverse("start")), (_("Rekonsiliasi"), reverse("cases")), *more]


@access(Action.VIEW_PLACE)
@require_GET
def cases(request: HttpRequest) -> HttpResponseBase:
    chosen, address = asked(request), Address.of(request)
    place = place_asked(request)
    found = list(budget.cases(year=chosen.recap.year, province=place.province, unit=place.unit, satker=place.satker))
    state = address.params.get("status", "terbuka")
    shown = [case for case in found if state == "semua" or (case.status == CaseStatus.RESOLVED) == (state == "selesai")]
    return answer(
        request,
        "reconciliation/cases.html.jinja",
        year=chosen.recap.year,
        crumbs=[*_crumbs()[:1], (_("Rekonsiliasi"), "")],
        tabled=[listing.case_table(shown, address)],
        cut=place,
        state=state,
        counts={
            "terbuka": sum(case.status != CaseStatus.RESOLVED for case in found),
            "selesai": sum(case.status == CaseStatus.RESOLVED for case in found),
            "semua": len(found),
        },
        open_rp=sum(abs(case.stated_rp - case.booked_rp) for case in found if case.status != CaseStatus.RESOLVED),
    )


@access(Action.VIEW_PLACE)
@require_GET
def case(request: HttpRequest, number: int) -> HttpResponseBase:
    found = budget.case(number)
    place = satker_place(found.satker)
    require(request, Action.VIEW_PLACE, place)
    steps = [CaseStatus(found.status), *CASE_TRANSITIONS[CaseStatus(found.status)]]
    return answer(
        request,
        "reconciliation/case.html.jinja",
        year=found.fiscal_year,
        crumbs=_crumbs((listing.case_number(found), "")),
        case=found,
        number=listing.case_number(found),
        tone=listing.TONES[found.status],
        steps=sorted(steps, key=list(CaseStatus).index),
        may_answer=may(request, Action.ANSWER_CASE, place),
        pos_href=listing.pos_href(found, Address.of(request)),
        satker_name=found.satker.name,
        trail=timeline(request, "case", number),
    )


@access(Action.ANSWER_CASE)
@require_POST
def answer_one(request: HttpRequest, number: int) -> HttpResponseBase:
    text, status = request.POST.get("jawaban", "").strip(), request.POST.get("status", "")
    if len(text) < REASON_LENGTH:
        raise RuleBroken("page-reason-missing", length=REASON_LENGTH)
    if status not in CaseStatus.values:
        raise RuleBroken("page-filter-wrong", value=status[:40])
    services.answer_case(actor=person(request), case_id=number, text=text[:4000], status=status, now=timezone.now())
    return redirect("case", number)


@access(Action.VIEW_PLACE)
@require_GET
def parked(request: HttpRequest) -> HttpResponseBase:
    chosen, address = asked(request), Address.of(request)
    place = place_asked(request)
    waiting = list(
        ledger.listed_parked(year=chosen.recap.year, province=place.province, unit=place.unit, satker=place.satker)
    )
    return answer(
        request,
        "reconciliation/parked.html.jinja",
        year=chosen.recap.year,
        crumbs=_crumbs((_("Diparkir"), "")),
        tabled=[listing.parked_table(waiting, address)],
        cut=place,
        parked_rp=sum(one.amount_rp for one in waiting),
    )


@access(Action.VIEW_PLACE)
@require_GET
def advances(request: HttpRequest) -> HttpResponseBase:
    chosen = asked(request)
    place = place_asked(request)
    balances = budget.advance_balances(
        year=chosen.recap.year, province=place.province, unit=place.unit, satker=place.satker
    )
    return answer(
        request,
        "reconciliation/advances.html.jinja",
        year=chosen.recap.year,
        crumbs=_crumbs((_("Uang persediaan"), "")),
        tabled=[listing.advance_table(balances)],
        cut=place,
        asked=chosen.recap,
        total_rp=sum(one.balance_rp for one in balances),
    )
