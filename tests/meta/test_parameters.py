"""Numbers of regulations: cited, dated, used."""

from __future__ import annotations

import importlib
import pkgutil
import re

import dekon.rules.formulas
from dekon.rules.entry import HOUSE_RULE
from dekon.rules.parameter import BOOK
from tests.meta.source import modules

REGULATION = re.compile(r"^(UU|PP|Perpres|PMK|KMK|PER|KEP|SE|Permenaker|Permendagri|SKB)\b")


def load_formulas() -> None:
    """Handles register themselves when their module is imported."""
    for module in pkgutil.iter_modules(dekon.rules.formulas.__path__, "dekon.rules.formulas."):
        importlib.import_module(module.name)


def test_every_value_is_cited() -> None:
    strange = [
        f"{entry.key} {entry.since}: {entry.legal}"
        for definition in BOOK.definitions.values()
        for entry in definition.entries
        if entry.legal != HOUSE_RULE and not REGULATION.match(entry.legal)
    ]
    assert strange == []


def test_every_parameter_has_a_handle_and_every_handle_a_parameter() -> None:
    load_formulas()
    assert BOOK.unused() == frozenset()
    assert BOOK.problems_of_handles() == []


def test_every_handle_is_used() -> None:
    code = "\n".join(module.path.read_text("utf-8") for module in modules("dekon"))
    names = re.findall(r"^(\w+)(?:: Final)? = Parameter\[", code, re.MULTILINE)
    assert names
    assert [name for name in names if len(re.findall(rf"\b{name}\b", code)) < 2] == []
