"""The API as one object: its areas, its description, its error mapping."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request, override
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from dekon.api import (
    alerts,
    attachments,
    cases,
    codes,
    deadlines,
    documents,
    imports,
    me,
    meeting_results,
    moments,
    outputs,
    payments,
    plan_writes,
    promises,
    recap,
    records,
    reference,
    versions,
)
from dekon.api.access import Guard
from dekon.api.envelope import envelope_of, install
from dekon.api.once import keep
from dekon.api.reading import ReadingPage
from dekon.api.samples import add_examples
from dekon.errors import DekonError
from dekon.scope import FAILED

DESCRIPTION = """\
Money of deconcentration, from pagu to single payments.

- Sign-in: a token in the header (Authorization: Bearer …, made by `dekon token create`) or the session of the pages;
  writes by session need the CSRF header.
- Units: money is an integer number of rupiah (`_rp`), ratios are decimal strings ("0.4182"), dates ISO 8601, codes are
  text with their leading zeros.
- Place: nobody sees more than role and place allow; people of a province get their own, whatever they filter by.
- Lists are paged (`limit`, `offset`, `count`) or streamed as NDJSON or CSV.
- Writes may carry `Idempotency-Key` (up to 64 characters): sent again with it, a call changes nothing and gets the
  first answer (header `Idempotent-Replayed`); the key with another body or address is refused.
- What can be overwritten says its `version`. A write names it in `If-Match`; where somebody changed the thing since, it
  is refused (409 `changed-meanwhile`: who did what, when) and nothing is kept. Without the header a write goes through
  only where nobody's work can be lost: the thing is new, its newest change is the caller's own, or the write only adds.
- Errors have one shape: {"code", "message", "legal", "errors": [{"field", "cell", "code", "message"}]}; the message
  follows Accept-Language (id, en).
"""


AREAS = (
    ("me", me.router),
    ("recap", recap.router),
    ("payments", payments.router),
    ("execution", records.router),
    ("plan", plan_writes.router),
    ("outputs", outputs.router),
    ("imports", imports.router),
    ("promises", promises.router),
    ("alerts", alerts.router),
    ("cases", cases.router),
    ("meetings", meeting_results.router),
    ("attachments", attachments.router),
    ("documents", documents.router),
    ("reference", reference.router),
    ("reference", codes.router),
    ("deadlines", deadlines.router),
)
"""Areas in the order of the document."""


class Api(NinjaAPI):
    """ninja's API, whose document also names the action that each operation needs (`x-action`)."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> OpenAPISchema:
        """The OpenAPI document."""
        document = super().get_openapi_schema(*args, **kwargs)
        actions = {
            self.get_openapi_operation_id(operation): guards_of(operation)[0].action.value
            for router in self._get_bound_routers()
            for view in router.path_operations.values()
            for operation in view.operations
        }
        guarded = {
            self.get_openapi_operation_id(operation)
            for router in self._get_bound_routers()
            for view in router.path_operations.values()
            for operation in view.operations
            if hasattr(operation.view_func, versions.MARK)
        }
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if method == "get" and moments.takes(method, path.removeprefix(moments.ROOT)):
                    operation.setdefault("parameters", []).append(dict(moments.PARAMETER))
                if operation["operationId"] in guarded:
                    operation.setdefault("parameters", []).append(dict(versions.PARAMETER))
                operation["x-action"] = actions.get(operation["operationId"], "")
                for parameter in operation.get("parameters", ()):
                    parameter.pop("examples", None)  # a list is none in OpenAPI 3.1; the schema keeps it
        add_examples(document)
        return document

    def create_response(self, request: HttpRequest, data: Any, **kwargs: Any) -> HttpResponse:
        """The answer; kept where the call came with a key and was not refused."""
        response = super().create_response(request, data, **kwargs)
        if not getattr(request, FAILED, False):
            keep(request, response)
            if version := versions.newest(request):
                response.headers["ETag"] = version
        return response

    def refused(self, request: HttpRequest, error: DekonError, status: HTTPStatus) -> HttpResponse:
        """The envelope of an error that no operation raised."""
        with override(get_language_from_request(request)):
            return super().create_response(request, envelope_of(error).model_dump(), status=status)

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Area and name of the function: `reference_satker`."""
        return f"{operation.view_func.__module__.rsplit('.', 1)[-1]}_{operation.view_func.__name__}"


def guards_of(operation: Operation) -> list[Guard]:
    """What an operation asks of its callers."""
    callbacks: list[object] = list(operation.auth_callbacks)
    return [guard for guard in callbacks if isinstance(guard, Guard)]


def build() -> Api:
    """The API with all areas."""
    api = Api(
        title="Dekon", version="1", description=DESCRIPTION, urls_namespace="api-v1", docs=ReadingPage(), docs_url=None
    )
    install(api)
    for name, router in AREAS:
        api.add_router("", router, tags=[name])
    return api


api = build()
