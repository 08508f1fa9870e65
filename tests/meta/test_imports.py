"""Another app's tables are private: from outside only services, selectors and choices."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache

import grimp

from tests.meta.source import DOMAIN_APPS, ROOT

OPEN_MODULES = frozenset({"services", "selectors", "choices", "apps"})
EXEMPT = frozenset({"ops"})
"""Operations may use everything."""


@cache
def imports() -> tuple[tuple[str, str], ...]:
    """Every import between modules of the project, type hints left out."""
    graph = grimp.build_graph("dekon", exclude_type_checking_imports=True)
    return tuple(
        (importer, imported)
        for importer in sorted(graph.modules)
        for imported in sorted(graph.find_modules_directly_imported_by(importer))
    )


def private_imports(edges: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Imports that reach into another app past its open modules."""
    for importer, imported in edges:
        mine, theirs = (name.split(".") for name in (importer, imported))
        if len(theirs) < 3 or theirs[1] not in DOMAIN_APPS or [*mine, ""][1] in {theirs[1], *EXEMPT}:
            continue
        if theirs[2] not in OPEN_MODULES and "choices" not in theirs[2:]:
            yield f"{importer} imports {imported}"


def test_no_app_reaches_past_the_open_modules_of_another() -> None:
    assert list(private_imports(imports())) == []


def test_a_private_import_would_be_found() -> None:
    edges = [
        ("dekon.web.views", "dekon.ledger.models"),
        ("dekon.web.views", "dekon.ledger.services"),
        ("dekon.ledger.services", "dekon.ledger.models"),
        ("dekon.ops.verify", "dekon.ledger.models"),
    ]
    assert list(private_imports(edges)) == ["dekon.web.views imports dekon.ledger.models"]


def test_only_operations_and_wiring_are_free_of_the_rule() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    ids = {contract["id"] for contract in config["contracts"]}
    assert ids >= {"layers", "inside-an-app", "pure", "network", "workbooks", "migrations", "acyclic"}
