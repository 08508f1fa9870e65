"""The OpenAPI document as a page to read: no scripts, nothing from other hosts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils.translation import get_language, gettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter of an operation, or a field of a schema."""

    name: str
    place: str
    kind: str
    required: bool
    description: str
    example: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one address."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    action: str
    parameters: tuple[Value, ...]
    body: str
    sent: str
    answers: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A named schema."""

    name: str
    description: str
    fields: tuple[Value, ...]


class ReadingPage(DocsBase):
    """What `/api/docs` shows."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """The whole document on one page, in the order of its areas."""
        document = api.get_openapi_schema(path_params=kwargs)
        return HttpResponse(rendered(document, self.get_openapi_url(api, kwargs)))


def rendered(document: Mapping[str, Any], address: str) -> str:
    """The page of a document.

    Args:
        document: an OpenAPI document.
        address: where it is served as JSON.
    """
    return _environment().get_template("docs.html.jinja").render(
        info=document["info"], address=address, areas=areas(document), shapes=tuple(shapes(document)),
        language=get_language() or "id", stylesheet=static("dekon.css"), _=gettext,
    )  # fmt: skip


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def areas(document: Mapping[str, Any]) -> dict[str, list[Operation]]:
    """All operations by area, in the order of the document."""
    result: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            area = operation.get("tags", ["api"])[0]
            result.setdefault(area, []).append(_operation(method.upper(), path, operation))
    return result


def shapes(document: Mapping[str, Any]) -> Iterator[Shape]:
    """All named schemas, by name."""
    for name, schema in sorted(document.get("components", {}).get("schemas", {}).items()):
        yield Shape(name, schema.get("description", ""), tuple(_fields(schema)))


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> Operation:
    body = operation.get("requestBody", {}).get("content", {})
    return Operation(
        anchor=operation["operationId"],
        method=method,
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        action=operation.get("x-action", ""),
        parameters=tuple(_parameter(parameter) for parameter in operation.get("parameters", [])),
        body=_content_kind(body),
        answers=tuple(_answers(operation.get("responses", {}))),
        sent=_text(next((part.get("example") for part in body.values()), None)),
    )


def _parameter(parameter: Mapping[str, Any]) -> Value:
    schema = parameter.get("schema", {})
    return Value(
        parameter["name"], parameter.get("in", ""), kind_of(schema), parameter.get("required", False),
        parameter.get("description") or schema.get("description", ""), _example(schema),
    )  # fmt: skip


def _fields(schema: Mapping[str, Any]) -> Iterator[Value]:
    required = set(schema.get("required", ()))
    for name, field in schema.get("properties", {}).items():
        yield Value(name, "", kind_of(field), name in required, field.get("description", ""), _example(field))


def _answers(responses: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Status, kind and example of each answer; all refusals, which look alike, in one."""
    refusals = sorted(str(status) for status in responses if str(status) >= "400")
    for status, answer in responses.items():
        if str(status) not in refusals:
            content = answer.get("content", {})
            yield str(status), _content_kind(content), _text(next((c.get("example") for c in content.values()), None))
    yield ", ".join(refusals), "Envelope", ""


def _text(example: object) -> str:
    if example is None or isinstance(example, str):
        return example or ""
    return json.dumps(example, indent=2, ensure_ascii=False, default=str)


def _content_kind(content: Mapping[str, Any]) -> str:
    return ", ".join(f"{kind_of(part.get('schema', {}))} ({media})" for media, part in content.items())


def _example(schema: Mapping[str, Any]) -> str:
    examples = schema.get("examples") or ([schema["example"]] if "example" in schema else [])
    return str(examples[0]) if examples else ""


def kind_of(schema: Mapping[str, Any]) -> str:
    """A schema in a few words: `integer`, `Page of Recap`, `a | b`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " | ".join(kind_of(part) for part in schema["anyOf"])
    if "allOf" in schema:
        return " & ".join(kind_of(part) for part in schema["allOf"])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"{kind_of(schema.get('items', {}))}[]"
    return str(schema.get("format") or schema.get("type") or schema.get("title", ""))
