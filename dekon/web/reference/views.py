"""The lists of codes with the days on which they hold."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from dekon.errors import NotFound, RuleBroken
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.web.access import access, person
from dekon.web.pages import Crumb, answer
from dekon.web.reference import lists as known


def _crumbs(*more: Crumb) -> list[Crumb]:
    return [(_("Beranda"), reverse("start")), (_("Data rujukan"), reverse("reference")), *more]


@access(Action.EDIT_REFERENCE)
@require_GET
def lists(request: HttpRequest) -> HttpResponseBase:
    return answer(request, "reference/lists.html.jinja", crumbs=_crumbs(), lists=known.all_lists())


@access(Action.EDIT_REFERENCE)
@require_GET
def listing(request: HttpRequest, name: str) -> HttpResponseBase:
    found = known.named(name)
    if found is None:
        raise NotFound("page-not-found", thing=_("Daftar"), code=name)
    return answer(
        request, "reference/list.html.jinja", crumbs=_crumbs((found.title, "")), list=found, tabled=[known.table(found)]
    )


@access(Action.EDIT_REFERENCE)
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, name: str, code: str) -> HttpResponseBase:
    found = known.named(name)
    row = known.row_of(found, code) if found else None
    if found is None or row is None:
        raise NotFound("page-not-found", thing=_("Kode"), code=code)
    if request.method == "POST":
        org.change_reference(
            actor=person(request),
            listing=name,
            code=code,
            name=request.POST.get("nama", "").strip()[:160],
            valid_from=_day(request.POST.get("sejak", "")) or row.valid_from,
            valid_to=_day(request.POST.get("sampai", "")),
        )
        return redirect("reference-list", name)
    return answer(
        request,
        "reference/entry.html.jinja",
        crumbs=_crumbs((found.title, reverse("reference-list", args=[name])), (code, "")),
        list=found,
        row=row,
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise RuleBroken("page-day-wrong", value=text[:40]) from problem
