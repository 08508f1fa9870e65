"""The user's own table given back: bad cells coloured and explained, with a list of what to do in front."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import coordinate_to_tuple, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from dekon.lib.exports import neutral
from dekon.lib.sheets.book import Cell, TableBook, open_table

MAX_COPIED_BYTES = 3_000_000
MAX_COPIED_ROWS = 20_000
MAX_COMMENTS = 1_000
ADDRESS = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
UNCOPYABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, SyntaxError, BadZipFile)
"""What the copying library raises at workbooks whose inside is odd; of such a file only the cells are copied.
`SyntaxError`: so both XML parsers that it may use say that a part is not well formed."""
COLOURS = {"error": "F8C9C4", "warning": "FBE7B2"}
AUTHOR = "Dekon"
WIDTHS = (6, 12, 26, 10, 32, 70, 70)


@dataclass(frozen=True, slots=True)
class Mark:
    """What is to be said about one cell; the cell may be empty where the whole file is meant."""

    severity: str
    severity_name: str
    sheet: str
    cell: str
    value: str
    problem: str
    advice: str


def write_marked(source: Path, target: Path, marks: Sequence[Mark], title: str, heads: Sequence[str]) -> None:
    """Writes a workbook with the list of marks in front and, where it is not too big, the table with its cells marked.

    Formulas of the table become their last values; texts that a spreadsheet would take for formulas are neutralised.

    Args:
        source: the file as it was handed in.
        title: name of the sheet with the list.
        heads: names of its seven columns: number, severity, sheet, cell, value, problem, advice.

    Raises:
        RuleBroken: the source itself cannot be read.
    """
    book = open_table(source)
    copied = copy_of(book, source, frozenset(mark.sheet for mark in marks))
    names = {"": copied.sheetnames[0]} if book.form == "csv" and copied.sheetnames else {}
    for mark in islice((mark for mark in marks if ADDRESS.fullmatch(mark.cell)), MAX_COMMENTS):
        name = names.get(mark.sheet, mark.sheet)
        if name in copied.sheetnames:
            colour(copied[name], mark)
    write_list(copied, marks, free_name(title, copied.sheetnames), heads, names)
    copied.save(target)
    copied.close()


def copy_of(book: TableBook, source: Path, sheets: frozenset[str]) -> Workbook:
    """The table as a workbook that can be marked: the user's own with its looks, or its cells alone where it is big.

    Args:
        sheets: names of the sheets with marks; of a big workbook only these are copied.
    """
    if book.form == "xlsx" and inflated_size(source) <= MAX_COPIED_BYTES:
        with suppress(*UNCOPYABLE), warnings.catch_warnings(action="ignore"), source.open("rb") as stream:
            return load_workbook(stream, data_only=True, keep_links=False)
    copied = Workbook()
    copied.remove(copied.worksheets[0])
    wanted = {name: name for name in book.sheet_names if name in sheets} if book.form == "xlsx" else {"": "Data"}
    for name, title in wanted.items() if book.form != "json" else ():
        page = copied.create_sheet(title)
        for number, row in enumerate(islice(book.rows(name), MAX_COPIED_ROWS), start=1):
            for column, cell in enumerate(row, start=1):
                if cell is not None and cell != "":
                    page.cell(number, column, plain(cell))
    return copied


def plain(cell: Cell) -> str | int | float:
    """A cell's value as it can be written: numbers stay numbers."""
    return cell if isinstance(cell, int | float) and not isinstance(cell, bool) else writable(cell)


def inflated_size(path: Path) -> int:
    """Bytes of all sheets of a workbook."""
    with ZipFile(path) as archive:
        return sum(entry.file_size for entry in archive.infolist() if entry.filename.endswith(".xml"))


def writable(value: object) -> str:
    """A text that can stand in a cell and is no formula."""
    text = "" if value is None else str(value)
    return neutral(UNWRITABLE.sub(" ", text)[:32_000])


def colour(page: Worksheet, mark: Mark) -> None:
    """Colours a cell and says why; in a merged area the cell that shows its content."""
    cell = shown_cell(page, mark.cell)
    cell.fill = PatternFill("solid", fgColor=COLOURS.get(mark.severity, COLOURS["error"]))
    earlier = f"{cell.comment.text}\n\n" if cell.comment else ""
    cell.comment = Comment(UNWRITABLE.sub(" ", f"{earlier}{mark.problem} {mark.advice}")[:2_000], AUTHOR, 160, 360)


def shown_cell(page: Worksheet, address: str) -> SheetCell:
    """The cell itself, or the first one of the merged area that it belongs to."""
    row, column = coordinate_to_tuple(address)
    area = next((area for area in page.merged_cells.ranges if address in area), None)
    cell = page.cell(row, column) if area is None else page.cell(area.min_row, area.min_col)
    assert not isinstance(cell, MergedCell), "the first cell of a merged area is a cell"
    return cell


def free_name(title: str, taken: Sequence[str]) -> str:
    """A name for the list that no sheet of the user has."""
    names = (title[:31], *(f"{title[:27]} {number}" for number in range(2, 1000)))
    lowered = {name.lower() for name in taken}
    return next(name for name in names if name.lower() not in lowered)


def write_list(
    copied: Workbook, marks: Sequence[Mark], title: str, heads: Sequence[str], names: dict[str, str]
) -> None:
    """The sheet in front: one line per mark, its cell as a link."""
    page = copied.create_sheet(title, 0)
    page.append(list(heads))
    for number, cells in enumerate(list_rows(marks, names), start=2):
        page.append(cells)
        sheet, address = str(cells[2]), str(cells[3])
        if sheet in copied.sheetnames and ADDRESS.fullmatch(address):
            quoted = sheet.replace("'", "''")
            page.cell(number, 4).hyperlink = f"#'{quoted}'!{address}"
            page.cell(number, 4).font = Font(color="0B5CAD", underline="single")
    for index, width in enumerate(WIDTHS, start=1):
        page.column_dimensions[get_column_letter(index)].width = width
        page.cell(1, index).font = Font(bold=True)
    for row in page.iter_rows():
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    page.freeze_panes = "A2"
    copied.active = 0
    for other in copied.worksheets:
        other.sheet_view.tabSelected = other is page


def list_rows(marks: Sequence[Mark], names: dict[str, str]) -> Iterator[list[str | int]]:
    """The cells of the list, errors first."""
    ordered = sorted(marks, key=lambda mark: mark.severity != "error")
    for number, mark in enumerate(ordered, start=1):
        sheet = names.get(mark.sheet, mark.sheet)
        texts = (mark.severity_name, sheet, mark.cell, mark.value, mark.problem, mark.advice)
        yield [number, *[writable(text) if text != sheet else text for text in texts]]
