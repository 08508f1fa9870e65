"""`If-Match`: a call that overwrites says which version it has seen, and is told what others did since.

A version is the number of the newest change of a thing in the trail. It stands in the answers as `version` and in the
header `ETag`. Without the header a call is carried out where nobody's work can be lost by it: the thing is new, its
newest change is the caller's own, or the call only adds and is checked against amounts or status.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from dekon.audit import selectors, services
from dekon.audit.selectors import Thing
from dekon.errors import Conflict, RuleBroken
from dekon.history import selectors as history

HEADER = "If-Match"
ANY = "*"
LOOKED_AT = "dekon_things"
MARK = "takes_version"
MOST_TOLD = 3
LONGEST = 200
VERSION = re.compile(r'(?:W/)?"?(\d{1,18})"?')
PARAMETER = {
    "name": HEADER, "in": "header", "required": False, "schema": {"type": "string"},
    "description": (
        "The `version` (or ETag) of the thing as the caller has seen it. Where somebody changed it since: 409 "
        "`changed-meanwhile`, which says who did what, when; nothing is kept. `*` overwrites whatever stands there. "
        "Without the header, what somebody else changed last is not overwritten: 409 `version-needed`."
    ),
}  # fmt: skip


class Versioned(Schema):
    """What can be overwritten says its version."""

    version: int | None = Field(
        None, description="number of its newest change, for `If-Match`; 0: never changed, null: at a past moment"
    )


def takes_version[F: Callable[..., Any]](operation: F) -> F:
    """Marks an operation that heeds `If-Match`, for the document."""
    setattr(operation, MARK, True)
    return operation


def stamped[T](kind: str, thing: T) -> T:
    """The thing with its version."""
    stamp(kind, [thing])
    return thing


def stamp(kind: str, rows: Iterable[Any]) -> None:
    """Give each row its version, with one question; none at a past moment."""
    listed = list(rows)
    if history.moment() is not None or not listed:
        return
    known = selectors.newest_each(kind, [str(row.pk) for row in listed])
    for row in listed:
        row.version = known.get(str(row.pk), 0)


def unchanged(request: HttpRequest, kind: str, *keys: int | str | None, adds: bool = False) -> None:
    """Go on only if nobody changed the things since the caller has seen them; others wait until this call is over.

    Args:
        kind, keys: as the trail calls the things; a key that is None is a thing that is not there yet.
        adds: the call takes nothing of another's away, so that it needs no version.

    Raises:
        RuleBroken: the header is no version.
        Conflict: `changed-meanwhile`, with who did what when; `version-needed` where the caller does not say.
    """
    things = sorted((kind, str(key)) for key in keys if key is not None)
    setattr(request, LOOKED_AT, things)
    said = request.headers.get(HEADER, "").strip()
    seen = _seen(said)
    for one in things:
        services.take_turn(*one)
    if said == ANY or (adds and not said) or not things:
        return
    events = list(selectors.changes_since(things, seen or 0))
    if seen is None:
        events = [event for event in events[-1:] if event.actor_id != request.user.pk]
    if events:
        code = "version-needed" if seen is None else "changed-meanwhile"
        raise Conflict(code, done="; ".join(_words(event) for event in events[-MOST_TOLD:]))


def newest(request: HttpRequest) -> str:
    """The version of what the call was about, for `ETag`; empty where it was about none."""
    things: list[Thing] = getattr(request, LOOKED_AT, [])
    return f'"{selectors.newest_of(*things)}"' if things else ""


def _seen(said: str) -> int | None:
    if not said or said == ANY:
        return None
    found = VERSION.fullmatch(said)
    if found is None:
        raise RuleBroken("version-unfit", value=said[:40])
    return int(found[1])


def _words(event: Any) -> str:
    """Who did what, when, with the facts."""
    facts = [
        f"{name}: {event.before.get(name, '–')} → {value}"
        for name, value in event.after.items()
        if event.before.get(name) != value
    ]
    said = (", ".join(facts) or event.reason or "–")[:LONGEST]
    return f"{event.actor_name}, {timezone.localtime(event.recorded_at):%Y-%m-%dT%H:%M:%S%z}: {event.action} ({said})"
