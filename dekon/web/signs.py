"""Signs that no page can hold: control signs and code points that are none. Nobody types them; none is repeated."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote_plus

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase

from dekon.web.errors import bad_request

UNFIT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)


def fit(entered: QueryDict) -> QueryDict:
    """What was entered, without such signs; the same object where there are none."""
    if not any(UNFIT.search(value) for values in entered.lists() for value in values[1]):
        return entered
    cleaned = entered.copy()
    for name, values in entered.lists():
        cleaned.setlist(name, [UNFIT.sub("", value) for value in values])
    return cleaned


class SignsMiddleware:
    """Refuses an address of a page whose query holds such signs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if "%" in query and not request.path.startswith("/api/") and UNFIT.search(unquote_plus(query)):
            return bad_request(request, ValueError("signs that no page can hold"))
        return self.get_response(request)
