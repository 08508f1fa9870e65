"""Every address says who may open it: `@access` or `@public` on pages, `allow()` on operations of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path
from ninja import NinjaAPI
from ninja.operation import Operation

from dekon.api.access import Guard
from dekon.api.document import api
from dekon.org.choices import Action
from dekon.web.access import GUARD, PUBLIC

HEALTH = frozenset({"healthz", "readyz"})
"""Asked by machines that watch; they show no data."""


def views(
    patterns: Iterable[URLPattern | URLResolver], prefix: str = ""
) -> Iterator[tuple[str, Callable[..., object]]]:
    """Every address with its view."""
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, address)
        else:
            yield address, pattern.callback


def unguarded(found: Iterable[tuple[str, Callable[..., object]]]) -> list[str]:
    """Addresses whose view says nothing."""
    return [
        address
        for address, view in found
        if address not in HEALTH
        and not address.startswith("api/v1/")
        and not isinstance(getattr(view, GUARD, None), Action)
        and getattr(view, GUARD, None) != PUBLIC
    ]


def operations(of: NinjaAPI) -> Iterator[Operation]:
    """Every operation of an API."""
    for router in of._get_bound_routers():
        for view in router.path_operations.values():
            yield from view.operations


def unguarded_operations(of: NinjaAPI) -> list[str]:
    """Operations that some caller may use without a named action."""
    return [
        f"{operation.methods} {operation.path}"
        for operation in operations(of)
        if not operation.auth_callbacks or not all(isinstance(guard, Guard) for guard in operation.auth_callbacks)
    ]


def test_every_page_says_who_may_open_it() -> None:
    found = list(views(get_resolver().url_patterns))
    assert len(found) > 10
    assert unguarded(found) == []


def test_an_unguarded_page_would_be_found() -> None:
    def open_to_all(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert unguarded(views([path("x/", open_to_all), path("y/", partial(open_to_all))])) == ["x/", "y/"]


def test_every_operation_names_its_action() -> None:
    assert unguarded_operations(api) == []


def test_an_unguarded_operation_would_be_found() -> None:
    other = NinjaAPI(urls_namespace="probe", docs_url=None, openapi_url=None)

    @other.get("/x")
    def open_to_all(request: HttpRequest) -> str:
        return ""

    assert len(unguarded_operations(other)) == 1
