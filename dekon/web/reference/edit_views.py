"""Editing reference data: each page is one form, asked once more before it is kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dekon.budget import services as budget
from dekon.budget.services import dated_list
from dekon.errors import Conflict, NotFound
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.org.selectors import dated
from dekon.org.selectors.dated import DatedList
from dekon.web.access import access, person
from dekon.web.forms import Desk, fill_in
from dekon.web.meanwhile import About
from dekon.web.pages import Crumb
from dekon.web.reference.forms import CodeForm, DaysForm, EndForm, VoidForm, WithdrawForm, stated
from dekon.web.reference.views import crumbs, found_row

METHODS = ["GET", "HEAD", "POST"]


def _entry(of: DatedList, code: str) -> str:
    return reverse("reference-entry", args=[of.name, code])


def _crumbs(of: DatedList, code: str, words: str) -> list[Crumb]:
    to_list: Crumb = (str(of.title), reverse("reference-list", args=[of.name]))
    return crumbs(to_list, *([(code, _entry(of, code))] if code else []), (words, ""))


def _newest(of: DatedList, code: str) -> int:
    return max((version.pk for version in dated.versions_of(of, code)), default=0)


@access(Action.EDIT_REFERENCE)
@require_http_methods(METHODS)
def add(request: HttpRequest, name: str) -> HttpResponseBase:
    of = dated_list(name)
    form = CodeForm(of, request.POST or None, new=True)

    def act(said: dict[str, Any]) -> str:
        org.add_code(actor=person(request), listing=of, code=said["code"], stated=stated(form, said))
        return _entry(of, said["code"])

    title = _("Tambah kode: %(list)s") % {"list": of.title}
    desk = Desk(
        title=title,
        crumbs=_crumbs(of, "", _("Tambah kode")),
        back=reverse("reference-list", args=[name]),
        act=act,
        done=_("Kode baru tersimpan."),
        button=_("Simpan kode"),
        question=_("Simpan kode baru ini?"),
    )
    return fill_in(request, form, desk)


@access(Action.EDIT_REFERENCE)
@require_http_methods(METHODS)
def change(request: HttpRequest, name: str, code: str) -> HttpResponseBase:
    of = dated_list(name)
    row = found_row(of, code)
    form = CodeForm(of, request.POST or None, initial={**dated.facts_of(of, row), "seen": _newest(of, code)})

    def act(said: dict[str, Any]) -> str:
        org.change_code(actor=person(request), listing=of, code=code, stated=stated(form, said))
        return _entry(of, code)

    desk = Desk(
        about=About(of.name, code),
        title=_("Ubah %(list)s %(code)s mulai suatu tanggal") % {"list": of.title, "code": code},
        crumbs=_crumbs(of, code, _("Ubah")),
        back=_entry(of, code),
        act=act,
        done=_("Perubahan tersimpan; isi sebelumnya tetap terbaca pada tanggalnya."),
        button=_("Simpan perubahan"),
        question=_("Simpan perubahan %(code)s?") % {"code": code},
        lede=row.name,
    )
    return fill_in(request, form, desk)


@access(Action.EDIT_REFERENCE)
@require_http_methods(METHODS)
def correct(request: HttpRequest, name: str, code: str, number: int) -> HttpResponseBase:
    of = dated_list(name)
    row = found_row(of, code)
    span = next((one for one in dated.spans(of, row, dated.versions_of(of, code)) if number in {one.version, 0}), None)
    if span is None:
        raise Conflict("reference-version-replaced", code=code)
    initial = {**span.facts, "valid_from": span.valid_from, "seen": _newest(of, code)}
    form = CodeForm(of, request.POST or None, initial=initial)

    def act(said: dict[str, Any]) -> str:
        org.correct_code(actor=person(request), listing=of, code=code, version=number, stated=stated(form, said))
        return _entry(of, code)

    desk = Desk(
        about=About(of.name, code),
        title=_("Koreksi catatan %(list)s %(code)s") % {"list": of.title, "code": code},
        crumbs=_crumbs(of, code, _("Koreksi")),
        back=_entry(of, code),
        act=act,
        done=_("Koreksi tersimpan; catatan lama tetap terbaca dalam riwayat."),
        button=_("Simpan koreksi"),
        question=_("Koreksi catatan %(code)s ini?") % {"code": code},
        lede=_("Untuk catatan yang keliru sejak awal. Bila isinya memang berubah sejak suatu tanggal, pakai Ubah."),
        template="reference/correct.html.jinja",
    )
    void = reverse("reference-void", args=[name, code, span.version]) if span.recorded else ""
    return fill_in(request, form, desk, void=void)


@access(Action.EDIT_REFERENCE)
@require_http_methods(METHODS)
def end(request: HttpRequest, name: str, code: str) -> HttpResponseBase:
    of = dated_list(name)
    row = found_row(of, code)
    form = EndForm(request.POST or None, initial={"seen": _newest(of, code)})

    def act(said: dict[str, Any]) -> str:
        stating = org.Stated(said["valid_from"], {}, said["reason"], said.get("seen"))
        org.end_code(actor=person(request), listing=of, code=code, stated=stating)
        return _entry(of, code)

    desk = Desk(
        about=About(of.name, code),
        title=_("Akhiri %(list)s %(code)s") % {"list": of.title, "code": code},
        crumbs=_crumbs(of, code, _("Akhiri")),
        back=_entry(of, code),
        act=act,
        done=_("Hari terakhir tersimpan; kode tetap terbaca pada tanggal-tanggal sebelumnya."),
        button=_("Akhiri kode"),
        question=_("Akhiri %(code)s?") % {"code": code},
        lede=row.name,
        danger=True,
    )
    return fill_in(request, form, desk)


@access(Action.EDIT_REFERENCE)
@require_http_methods(METHODS)
def void(request: HttpRequest, name: str, code: str, number: int) -> HttpResponseBase:
    of = dated_list(name)
    row = found_row(of, code)
    form = VoidForm(request.POST or None, initial={"seen": _newest(of, code)})

    def act(said: dict[str, Any]) -> str:
        org.void_version(
            actor=person(request), listing=of, code=code, version=number, reason=said["reason"], seen=said.get("seen")
        )  # fmt: skip
        return _entry(of, code)

    desk = Desk(
        about=About(of.name, code),
        title=_("Batalkan satu catatan %(list)s %(code)s") % {"list": of.title, "code": code},
        crumbs=_crumbs(of, code, _("Batalkan catatan")),
        back=_entry(of, code),
        act=act,
        done=_("Catatan itu tidak dihitung lagi; yang berlaku sebelumnya berlanjut."),
        button=_("Batalkan catatan"),
        question=_("Batalkan catatan %(code)s ini?") % {"code": code},
        lede=row.name,
        danger=True,
    )
    return fill_in(request, form, desk)


@access(Action.EDIT_REFERENCE)
@require_http_methods(METHODS)
def add_days(request: HttpRequest) -> HttpResponseBase:
    form = DaysForm(request.POST or None)

    def act(said: dict[str, Any]) -> str:
        budget.add_holidays(
            actor=person(request), days=said["days"], decree=said["decree"], published_on=said["published_on"]
        )  # fmt: skip
        return f"{reverse('holidays')}?tahun={said['days'][0].day.year}"

    desk = Desk(
        title=_("Tambah libur atau cuti bersama"),
        crumbs=crumbs((_("Libur dan cuti bersama"), reverse("holidays")), (_("Tambah"), "")),
        back=reverse("holidays"),
        act=act,
        done=_("Hari libur tersimpan. Tenggat dan tanggal kunci RPD langsung memakai kalender ini."),
        button=_("Simpan hari libur"),
        question=_("Simpan hari libur ini?"),
    )
    return fill_in(request, form, desk)


@access(Action.EDIT_REFERENCE)
@require_http_methods(METHODS)
def withdraw_day(request: HttpRequest, number: int) -> HttpResponseBase:
    found = next((row for row in org_selectors.holidays() if row.pk == number), None)
    if found is None:
        raise NotFound("holiday-unknown", number=number)
    form = WithdrawForm(request.POST or None)

    def act(said: dict[str, Any]) -> str:
        budget.withdraw_holiday(
            actor=person(request), number=number, withdrawn_on=said["withdrawn_on"], reason=said["reason"]
        )  # fmt: skip
        return f"{reverse('holidays')}?tahun={found.day.year}"

    desk = Desk(
        title=_("Cabut %(name)s") % {"name": found.name},
        crumbs=crumbs((_("Libur dan cuti bersama"), reverse("holidays")), (_("Cabut"), "")),
        back=reverse("holidays"),
        act=act,
        done=_("Hari itu kembali menjadi hari kerja. Tenggat dan tanggal kunci RPD langsung memakai kalender ini."),
        button=_("Cabut hari libur"),
        question=_("Cabut %(name)s?") % {"name": found.name},
        lede=_("Setelah dicabut, %(day)s menjadi hari kerja biasa.") % {"day": f"{found.day:%d-%m-%Y}"},
        danger=True,
    )
    return fill_in(request, form, desk)
