"""Every request runs in one transaction, as the app's database role and with the person's scope set.

Row-level security reads the two settings `dekon.user` and `dekon.scope`; outside of a scoped transaction it shows
nothing. A body that is streamed runs after the request's transaction has ended: `scoped_stream` opens one of its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from dekon.audit.services import acting_from
from dekon.org import selectors
from dekon.scope import FAILED, Scope, app_transaction, scoped_transaction, set_scope
from dekon.web import moments
from dekon.web.callers import address_of

type View = Callable[[HttpRequest], HttpResponseBase]

WITHOUT_DATABASE = ("/healthz", "/readyz", "/static/")


def scope_of(request: HttpRequest) -> tuple[str, Scope]:
    """Who asks and for which place; both empty for a visitor."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return "", ""
    return str(user.pk), lambda: selectors.scope_of(selectors.with_roles(user))


def scoped_stream[Row](request: HttpRequest, rows: Callable[[], Iterable[Row]]) -> Iterator[Row]:
    """Rows of a streamed body, read in a scoped transaction of their own.

    Args:
        request: whose scope holds.
        rows: opens the rows; called inside the new transaction, so that no query of the old one is used.
    """
    with scoped_transaction(*scope_of(request)), moments.looking(request):
        yield from rows()


class TransactionMiddleware:
    """Opens the request's transaction; an exception or an answer of 500 and above undoes everything."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(WITHOUT_DATABASE):
            return self.get_response(request)
        origin = "api" if request.path.startswith("/api/") else "web"
        request_id = uuid.uuid4().hex
        address = address_of(request)
        brought = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        session_key = brought if brought.isalnum() else ""
        with acting_from(origin, request_id, address), app_transaction(request_id, session_key):
            response = self.get_response(request)
            if response.status_code >= 500 or getattr(request, FAILED, False):
                transaction.set_rollback(True)
        response.headers["X-Request-ID"] = request_id
        return response


class ScopeMiddleware:
    """Sets the scope of the person once sign-in is known, and notes that a view failed."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(WITHOUT_DATABASE):
            set_scope(*scope_of(request))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Whatever answer another middleware makes of it, nothing that the view wrote may stay."""
        setattr(request, FAILED, True)
        return None
