"""Who may call what: every operation names the action it needs, `auth=allow(Action.…)`.

A caller shows a token or the session of the pages. A token needs the action `use-api` too, and its scope for writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import activate, get_language_from_request
from ninja.security import HttpBearer, SessionAuth

from dekon.api import moments
from dekon.api.once import claim
from dekon.errors import NotAllowed
from dekon.history.services import as_at
from dekon.org import selectors
from dekon.org.choices import Action
from dekon.org.selectors import Place
from dekon.org.services import require
from dekon.scope import scoped_transaction, set_scope

if TYPE_CHECKING:
    from dekon.org.models import User

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """What an operation asks of its caller."""

    def __init__(self, action: Action) -> None:
        self.action = action
        super().__init__()


class TokenGuard(Guard, HttpBearer):
    """A token in the header `Authorization: Bearer …`."""

    openapi_description = "A token made by `dekon token create`."

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """The person whose token it is, if it is good for this request.

        Raises:
            NotAllowed: the token may only read, or the person may not do this or not use the API.
        """
        now = timezone.now()
        user = selectors.user_of_token(token, writing=request.method not in READING_METHODS, now=now)
        if user is None:
            if selectors.user_of_token(token, writing=False, now=now):
                raise NotAllowed("api-token-read-only")
            return None
        set_scope(str(user.pk), lambda: selectors.scope_of(selectors.with_roles(user)))
        require(user, Action.USE_API)
        require(user, self.action)
        request.user = user
        activate(get_language_from_request(request))
        return claimed(request, user)


class SessionGuard(Guard, SessionAuth):
    """The session of the pages; writes need the CSRF mark."""

    openapi_description = "The session of the pages; writes also need the header X-CSRFToken."

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        """The person who is signed in.

        Raises:
            NotAllowed: the person may not do this.
        """
        if not request.user.is_authenticated:
            return None
        user = selectors.with_roles(caller(request))
        require(user, self.action)
        return claimed(request, user)


def claimed(request: HttpRequest, user: User) -> User:
    """The caller, once the key of a call that writes is taken (`once`) or one that reads looks where it asks to."""
    if request.method not in READING_METHODS:
        claim(request, user)
    else:
        moments.enter(request)
    return user


def allow(action: Action) -> Sequence[Guard]:
    """What stands after `auth=` of an operation: by token or session, whoever holds the action somewhere."""
    return [TokenGuard(action), SessionGuard(action)]


def caller(request: HttpRequest) -> User:
    """Who calls; only inside an operation."""
    return cast("User", request.user)


def reach(request: HttpRequest, action: Action, *, province: str = "", unit: str = "", satker: str = "") -> Place:
    """What of a place the caller's roles reach; open codes are filled by the bounds of the role."""
    return selectors.narrowed(caller(request), action, Place(province, unit, satker))


def require_place(request: HttpRequest, action: Action, place: Place) -> None:
    """Go on only if the caller may do it there."""
    require(caller(request), action, place)


@contextmanager
def scoped(request: HttpRequest) -> Iterator[None]:
    """A transaction of its own in the caller's scope, for a body that is read after the request's is over.

    It reads as at the moment that the call asks for.
    """
    with (
        scoped_transaction(str(request.user.pk), lambda: selectors.scope_of(caller(request))),
        as_at(moments.moment_of(request)),
    ):
        yield
