"""Nation, province, and everything below down to single payments."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.errors import NotFound
from dekon.history import selectors as history
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.org.selectors import Place
from dekon.performance import selectors
from dekon.web.access import access, may, may_open, person, require
from dekon.web.address import Address
from dekon.web.filters import asked, filter_form
from dekon.web.formats import money_head
from dekon.web.pages import answer, file_wanted
from dekon.web.recap import board, comparison, drill, listing, province_tasks
from dekon.web.tasks import listing as task_list
from dekon.web.trail.listing import timeline_of_place

GAPS = 10


@access(Action.USE_API)
def start(request: HttpRequest) -> HttpResponseBase:
    """The page a role comes for: the nation, the own province, or its people; else what the person may do at all."""
    if may(request, Action.VIEW_NATIONAL, Place()):
        return national(request)
    if not may(request, Action.VIEW_PLACE):
        return redirect("people" if may_open(request, Action.MANAGE_OFFICE_USERS) else "own-rights")
    home = next((a.province for a in org.assignments_of(person(request)) if a.province), None)
    return redirect("province", home.code) if home else redirect("drill")


@access(Action.VIEW_NATIONAL)
def national(request: HttpRequest) -> HttpResponseBase:
    chosen, address = asked(request, Action.VIEW_NATIONAL), Address.of(request)
    seen = selectors.overview(chosen.recap, GAPS)
    recap, gaps = seen.by_province, seen.gaps
    provinces = {p.code: p for p in org.provinces_on(chosen.recap.as_of)}
    filters = filter_form(request, chosen)
    units = {unit.code: unit.name for unit in filters.units}
    names = {code: p.name for code, p in provinces.items()} | {f"u{code}": name for code, name in units.items()}
    links = {row.key: address.elsewhere(reverse("province", args=[row.key])) for row in recap.rows if row.key}
    unit = money_head(chosen.money_unit)
    return answer(
        request,
        "recap/national.html.jinja",
        year=chosen.recap.year,
        crumbs=[(_("Beranda"), reverse("start")), (_("Rekap nasional"), "")],
        tabled=[
            listing.province_table(recap, seen.by_province_and_unit, units, links, unit),
            listing.gap_table(gaps, names, unit, address),
        ],
        asked=chosen.recap,
        cut=chosen.recap,
        filters=filters,
        board=board.board(recap.total, chosen.recap.as_of, address.elsewhere(reverse("parked"))),
        country=board.country(recap, {code: p.short_name for code, p in provinces.items()}, address),
        curve=board.curve(seen.months, recap.total, chosen.recap, _("nasional")),
        compared=comparison.compared(chosen.recap, recap.total),
        compare_href=address.elsewhere(reverse("comparison")),
        gap_total_rp=sum(gap.figures.gap_rp for gap in gaps),
        waiting=task_list.count_of(request),
    )


@access(Action.VIEW_PLACE)
def provinces(request: HttpRequest) -> HttpResponseBase:
    chosen, address = asked(request), Address.of(request)
    recap = selectors.recap(chosen.recap, "province")
    seen = [row for row in recap.rows if may(request, Action.VIEW_PLACE, Place(province=row.key, name=row.name))]
    if len(seen) == 1:
        return redirect(address.elsewhere(reverse("province", args=[seen[0].key])))
    links = {row.key: address.elsewhere(reverse("province", args=[row.key])) for row in seen}
    table = listing.recap_table(
        recap,
        name="provinsi",
        caption=_("Provinsi"),
        first=_("Provinsi"),
        links=links,
        total=_("Nasional"),
        unit=money_head(chosen.money_unit),
    )
    return answer(
        request,
        "recap/provinces.html.jinja",
        year=chosen.recap.year,
        tabled=[table],
        asked=chosen.recap,
        cut=chosen.recap,
        filters=filter_form(request, chosen),
        crumbs=[(_("Beranda"), reverse("start")), (_("Provinsi"), "")],
    )


@access(Action.VIEW_PLACE)
def province(request: HttpRequest, code: str) -> HttpResponseBase:
    place = org.province_or_none(code)
    if place is None:
        raise NotFound("page-not-found", thing=_("Provinsi"), code=code)
    reached = org.narrowed(person(request), Action.VIEW_PLACE, Place(province=code, name=place.name))
    if reached.satker:
        return redirect(Address.of(request).elsewhere(reverse("drill"), satker=reached.satker))
    require(request, Action.VIEW_PLACE, Place(province=code, unit=reached.unit, name=place.name))
    chosen, address = asked(request, province=code), Address.of(request)
    recap = selectors.recap(chosen.recap, "satker")
    unit = money_head(chosen.money_unit)
    links = {row.key: address.elsewhere(reverse("drill"), provinsi=code, satker=row.key) for row in recap.rows}
    tasks = province_tasks.tasks(chosen.recap, recap, province_tasks.viewpoint(chosen.recap, history.today()), address)
    table = listing.recap_table(
        recap,
        name="satker",
        caption=_("Satker"),
        first=_("Satker"),
        links=links,
        total=_("Jumlah provinsi"),
        unit=unit,
        words=drill.satker_words(links),
    )
    return answer(
        request,
        "recap/province.html.jinja",
        year=chosen.recap.year,
        tabled=[table, tasks.outputs],
        asked=chosen.recap,
        cut=chosen.recap,
        crumbs=drill.crumbs_to_province(request, place.name),
        place=place,
        trail=timeline_of_place(request, province=code),
        filters=filter_form(request, chosen),
        board=board.board(recap.total, chosen.recap.as_of, address.elsewhere(reverse("parked"), provinsi=code)),
        curve=board.curve(selectors.monthly_curve(chosen.recap), recap.total, chosen.recap, place.name),
        tasks=tasks,
        satker_count=len(recap.rows),
        waiting=task_list.count_of(request),
        compared=comparison.compared(chosen.recap, recap.total),
        compare_href=address.elsewhere(reverse("comparison"), provinsi=code),
    )


@access(Action.VIEW_PLACE)
def drill_down(request: HttpRequest) -> HttpResponseBase:
    """One level of the budget below what the address names; the last level shows single payments."""
    chosen, address = asked(request), Address.of(request)
    require(request, Action.VIEW_PLACE, drill.place_of(chosen.recap))
    payments = drill.payment_tables(chosen)
    if file := file_wanted(request, payments, chosen.recap.year, chosen.recap):
        return file
    level = drill.level_below(chosen.recap)
    recap = selectors.recap(chosen.recap, level.by)
    trail = [*drill.steps(chosen.recap)]
    heading = drill.heading(trail)
    return answer(
        request,
        "recap/drill.html.jinja",
        year=chosen.recap.year,
        tabled=[*([] if chosen.recap.akun else [drill.level_table(recap, chosen, level, address)]), *payments],
        asked=chosen.recap,
        cut=chosen.recap,
        crumbs=drill.crumbs(request, trail),
        heading=heading,
        filters=filter_form(request, chosen, keep=tuple(drill.PATH)),
        output=drill.output_of(chosen.recap),
        level=level,
        board=board.board(recap.total, chosen.recap.as_of, address.elsewhere(reverse("parked"))),
        curve=board.curve(selectors.monthly_curve(chosen.recap), recap.total, chosen.recap, heading),
        compare_href=drill.same_path(address, "comparison"),
        dipa_href=reverse("dipa", args=[chosen.recap.satker]) if chosen.recap.satker else "",
        trail=timeline_of_place(request, satker=chosen.recap.satker) if chosen.recap.satker else None,
    )


@access(Action.VIEW_PLACE)
def compare(request: HttpRequest) -> HttpResponseBase:
    """The level below what the address names, this year beside the year before."""
    chosen, address = asked(request), Address.of(request)
    require(request, Action.VIEW_PLACE, drill.place_of(chosen.recap))
    level, before = drill.level_below(chosen.recap), comparison.year_before(chosen.recap)
    now, then = selectors.recap(chosen.recap, level.by), selectors.recap(before, level.by)
    trail = [*drill.steps(chosen.recap)]
    links = {row.key: drill.deeper(address, level, row.key, "comparison") for row in (*then.rows, *now.rows)}
    words = drill.satker_words(links) if level.by == "satker" else {}
    unit = money_head(chosen.money_unit)
    table = comparison.comparison_table(now, then, level, words=words, links=links, unit=unit)
    return answer(
        request,
        "recap/comparison.html.jinja",
        year=chosen.recap.year,
        tabled=[table],
        asked=chosen.recap,
        cut=chosen.recap,
        crumbs=[*drill.crumbs(request, trail), (_("Perbandingan tahunan"), "")],
        heading=drill.heading(trail),
        filters=filter_form(request, chosen, keep=tuple(drill.PATH)),
        compared=comparison.compared(chosen.recap, now.total),
        before=before,
        drill_href=drill.same_path(address, "drill"),
    )
