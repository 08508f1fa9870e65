"""The lists of codes: how they read on any day, and what was recorded of each code."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dekon.budget.services import DATED_LISTS, dated_list
from dekon.errors import NotFound
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.org.selectors import dated
from dekon.org.selectors.dated import DatedList
from dekon.web import moments
from dekon.web.access import access
from dekon.web.pages import Crumb, answer
from dekon.web.reference import lists as tables
from dekon.web.trail.listing import timeline


def crumbs(*more: Crumb) -> list[Crumb]:
    """The way to a reference page."""
    return [(_("Beranda"), reverse("start")), (_("Data rujukan"), reverse("reference")), *more]


def found_row(listing: DatedList, code: str) -> Any:  # noqa: ANN401  rows of several models
    """The row of a code.

    Raises:
        NotFound: there is none.
    """
    row = dated.row_of(listing, code)
    if row is None:
        raise NotFound("reference-unknown", listing=str(listing.title), code=code)
    return row


@access(Action.EDIT_REFERENCE)
@require_GET
def lists(request: HttpRequest) -> HttpResponseBase:
    return answer(request, "reference/lists.html.jinja", crumbs=crumbs()[:2], lists=list(DATED_LISTS.values()))


@access(Action.EDIT_REFERENCE)
@require_GET
def listing(request: HttpRequest, name: str) -> HttpResponseBase:
    of, on = dated_list(name), moments.day_of_effect(request)
    return answer(
        request,
        "reference/list.html.jinja",
        crumbs=crumbs((str(of.title), "")),
        list=of,
        on=on,
        tabled=[tables.list_table(of, on)],
    )


@access(Action.EDIT_REFERENCE)
@require_GET
def holidays(request: HttpRequest) -> HttpResponseBase:
    text = request.GET.get("tahun", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else None
    return answer(
        request,
        "reference/holidays.html.jinja",
        crumbs=crumbs((_("Libur dan cuti bersama"), "")),
        chosen=year,
        years=sorted({row.day.year for row in org.holidays()}),
        tabled=[tables.holiday_table(year, moments.day_of_effect(request))],
        trail=timeline(request, "libur", ""),
    )


@access(Action.EDIT_REFERENCE)
@require_GET
def entry(request: HttpRequest, name: str, code: str) -> HttpResponseBase:
    of = dated_list(name)
    now, versions, on = found_row(of, code), dated.versions_of(of, code), moments.day_of_effect(request)
    row = dated.row_on(of, code, on) if on else now
    return answer(
        request,
        "reference/entry.html.jinja",
        crumbs=crumbs((str(of.title), reverse("reference-list", args=[name])), (code, "")),
        list=of,
        row=row or now,
        facts=tables.facts_in_words(of, row) if row else [],
        on=on,
        trail=timeline(request, name, code),
        tabled=[tables.history_table(of, now, versions, on)],
    )
