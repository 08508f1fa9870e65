"""Tables out: CSV line by line, XLSX through a file, both with flat memory and without cells that act as formulas."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Final, Literal

from rustpy_xlsxwriter import FastExcel, Format

from dekon.lib.periods import JAKARTA

type Cell = str | int | Decimal | date | datetime | bool | None
type Kind = Literal["text", "money", "number", "percent", "date", "moment"]

LINES_PER_CHUNK: Final = 500
CHUNK_BYTES: Final = 1 << 16
MAX_SHEET_ROWS: Final = 1_048_576
MAX_CELL_TEXT: Final = 32_767
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"

_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NUMBER: Final = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?", re.ASCII)
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\']")
_FORMATS: Final[dict[Kind, str]] = {
    "text": "@", "money": "#,##0", "number": "#,##0.00", "percent": "0.0%", "date": "d mmm yyyy",
    "moment": "d mmm yyyy hh:mm",
}  # fmt: skip
_WIDTHS: Final[dict[Kind, float]] = {
    "text": 28, "money": 20, "number": 14, "percent": 10, "date": 14, "moment": 20,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a workbook: its head, what its cells are, and its width in characters (0: by kind)."""

    head: str
    kind: Kind = "text"
    width: int = 0


@dataclass(frozen=True, slots=True)
class About:
    """What stands above a table: its title, then a line each for day, filters, and whether the data are synthetic."""

    title: str
    lines: tuple[str, ...] = ()


def neutral[T](value: T) -> T | str:
    """A cell that no spreadsheet takes for a formula: text that would begin one gets an apostrophe in front.

    Numbers stay as they are, also those that come as text (`-14.5`).
    """
    if isinstance(value, str) and value.startswith(_DANGEROUS) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def csv_stream(
    heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, separator: Literal[";", ","] = ";", bom: bool = True
) -> Iterator[bytes]:
    """A CSV file in pieces, the first one before any row is read.

    Args:
        heads: names of the columns.
        rows: cells in the order of the heads. Money comes as whole rupiah and goes out as digits.
        separator: `;` with decimal commas, as Indonesian Excel reads it, or `,` with decimal points for programs.
        bom: whether the mark stands in front by which Excel sees UTF-8.
    """
    decimal_mark = "," if separator == ";" else "."
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\r\n")
    writer.writerow([neutral(head) for head in heads])
    yield (BYTE_ORDER_MARK if bom else b"") + _emptied(buffer)
    for number, row in enumerate(rows, 1):
        writer.writerow([neutral(_plain(cell, decimal_mark)) for cell in row])
        if number % LINES_PER_CHUNK == 0:
            yield _emptied(buffer)
    if buffer.tell():
        yield _emptied(buffer)


def write_xlsx(
    target: Path | BinaryIO,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    about: About,
    sheet: str = "Data",
) -> None:
    """A workbook with one table: what it is about on top, a bold head that stays, filters, and cells of their kind.

    Texts are written as texts, never as formulas. Rows are read one by one and not kept.

    Args:
        target: a file to write, or something open for it.
        columns: heads (each only once) and kinds.
        rows: cells in the order of the columns; money in whole rupiah, percent as a share (1 is all).
        about: title and remarks.
        sheet: name of the sheet; signs that Excel refuses are left out.

    Raises:
        ValueError: two columns have the same head, or there are more rows than a sheet holds.
    """
    heads = [column.head for column in columns]
    if len(set(heads)) != len(heads):
        raise ValueError(f"columns with the same head: {heads}")
    lines = [about.title, *about.lines]
    last = max(len(columns) - 1, 1)
    merged = [
        (row, 0, row, last, _text(line), Format().set_bold() if row == 0 else Format())
        for row, line in enumerate(lines)
    ]
    head_row = len(lines) + 1
    FastExcel(str(target) if isinstance(target, Path) else target).freeze(row=head_row + 1).sheet(
        _SHEET_NAME.sub("", sheet)[:31] or "Data",
        _records(heads, rows, MAX_SHEET_ROWS - head_row - 1),
        header_row=head_row,
        merge_ranges=merged,
        header_format=Format().set_bold(),
        column_formats=[Format().set_num_format(_FORMATS[column.kind]) for column in columns],
        column_widths=[column.width or _WIDTHS[column.kind] for column in columns],
        autofilter=True,
        page_setup={
            "landscape": True, "paper_size": 9, "repeat_rows": head_row, "fit_to_pages": (1, 0),
            "footer": f"&L{_text(about.title).replace('&', '&&')[:120]}&R&P / &N",
        },
    ).save()  # fmt: skip


def xlsx_stream(
    columns: Sequence[Column], rows: Iterable[Sequence[Cell]], about: About, sheet: str = "Data"
) -> Iterator[bytes]:
    """The workbook of `write_xlsx` in pieces, by way of a temporary file. Raises ValueError as `write_xlsx` does."""
    with tempfile.TemporaryDirectory(prefix="dekon-ekspor-") as folder:
        path = Path(folder) / "ekspor.xlsx"
        write_xlsx(path, columns, rows, about, sheet)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk


def _records(heads: list[str], rows: Iterable[Sequence[Cell]], most: int) -> Iterator[dict[str, object]]:
    empty = True
    for number, row in enumerate(rows, 1):
        if number > most:
            raise ValueError(f"more than {most} rows do not fit on a sheet")
        empty = False
        yield {head: _excel(cell) for head, cell in zip(heads, row, strict=True)}
    if empty:
        yield dict.fromkeys(heads)


def _excel(cell: Cell) -> object:
    """A cell as the writer takes it. Excel holds every number as a float: here, and nowhere before, one is made."""
    if isinstance(cell, str):
        return _text(cell)
    if isinstance(cell, Decimal):
        return int(cell) if cell == cell.to_integral_value() else float(cell)
    if isinstance(cell, datetime):
        return _local(cell)
    return cell


def _text(text: str) -> str:
    """Text that a workbook can hold."""
    return _CONTROL.sub("", text)[:MAX_CELL_TEXT]


def _plain(cell: Cell, decimal_mark: str) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", decimal_mark)
    if isinstance(cell, datetime):
        return _local(cell).isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return cell


def _local(moment: datetime) -> datetime:
    """A moment as clocks in Jakarta show it, without zone, since sheets know none."""
    return moment if moment.tzinfo is None else moment.astimezone(JAKARTA).replace(tzinfo=None)


def _emptied(buffer: io.StringIO) -> bytes:
    content = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return content
