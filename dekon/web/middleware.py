"""Expected errors become pages that say what happened and what to do."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from dekon.errors import DekonError
from dekon.web.errors import problem_page


class DekonErrorMiddleware:
    """Translates a `DekonError` of a page; the API has its own envelope."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DekonError) and not request.path.startswith("/api/"):
            return problem_page(request, exception)
        return None
