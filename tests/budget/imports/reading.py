"""Reading a file to its end, as every import does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dekon.budget.imports.reading import ReadOptions, read_file
from dekon.budget.imports.rows import ParsedFile
from dekon.lib.findings import Finding


def read(path: Path, options: ReadOptions | None = None) -> tuple[ParsedFile[Any], list[Any]]:
    """The file and its rows; findings are complete."""
    parsed = read_file(path, options)
    return parsed, list(parsed.rows)


def errors(parsed: ParsedFile[Any]) -> list[str]:
    """Codes of what forbids the import."""
    return [finding.code for finding in parsed.findings if finding.severity == "error"]


def warnings(parsed: ParsedFile[Any]) -> list[str]:
    """Codes of what the user should know."""
    return [finding.code for finding in parsed.findings if finding.severity == "warning"]


def finding(parsed: ParsedFile[Any], code: str) -> Finding:
    """The only finding with a code."""
    found = [one for one in parsed.findings if one.code == code]
    assert len(found) == 1, [one.code for one in parsed.findings]
    return found[0]
