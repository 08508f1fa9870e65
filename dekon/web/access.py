"""Who may open a page: every view says the action it needs, `@access(Action.…)`, or that it is `@public`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import get_language

from dekon.errors import DEFAULT_LANGUAGE, message_text
from dekon.org import selectors
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.org.selectors import Subject, Verdict
from dekon.web import moments

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
            with moments.looking(request):
                return moments.followed(request, view(request, *args, **kwargs))

        setattr(guarded, GUARD, action)
        return cast("View[P]", guarded)

    return guard


def public[**P](view: View[P]) -> View[P]:
    """A page for everybody."""

    @wraps(view)
    def opened(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        with moments.looking(request):
            return view(request, *args, **kwargs)

    setattr(opened, GUARD, PUBLIC)
    return cast("View[P]", opened)


def person(request: HttpRequest) -> User:
    """Who is signed in; only for guarded views. The roles are read once a request."""
    return selectors.with_roles(cast("User", request.user))


def may_open(request: HttpRequest, action: Action, subject: Subject = None) -> bool:
    """Whether the person may do it, at whatever moment the page is looked at."""
    return request.user.is_authenticated and org.may(person(request), action, subject).allowed


def _looks(action: Action) -> bool:
    """Whether an action changes nothing."""
    return action.value.startswith("view-") or action == Action.USE_API


def may(request: HttpRequest, action: Action, subject: Subject = None) -> bool:
    """Whether a button belongs on the page; in the past there is nothing to do but to look."""
    if moments.moment_of(request) and not _looks(action):
        return False
    return may_open(request, action, subject)


@dataclass(frozen=True, slots=True)
class Offer:
    """An action as a page offers it: possible, or why not."""

    allowed: bool
    reason: str = ""


def offer(request: HttpRequest, action: Action, subject: Subject = None, *, awaited: bool = False) -> Offer | None:
    """What a page shows of an action; None: nothing.

    A role that has nothing to do with the action is not shown it, unless the page's thing waits for it (`awaited`):
    then it reads who can. In the past there is nothing to do but to look.
    """
    if moments.moment_of(request):
        return None
    verdict = org.may(person(request), action, subject)
    if verdict.code == "not-allowed-role" and not awaited:
        return None
    return Offer(verdict.allowed, said(verdict))


def said(verdict: Verdict) -> str:
    """Why not, in the language of the page; empty where the person may."""
    return "" if verdict.allowed else message_text(verdict.code, verdict.params, get_language() or DEFAULT_LANGUAGE)


def why_not(request: HttpRequest, action: Action, subject: Subject = None) -> str:
    """Why a button is grey, in the language of the page; empty where the person may."""
    if moments.moment_of(request) and not _looks(action):
        return moments.nothing_to_write()
    return said(org.may(person(request), action, subject))


def require(request: HttpRequest, action: Action, place: Subject) -> None:
    """Go on only if the person may do it there.

    Raises:
        NotAllowed: with the reason.
    """
    org.require(person(request), action, place)
