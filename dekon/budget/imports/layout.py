"""Where the fields of a table stand: found by header text, in a sheet, a delimited text or JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from dekon.budget.imports.log import FindingLog, shorten
from dekon.budget.imports.rows import CodePlace
from dekon.budget.imports.values import clean_text
from dekon.lib.sheets import NOT_A_NUMBER, Cell, Row, TableBook, column_letter

HEADER_WITHIN_ROWS = 15
NO_KEY = "\x00"
NOT_ALPHANUMERIC = re.compile(r"[^A-Z0-9]+")
TOTAL_ROW = re.compile(r"\s*(?:grand\s+)?(?:jumlah|total)\b", re.IGNORECASE)


class Field(NamedTuple):
    """A field of a row type and the headers that it may stand under, in the form of `header_name`."""

    name: str
    headers: tuple[str, ...]
    required: bool = False


class RawRow(NamedTuple):
    """One line: its number from 1 and the raw cells in the order of the fields; None for absent columns."""

    row: int
    cells: tuple[object, ...]


@dataclass(slots=True)
class Layout:
    """Fields found in one table. `columns` maps a field to an index or, in JSON, to a key."""

    fields: tuple[Field, ...]
    columns: dict[str, int | str]
    headers: dict[str, str]
    missing: tuple[str, ...]
    header_row: int = 0
    width: int = 0
    twice: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every required field was found."""
        return not self.missing

    def addresses(self) -> dict[str, str]:
        """Field → column letter or key."""
        return {n: column_letter(c) if isinstance(c, int) else c for n, c in self.columns.items()}


@cache
def header_name(text: str) -> str:
    """A header without case and punctuation: `No. SPP/SPM` → `NO_SPP_SPM`."""
    return NOT_ALPHANUMERIC.sub("_", text.upper()).strip("_")


def match_headers(fields: tuple[Field, ...], headers: Sequence[str], keys: Sequence[int | str]) -> Layout:
    """Finds fields among headers.

    Args:
        headers: texts as they stand in the file.
        keys: for each header what finds its cell in a row.
    """
    places: dict[str, list[int]] = {}
    for index, header in enumerate(headers):
        if header:
            places.setdefault(header_name(header), []).append(index)
    columns: dict[str, int | str] = {}
    texts: dict[str, str] = {}
    twice: list[str] = []
    for spec in fields:
        found = next((name for name in spec.headers if name in places), None)
        if found is not None:
            columns[spec.name], texts[spec.name] = keys[places[found][0]], headers[places[found][0]]
            if len(places[found]) > 1:
                twice.append(headers[places[found][0]])
    missing = tuple([spec.headers[0] for spec in fields if spec.required and spec.name not in columns])
    return Layout(fields, columns, texts, missing, width=len(headers), twice=tuple(twice))


def find_layout(book: TableBook, head: list[Row], fields: tuple[Field, ...]) -> Layout:
    """The best fit of the fields to one of the first rows (two together for headers of two lines) or to JSON keys."""
    if book.form == "json":
        keys = book.first_keys()
        return match_headers(fields, keys, keys)
    best = Layout(fields, {}, {}, tuple([spec.headers[0] for spec in fields if spec.required]))
    for number, row in enumerate(head[:HEADER_WITHIN_ROWS], start=1):
        texts = [cell.strip() if isinstance(cell, str) else "" for cell in row]
        below = head[number] if number < len(head) else []
        for candidate, last in ((texts, number), (joined(texts, below), number + 1)):
            layout = match_headers(fields, candidate, range(len(candidate)))
            layout.header_row = last
            better = (-len(layout.missing), len(layout.columns)) > (-len(best.missing), len(best.columns))
            if better and layout.columns:
                best = layout
    return best


def joined(upper: list[str], lower: Row) -> list[str]:
    """Headers of two lines as one: `Pengeluaran` over `Akun` → `Pengeluaran Akun`; a group reaches to the next one."""
    below = [cell.strip() if isinstance(cell, str) else "" for cell in lower]
    below += [""] * (len(upper) - len(below))
    result, group = [], ""
    for top, bottom in zip(upper, below, strict=False):
        group = top or group
        result.append(f"{group} {bottom}" if bottom else top)
    return result


def place_of(row: Row, number: int, code: str) -> CodePlace:
    """The first cell of a line that a code is written in."""
    texts = [clean_text(cell) for cell in row]
    index = next(index for index, text in enumerate(texts) if code in text)
    return CodePlace(f"{column_letter(index)}{number}", number, column_letter(index), shorten(texts[index]))


def raw_rows(book: TableBook, sheet: str, layout: Layout, log: FindingLog) -> Iterator[RawRow]:
    """The lines below the header with the cells of the fields in their order; empty lines are passed over."""
    if book.form == "json":
        yield from json_rows(book, layout, log)
        return
    indices = [layout.columns.get(spec.name, -1) for spec in layout.fields]
    take: Callable[[Row], tuple[Cell, ...]] = itemgetter(*indices)
    width, first = layout.width, layout.header_row
    for number, row in enumerate(book.rows(sheet), start=1):
        if number <= first:
            continue
        full = row if len(row) == width else resized(row, width, number, log)
        if full is None:
            continue
        full.append(None)
        cells = take(full)
        if any(cells) or any(cell is not None and cell != "" for cell in cells):
            yield RawRow(number, cells)


def resized(row: Row, width: int, number: int, log: FindingLog) -> Row | None:
    """A row cut or filled to the width of the header; a filled cell beyond the header means that cells have shifted."""
    extra = [cell for cell in row[width:] if cell is not None and cell != ""]
    if extra:
        log.wrong("row-too-long", row=number, column=width, value=extra[0], expected=width, found=len(row))
        return None
    return row[:width] + [None] * (width - len(row))


def json_rows(book: TableBook, layout: Layout, log: FindingLog) -> Iterator[RawRow]:
    """The records of a JSON file; a list, an object or a truth value where a plain value belongs is reported."""
    keys = [str(layout.columns.get(spec.name, NO_KEY)) for spec in layout.fields]
    for index, record in book.records():
        cells = [record.get(key) for key in keys]
        for place, cell in enumerate(cells):
            if isinstance(cell, list | dict | bool):
                log.wrong("value-wrong-type", row=index + 1, column=keys[place], value=cell)
                cells[place] = None
            elif cell is NOT_A_NUMBER:
                cells[place] = None
        yield RawRow(index + 1, tuple(cells))


def is_total(cells: tuple[object, ...]) -> bool:
    """Whether a line is the total under a list: its first filled cell says so."""
    first = next((cell for cell in cells if cell is not None and cell != ""), None)
    return isinstance(first, str) and TOTAL_ROW.match(first) is not None
