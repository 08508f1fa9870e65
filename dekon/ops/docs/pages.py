"""Which pages there are, and whether what is committed still says what the code says."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from dekon.api.document import api
from dekon.ops.docs.model_pages import messages_page, permissions_page, tables_page
from dekon.ops.docs.retention_page import retention_page
from dekon.ops.docs.rule_pages import parameters_page
from dekon.ops.docs.source_pages import PACKAGE, checks_page, command_page, settings_page

FOLDER = PACKAGE.parent / "docs" / "generated"


def openapi_page() -> str:
    """The OpenAPI document, as it is served."""
    return json.dumps(api.get_openapi_schema(), indent=2, ensure_ascii=False, default=str) + "\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "checks.md": checks_page,
    "command-line.md": command_page,
    "messages.md": messages_page,
    "parameters.md": parameters_page,
    "permissions.md": permissions_page,
    "retention.md": retention_page,
    "settings.md": settings_page,
    "tables.md": tables_page,
}
OPENAPI = "openapi.json"


def write_pages(folder: Path = FOLDER) -> list[str]:
    """Write all pages anew. Returns the names of those that changed."""
    return [name for name, make in PAGES.items() if write(folder / name, make())]


def write(path: Path, text: str) -> bool:
    """Write a file if its text differs. Returns whether it did."""
    if path.exists() and path.read_text("utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return True


def stale_pages(folder: Path = FOLDER) -> list[str]:
    """Pages whose committed text is not what the code says."""
    made = {**PAGES, OPENAPI: openapi_page}
    return [name for name, make in made.items() if not same(folder / name, make())]


def same(path: Path, text: str) -> bool:
    """Whether a file holds exactly this text."""
    return path.exists() and path.read_text("utf-8") == text
