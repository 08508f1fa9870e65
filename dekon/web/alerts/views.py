"""Alerts: the list, one with its reason and history, what people do about it; forecasts of the year's end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dekon.history import selectors as history
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.performance import services
from dekon.performance.choices import ACTS
from dekon.performance.selectors import alerts as selectors
from dekon.performance.selectors import forecasts
from dekon.web.access import access, offer, person, require
from dekon.web.address import Address
from dekon.web.alerts import listing
from dekon.web.alerts.forms import AlertForm
from dekon.web.filters import Choice, asked, require_begun
from dekon.web.forms import Desk, fill_in
from dekon.web.meanwhile import About
from dekon.web.pages import Crumb, answer
from dekon.web.trail.listing import timeline

if TYPE_CHECKING:
    from dekon.performance.models import Alert

ALERT_PAGE = "alerts/alert.html.jinja"


def _crumbs(*more: Crumb) -> list[Crumb]:
    return [(_("Beranda"), reverse("start")), (_("Peringatan dini"), reverse("alerts")), *more]


@access(Action.VIEW_PLACE)
@require_GET
def alerts(request: HttpRequest) -> HttpResponseBase:
    chosen, address, today = asked(request), Address.of(request), history.today()
    cut, rule = chosen.recap, request.GET.get("aturan", "")[:32]
    state = request.GET.get("status", "")
    state = state if state in selectors.STATES else selectors.STATES[0]
    at: dict[str, Any] = {"province": cut.province, "unit": cut.unit, "satker": cut.satker, "rule": rule}
    found = {one: selectors.alerts(year=cut.year, **at, state=one, today=today) for one in selectors.STATES}
    return answer(
        request, "alerts/alerts.html.jinja", year=cut.year, cut=cut, asked=cut, state=state, rule=rule,
        crumbs=[*_crumbs()[:1], (_("Peringatan dini"), "")],
        tabled=[listing.alert_table(found[state], timezone.now(), address)],
        counts={one: rows.count() for one, rows in found.items()},
        rules=[Choice(one.name, selectors.rule_words(one.name)) for one in selectors.known_rules()],
        units=[Choice(unit.code, str(unit)) for unit in org.units_in_year(cut.year)],
    )  # fmt: skip


@access(Action.VIEW_PLACE)
@require_GET
def alert(request: HttpRequest, number: int) -> HttpResponseBase:
    found = selectors.alert(number)
    require(request, Action.VIEW_PLACE, org.satker_place(found.satker))
    require_begun(request, found.fiscal_year, selectors.rule_words(found.rule), found.opened_on)
    form = AlertForm(initial={"peran": found.owner_role})
    form.look(About("alert", number))
    return answer(request, ALERT_PAGE, crumbs=_crumbs((f"#{number}", "")), form=form, **_said(request, found))


def _said(request: HttpRequest, found: Alert) -> dict[str, Any]:
    """What the page of an alert says beside the form."""
    words, tone = listing.state_words(found, timezone.now())
    rules = {one.name: one for one in selectors.known_rules()}
    return {
        "year": found.fiscal_year, "shown": found, "title": selectors.rule_words(found.rule), "state_words": words,
        "tone": tone, "reason": selectors.reason_words(found), "owner": listing.owner_words(found),
        "rule": rules.get(found.rule), "events": selectors.events_of(found),
        "acting": offer(request, Action.HANDLE_ALERT, selectors.matter_of_alert(found)),
        "drill_href": Address.of(request).elsewhere(reverse("drill"), satker=found.satker.code),
        "score_href": Address.of(request).elsewhere(reverse("score", args=[found.satker.code])),
        "trail": timeline(request, "alert", found.pk),
    }  # fmt: skip


@access(Action.HANDLE_ALERT)
@require_POST
def act_on(request: HttpRequest, number: int) -> HttpResponseBase:
    found, where = selectors.alert(number), reverse("alert", args=[number])

    def act(said: Mapping[str, Any]) -> str:
        _do(request, number, said)
        return where

    desk = Desk(
        title=selectors.rule_words(found.rule), crumbs=_crumbs((f"#{number}", where)), back=where, act=act,
        done=_("Tindakan tersimpan."), button=_("Simpan"), template=ALERT_PAGE, about=About("alert", number),
    )  # fmt: skip
    return fill_in(request, AlertForm(request.POST), desk, **_said(request, found))


def _do(request: HttpRequest, number: int, said: Mapping[str, Any]) -> None:
    """Carry out what the form says."""
    at: dict[str, Any] = {"actor": person(request), "alert_id": number, "now": timezone.now()}
    if said["tindakan"] == ACTS[0]:
        services.snooze_alert(**at, until=said["sampai"], reason=said["kata"])
    elif said["tindakan"] == ACTS[1]:
        services.assign_alert(**at, role=said["peran"], to_self=said["sendiri"], text=said["kata"])
    else:
        services.note_alert(**at, text=said["kata"])


@access(Action.VIEW_PLACE)
@require_GET
def forecast(request: HttpRequest) -> HttpResponseBase:
    chosen, address = asked(request), Address.of(request)
    cut = chosen.recap
    at = {"province": cut.province, "unit": cut.unit, "satker": cut.satker}
    stands = forecasts.stands_on(year=cut.year, as_of=cut.as_of, **at)
    known = forecasts.forecasts(stands)
    errors = forecasts.backtest(year=cut.year, today=history.today(), **at)
    names = {one.code: one.name for one in org.provinces_in_year(cut.year)}
    total, effective = sum(one.expected_rp for one in known.values()), sum(one.effective_rp for one in known.values())
    return answer(
        request, "alerts/forecast.html.jinja", year=cut.year, cut=cut, asked=cut, errors=errors,
        crumbs=_crumbs((_("Proyeksi akhir tahun"), "")), total_rp=total, effective_rp=effective,
        tabled=[listing.forecast_table(stands, known, names, address), listing.error_table(errors)],
        low=sum(one.share is not None and one.share < listing.LOW for one in known.values()),
        units=[Choice(unit.code, str(unit)) for unit in org.units_in_year(cut.year)],
    )  # fmt: skip
