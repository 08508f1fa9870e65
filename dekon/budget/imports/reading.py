"""The one way in: a file of the user becomes typed rows and findings."""

from __future__ import annotations

from pathlib import Path

from dekon.budget.imports.options import ReadOptions
from dekon.budget.imports.recognise import parse_table
from dekon.budget.imports.rows import AnyRow, ParsedFile
from dekon.lib.sheets import open_table

__all__ = ["ReadOptions", "read_file"]


def read_file(path: Path, options: ReadOptions | None = None) -> ParsedFile[AnyRow]:
    """Opens and recognises a file. Its rows are read while they are consumed, and findings grow meanwhile.

    Args:
        path: the file as uploaded; only its content counts, its name is shown in messages.
        options: what the user said about the file.

    Raises:
        RuleBroken: the file cannot be read safely or is of no known kind; the message says what to do.
    """
    return parse_table(open_table(path), options or ReadOptions())
