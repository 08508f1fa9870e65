"""Who may open a page: every view says the action it needs, `@access(Action.…)`, or that it is `@public`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from dekon.org import selectors
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.org.selectors import Place

if TYPE_CHECKING:
    from dekon.org.models import User

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

GUARD = "access_guard"
PUBLIC = "public"


def access[**P](action: Action) -> Callable[[View[P]], View[P]]:
    """Let in who holds the action anywhere; the page itself asks `require` for the place it shows."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            org.require(person(request), action)
            return view(request, *args, **kwargs)

        setattr(guarded, GUARD, action)
        return cast("View[P]", guarded)

    return guard


def public[**P](view: View[P]) -> View[P]:
    """A page for everybody."""
    setattr(view, GUARD, PUBLIC)
    return view


def person(request: HttpRequest) -> User:
    """Who is signed in; only for guarded views. The roles are read once a request."""
    return selectors.with_roles(cast("User", request.user))


def may(request: HttpRequest, action: Action, place: Place | None = None) -> bool:
    """Whether a button belongs on the page."""
    return request.user.is_authenticated and org.may(person(request), action, place).allowed


def require(request: HttpRequest, action: Action, place: Place) -> None:
    """Go on only if the person may do it there.

    Raises:
        NotAllowed: with the reason.
    """
    org.require(person(request), action, place)
