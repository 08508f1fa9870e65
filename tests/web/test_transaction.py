"""A request is one transaction, in the app's role and the person's scope; what fails leaves nothing behind."""

from __future__ import annotations

import psycopg
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import ProgrammingError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from dekon.audit.models import Event
from dekon.audit.services import record
from dekon.org.models import User
from dekon.web.transaction import ScopeMiddleware, TransactionMiddleware, scoped_stream

pytestmark = pytest.mark.django_db(transaction=True)


def asked(view: object, user: User | None = None, path: str = "/") -> HttpResponseBase:
    """What the two middlewares make of a view's answer."""
    assert callable(view)
    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()
    return TransactionMiddleware(ScopeMiddleware(view))(request)


def one(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


@pytest.fixture
def person() -> User:
    return User.objects.create_user("sari", password="x")


def writes(status: int, actor: User) -> object:
    """A view that writes a row and answers with that status."""

    def view(request: HttpRequest) -> HttpResponse:
        record(actor=actor, action="tested", subject_type="test", subject_id="1")
        return HttpResponse(status=status)

    return view


@pytest.mark.parametrize(("status", "kept"), [(200, 1), (302, 1), (422, 1), (500, 0), (503, 0)])
def test_an_answer_of_500_and_above_undoes_what_was_written(person: User, status: int, kept: int) -> None:
    asked(writes(status, person), person)
    assert Event.objects.filter(action="tested").count() == kept


def test_an_exception_of_a_view_undoes_everything_whatever_answer_is_made_of_it(person: User) -> None:
    request = RequestFactory().get("/")
    request.user = person

    def handled(request: HttpRequest) -> HttpResponse:
        record(actor=person, action="tested", subject_type="test", subject_id="1")
        ScopeMiddleware(lambda _: HttpResponse()).process_exception(request, ValueError())
        return HttpResponse(status=409)

    assert TransactionMiddleware(handled)(request).status_code == 409
    assert not Event.objects.filter(action="tested").exists()


def test_the_view_runs_as_the_app_and_the_connection_is_given_back_unchanged(person: User) -> None:
    seen: list[object] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.extend([one("SELECT current_user"), one("SELECT current_setting('dekon.user')")])
        return HttpResponse()

    before = one("SELECT current_user")
    asked(view, person)
    assert seen == ["dekon_app", str(person.pk)]
    assert one("SELECT current_user") == before
    assert one("SELECT current_setting('dekon.user', true)") in {None, ""}


def test_the_app_cannot_change_what_is_append_only(person: User) -> None:
    record(actor=person, action="tested", subject_type="test", subject_id="1")

    def view(request: HttpRequest) -> HttpResponse:
        with pytest.raises(ProgrammingError) as caught:
            Event.objects.update(action="forged")
        assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)
        return HttpResponse(status=500)

    asked(view, person)
    assert Event.objects.filter(action="tested").count() == 1


def test_what_is_recorded_says_whether_page_or_api_and_which_request(person: User) -> None:
    page = asked(writes(200, person), person)
    asked(writes(200, person), person, path="/api/v1/x")
    first, second = Event.objects.filter(action="tested").order_by("pk")
    assert (first.origin, second.origin) == ("web", "api")
    assert page.headers["X-Request-ID"] == first.request_id != second.request_id


def test_a_streamed_body_has_a_transaction_of_its_own(person: User) -> None:
    request = RequestFactory().get("/")
    request.user = person
    rows = scoped_stream(request, lambda: [one("SELECT current_user"), one("SELECT current_setting('dekon.user')")])
    assert list(rows) == ["dekon_app", str(person.pk)]
    assert not connection.in_atomic_block


def test_health_needs_no_database_and_readiness_names_what_is_missing() -> None:
    assert Client().get("/healthz").json() == {"status": "ok"}
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert (answer.json()["database"], answer.json()["worker"]) == ("ok", "failed")
