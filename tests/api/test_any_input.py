"""Whatever is asked, the answer is what the document says or a refusal with its envelope: never a crash."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from dekon.api.document import api
from tests.api.conftest import MakeClient, envelope

pytestmark = pytest.mark.django_db

EXAMPLES = 200 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 6
DOCUMENT: dict[str, Any] = dict(api.get_openapi_schema())
TEXTS = st.one_of(
    st.text(max_size=12), st.sampled_from(["", "0", "-1", "2022", "\x00", "'", "%", "2022-02-30", "9" * 30])
)


def readings() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every address that is read, with its parameters."""
    for path, methods in DOCUMENT["paths"].items():
        if "get" in methods:
            yield path, methods["get"].get("parameters", [])


def values(parameter: dict[str, Any]) -> SearchStrategy[str]:
    """Values that fit a parameter, its examples, and things that do not fit at all."""
    schema = parameter["schema"]
    kinds = [schema, *schema.get("anyOf", [])]
    fitting: list[SearchStrategy[str]] = [TEXTS]
    for kind in kinds:
        if kind.get("type") == "integer":
            fitting.append(st.integers(kind.get("minimum", 0), kind.get("maximum", 2**70)).map(str))
        if kind.get("format") == "date":
            fitting.append(st.dates().map(str))
        if "enum" in kind:
            fitting.append(st.sampled_from(kind["enum"]))
    if examples := [str(example) for example in schema.get("examples", []) if example is not None]:
        fitting += [st.sampled_from(examples)] * 3
    return st.one_of(fitting)


@st.composite
def requests(draw: st.DrawFn, path: str, parameters: list[dict[str, Any]]) -> tuple[str, dict[str, str]]:
    """An address with its query."""
    query: dict[str, str] = {}
    for parameter in parameters:
        name = parameter["name"]
        if parameter["in"] == "path":
            part = draw(st.integers(0, 2**66).map(str) | st.sampled_from(["1", "x"]))
            path = path.replace("{" + name + "}", part)
        elif parameter.get("required") or draw(st.booleans()):
            query[name] = draw(values(parameter))
    return path, query


@pytest.fixture
def planner(calling: MakeClient) -> Client:
    return calling("perencana")


@pytest.mark.parametrize(
    ("path", "parameters"), list(readings()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_no_question_makes_it_crash(planner: Client, path: str, parameters: list[dict[str, Any]]) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(requests(path, parameters))
    def ask(question: tuple[str, dict[str, str]]) -> None:
        address, query = question
        response = planner.get(address, query)
        assert response.status_code in {200, 403, 404, 422}, f"{address} {query}"
        if response.status_code == 200:
            assert getattr(response, "streaming", False) or response.content
            b"".join(response)
        else:
            envelope(response)

    ask()


def test_every_operation_says_what_it_does_and_what_it_needs() -> None:
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            place = f"{method} {path}"
            assert operation["summary"], place
            assert operation["description"], place
            assert operation["x-action"], place
            assert {"401", "403", "422"} <= set(map(str, operation["responses"])), place


def test_operation_ids_are_unique_and_short() -> None:
    ids = [operation["operationId"] for methods in DOCUMENT["paths"].values() for operation in methods.values()]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z]+_[a-z_]+", name) for name in ids)


def test_money_is_named_as_rupiah_and_ratios_are_texts() -> None:
    for name, schema in DOCUMENT["components"]["schemas"].items():
        for field, kind in schema.get("properties", {}).items():
            if field.endswith("_rp") and field != "totals_rp":
                kinds = {part.get("type") for part in [kind, *kind.get("anyOf", [])]} - {None, "null"}
                assert kinds == {"integer"}, f"{name}.{field}"
