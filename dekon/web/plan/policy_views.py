"""Editing why the money is there: policies with targets and links, outcomes, themes, the year's legal basis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dekon.budget import selectors as budget
from dekon.budget import services
from dekon.budget.selectors import plan as things
from dekon.budget.services import DATED_LISTS
from dekon.errors import RuleBroken
from dekon.lib.periods import year_end
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.org.selectors import dated
from dekon.web.access import access, person
from dekon.web.forms import Desk, fill_in
from dekon.web.meanwhile import About
from dekon.web.pages import Crumb, answer
from dekon.web.plan import forms, lines
from dekon.web.trail.listing import timeline

type Act = Callable[[Any], str]

METHODS = ["GET", "HEAD", "POST"]
TPT, AUGUST = "tpt", "agustus"


def crumbs(area: str, *more: Crumb) -> list[Crumb]:
    """The way to a page of the plan."""
    words = {"policies": _("Kebijakan"), "themes": _("Tema")}[area]
    return [(_("Beranda"), reverse("start")), (words, reverse(area)), *more]


def of_year(name: str, year: int) -> str:
    """A page of a fiscal year."""
    return f"{reverse(name)}?tahun={year}"


def codes(name: str, year: int) -> list[tuple[str, str]]:
    """The codes of a list at the end of a year, to choose from."""
    return [(row.code, f"{row.code} {row.name}") for row in dated.listed(DATED_LISTS[name], year_end(year))]


def year_in(year: int) -> int:
    """The year of a path.

    Raises:
        RuleBroken: it is no fiscal year.
    """
    if not 2000 <= year <= 2100:
        raise RuleBroken("page-year-wrong", value=str(year))
    return year


@access(Action.EDIT_PLAN)
@require_http_methods(METHODS)
def year_basis(request: HttpRequest, year: int) -> HttpResponseBase:
    known = things.fiscal_year(year_in(year))
    initial = {"legal_basis": known.legal_basis, "note": known.note} if known else {}
    form = forms.YearForm(request.POST or None, initial=initial)

    def act(said: Mapping[str, Any]) -> str:
        services.state_year(
            actor=person(request), fiscal_year=year, legal_basis=said["legal_basis"], note=said["note"]
        )  # fmt: skip
        return of_year("policies", year)

    title = _("Dasar hukum tahun %(year)s") % {"year": year}
    desk = Desk(
        about=About("fiscal-year", year),
        title=title, crumbs=crumbs("policies", (title, "")), back=of_year("policies", year), act=act,
        done=_("Dasar hukum tersimpan."), button=_("Simpan"),
        question=_("Simpan dasar hukum tahun %(year)s?") % {"year": year},
    )  # fmt: skip
    return fill_in(request, form, desk)


@access(Action.EDIT_PLAN)
@require_http_methods(METHODS)
def add_policy(request: HttpRequest, year: int) -> HttpResponseBase:
    form = forms.PolicyForm(request.POST or None)
    taken = {policy.code for policy in budget.policies(year_in(year))}

    def act(said: Mapping[str, Any]) -> str:
        if said["code"] in taken:
            raise RuleBroken("policy-code-taken", code=said["code"], year=year)
        made = services.state_policy(actor=person(request), fiscal_year=year, **facts(said))
        return reverse("policy", args=[made.pk])

    title = _("Tambah kebijakan %(year)s") % {"year": year}
    desk = Desk(
        title=title, crumbs=crumbs("policies", (title, "")), back=of_year("policies", year), act=act,
        done=_("Kebijakan tersimpan. Lengkapi target dan anggarannya."), button=_("Simpan kebijakan"),
    )  # fmt: skip
    return fill_in(request, form, desk)


def facts(said: Mapping[str, Any]) -> dict[str, str]:
    """What a form says of a policy."""
    return {name: said[name] for name in ("code", "name", "description", "source")}


@access(Action.EDIT_PLAN)
@require_GET
def policy(request: HttpRequest, number: int) -> HttpResponseBase:
    found = things.policy(number)
    return answer(
        request,
        "plan/policy.html.jinja",
        year=found.fiscal_year,
        crumbs=crumbs("policies", (found.code, "")),
        policy=found,
        trail=timeline(request, "policy", number),
    )


@access(Action.EDIT_PLAN)
@require_http_methods(METHODS)
def edit_policy(request: HttpRequest, number: int) -> HttpResponseBase:
    found = things.policy(number)
    form = forms.PolicyForm(
        request.POST or None,
        initial={name: getattr(found, name) for name in ("code", "name", "description", "source")},
    )
    form.fields["code"].disabled = True

    def act(said: Mapping[str, Any]) -> str:
        services.state_policy(actor=person(request), fiscal_year=found.fiscal_year, **facts(said))
        return reverse("policy", args=[number])

    desk = Desk(
        about=About("policy", number),
        title=_("Ubah kebijakan %(code)s") % {"code": found.code},
        crumbs=_of_policy(number, found.code, _("Ubah")),
        back=reverse("policy", args=[number]), act=act, done=_("Kebijakan tersimpan."), button=_("Simpan kebijakan"),
    )  # fmt: skip
    return fill_in(request, form, desk)


def _of_policy(number: int, code: str, words: str) -> list[Crumb]:
    return crumbs("policies", (code, reverse("policy", args=[number])), (words, ""))


def sure(
    request: HttpRequest,
    *,
    title: str,
    back: str,
    way: list[Crumb],
    act: Act,
    done: str,
    button: str,
    about: About,
) -> HttpResponseBase:
    """A page that asks whether to take something away."""
    desk = Desk(title=title, crumbs=way, back=back, act=act, done=done, button=button, danger=True, about=about)
    return fill_in(request, forms.SureForm(request.POST or None), desk)


@access(Action.EDIT_PLAN)
@require_http_methods(METHODS)
def remove_policy(request: HttpRequest, number: int) -> HttpResponseBase:
    found = things.policy(number)

    def act(_said: Mapping[str, Any]) -> str:
        services.remove_policy(actor=person(request), policy_id=number)
        return of_year("policies", found.fiscal_year)

    return sure(
        request, about=About("policy", number),
        title=_("Hapus kebijakan %(code)s?") % {"code": found.code}, back=reverse("policy", args=[number]),
        way=_of_policy(number, found.code, _("Hapus")), act=act, done=_("Kebijakan dihapus; jejaknya tetap tercatat."),
        button=_("Hapus kebijakan"),
    )  # fmt: skip


@access(Action.EDIT_PLAN)
@require_http_methods(METHODS)
def target(request: HttpRequest, number: int) -> HttpResponseBase:
    found = things.policy(number)
    indicator = request.GET.get("indikator", "")
    known = things.target(found, indicator) if indicator else None
    names = ("indicator", "name", "unit", "low", "high", "lower_is_better")
    form = forms.TargetForm(
        request.POST or None, initial={name: getattr(known, name) for name in names} if known else {}
    )
    form.fields["indicator"].disabled = known is not None

    def act(said: Mapping[str, Any]) -> str:
        services.state_target(actor=person(request), policy_id=number, **{name: said[name] for name in names})
        return reverse("policy", args=[number])

    desk = Desk(
        about=About("policy", number),
        title=_("Target nasional %(code)s") % {"code": found.code}, lede=found.name,
        crumbs=_of_policy(number, found.code, _("Target")), back=reverse("policy", args=[number]), act=act,
        done=_("Target tersimpan."), button=_("Simpan target"),
    )  # fmt: skip
    return fill_in(request, form, desk)


@access(Action.EDIT_PLAN)
@require_http_methods(METHODS)
def remove_target(request: HttpRequest, number: int) -> HttpResponseBase:
    found = things.policy(number)
    known = things.target(found, request.GET.get("indikator", ""))

    def act(_said: Mapping[str, Any]) -> str:
        services.remove_target(actor=person(request), policy_id=number, indicator=known.indicator)
        return reverse("policy", args=[number])

    return sure(
        request, about=About("policy", number),
        title=_("Hapus target %(name)s?") % {"name": known.name}, back=reverse("policy", args=[number]),
        way=_of_policy(number, found.code, _("Hapus target")), act=act, done=_("Target dihapus."),
        button=_("Hapus target"),
    )  # fmt: skip


@access(Action.EDIT_PLAN)
@require_http_methods(METHODS)
def link(request: HttpRequest, number: int) -> HttpResponseBase:
    found = things.policy(number)
    kegiatan = dated.listed(DATED_LISTS["kegiatan"], year_end(found.fiscal_year))
    choices = [
        *((code, _("Program %(words)s") % {"words": words}) for code, words in codes("program", found.fiscal_year)),
        *((f"{row.program.code}.{row.code}", f"{row.program.code}.{row.code} {row.name}") for row in kegiatan),
    ]
    form = forms.LinkForm(choices, request.POST or None)

    def act(said: Mapping[str, Any]) -> str:
        program, _dot, kegiatan_code = said["code"].partition(".")
        services.link_policy(actor=person(request), policy_id=number, program=program, kegiatan=kegiatan_code)
        return reverse("policy", args=[number])

    desk = Desk(
        about=About("policy", number),
        title=_("Kaitkan anggaran dengan %(code)s") % {"code": found.code}, lede=found.name,
        crumbs=_of_policy(number, found.code, _("Kaitkan anggaran")), back=reverse("policy", args=[number]), act=act,
        done=_("Anggaran dikaitkan."), button=_("Kaitkan"),
    )  # fmt: skip
    return fill_in(request, form, desk)


@access(Action.EDIT_PLAN)
@require_http_methods(METHODS)
def unlink(request: HttpRequest, number: int) -> HttpResponseBase:
    found = things.policy(number)
    program, _dot, kegiatan = request.GET.get("kode", "").partition(".")

    def act(_said: Mapping[str, Any]) -> str:
        services.unlink_policy(actor=person(request), policy_id=number, program=program, kegiatan=kegiatan)
        return reverse("policy", args=[number])

    words = ".".join(filter(None, (program, kegiatan)))
    return sure(
        request, about=About("policy", number),
        title=_("Lepaskan %(link)s dari %(code)s?") % {"link": words, "code": found.code},
        back=reverse("policy", args=[number]), way=_of_policy(number, found.code, _("Lepaskan")), act=act,
        done=_("Kaitan dilepas."), button=_("Lepaskan"),
    )  # fmt: skip


@access(Action.EDIT_PLAN)
@require_http_methods(METHODS)
def outcomes(request: HttpRequest, year: int) -> HttpResponseBase:
    series = [one for one in budget.outcomes(TPT) if one.year == year_in(year) and one.round == AUGUST]
    known = {one.province.code if one.province else forms.NATION: one.value for one in series}
    provinces = dict.fromkeys((*org.provinces_on(year_end(year)), *(one.province for one in series if one.province)))
    places = {forms.NATION: _("Nasional"), **{one.code: one.name for one in provinces}}
    source = series[0].source if series else _("BPS, Sakernas Agustus %(year)s") % {"year": year}
    form = forms.OutcomesForm(places, known, request.POST or None, initial={"source": source})

    def act(said: Mapping[str, Any]) -> str:
        for code, value in form.to_keep.items():
            services.record_outcome(
                actor=person(request), indicator=TPT, year=year, round_name=AUGUST, value=value,
                source=said["source"], province="" if code == forms.NATION else code,
            )  # fmt: skip
        return of_year("policies", year)

    title = _("Tingkat pengangguran terbuka, Agustus %(year)s") % {"year": year}
    desk = Desk(
        title=title, crumbs=crumbs("policies", (title, "")), back=of_year("policies", year), act=act,
        done=_("Nilai tersimpan; nilai lama tetap ada dalam jejak audit."), button=_("Simpan nilai"),
        question=_("Simpan nilai ini?"), lede=_("Dalam persen. Yang dikosongkan tidak berubah."),
        template="plan/outcomes.html.jinja",
    )  # fmt: skip
    return fill_in(request, form, desk, trail=timeline(request, "outcome", ""))


@access(Action.EDIT_PLAN)
@require_http_methods(METHODS)
def add_theme(request: HttpRequest) -> HttpResponseBase:
    form = forms.ThemeForm(request.POST or None)

    def act(said: Mapping[str, Any]) -> str:
        if said["name"] in budget.theme_names():
            raise RuleBroken("theme-taken", name=said["name"])
        made = services.state_theme(actor=person(request), name=said["name"], description=said["description"])
        return reverse("theme", args=[made.pk])

    desk = Desk(
        title=_("Tambah tema"), crumbs=crumbs("themes", (_("Tambah tema"), "")), back=reverse("themes"), act=act,
        done=_("Tema tersimpan. Tandai kegiatan atau RO yang memuatnya."), button=_("Simpan tema"),
    )  # fmt: skip
    return fill_in(request, form, desk)


def _of_theme(number: int, name: str, words: str) -> list[Crumb]:
    return crumbs("themes", (name, reverse("theme", args=[number])), (words, ""))


@access(Action.EDIT_PLAN)
@require_GET
def theme(request: HttpRequest, number: int) -> HttpResponseBase:
    found = things.theme(number)
    return answer(
        request, "plan/theme.html.jinja", crumbs=crumbs("themes", (found.name, "")), theme=found,
        tabled=[lines.tag_table(found)], years=budget.fiscal_years(), trail=timeline(request, "theme", number),
    )  # fmt: skip


@access(Action.EDIT_PLAN)
@require_http_methods(METHODS)
def edit_theme(request: HttpRequest, number: int) -> HttpResponseBase:
    found = things.theme(number)
    form = forms.ThemeTextForm(request.POST or None, initial={"description": found.description})

    def act(said: Mapping[str, Any]) -> str:
        services.state_theme(actor=person(request), name=found.name, description=said["description"])
        return reverse("theme", args=[number])

    desk = Desk(
        about=About("theme", number),
        title=_("Ubah tema %(name)s") % {"name": found.name}, crumbs=_of_theme(number, found.name, _("Ubah")),
        back=reverse("theme", args=[number]), act=act, done=_("Tema tersimpan."), button=_("Simpan tema"),
    )  # fmt: skip
    return fill_in(request, form, desk)


@access(Action.EDIT_PLAN)
@require_http_methods(METHODS)
def remove_theme(request: HttpRequest, number: int) -> HttpResponseBase:
    found = things.theme(number)

    def act(_said: Mapping[str, Any]) -> str:
        services.remove_theme(actor=person(request), name=found.name)
        return reverse("themes")

    return sure(
        request, about=About("theme", number),
        title=_("Hapus tema %(name)s?") % {"name": found.name}, back=reverse("theme", args=[number]),
        way=_of_theme(number, found.name, _("Hapus")), act=act, done=_("Tema dihapus; jejaknya tetap tercatat."),
        button=_("Hapus tema"),
    )  # fmt: skip


@access(Action.EDIT_PLAN)
@require_http_methods(METHODS)
def tag(request: HttpRequest, number: int, year: int) -> HttpResponseBase:
    found = things.theme(number)
    form = forms.TagForm(codes("kegiatan", year_in(year)), request.POST or None)

    def act(said: Mapping[str, Any]) -> str:
        services.tag(actor=person(request), theme=found.name, fiscal_year=year, **path_of(said))
        return reverse("theme", args=[number])

    title = _("Tandai dengan %(name)s pada %(year)s") % {"name": found.name, "year": year}
    desk = Desk(
        about=About("theme", number),
        title=title, crumbs=_of_theme(number, found.name, _("Tandai")), back=reverse("theme", args=[number]), act=act,
        done=_("Penanda tersimpan; rekap dapat dipotong menurut tema ini."), button=_("Simpan penanda"),
    )  # fmt: skip
    return fill_in(request, form, desk)


def path_of(said: Mapping[str, Any]) -> dict[str, str]:
    """What a form tags."""
    return {"kegiatan": said["kegiatan"], "kro": said["kro"].strip().upper(), "ro": said["ro"].strip()}


@access(Action.EDIT_PLAN)
@require_http_methods(METHODS)
def untag(request: HttpRequest, number: int, year: int) -> HttpResponseBase:
    found = things.theme(number)
    kegiatan, kro, ro = (*request.GET.get("kode", "").split("."), "", "", "")[:3]

    def act(_said: Mapping[str, Any]) -> str:
        services.untag(
            actor=person(request), theme=found.name, fiscal_year=year_in(year), kegiatan=kegiatan, kro=kro, ro=ro
        )  # fmt: skip
        return reverse("theme", args=[number])

    words = ".".join(filter(None, (kegiatan, kro, ro)))
    return sure(
        request, about=About("theme", number),
        title=_("Lepaskan penanda %(code)s?") % {"code": words}, back=reverse("theme", args=[number]),
        way=_of_theme(number, found.name, _("Lepaskan")), act=act, done=_("Penanda dilepas."), button=_("Lepaskan"),
    )  # fmt: skip
