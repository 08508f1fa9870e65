"""Pages read from source files: checks, settings, command line."""

from __future__ import annotations

import ast
from argparse import ArgumentParser, HelpFormatter
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from pathlib import Path

from dekon.errors import message_catalogue
from dekon.ops.cli import COMMANDS, Command
from dekon.ops.docs.markdown import code, first_sentence, page, table

PACKAGE = Path(__file__).resolve().parents[2]
HELP_WIDTH = 110
ENV_EXAMPLE = PACKAGE.parent / ".env.example"


def checks_page() -> str:
    """What is checked where: the modules that read and post files, and the codes each of them can find."""
    catalogue = message_catalogue()
    parts: list[str] = []
    for path in sorted((PACKAGE / "budget").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        codes = sorted(_texts(tree) & set(catalogue))
        if codes:
            name = path.relative_to(PACKAGE).as_posix()
            rows = [(f"`{code}`", catalogue[code].texts["en"], catalogue[code].legal) for code in codes]
            lead = first_sentence(ast.get_docstring(tree))
            parts += [f"## {name}", lead, table(("code", "says", "rests on"), rows)]
    return page("Checks", "Every check of plans, payments and files, by the module that makes it.", *parts)


def _texts(tree: ast.AST) -> set[str]:
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


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


def command_page() -> str:
    """The help of every command."""
    parts: list[str] = []
    for name, command in COMMANDS.items():
        if command.shown:
            parts += [f"## dekon {name}", code(_help(name, command))]
    return page("Command line", "Exit status 0 done, 1 refused or findings, 2 wrong usage.", *parts)


def _help(name: str, command: Command) -> str:
    module = import_module(f"dekon.ops.commands.{command.module}")
    parser = ArgumentParser(
        prog=f"dekon {name}", description=command.summary, formatter_class=partial(HelpFormatter, width=HELP_WIDTH)
    )
    module.add_arguments(parser)
    return parser.format_help()
