"""The API as one object: its areas, its description, its error mapping."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from dekon.api.access import Guard
from dekon.api.envelope import install
from dekon.api.reading import ReadingPage

DESCRIPTION = """\
Money of deconcentration, from pagu to single payments.

- Sign-in: a token in the header (Authorization: Bearer …, made by `dekon token create`) or the session of the pages;
  writes by session need the CSRF header.
- Units: money is an integer number of rupiah (`_rp`), ratios are decimal strings ("0.4182"), dates ISO 8601, codes are
  text with their leading zeros.
- Place: nobody sees more than role and place allow; people of a province get their own province, whatever they filter by.
- Lists are paged (`limit`, `offset`, `count`) or streamed as NDJSON or CSV.
- Errors have one shape: {"code", "message", "legal", "errors": [{"field", "cell", "code", "message"}]}; the message
  follows Accept-Language (id, en).
"""


class Api(NinjaAPI):
    """ninja's API, whose document also names the action that each operation needs (`x-action`)."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> OpenAPISchema:
        """The OpenAPI document."""
        document = super().get_openapi_schema(*args, **kwargs)
        actions = {
            operation.operation_id or self.get_openapi_operation_id(operation): guard.action.value
            for router in self._get_bound_routers()
            for view in router.path_operations.values()
            for operation in view.operations
            for guard in operation.auth_callbacks
            if isinstance(guard, Guard)
        }
        for methods in document["paths"].values():
            for operation in methods.values():
                operation["x-action"] = actions.get(operation["operationId"], "")
        return document


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
