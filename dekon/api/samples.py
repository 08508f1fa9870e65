"""Examples for the document.

Made from the examples of the single fields, so that they cannot disagree with the schemas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

PLAIN: Mapping[str, Any] = {"string": "", "integer": 0, "number": 0, "boolean": False, "null": None, "object": {}}
BY_FORMAT = {"date": "2022-09-30", "date-time": "2022-09-30T03:00:00Z"}
MAX_DEPTH = 8


def add_examples(document: Mapping[str, Any]) -> None:
    """Give every JSON body of the document that has none an example."""
    shapes = document.get("components", {}).get("schemas", {})
    for content in bodies(document):
        if "schema" in content and "example" not in content:
            content["example"] = sample(content["schema"], shapes)


def bodies(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The JSON bodies that are sent and answered."""
    for methods in document["paths"].values():
        for operation in methods.values():
            for part in (operation.get("requestBody", {}), *operation.get("responses", {}).values()):
                if "application/json" in part.get("content", {}):
                    yield part["content"]["application/json"]


def sample(schema: Mapping[str, Any], shapes: Mapping[str, Any], depth: int = 0) -> Any:
    """A value of a schema.

    Args:
        schema: an OpenAPI schema.
        shapes: the named schemas that it may refer to.
        depth: how far down this is; a schema that holds itself ends somewhere.
    """
    if schema.get("examples"):
        return schema["examples"][0]
    if "$ref" in schema:
        return sample(shapes[schema["$ref"].rsplit("/", 1)[-1]], shapes, depth + 1)
    if "anyOf" in schema:
        return sample(schema["anyOf"][0], shapes, depth + 1)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [] if depth > MAX_DEPTH else [sample(schema.get("items", {}), shapes, depth + 1)]
    if "properties" in schema:
        return {name: sample(field, shapes, depth + 1) for name, field in schema["properties"].items()}
    return schema.get("default", BY_FORMAT.get(schema.get("format", ""), PLAIN.get(schema.get("type", ""))))
