"""Editing what binds money: blocks by letter, reservations for contracts, what DIPA and their revisions say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dekon.budget import selectors as budget
from dekon.budget import services
from dekon.budget.selectors import plan as things
from dekon.budget.selectors.matters import matter_of_hold
from dekon.budget.selectors.on_day import blocks_on, reservations_on
from dekon.errors import NotFound
from dekon.ledger import selectors as ledger
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.org.selectors import satker_place
from dekon.web.access import access, offer, person, require
from dekon.web.address import Address
from dekon.web.filters import asked, day_of, place_asked, require_begun, year_of
from dekon.web.forms import Desk, fill_in
from dekon.web.meanwhile import About
from dekon.web.pages import Crumb, answer
from dekon.web.plan import forms, lines
from dekon.web.trail.listing import timeline

if TYPE_CHECKING:
    from dekon.ledger.models import Pos

METHODS = ["GET", "HEAD", "POST"]


def crumbs(area: str, *more: Crumb) -> list[Crumb]:
    """The way to a page of bound money."""
    words = {"blocks": _("Blokir"), "reservations": _("Cadangan kontrak")}[area]
    return [(_("Beranda"), reverse("start")), (words, reverse(area)), *more]


def positions(request: HttpRequest, action: Action, code: str) -> Sequence[Pos]:
    """The positions of a satker that the person may bind.

    Raises:
        NotFound: no such satker.
        NotAllowed: not there.
    """
    satker = org.satker_or_none(code)
    if satker is None:
        raise NotFound("page-not-found", thing=_("Satker"), code=code)
    require(request, action, satker_place(satker))
    return list(ledger.listed_pos(year=year_of(request), satker=code))


def choose_satker(request: HttpRequest, action: Action, title: str, way: list[Crumb], back: str) -> HttpResponseBase:
    """First of which satker."""
    place = org.narrowed(person(request), action, place_asked(request))
    found = org.listed_satker(province=place.province, unit=place.unit)
    rows = [row for row in found if not place.satker or row.code == place.satker]
    return answer(
        request, "plan/choose_satker.html.jinja", crumbs=way, year=year_of(request), title=title, satker=rows, back=back
    )  # fmt: skip


@access(Action.MANAGE_BLOCKS)
@require_http_methods(METHODS)
def add_block(request: HttpRequest) -> HttpResponseBase:
    title, code = _("Catat blokir"), request.GET.get("satker", "").strip()[:6]
    way, back = crumbs("blocks", (title, "")), f"{reverse('blocks')}?tahun={year_of(request)}"
    if not code:
        return choose_satker(request, Action.MANAGE_BLOCKS, title, way, back)
    form = forms.BlockForm(positions(request, Action.MANAGE_BLOCKS, code), request.POST or None)

    def act(said: Mapping[str, Any]) -> str:
        made = services.block_pagu(
            actor=person(request), pos_id=int(said["pos"]), amount_rp=said["amount_rp"], kind=said["kind"],
            letter_no=said["letter_no"], letter_on=said["letter_on"], on=said["on"],
        )  # fmt: skip
        return reverse("block", args=[made.pk])

    desk = Desk(
        title=title, crumbs=way, back=back, act=act, done=_("Blokir tercatat; pagu efektif berkurang."),
        button=_("Catat blokir"), question=_("Catat blokir ini?"),
        lede=_("Satker %(code)s, tahun %(year)s") % {"code": code, "year": year_of(request)},
    )  # fmt: skip
    return fill_in(request, form, desk)


@access(Action.VIEW_PLACE)
@require_GET
def block(request: HttpRequest, number: int) -> HttpResponseBase:
    found = things.block(number)
    place = satker_place(found.pos.satker)
    require(request, Action.VIEW_PLACE, place)
    name = _("Blokir #%(number)s") % {"number": number}
    day = require_begun(request, found.pos.fiscal_year, name, found.blocked_on)
    found = blocks_on([found], day)[0] if day else found
    releases = [one for one in things.releases(found) if day is None or one.released_on <= day]
    return answer(
        request, "plan/block.html.jinja", year=found.pos.fiscal_year, crumbs=crumbs("blocks", (f"#{number}", "")),
        block=found, path=forms.path_words(found.pos), tabled=[lines.release_table(releases)],
        trail=timeline(request, "block", number),
        releasing=offer(request, Action.RELEASE_BLOCK, matter_of_hold(found)),
    )  # fmt: skip


@access(Action.RELEASE_BLOCK)
@require_http_methods(METHODS)
def release_block(request: HttpRequest, number: int) -> HttpResponseBase:
    found = things.block(number)
    require(request, Action.RELEASE_BLOCK, satker_place(found.pos.satker))
    form = forms.ReleaseForm(request.POST or None, initial={"amount_rp": found.left_rp})

    def act(said: Mapping[str, Any]) -> str:
        services.release_block(
            actor=person(request), block_id=number, letter_no=said["letter_no"], on=said["on"],
            amount_rp=said["amount_rp"], letter_on=said["letter_on"],
        )  # fmt: skip
        return reverse("block", args=[number])

    desk = Desk(
        about=About("block", number),
        title=_("Buka blokir #%(number)s") % {"number": number}, back=reverse("block", args=[number]),
        crumbs=crumbs("blocks", (f"#{number}", reverse("block", args=[number])), (_("Buka"), "")), act=act,
        done=_("Blokir dibuka; pembayaran yang menunggu ruang dibukukan."), button=_("Buka blokir"),
        question=_("Buka blokir ini?"), lede=_("Boleh sebagian; sisanya tetap diblokir."),
    )  # fmt: skip
    return fill_in(request, form, desk)


@access(Action.VIEW_PLACE)
@require_GET
def reservations(request: HttpRequest) -> HttpResponseBase:
    chosen, address, place = asked(request), Address.of(request), place_asked(request)
    year, day = chosen.recap.year, day_of(request, chosen.recap.year)
    known = budget.reservations(year=year, province=place.province, unit=place.unit, satker=place.satker)
    found = reservations_on(known, day) if day else list(known)
    return answer(
        request, "plan/reservations.html.jinja", year=year,
        crumbs=[*crumbs("reservations")[:1], (_("Cadangan kontrak"), "")],
        tabled=[lines.reservation_table(found, address)], cut=place, left_rp=sum(one.left_rp for one in found),
        adding=offer(request, Action.RESERVE),
    )  # fmt: skip


@access(Action.RESERVE)
@require_http_methods(METHODS)
def add_reservation(request: HttpRequest) -> HttpResponseBase:
    title, code = _("Cadangkan untuk kontrak"), request.GET.get("satker", "").strip()[:6]
    way, back = crumbs("reservations", (title, "")), f"{reverse('reservations')}?tahun={year_of(request)}"
    if not code:
        return choose_satker(request, Action.RESERVE, title, way, back)
    form = forms.ReservationForm(positions(request, Action.RESERVE, code), request.POST or None)

    def act(said: Mapping[str, Any]) -> str:
        made = services.reserve_pagu(
            actor=person(request), pos_id=int(said["pos"]), amount_rp=said["amount_rp"], document=said["document"],
            on=said["on"], description=said["description"],
        )  # fmt: skip
        return reverse("reservation", args=[made.pk])

    desk = Desk(
        title=title, crumbs=way, back=back, act=act, done=_("Dana dicadangkan; yang belum terikat berkurang."),
        button=_("Cadangkan"), question=_("Cadangkan dana ini?"),
        lede=_("Satker %(code)s, tahun %(year)s") % {"code": code, "year": year_of(request)},
    )  # fmt: skip
    return fill_in(request, form, desk)


@access(Action.VIEW_PLACE)
@require_GET
def reservation(request: HttpRequest, number: int) -> HttpResponseBase:
    found = things.reservation(number)
    place = satker_place(found.pos.satker)
    require(request, Action.VIEW_PLACE, place)
    day = require_begun(request, found.pos.fiscal_year, found.document, found.reserved_on)
    found = reservations_on([found], day)[0] if day else found
    freed = [one for one in found.releases.all() if day is None or one.released_on <= day]
    return answer(
        request, "plan/reservation.html.jinja", year=found.pos.fiscal_year,
        crumbs=crumbs("reservations", (found.document, "")), held=found,
        trail=timeline(request, "reservation", number), path=forms.path_words(found.pos),
        tabled=[lines.free_table(freed)],
        releasing=offer(request, Action.RELEASE_RESERVATION, matter_of_hold(found)),
    )  # fmt: skip


@access(Action.RELEASE_RESERVATION)
@require_http_methods(METHODS)
def release_reservation(request: HttpRequest, number: int) -> HttpResponseBase:
    found = things.reservation(number)
    require(request, Action.RELEASE_RESERVATION, satker_place(found.pos.satker))
    form = forms.FreeForm(request.POST or None, initial={"amount_rp": found.left_rp})

    def act(said: Mapping[str, Any]) -> str:
        services.release_reservation(
            actor=person(request), reservation_id=number, on=said["on"], reason=said["reason"],
            amount_rp=said["amount_rp"],
        )  # fmt: skip
        return reverse("reservation", args=[number])

    desk = Desk(
        about=About("reservation", number),
        title=_("Lepas cadangan %(document)s") % {"document": found.document},
        back=reverse("reservation", args=[number]), act=act, done=_("Cadangan dilepas."), button=_("Lepas cadangan"),
        crumbs=crumbs("reservations", (found.document, reverse("reservation", args=[number])), (_("Lepas"), "")),
        question=_("Lepas cadangan ini?"), lede=_("Boleh sebagian; sisanya tetap dicadangkan."),
    )  # fmt: skip
    return fill_in(request, form, desk)


def dipa_page(code: str, year: int) -> str:
    """The page of a DIPA."""
    return f"{reverse('dipa', args=[code])}?tahun={year}"


def dipa_crumbs(code: str, year: int, words: str) -> list[Crumb]:
    """The way to something of a DIPA."""
    to_dipa: Crumb = (_("DIPA %(code)s") % {"code": code}, dipa_page(code, year))
    return [(_("Beranda"), reverse("start")), to_dipa, (words, "")]


@access(Action.EDIT_PLAN)
@require_http_methods(METHODS)
def record_dipa(request: HttpRequest, code: str) -> HttpResponseBase:
    satker, year = org.satker_or_none(code), year_of(request)
    if satker is None:
        raise NotFound("page-not-found", thing=_("Satker"), code=code)
    require(request, Action.EDIT_PLAN, satker_place(satker))
    known = budget.dipa_of(year=year, satker=code)
    names = ("number", "dated_on", "legal_basis")
    initial = {name: getattr(known, name) for name in names} if known else {}
    form = forms.DipaForm(request.POST or None, initial=initial)

    def act(said: Mapping[str, Any]) -> str:
        services.record_dipa(
            actor=person(request), satker_code=code, fiscal_year=year, **{name: said[name] for name in names}
        )  # fmt: skip
        return dipa_page(code, year)

    title = _("Catat DIPA %(year)s satker %(code)s") % {"year": year, "code": code}
    desk = Desk(
        about=About("dipa", known.pk if known else ""),
        title=title, lede=satker.name, back=dipa_page(code, year), act=act, done=_("DIPA tercatat."),
        crumbs=dipa_crumbs(code, year, _("Catat")),
        button=_("Simpan DIPA"), question=_("Simpan keterangan DIPA ini?"),
    )  # fmt: skip
    return fill_in(request, form, desk)


@access(Action.EDIT_PLAN)
@require_http_methods(METHODS)
def describe_revision(request: HttpRequest, number: int) -> HttpResponseBase:
    found = things.revision(number)
    satker, year = found.dipa.satker, found.dipa.fiscal_year
    require(request, Action.EDIT_PLAN, satker_place(satker))
    names = ("document", "authority", "revision_code", "reason")
    form = forms.RevisionForm(request.POST or None, initial={name: getattr(found, name) for name in names})

    def act(said: Mapping[str, Any]) -> str:
        services.describe_revision(
            actor=person(request), revision_id=number, **{name: said[name] for name in names}
        )  # fmt: skip
        return dipa_page(satker.code, year)

    title = _("Versi %(number)s DIPA satker %(code)s") % {"number": found.sequence, "code": satker.code}
    desk = Desk(
        about=About("dipa-revision", number),
        title=title, lede=_("Pagunya tetap seperti dinyatakan berkas."), back=dipa_page(satker.code, year), act=act,
        crumbs=dipa_crumbs(satker.code, year, title), done=_("Keterangan versi tersimpan."),
        button=_("Simpan keterangan"), question=_("Simpan keterangan versi ini?"),
    )  # fmt: skip
    return fill_in(request, form, desk, trail=timeline(request, "dipa-revision", number))


@access(Action.VIEW_PLACE)
@require_GET
def rpd_version(request: HttpRequest, number: int) -> HttpResponseBase:
    code = budget.satker_of_rpd_version(number)
    satker = org.satker_or_none(code)
    assert satker
    require(request, Action.VIEW_PLACE, satker_place(satker))
    version = things.rpd_version(number)
    year = version.dipa.fiscal_year
    require_begun(request, year, _("RPD versi %(number)s") % {"number": version.sequence}, version.valid_from)
    return answer(
        request, "plan/rpd.html.jinja", year=year, satker=satker, version=version,
        crumbs=dipa_crumbs(code, year, _("RPD versi %(number)s") % {"number": version.sequence}),
        tabled=[lines.rpd_month_table(budget.rpd_months(version_id=number))],
    )  # fmt: skip
