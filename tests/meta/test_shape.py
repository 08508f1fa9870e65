"""Size, names and places of code."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.meta.source import PACKAGE, ROOT, Module, modules, parse

MAX_FUNCTION_LINES = 60
MAX_FILE_LINES = 550
NOT_A_NAME = frozenset({"common", "core", "helpers", "utils", "misc"})
DATA_FOLDERS = frozenset({"messages", "locale", "reference"})
"""Folders of `dekon/` that hold data and no Python."""


def long_functions(module: Module) -> Iterator[str]:
    for function in module.functions():
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > MAX_FUNCTION_LINES:
            yield f"{module.name}:{function.lineno} {function.name} has {lines} lines"


def imports_inside_functions(module: Module) -> Iterator[str]:
    for function in module.functions():
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield f"{module.name}:{node.lineno}"


def star_imports(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            yield f"{module.name}:{node.lineno}"


def placed_packages() -> set[str]:
    """The packages that the layers contract of import-linter names."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = next(contract for contract in config["contracts"] if contract["id"] == "layers")
    names = {name.strip(" ()") for layer in layers["layers"] for name in layer.split("|")}
    return names | set(layers["exhaustive_ignores"])


def unplaced(package: Path, placed: set[str]) -> set[str]:
    """Folders of the package that stand in no layer, and folders with a name that says nothing."""
    folders = {path for path in package.rglob("*") if path.is_dir() and "__pycache__" not in path.parts}
    top = {path.name for path in folders if path.parent == package} - placed - DATA_FOLDERS
    return top | {path.relative_to(package).as_posix() for path in folders if path.name in NOT_A_NAME}


def test_no_function_is_longer_than_a_screen() -> None:
    assert [line for module in modules("dekon", "tests") for line in long_functions(module)] == []


def test_a_long_function_would_be_found() -> None:
    body = "\n".join(f"    a = {number}" for number in range(MAX_FUNCTION_LINES))
    assert list(long_functions(parse(f"def f():\n{body}\n")))


def test_files_stay_readable() -> None:
    assert [f"{m.name} {m.lines}" for m in modules("dekon", "tests") if m.lines > MAX_FILE_LINES] == []


def test_imports_stand_at_the_top_of_the_file() -> None:
    found = [line for module in modules("dekon") for line in imports_inside_functions(module)]
    assert found == []
    assert list(imports_inside_functions(parse("def f():\n    import os\n")))


def test_nothing_is_imported_with_a_star() -> None:
    assert [line for module in modules("dekon", "tests") for line in star_imports(module)] == []


def test_every_folder_of_the_package_is_placed_in_the_layers() -> None:
    assert unplaced(PACKAGE, placed_packages()) == set()


def test_a_new_folder_fails_until_it_is_placed(tmp_path: Path) -> None:
    for name in ("ledger", "shiny", "ledger/utils"):
        (tmp_path / name).mkdir()
    assert unplaced(tmp_path, {"ledger"}) == {"shiny", "ledger/utils"}


def test_every_package_says_what_it_owns() -> None:
    silent = [
        m.name
        for m in modules("dekon")
        if m.path.name == "__init__.py" and m.path.parent.parent == PACKAGE and not ast.get_docstring(m.tree)
    ]
    assert silent == []
