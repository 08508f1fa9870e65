"""The one error envelope, and how every kind of refusal becomes it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import partial
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language, get_language_from_request, override
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import ConfigDict, Field

from dekon.api.once import Repeated, first_answer
from dekon.errors import Conflict, DekonError, GatewayFailed, NotAllowed, NotFound, RuleBroken, Unfit
from dekon.lib.findings import Finding
from dekon.scope import FAILED

type Answer = tuple[int, Envelope]

logger = logging.getLogger("dekon.api")

STATUS_OF: dict[type[DekonError], HTTPStatus] = {
    RuleBroken: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    GatewayFailed: HTTPStatus.BAD_GATEWAY,
}
CODES_OF_HTTP = {
    HTTPStatus.UNAUTHORIZED: "api-sign-in-needed",
    HTTPStatus.FORBIDDEN: "api-csrf-failed",
    HTTPStatus.NOT_FOUND: "api-address-unknown",
    HTTPStatus.TOO_MANY_REQUESTS: "api-too-many-requests",
}


class Problem(Schema):
    """One thing that is wrong in what was sent, with its place."""

    field: str = ""
    cell: str = ""
    code: str
    message: str


class Envelope(Schema):
    """What every refusal looks like, whatever went wrong."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "api-request-invalid",
                    "message": "Permintaan tidak dapat dibaca: 1 isian salah.",
                    "legal": "",
                    "errors": [
                        {
                            "field": "year",
                            "cell": "",
                            "code": "int_parsing",
                            "message": "Input should be a valid integer",
                        }
                    ],
                }
            ]
        }
    )

    code: str
    message: str
    legal: str = ""
    errors: list[Problem] = Field(default_factory=list)


ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
"""Texts that are sent: one line, no control characters (the database keeps none)."""
MANY_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
MAX_RP = 10**15
"""A quadrillion rupiah: above every budget, below what a column holds."""
MAX_ID = 2**63 - 1

REFUSALS: frozenset[int] = frozenset({401, 403, 404, 409, 422})


def answers(schema: Any, *, status: int = 200) -> dict[Any, Any]:
    """The `response=` of an operation: its own answer, and the envelope for every refusal."""
    return {status: schema, REFUSALS: Envelope}


def language() -> str:
    """The language of this request's messages, `id` or `en`."""
    return "en" if (get_language() or "").startswith("en") else "id"


def problems_of(findings: Iterable[Finding]) -> list[Problem]:
    """Findings of a file as problems of the envelope."""
    chosen = language()
    return [
        Problem(field=finding.column, cell=finding.cell, code=finding.code, message=finding.message(chosen))
        for finding in findings
    ]


def problems_of_entry(error: Unfit) -> list[Problem]:
    """Entries that cannot be kept as problems of the envelope."""
    chosen = language()
    return [Problem(field=one.field, code=one.code, message=one.message(chosen)) for one in error.problems]


def envelope_of(error: DekonError, errors: Iterable[Problem] = ()) -> Envelope:
    """The envelope of an expected error."""
    return Envelope(code=error.code, message=error.message(language()), legal=error.legal, errors=list(errors))


def install(api: NinjaAPI) -> None:
    """Map every kind of failure once."""
    handlers: dict[type[Exception], Callable[[Exception], Answer]] = {
        DekonError: _refused,
        ValidationError: _invalid,
        HttpError: _http_error,
        AuthenticationError: _http_error,
        Http404: _plain(NotFound("api-address-unknown"), HTTPStatus.NOT_FOUND),
        PermissionDenied: _plain(NotAllowed("api-forbidden"), HTTPStatus.FORBIDDEN),
        RequestDataTooBig: _plain(RuleBroken("api-request-too-large"), HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        Exception: _crashed,
    }
    api.add_exception_handler(Repeated, lambda _request, error: first_answer(error))
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, partial(_send, api, handler))


def _send(
    api: NinjaAPI, handler: Callable[[Exception], Answer], request: HttpRequest, error: Exception | type[Exception]
) -> HttpResponse:
    """Answer with the envelope and keep nothing of what the request wrote."""
    assert isinstance(error, Exception)
    with override(get_language_from_request(request)):
        status, envelope = handler(error)
    setattr(request, FAILED, True)
    return api.create_response(request, envelope.model_dump(), status=status)


def _refused(error: Exception) -> Answer:
    assert isinstance(error, DekonError)
    status = next((STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF), HTTPStatus.BAD_REQUEST)
    return status, envelope_of(error, problems_of_entry(error) if isinstance(error, Unfit) else ())


def _invalid(error: Exception) -> Answer:
    assert isinstance(error, ValidationError)
    problems = [problem_of(entry) for entry in error.errors]
    summary = RuleBroken("api-request-invalid", count=len(problems))
    return HTTPStatus.UNPROCESSABLE_ENTITY, envelope_of(summary, problems)


def _http_error(error: Exception) -> Answer:
    assert isinstance(error, HttpError)
    code = CODES_OF_HTTP.get(HTTPStatus(error.status_code), "api-request-unreadable")
    return error.status_code, envelope_of(RuleBroken(code))


def _plain(refusal: DekonError, status: HTTPStatus) -> Callable[[Exception], Answer]:
    return lambda _error: (status, envelope_of(refusal))


def _crashed(error: Exception) -> Answer:
    logger.error("a request of the API failed", exc_info=error)
    return HTTPStatus.INTERNAL_SERVER_ERROR, envelope_of(RuleBroken("api-internal-error"))


def problem_of(entry: dict[str, Any]) -> Problem:
    """One entry of a validation error; the place is named as the sender wrote it (`query.year` is `year`)."""
    place = [
        str(part) for part in entry.get("loc", ()) if part not in {"query", "body", "path", "form", "file", "header"}
    ]
    return Problem(field=".".join(place), code=str(entry.get("type", "invalid")), message=str(entry.get("msg", "")))
