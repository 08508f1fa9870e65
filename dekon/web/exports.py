"""A table of a page as a file, streamed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from django.http import StreamingHttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from dekon.lib import exports
from dekon.web.formats import reader_language
from dekon.web.tables import Column, Table, Value

KINDS: dict[str, exports.Kind] = {
    "money": "money",
    "number": "number",
    "volume": "number",
    "percent": "percent",
    "points": "percent",
    "bar": "percent",
    "date": "date",
    "moment": "moment",
}
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sent(table: Table, form: Literal["csv", "xlsx"]) -> StreamingHttpResponse:
    """The table as the page has arranged it; amounts in whole rupiah, shares exact."""
    if form == "csv":
        separator: Literal[";", ","] = ";" if reader_language() == "id" else ","
        body = exports.csv_stream(heads(table), rows(table), separator=separator)
    else:
        columns = [
            exports.Column(head, KINDS.get(kind, "text")) for head, kind in zip(heads(table), kinds(table), strict=True)
        ]
        body = exports.xlsx_stream(columns, rows(table), exports.About(table.caption, (_("Rupiah penuh"),)))
    name = f"dekon-{slugify(table.caption) or table.name}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(body, content_type=CSV if form == "csv" else XLSX, headers=headers)


def kinds(table: Table) -> list[str]:
    """The kind of each exported column; a second line of a cell is a text column of its own."""
    return [kind for column, has_sub in _columns(table) for kind in (column.kind, *(["text"] if has_sub else []))]


def heads(table: Table) -> list[str]:
    """The heads, each only once."""
    found: list[str] = []
    for column, has_sub in _columns(table):
        words = _head(column)
        found += [words, *([_("%(column)s: keterangan") % {"column": words}] if has_sub else [])]
    return [head if found.index(head) == index else f"{head} {index + 1}" for index, head in enumerate(found)]


def _head(column: Column) -> str:
    if column.kind == "money":
        return f"{column.label} (Rp)"
    return f"{column.label} ({column.unit})" if column.unit else column.label


def _columns(table: Table) -> list[tuple[Column, bool]]:
    return [(column, any(line.cells[index].sub for line in table.lines)) for index, column in enumerate(table.columns)]


def rows(table: Table) -> Iterator[list[Value]]:
    """The cells of each row as plain values."""
    columns = _columns(table)
    for line in table.lines:
        row: list[Value] = []
        for cell, (_column, has_sub) in zip(line.cells, columns, strict=True):
            row += [cell.value, *([cell.sub] if has_sub else [])]
        yield row
