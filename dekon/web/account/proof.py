"""What changes how one signs in asks who is there: the proof may be a quarter of an hour old at most."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, cast
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from dekon.web.session.entering import PROVED_AT

FRESH_SECONDS = 15 * 60

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def fresh(request: HttpRequest) -> bool:
    """Whether the person has proved a moment ago who it is."""
    return time.time() - float(request.session.get(PROVED_AT, 0)) < FRESH_SECONDS


def prove_first(request: HttpRequest, then: str = "") -> HttpResponseBase:
    """Ask for password or factor, and go on afterwards.

    Args:
        then: where; the page itself where nothing is said.
    """
    return redirect(f"{reverse('prove')}?{urlencode({'next': then or request.get_full_path()})}")


def proved[**P](view: View[P]) -> View[P]:
    """Ask for password or factor first, where the last proof is too old."""

    @wraps(view)
    def asked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not fresh(request):
            return prove_first(request)
        return view(request, *args, **kwargs)

    return cast("View[P]", asked)


def proved_for[**P](page: str) -> Callable[[View[P]], View[P]]:
    """As `proved`, for what is only sent: afterwards the person stands on the page from which it is sent.

    Args:
        page: the name of that page, whose address takes the same words.
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def asked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not fresh(request):
                return prove_first(request, reverse(page, args=args, kwargs=kwargs))
            return view(request, *args, **kwargs)

        return cast("View[P]", asked)

    return guard
