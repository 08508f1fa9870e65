"""The project's own files as data: paths, syntax trees, texts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "dekon"
DOMAIN_APPS = frozenset({"audit", "history", "org", "ledger", "budget", "scoring", "coordination", "performance"})
TEXT_SUFFIXES = frozenset(
    {
        ".py",
        ".md",
        ".toml",
        ".yaml",
        ".yml",
        ".jinja",
        ".html",
        ".css",
        ".js",
        ".txt",
        ".lock",
        ".sql",
        ".po",
        ".sh",
        ".json",
    }
)
SKIPPED_FOLDERS = frozenset(
    {".git", ".venv", ".tools", "var", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis"}
)

TEXT_NAMES = frozenset({"Makefile", ".env.example", "run", ".gitignore"})

type Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file of the project."""

    path: Path
    tree: ast.Module
    lines: int

    @property
    def name(self) -> str:
        """The path as a person would write it."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def app(self) -> str:
        """The first folder below `dekon`, or an empty text."""
        parts = self.path.relative_to(ROOT).parts
        return parts[1] if parts[0] == "dekon" and len(parts) > 2 else ""

    def functions(self) -> Iterator[Function]:
        """Every function and method of the file, also nested ones."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def public_functions(self) -> Iterator[Function]:
        """Functions on the file's top level that others may call."""
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                yield node


def parse(source: str, path: Path = ROOT / "dekon" / "probe.py") -> Module:
    """A module from its text, also for the small wrong examples that prove a test can fail."""
    return Module(path, ast.parse(source), source.count("\n"))


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """All Python files below these folders of the repository, migrations left out."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(parse(path.read_text("utf-8"), path) for path in paths if "migrations" not in path.parts)


@cache
def texts() -> tuple[tuple[Path, str], ...]:
    """Every text file of the repository with its content."""
    found: list[Path] = []
    for folder, inside, names in ROOT.walk():
        inside[:] = sorted(set(inside) - SKIPPED_FOLDERS)
        found += [folder / name for name in sorted(names) if Path(name).suffix in TEXT_SUFFIXES or name in TEXT_NAMES]
    return tuple((path, path.read_text("utf-8", errors="replace")) for path in found)


def call_name(node: ast.expr) -> str:
    """The last name of what is called: `errors.RuleBroken(...)` gives `RuleBroken`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def strings(tree: ast.AST) -> set[str]:
    """All texts that stand in the code, docstrings included."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
