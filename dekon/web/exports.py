"""A table of a page as a file, streamed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Literal

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dekon.lib import exports
from dekon.web.about import FileFacts
from dekon.web.formats import reader_language
from dekon.web.tables import Column, Table, Value, whole
from dekon.web.transaction import scoped_stream

type Columns = list[tuple[Column, bool]]

KINDS: dict[str, exports.Kind] = {
    "money": "money",
    "number": "number",
    "volume": "number",
    "rate": "number",
    "percent": "percent",
    "points": "percent",
    "bar": "percent",
    "date": "date",
    "moment": "moment",
}
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sent(request: HttpRequest, table: Table, form: Literal["csv", "xlsx"], facts: FileFacts) -> StreamingHttpResponse:
    """All rows of an arranged table, read while they are sent; amounts in whole rupiah, shares exact.

    A CSV file is a table and nothing else, for the programs that read it: its name bears the facts, and where the
    figures are made up, so does each of its rows.
    """
    columns = _columns(table)
    if form == "csv":
        separator: Literal[";", ","] = ";" if reader_language() == "id" else ","
        note = (_("sintetis"),) if facts.synthetic else ()
        names = [*heads(columns), *((_("Keterangan data"),) if note else ())]
        body = exports.csv_stream(names, ([*row, *note] for row in rows(table, columns)), separator=separator)
    else:
        typed = [
            exports.Column(head, KINDS.get(kind, "text"))
            for head, kind in zip(heads(columns), kinds(columns), strict=True)
        ]
        body = exports.xlsx_stream(typed, rows(table, columns), exports.About(facts.title, facts.lines()))
    if table.source:
        body = scoped_stream(request, partial(_spoken, get_language() or settings.LANGUAGE_CODE, body))
    headers = {"Content-Disposition": f'attachment; filename="{facts.file_name(form)}"', "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(body, content_type=CSV if form == "csv" else XLSX, headers=headers)


def _spoken(language: str, body: Iterator[bytes]) -> Iterator[bytes]:
    """A body whose words are the reader's, although the request is over by the time that it is made."""
    with translation.override(language):
        yield from body


def kinds(columns: Columns) -> list[str]:
    """The kind of each exported column; a second line of a cell is a text column of its own."""
    return [kind for column, has_sub in columns for kind in (column.kind, *(["text"] if has_sub else []))]


def heads(columns: Columns) -> list[str]:
    """The heads, each only once."""
    found: list[str] = []
    for column, has_sub in columns:
        words = _head(column)
        found += [words, *([_("%(column)s: keterangan") % {"column": words}] if has_sub else [])]
    return [head if found.index(head) == index else f"{head} {index + 1}" for index, head in enumerate(found)]


def _head(column: Column) -> str:
    if column.kind == "money":
        return f"{column.label} (Rp)"
    return f"{column.label} ({column.unit})" if column.unit else column.label


def _columns(table: Table) -> Columns:
    return [
        (column, column.noted or any(line.cells[index].sub for line in table.lines))
        for index, column in enumerate(table.columns)
    ]


def rows(table: Table, columns: Columns) -> Iterator[list[Value]]:
    """The cells of each row of all pages as plain values."""
    for line in whole(table):
        row: list[Value] = []
        for cell, (_column, has_sub) in zip(line.cells, columns, strict=True):
            row += [cell.value, *([cell.sub] if has_sub else [])]
        yield row
