"""Who may call what: every operation names the action it needs, `auth=allow(Action.…)`.

A caller shows a token or the session of the pages. A token needs the action `use-api` too, and its scope for writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer, SessionAuth

from dekon.errors import NotAllowed
from dekon.org import services as org
from dekon.org.choices import Action

if TYPE_CHECKING:
    from dekon.org.models import User

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """What an operation asks of its caller."""

    action: Action


class TokenGuard(HttpBearer, Guard):
    """A token in the header `Authorization: Bearer …`."""

    def __init__(self, action: Action) -> None:
        self.action = action
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """The person whose token it is, if it is good for this request."""


class SessionGuard(SessionAuth, Guard):
    """The session of the pages; writes need the CSRF mark."""

    def __init__(self, action: Action) -> None:
        self.action = action
        super().__init__(csrf=True)

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        """The person who is signed in."""
