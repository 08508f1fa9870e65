"""Every setting that the environment may give is explained."""

from __future__ import annotations

import ast
import re

from tests.meta.source import ROOT, modules

NAME = re.compile(r"^(DEKON_[A-Z0-9_]+|DATABASE_[A-Z_]+|PORT)$")
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")
INTERNAL = frozenset({"DEKON_E2E"})
"""Read by the tests only."""


def names_in_code() -> set[str]:
    """Names of variables that stand in the code as a text of their own."""
    return {
        node.value
        for module in modules("dekon")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.match(node.value)
    }


def names_explained() -> set[str]:
    """Names that `.env.example` holds, active or commented out."""
    return set(re.findall(r"^#?\s*([A-Z][A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))


def test_every_setting_is_in_the_example() -> None:
    assert sorted(names_in_code() - names_explained() - INTERNAL) == []


def test_the_example_names_no_setting_that_nobody_reads() -> None:
    code = "\n".join(module.path.read_text("utf-8") for module in modules("dekon", "tests"))
    make = (ROOT / "Makefile").read_text("utf-8")
    assert [name for name in sorted(names_explained()) if name not in code and name not in make] == []


def test_every_setting_has_a_comment() -> None:
    lines = EXAMPLE.splitlines()
    bare = [
        line
        for before, line in zip(["", *lines], lines, strict=False)
        if re.match(r"^#?\s*[A-Z][A-Z0-9_]+=", line) and not before.startswith("#")
    ]
    assert bare == []
