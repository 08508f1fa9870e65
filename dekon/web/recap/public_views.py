"""The published national recap: no sign-in, provinces only, no satker and no payments."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from dekon.org import selectors as org
from dekon.performance import selectors
from dekon.performance.selectors import RecapFilter
from dekon.scope import published
from dekon.web import moments
from dekon.web.access import public
from dekon.web.address import Address
from dekon.web.filters import day_of, year_of
from dekon.web.formats import money_head
from dekon.web.pages import answer
from dekon.web.recap import board, listing


@public
@require_GET
@cache_control(private=True, max_age=60)
def public_recap(request: HttpRequest) -> HttpResponseBase:
    with moments.looking(request):
        return _recap(request)


def _recap(request: HttpRequest) -> HttpResponseBase:
    with published():
        year = year_of(request)
        asked = RecapFilter(year=year, as_of=day_of(request, year) or selectors.default_as_of(year))
        seen = selectors.overview(asked, 0)
    recap = seen.by_province
    short_names = {p.code: p.short_name for p in org.provinces_on(asked.as_of)}
    unit = money_head(request.GET.get("satuan", ""))
    table = listing.recap_table(
        recap, name="provinsi", caption=_("Provinsi"), first=_("Provinsi"), links={}, total=_("Nasional"), unit=unit
    )
    return answer(
        request,
        "recap/public.html.jinja",
        year=year,
        tabled=[table],
        asked=asked,
        cut=asked,
        crumbs=[],
        board=board.board(recap.total, asked.as_of, ""),
        country=board.country(recap, short_names, Address.of(request), linked=False),
        curve=board.curve(seen.months, recap.total, asked, _("nasional")),
    )
