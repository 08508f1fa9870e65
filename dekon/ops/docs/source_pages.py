"""Pages read from source files: checks and settings."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from dekon.ops.docs.markdown import first_sentence, page, table

PACKAGE = Path(__file__).resolve().parents[2]
ENV_EXAMPLE = PACKAGE.parent / ".env.example"


def checks_page() -> str:
    """Every check, by app: what it holds, and what it rests on."""
    parts: list[str] = []
    for path in sorted([*PACKAGE.rglob("checks.py"), *PACKAGE.rglob("checks/*.py")]):
        rows = [(f"`{name}`", text, legal) for name, text, legal in _checks(ast.parse(path.read_text("utf-8")))]
        if rows:
            parts += [f"## {path.relative_to(PACKAGE).as_posix()}", table(("check", "holds", "rests on"), rows)]
    return page("Checks", "One rule a function; each yields findings and writes nothing.", *parts)


def _checks(tree: ast.Module) -> Iterator[tuple[str, str, str]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            docstring = ast.get_docstring(node) or ""
            yield node.name, first_sentence(docstring), section(docstring, "Legal")


def section(docstring: str, name: str) -> str:
    """The text of one section of a docstring (`Legal:`), on one line."""
    _, found, rest = docstring.partition(f"{name}:")
    return " ".join(rest.split("\n\n")[0].split()) if found else ""


def settings_page() -> str:
    """Every variable of the environment, with its comment and the value it has where nobody gives one."""
    lead = "Read once at the start by `dekon/env.py`; `.env` beside the Makefile is read in development."
    return page("Settings", lead, table(("variable", "example", "meaning"), _settings(ENV_EXAMPLE.read_text("utf-8"))))


def _settings(text: str) -> Iterator[tuple[str, str, str]]:
    comment: list[str] = []
    for line in text.splitlines():
        name, assigned, value = line.removeprefix("#").strip().partition("=")
        if assigned and name.isupper() and " " not in name:
            yield f"`{name}`", f"`{value}`" if value else "", " ".join(comment)
            comment = []
        elif line.startswith("#"):
            comment.append(line.removeprefix("#").strip())
        else:
            comment = []
