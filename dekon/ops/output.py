"""What commands print: one JSON document, or lines for a person. Logs and errors go to standard error."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from dekon import env
from dekon.errors import DekonError


def add_json(parser: ArgumentParser) -> None:
    """The option that every command with a result has."""
    parser.add_argument("--json", action="store_true", help="print one JSON document on standard output")


def plain(value: object) -> object:
    """A value as JSON writes it: a ratio as decimal text, a day as ISO 8601."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def print_json(document: object) -> None:
    """One document, readable, on standard output."""
    print(json.dumps(document, ensure_ascii=False, indent=2, default=plain))


def print_table(
    headings: Sequence[str], rows: Iterable[Sequence[object]], *, right: frozenset[int] = frozenset()
) -> None:
    """Columns as wide as their widest cell; those numbered in `right` (from 0) are aligned right."""
    cells = [list(headings), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(headings))]
    for row in cells:
        parts = (c.rjust(w) if n in right else c.ljust(w) for n, (c, w) in enumerate(zip(row, widths, strict=True)))
        print("  ".join(parts).rstrip())


def report(error: DekonError, *, as_json: bool) -> None:
    """Say what was refused, in the language of DEKON_LANGUAGE."""
    text = error.message(env.text("DEKON_LANGUAGE", "id"))
    print(f"dekon: {text}", file=sys.stderr)
    if as_json:
        print_json({"code": error.code, "message": text, "legal": error.legal, "errors": []})
