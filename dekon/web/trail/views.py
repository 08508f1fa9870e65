"""The trail: sought, one row of it, and who read what."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dekon.audit import selectors as audit
from dekon.audit.selectors import Asked
from dekon.history import selectors as history
from dekon.org.choices import Action
from dekon.web.access import access
from dekon.web.pages import Crumb, answer
from dekon.web.trail import listing, words

MAX_BESIDE = 20
"""Rows of the same request that one row shows."""


def _crumbs(*more: Crumb) -> list[Crumb]:
    return [(_("Beranda"), reverse("start")), *more]


@access(Action.VIEW_TRAIL)
@require_GET
def trail(request: HttpRequest) -> HttpResponseBase:
    return _sought(request, readings=False)


@access(Action.VIEW_TRAIL)
@require_GET
def readings(request: HttpRequest) -> HttpResponseBase:
    return _sought(request, readings=True)


def _sought(request: HttpRequest, *, readings: bool) -> HttpResponseBase:
    # of one thing everything is told, its reading too
    asked = listing.asked_of(request, readings=True if readings else None if request.GET.get("nomor") else False)
    return answer(
        request,
        "trail/trail.html.jinja",
        crumbs=_crumbs((_("Pembacaan data") if readings else _("Jejak audit"), "")),
        tabled=[listing.trail_table(listing.reach_of(request), asked, readings=readings)],
        asked=asked,
        readings=readings,
        lists=listing.lists(readings=readings),
    )


@access(Action.VIEW_TRAIL)
@require_GET
def row(request: HttpRequest, number: int) -> HttpResponseBase:
    reach = listing.reach_of(request)
    found = audit.event(reach, number, history.moment())
    same = Asked(request_id=found.request_id, known_at=history.moment())
    beside = audit.events(reach, same)[:MAX_BESIDE] if found.request_id else []
    return answer(
        request,
        "trail/row.html.jinja",
        crumbs=_crumbs((_("Jejak audit"), reverse("trail")), (_("Baris %(number)s") % {"number": number}, "")),
        step=listing.step_of(found),
        event=found,
        link=getattr(found, "link", None),
        thing=words.thing_words(found.subject_type),
        thing_page=words.thing_page(found.subject_type, found.subject_id),
        place=listing.place_words(found),
        origin=words.origin_words(found.origin),
        beside=[listing.step_of(other) for other in beside if other.pk != number],
    )
