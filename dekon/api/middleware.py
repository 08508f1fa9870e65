"""What ninja answers by itself gets the envelope too."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from dekon.api import moments
from dekon.api.document import api
from dekon.errors import RuleBroken

PREFIX = "/api/"


class MethodMiddleware:
    """A method that an address of the API does not know is refused with the envelope; `Allow` names those it knows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the request pass, and dress what came of it."""
        response = self.get_response(request)
        moments.leave(request, response.status_code)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or not request.path.startswith(PREFIX):
            return response
        allowed = ", ".join(sorted(response.headers.get("Allow", "").replace(" ", "").split(",")))
        problem = RuleBroken("api-method-unknown", method=request.method or "", allowed=allowed)
        refused = api.refused(request, problem, HTTPStatus.METHOD_NOT_ALLOWED)
        refused.headers["Allow"] = allowed
        return refused
