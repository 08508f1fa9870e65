"""The dossier of a place and year, for auditors: a page that says what it holds, and the ZIP."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dekon.audit import services as audit
from dekon.audit.choices import Reading
from dekon.history import selectors as history
from dekon.history.services import as_at
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.web.access import access, person
from dekon.web.address import Address
from dekon.web.dossier import book
from dekon.web.filters import place_asked, year_of
from dekon.web.pages import answer
from dekon.web.transaction import scoped_stream


def _order(request: HttpRequest) -> book.Order:
    """The dossier that the address asks for, of what the person may take of that place."""
    place = place_asked(request, Action.TAKE_DOSSIER)
    return book.order(year=year_of(request), place=place, taken_by=str(person(request)), taken_at=history.present())


@access(Action.TAKE_DOSSIER)
@require_GET
def dossier(request: HttpRequest) -> HttpResponseBase:
    asked, address = _order(request), Address.of(request)
    return answer(
        request,
        "dossier/dossier.html.jinja",
        year=asked.wanted.year,
        crumbs=[(_("Beranda"), reverse("start")), (_("Dosir"), "")],
        order=asked,
        take_href=address.at(reverse("dossier-take"), address.params),
        sections=book.sections(),
        provinces=org.listed_provinces(),
    )


@access(Action.TAKE_DOSSIER)
@require_POST
def take(request: HttpRequest) -> HttpResponseBase:
    asked = _order(request)
    place = asked.place
    audit.record_reading(
        actor=person(request), kind=Reading.DOSSIER, subject_type="dossier", subject_id=asked.file_name,
        subject_name=f"{asked.title} {asked.wanted.year}", satker_code=place.satker,
        place=audit.place_of(place.province, place.unit), facts={"satker": len(asked.wanted.satker)},
    )  # fmt: skip

    def body() -> Iterator[bytes]:
        with as_at(asked.taken_at):
            yield from book.pieces(asked)

    response = StreamingHttpResponse(scoped_stream(request, body), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{asked.file_name}"'
    response["X-Accel-Buffering"] = "no"
    return response
