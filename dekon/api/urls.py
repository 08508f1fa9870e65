"""Addresses of the API: operations and document below `/api/v1/`, the page to read at `/api/docs`."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from dekon.api.document import api


def docs(request: HttpRequest) -> HttpResponse:
    """The document as a page, open to everybody: it shows no data."""
    return api.docs.render_page(request, api)


docs.access_guard = "public"  # type: ignore[attr-defined]  # what `web.access.public` sets; web and api know each other not


@csrf_exempt
def nowhere(request: HttpRequest, _rest: str = "") -> HttpResponse:
    """An address of the API that does not exist: refused with the envelope, like everything else."""
    return api.on_exception(request, Http404())


nowhere.access_guard = "public"  # type: ignore[attr-defined]  # it shows no data

urlpatterns = [
    path("api/docs", docs, name="api-docs"),
    path("api/v1/", nowhere),  # ninja's own root answers with a page
    path("api/v1/", api.urls),
    path("api", nowhere),
    path("api/", nowhere),
    path("api/<path:_rest>", nowhere),
]
