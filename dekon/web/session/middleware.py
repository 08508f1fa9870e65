"""Notes when a session was last used, and leads who needs a second factor to setting one up."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from dekon.errors import NotAllowed
from dekon.org import services as org
from dekon.org.selectors.factors import must_have
from dekon.web.access import person
from dekon.web.callers import address_of
from dekon.web.formats import reader_language
from dekon.web.session.entering import FACTOR, LISTED, SEEN_AT, STRONG

NOTED_EVERY_SECONDS = 300
FREE = ("/akun/faktor/", "/akun/pastikan/", "/keluar/", "/bahasa/", "/static/", "/healthz", "/readyz", "/publik/")
"""Addresses that open without the second factor: its set-up, leaving, and what everybody sees."""


class SignedInMiddleware:
    """After the person is known, before the page is made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(FREE) or not request.user.is_authenticated:
            return self.get_response(request)
        self.note(request)
        if request.session.get(FACTOR) not in STRONG and must_have(person(request)):
            return self.stopped(request)
        return self.get_response(request)

    def note(self, request: HttpRequest) -> None:
        """Every few minutes: when and from where the session was used."""
        listed = request.session.get(LISTED)
        if listed and time.time() - request.session.get(SEEN_AT, 0) > NOTED_EVERY_SECONDS:
            request.session[SEEN_AT] = time.time()
            org.note_seen(number=listed, address=address_of(request), now=timezone.now())

    def stopped(self, request: HttpRequest) -> HttpResponseBase:
        """The set-up, or in the API a refusal that says so."""
        if request.path.startswith("/api/"):
            problem = NotAllowed("factor-missing")
            said = {"code": problem.code, "message": problem.message(reader_language()), "legal": "", "errors": []}
            return JsonResponse(said, status=403)
        return redirect("factors")
