"""The presentation mode."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.performance.selectors import RecapFilter
from dekon.web.access import access
from dekon.web.address import Address
from dekon.web.filters import Choice, asked, filter_form
from dekon.web.pages import answer
from dekon.web.presentation import slides


@access(Action.VIEW_PLACE)
@require_GET
def presentation(request: HttpRequest) -> HttpResponseBase:
    chosen, address = asked(request), Address.of(request)
    recap = chosen.recap
    return answer(
        request,
        "presentation/presentation.html.jinja",
        year=recap.year,
        crumbs=[],
        asked=recap,
        filters=filter_form(request, chosen),
        provinces=[Choice(one.code, one.name) for one in org.provinces_on(recap.as_of)],
        where=where(recap),
        deck=slides.deck(recap),
        back=address.elsewhere(reverse("start")),
    )


def where(recap: RecapFilter) -> str:
    """The place of the figures in words."""
    place = org.province_or_none(recap.province) if recap.province else None
    satker = org.satker_or_none(recap.satker) if recap.satker else None
    return str(satker or place or _("seluruh Indonesia"))
