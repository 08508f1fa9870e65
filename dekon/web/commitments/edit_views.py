"""Writing, approving and withdrawing a commitment; refusing to sign it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dekon.coordination.selectors import commitments as selectors
from dekon.coordination.services import commitments as services
from dekon.documents import selectors as documents
from dekon.lib.periods import year_end
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.web.access import access, person, why_not
from dekon.web.commitments import forms
from dekon.web.commitments.views import crumbs, title_of
from dekon.web.forms import Desk, fill_in
from dekon.web.meanwhile import About
from dekon.web.plan.policy_views import year_in

METHODS = ["GET", "HEAD", "POST"]


def _page(number: int) -> str:
    return reverse("commitment-version", args=[number])


@access(Action.EDIT_COMMITMENT)
@require_http_methods(METHODS)
def add(request: HttpRequest, year: int) -> HttpResponseBase:
    last = year_end(year_in(year))
    satker = [(one.code, str(one)) for one in org.listed_satker(last)]
    form = forms.WordsForm(request.POST or None, satker=satker)

    def act(said: Mapping[str, Any]) -> str:
        made = services.draft_commitment(
            actor=person(request), fiscal_year=year, words=form.words(said), at=timezone.now(),
            satker=org.satker_or_none(said.get("satker", "")),
        )  # fmt: skip
        return _page(made.pk)

    title = _("Tulis komitmen %(year)s") % {"year": year}
    desk = Desk(
        title=title, crumbs=crumbs((title, "")), back=reverse("commitments"), act=act, button=_("Simpan draf"),
        done=_("Draf tersimpan. Setujui bila naskahnya sudah final."),
        lede=_("Naskah ditampilkan persis seperti ditulis di sini. Selama masih draf, naskah dapat diubah."),
    )  # fmt: skip
    return fill_in(request, form, desk)


@access(Action.EDIT_COMMITMENT)
@require_http_methods(METHODS)
def edit(request: HttpRequest, number: int) -> HttpResponseBase:
    found = selectors.commitment(number)
    form = forms.WordsForm(request.POST or None, initial=_initial(selectors.wording_of(found)))

    def act(said: Mapping[str, Any]) -> str:
        services.edit_commitment(actor=person(request), number=number, words=form.words(said), at=timezone.now())
        return _page(number)

    title = _("Ubah naskah")
    desk = Desk(
        about=About("commitment", number), title=title, crumbs=crumbs((title_of(found), _page(number)), (title, "")),
        back=_page(number), act=act, done=_("Naskah tersimpan; naskah sebelumnya tetap tercatat."),
        button=_("Simpan draf"),
    )  # fmt: skip
    return fill_in(request, form, desk)


def _initial(wording: Any) -> dict[str, object]:  # noqa: ANN401  models of another app are not imported here
    found: dict[str, object] = {
        name: getattr(wording, name) for name in ("title", "preamble", "closing", "sign_by")
    }  # fmt: skip
    for one in wording.statements.all():
        found |= {f"{name}_{one.number}": getattr(one, name) for name in ("topic", "heading", "text")}
    return found


@access(Action.APPROVE_COMMITMENT)
@require_http_methods(METHODS)
def approve(request: HttpRequest, number: int) -> HttpResponseBase:
    found = selectors.commitment(number)

    def act(said: Mapping[str, Any]) -> str:
        services.approve_commitment(actor=person(request), number=number, basis=said["basis"], at=timezone.now())
        return _page(number)

    title = _("Setujui dan siapkan untuk ditandatangani")
    desk = Desk(
        about=About("commitment", number), title=title, crumbs=crumbs((title_of(found), _page(number)), (title, "")),
        back=_page(number), act=act, done=_("Naskah dibekukan dan siap ditandatangani."), button=_("Setujui naskah"),
        lede=_("Naskah dibekukan persis seperti sekarang, diberi nomor, dan mendapat satu tempat tanda tangan bagi "
               "setiap jabatan yang berlaku hari ini. Perubahan sesudahnya memerlukan versi baru."),
        question=_("Setujui naskah ini?"),
    )  # fmt: skip
    return fill_in(request, forms.BasisForm(request.POST or None), desk)


@access(Action.WITHDRAW_COMMITMENT)
@require_http_methods(METHODS)
def withdraw(request: HttpRequest, number: int) -> HttpResponseBase:
    found = selectors.commitment(number)

    def act(said: Mapping[str, Any]) -> str:
        services.withdraw_commitment(actor=person(request), number=number, reason=said["reason"], at=timezone.now())
        return _page(number)

    title = _("Tarik seluruh versi")
    desk = Desk(
        about=About("commitment", number), title=title, crumbs=crumbs((title_of(found), _page(number)), (title, "")),
        back=_page(number), act=act, done=_("Versi ini ditarik. Versi baru dapat dibuat."), button=title, danger=True,
        lede=_("Dokumen menjadi tidak berlaku beserta semua tanda tangannya, dan tetap dapat diperiksa."),
        question=_("Tarik versi ini beserta semua tanda tangannya?"),
    )  # fmt: skip
    return fill_in(request, forms.ReasonForm(request.POST or None), desk)


@access(Action.VIEW_PLACE)
@require_http_methods(METHODS)
def refuse(request: HttpRequest, number: int) -> HttpResponseBase:
    place, found = documents.place(number), selectors.commitment_of_place(number)
    barred = why_not(request, Action(place.action), selectors.matter_of_place(place))

    def act(said: Mapping[str, Any]) -> str:
        services.refuse_signing(actor=person(request), place=number, reason=said["reason"], at=timezone.now())
        return _page(found.pk)

    title = _("Menolak menandatangani")
    desk = Desk(
        about=About("commitment", found.pk), title=title,
        crumbs=crumbs((title_of(found), _page(found.pk)), (title, "")), back=_page(found.pk), act=act,
        done=_("Penolakan tercatat."), button=_("Catat penolakan"), danger=True,
        lede=barred
        or _("%(office)s. Alasan dibaca Kementerian. Anda tetap dapat menandatangani kemudian.")
        % {"office": place.office},
    )  # fmt: skip
    return fill_in(request, forms.ReasonForm(request.POST or None), desk)
