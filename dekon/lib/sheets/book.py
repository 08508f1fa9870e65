"""One way to look at workbooks, delimited texts and JSON: sheets of rows that start at the first line, or records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from dekon.errors import RuleBroken
from dekon.lib.findings import Finding
from dekon.lib.sheets.container import MAX_ROWS, Form, check_workbook, recognise_form
from dekon.lib.sheets.delimited import DelimitedText, find_encoding
from dekon.lib.sheets.records import JsonRecords, Record

type Cell = str | int | float | bool | Decimal | date | datetime | time | timedelta | None
type Row = list[Cell]

MAX_TEXT_ROWS = 3_000_000
HEAD_ROWS = 20


class TableBook:
    """A file with tables, opened and found safe. `findings` gets what turns out to be broken while it is read."""

    def __init__(self, path: Path, form: Form) -> None:
        self.path = path
        self.file_name = path.name
        self.form = form
        self.findings: list[Finding] = []
        self.broken: list[Finding] = []  # what already the first rows stumbled over
        self.sheet_names: tuple[str, ...] = ("",)

    def head(self, sheet: str = "") -> list[Row]:
        """The first rows of a sheet, for recognising it."""
        return list(islice(self.rows(sheet), HEAD_ROWS))

    def rows(self, sheet: str = "") -> Iterator[Row]:
        """All rows of a sheet from its first line on, also empty ones."""
        raise NotImplementedError

    def first_keys(self) -> tuple[str, ...]:
        """The keys of the first record; empty for what is no JSON."""
        return ()

    def records(self) -> Iterator[tuple[int, Record]]:
        """Index (from 0) and content of each record; empty for what is no JSON."""
        return iter(())

    @property
    def record_path(self) -> str | None:
        """Where in a JSON file the list of records stands (`""`, `data`, `[1]`); None for what is no JSON."""
        return None


class Workbook(TableBook):
    """An xlsx file."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "xlsx")
        check_workbook(path)
        try:
            self._book = CalamineWorkbook.from_path(str(path))
            self.sheet_names = tuple(self._book.sheet_names)
        except PasswordError as error:
            raise RuleBroken("file-encrypted", file=path.name) from error
        except (CalamineError, OSError, ValueError) as error:
            raise RuleBroken("file-truncated", file=path.name) from error
        if not self.sheet_names:
            raise RuleBroken("file-truncated", file=path.name)
        self._sheets: dict[str, CalamineSheet] = {}

    def rows(self, sheet: str = "") -> Iterator[Row]:
        """All rows of a sheet, the first sheet if none is named."""
        loaded = self._sheet(sheet or self.sheet_names[0])
        if loaded.start is None or loaded.end is None:
            return
        above, left = loaded.start
        if loaded.end[0] >= MAX_ROWS:
            raise RuleBroken("file-too-many-rows", file=self.file_name, limit=MAX_ROWS)
        if above == left == 0:
            yield from loaded.iter_rows()  # type: ignore[misc]  # a list of some cell types, where any cell is allowed
            return
        yield from loaded.to_python(skip_empty_area=False)  # type: ignore[misc]  # the same

    def _sheet(self, name: str) -> CalamineSheet:
        if name not in self._sheets:
            try:
                self._sheets[name] = self._book.get_sheet_by_name(name)
            except (CalamineError, OSError, ValueError) as error:
                raise RuleBroken("file-truncated", file=self.file_name) from error
        return self._sheets[name]


class TextTable(TableBook):
    """A delimited text file; its only sheet has no name."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "csv")
        self.text = DelimitedText(path)

    def head(self, sheet: str = "") -> list[Row]:  # noqa: ARG002  there is one sheet
        """The first rows."""
        self.broken = []
        return list(islice(self.text.rows(self.broken, MAX_TEXT_ROWS), HEAD_ROWS))  # type: ignore[arg-type]  # texts are cells

    def rows(self, sheet: str = "") -> Iterator[Row]:  # noqa: ARG002  there is one sheet
        """All rows as a stream."""
        return self.text.rows(self.findings, MAX_TEXT_ROWS)  # type: ignore[return-value]  # texts are cells


class JsonTable(TableBook):
    """A JSON file; it has records instead of rows."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "json")
        self._encoding = find_encoding(path)
        self._path = ""
        self._keys: tuple[str, ...] | None = None

    def rows(self, sheet: str = "") -> Iterator[Row]:  # noqa: ARG002  there is no sheet
        """None: JSON has records."""
        return iter(())

    def first_keys(self) -> tuple[str, ...]:
        """The keys of the first record."""
        if self._keys is None:
            found: list[Finding] = []
            reader = JsonRecords(self.path, self._encoding, found)
            self._keys = next((tuple(record) for _, record in reader.records(MAX_TEXT_ROWS)), ())
            self._path = reader.path
            self.broken = found
        return self._keys

    def records(self) -> Iterator[tuple[int, Record]]:
        """All records as a stream."""
        return JsonRecords(self.path, self._encoding, self.findings).records(MAX_TEXT_ROWS)

    @property
    def record_path(self) -> str:
        """Where the list of records stands."""
        self.first_keys()
        return self._path


def open_table(path: Path) -> TableBook:
    """Opens a file of the user, whatever it is called, and finds out what it is.

    Raises:
        RuleBroken: it is no workbook, delimited text or JSON that can be read safely; the message says what to do.
    """
    form = recognise_form(path)
    if form == "xlsx":
        return Workbook(path)
    return JsonTable(path) if form == "json" else TextTable(path)


def column_letter(index: int) -> str:
    """The letter of a column as a spreadsheet shows it: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
