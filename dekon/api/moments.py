"""The time machine of the API: every reading call takes `known_at` and answers as it would have done then."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest

from dekon.errors import RuleBroken
from dekon.history import selectors as history
from dekon.history.choices import Record, Stance, stances
from dekon.history.services import begin, end

NAME = "known_at"
ROOT = "/api/v1"
IN_A_ROUTE = re.compile(r"<(?:\w+:)?(\w+)>")
TOKEN = "dekon_moment_token"  # noqa: S105  attribute of a request, not a secret
PARAMETER: Mapping[str, Any] = {
    "in": "query", "name": NAME, "required": False,
    "schema": {
        "type": "string", "maxLength": 40, "title": "Known At",
        "description": "as at this past moment of record: what the call answered then (a day is its end; a time"
        " without a zone is Jakarta's)",
        "examples": ["2026-06-30T13:05:00+07:00"],
    },
}  # fmt: skip


def moment_of(request: HttpRequest) -> datetime | None:
    """The moment that a call asks for; None for now.

    Raises:
        RuleBroken: `moment-not-a-time`.
    """
    text = request.GET.get(NAME, "")
    if not text:
        return None
    # In an address a plus sign that was not written as %2B arrives as a space.
    moment = history.parsed(text.replace(" ", "+") if text[-6:-5] == " " else text)
    if moment is None:
        raise RuleBroken("moment-not-a-time", value=text[:40].replace("\x00", "\ufffd"))
    return moment


def takes(method: str, path: str) -> bool:
    """Whether an operation looks back.

    Args:
        method: of HTTP.
        path: as in the document, below the root of the API.
    """
    return stances("operations").get(f"{method.upper()} {path}", Stance()).record is Record.PAST


def _always_now(request: HttpRequest) -> bool:
    match = request.resolver_match
    path = IN_A_ROUTE.sub(r"{\1}", f"/{match.route}") if match else ""
    return not takes("GET", path.removeprefix(ROOT))


def enter(request: HttpRequest) -> None:
    """Look at what was seen at the moment that the call asks for, until `leave`.

    Raises:
        RuleBroken: it is no time, lies ahead or before the records, or the call always answers as of now.
    """
    moment = moment_of(request)
    if moment is not None and _always_now(request):
        raise RuleBroken("moment-not-here")
    if moment is not None and not hasattr(request, TOKEN):
        setattr(request, TOKEN, begin(moment))


def leave(request: HttpRequest, status: int) -> None:
    """Look at what is now again, after the call was answered."""
    if token := getattr(request, TOKEN, None):
        end(token, undone=status >= HTTPStatus.BAD_REQUEST)
        delattr(request, TOKEN)
