"""Cases where two sources differ, payments that wait for room, and advances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dekon.budget import selectors as budget
from dekon.budget import services
from dekon.budget.choices import CASE_TRANSITIONS, CaseStatus
from dekon.budget.selectors.matters import matter_of_case
from dekon.errors import RuleBroken
from dekon.ledger import selectors as ledger
from dekon.org.choices import Action
from dekon.org.selectors import satker_place
from dekon.web.access import Offer, access, may, offer, person, require
from dekon.web.address import Address
from dekon.web.filters import asked, day_of, place_asked, require_begun
from dekon.web.forms import Desk, fill_in
from dekon.web.meanwhile import About
from dekon.web.pages import Crumb, answer
from dekon.web.reconciliation import listing
from dekon.web.reconciliation.forms import AnswerForm
from dekon.web.trail.listing import timeline

if TYPE_CHECKING:
    from dekon.budget.models import ReconciliationCase

CASE_PAGE = "reconciliation/case.html.jinja"
REASON_LENGTH = 5
STATES = ("terbuka", "selesai", "semua")


def _crumbs(*more: Crumb) -> list[Crumb]:
    return [(_("Beranda"), reverse("start")), (_("Rekonsiliasi"), reverse("cases")), *more]


@access(Action.VIEW_PLACE)
@require_GET
def cases(request: HttpRequest) -> HttpResponseBase:
    chosen, address = asked(request), Address.of(request)
    place = place_asked(request)
    year, day = chosen.recap.year, day_of(request, chosen.recap.year)
    found = list(budget.cases(year=year, province=place.province, unit=place.unit, satker=place.satker, on=day))
    state = address.params.get("status", "terbuka")
    shown = [case for case in found if state == "semua" or (case.status == CaseStatus.RESOLVED) == (state == "selesai")]
    return answer(
        request,
        "reconciliation/cases.html.jinja",
        year=year,
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
    require_begun(request, found.fiscal_year, listing.case_number(found), found.span_to)
    form = AnswerForm(steps=_open_steps(request, found))
    form.look(About("case", number))
    return answer(
        request, CASE_PAGE, crumbs=_crumbs((listing.case_number(found), "")), form=form, **_said(request, found)
    )


def _steps(found: ReconciliationCase) -> list[CaseStatus]:
    """Where a case can stand after an answer."""
    steps = [CaseStatus(found.status), *CASE_TRANSITIONS[CaseStatus(found.status)]]
    return sorted(steps, key=list(CaseStatus).index)


def _open_steps(request: HttpRequest, found: ReconciliationCase) -> list[CaseStatus]:
    """Those of them that this person can choose."""
    matter, status = matter_of_case(found), CaseStatus(found.status)
    return [after for after in _steps(found) if may(request, services.step_of(status, after), matter)]


def _answering(request: HttpRequest, found: ReconciliationCase) -> Offer | None:
    """Whether the person may move the case anywhere; if not, why the nearest step is not possible."""
    matter, status = matter_of_case(found), CaseStatus(found.status)
    nearest = Action.REOPEN_CASE if status == CaseStatus.RESOLVED else Action.ANSWER_CASE
    offers = [offer(request, services.step_of(status, after), matter) for after in _steps(found)]
    possible = next((one for one in offers if one and one.allowed), None)
    return possible or offer(request, nearest, matter, awaited=status != CaseStatus.RESOLVED)


def _closing(request: HttpRequest, found: ReconciliationCase) -> Offer | None:
    """Whether the person may close the case, where it can be closed."""
    if found.status != CaseStatus.ANSWERED:
        return None
    return offer(request, Action.CLOSE_CASE, matter_of_case(found))


def _said(request: HttpRequest, found: ReconciliationCase) -> dict[str, Any]:
    """What the page of a case says beside the form."""
    return {
        "year": found.fiscal_year,
        "case": found,
        "number": listing.case_number(found),
        "tone": listing.TONES[found.status],
        "answering": _answering(request, found),
        "closing": _closing(request, found),
        "pos_href": listing.pos_href(found, Address.of(request)),
        "satker_name": found.satker.name,
        "trail": timeline(request, "case", found.pk),
    }


@access(Action.ANSWER_CASE)
@require_POST
def answer_one(request: HttpRequest, number: int) -> HttpResponseBase:
    found = budget.case(number)
    where = reverse("case", args=[number])

    def act(said: Mapping[str, Any]) -> str:
        if len(said["jawaban"]) < REASON_LENGTH:
            raise RuleBroken("page-reason-missing", length=REASON_LENGTH)
        services.answer_case(
            actor=person(request), case_id=number, text=said["jawaban"], status=said["status"], now=timezone.now()
        )  # fmt: skip
        return where

    desk = Desk(
        title=listing.case_number(found), crumbs=_crumbs((listing.case_number(found), "")), back=where, act=act,
        done=_("Tanggapan tersimpan."), button=_("Simpan tanggapan"), template=CASE_PAGE, about=About("case", number),
    )  # fmt: skip
    return fill_in(request, AnswerForm(request.POST, steps=list(CaseStatus)), desk, **_said(request, found))


@access(Action.VIEW_PLACE)
@require_GET
def parked(request: HttpRequest) -> HttpResponseBase:
    chosen, address = asked(request), Address.of(request)
    place, year = place_asked(request), chosen.recap.year
    at = {"province": place.province, "unit": place.unit, "satker": place.satker}
    waiting = list(ledger.listed_parked(year=year, on=day_of(request, year), **at))
    return answer(
        request,
        "reconciliation/parked.html.jinja",
        year=year,
        crumbs=_crumbs((_("Diparkir"), "")),
        tabled=[listing.parked_table(waiting, address)],
        cut=place,
        parked_rp=sum(one.amount_rp for one in waiting),
    )


@access(Action.VIEW_PLACE)
@require_GET
def advances(request: HttpRequest) -> HttpResponseBase:
    chosen = asked(request)
    place, day = place_asked(request), day_of(request, chosen.recap.year)
    balances = budget.advance_balances(
        year=chosen.recap.year, province=place.province, unit=place.unit, satker=place.satker, on=day
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
