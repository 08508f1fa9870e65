"""The execution records of a satker: what IKPA asks for, added by hand or by import, withdrawn with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dekon.budget import selectors as budget
from dekon.budget import services
from dekon.budget.choices import RecordKind
from dekon.budget.selectors import records as recorded
from dekon.budget.selectors.matters import matter_of_record
from dekon.errors import NotFound
from dekon.lib.periods import year_end
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.org.selectors import satker_place
from dekon.web.access import access, may, offer, person, require
from dekon.web.address import Address
from dekon.web.filters import asked, year_of
from dekon.web.forms import Desk, fill_in
from dekon.web.meanwhile import About
from dekon.web.pages import Crumb, answer
from dekon.web.records import forms, listing

if TYPE_CHECKING:
    from dekon.org.models import Satker

METHODS = ["GET", "HEAD", "POST"]


def known_satker(request: HttpRequest, action: Action, code: str) -> Satker:
    """The satker of the address, where the person may do it.

    Raises:
        NotFound: no such satker.
        NotAllowed: not there.
    """
    satker = org.satker_or_none(code)
    if satker is None:
        raise NotFound("page-not-found", thing=_("Satker"), code=code)
    require(request, action, satker_place(satker))
    return satker


def crumbs(code: str, year: int, *more: Crumb) -> list[Crumb]:
    """The way to the records of a satker."""
    own = f"{reverse('records', args=[code])}?tahun={year}"
    score = f"{reverse('score', args=[code])}?tahun={year}"
    return [(_("Beranda"), reverse("start")), (code, score), (_("Catatan pelaksanaan"), own if more else ""), *more]


@access(Action.VIEW_PLACE)
@require_GET
def records(request: HttpRequest, code: str) -> HttpResponseBase:
    satker = known_satker(request, Action.VIEW_PLACE, code)
    chosen, place = asked(request, satker=code), satker_place(satker)
    year = chosen.recap.year
    found = recorded.records(year=year, satker=code)
    may_withdraw = may(request, Action.RECORD_EXECUTION, place)
    tables = listing.record_tables(found, may_withdraw=may_withdraw)
    return answer(
        request, "records/records.html.jinja", year=year, crumbs=crumbs(code, year), satker=satker, cut=place,
        tabled=[*tables, listing.withdrawn_table(recorded.withdrawn(year=year, satker=code))],
        kinds=RecordKind.choices, adding=offer(request, Action.RECORD_EXECUTION, place),
        score_href=Address.of(request).elsewhere(reverse("score", args=[code])),
    )  # fmt: skip


@access(Action.RECORD_EXECUTION)
@require_http_methods(METHODS)
def add_record(request: HttpRequest, code: str, kind: str) -> HttpResponseBase:
    satker, year = known_satker(request, Action.RECORD_EXECUTION, code), year_of(request)
    if kind not in RecordKind.values:
        raise NotFound("page-not-found", thing=_("Jenis catatan"), code=kind)
    wanted, back = RecordKind(kind), f"{reverse('records', args=[code])}?tahun={year}"
    found = budget.outputs(year=year, as_of=year_end(year), satker=code)
    outputs = [(path, f"{path} {one.name}") for one in found for path in [f"{one.kegiatan}.{one.kro}.{one.ro}"]]
    form = forms.RecordForm(wanted, outputs, request.POST or None)

    def act(said: Mapping[str, Any]) -> str:
        facts = {name: value for name, value in said.items() if name in services.RecordFacts.__dataclass_fields__}
        services.record_execution(
            actor=person(request), satker_code=code, fiscal_year=year, kind=wanted,
            facts=services.RecordFacts(**facts), now=timezone.now(),
        )  # fmt: skip
        return f"{back}#h-{kind}"

    title = _("Catat: %(kind)s") % {"kind": wanted.label}
    desk = Desk(
        title=title, crumbs=crumbs(code, year, (title, "")), back=back, act=act, done=_("Tercatat; skor ikut berubah."),
        button=_("Catat"), lede=_("Satker %(code)s %(name)s, TA %(year)s")
        % {"code": code, "name": satker.name, "year": year},
    )  # fmt: skip
    return fill_in(request, form, desk)


@access(Action.WITHDRAW_RECORD)
@require_http_methods(METHODS)
def withdraw_record(request: HttpRequest, number: int) -> HttpResponseBase:
    record = recorded.record(number)
    require(request, Action.WITHDRAW_RECORD, matter_of_record(record))
    code, year = record.satker.code, record.fiscal_year
    back = f"{reverse('records', args=[code])}?tahun={year}"

    def act(said: Mapping[str, Any]) -> str:
        services.withdraw_record(
            actor=person(request), record_id=number, reason=said["reason"], now=timezone.now()
        )  # fmt: skip
        return back

    title = _("Tarik %(kind)s %(name)s") % {"kind": record.get_kind_display(), "name": record.name}
    desk = Desk(
        about=About("record", number), title=title, crumbs=crumbs(code, year, (title, "")), back=back, act=act,
        done=_("Catatan ditarik; skor ikut berubah."), button=_("Tarik catatan"), question=_("Tarik catatan ini?"),
        lede=_("Catatan tetap terbaca sebagai yang ditarik. Catat lagi dengan isi yang benar."), danger=True,
    )  # fmt: skip
    return fill_in(request, forms.WithdrawForm(request.POST or None), desk)
