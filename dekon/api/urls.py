"""Addresses of the API: operations and document below `/api/v1/`, the page to read at `/api/docs`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from dekon.api.document import api


def docs(request: HttpRequest) -> HttpResponse:
    """The document as a page, open to everybody: it shows no data."""
    return api.docs.render_page(request, api)


docs.access_guard = "public"  # type: ignore[attr-defined]  # what `web.access.public` sets; web and api know each other not

urlpatterns = [path("api/docs", docs, name="api-docs"), path("api/v1/", api.urls)]
