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


def proved[**P](view: View[P]) -> View[P]:
    """Ask for password or factor first, where the last proof is too old."""

    @wraps(view)
    def asked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not fresh(request):
            return redirect(f"{reverse('prove')}?{urlencode({'next': request.get_full_path()})}")
        return view(request, *args, **kwargs)

    return cast("View[P]", asked)
