"""Tables as the pages show them: typed cells, so that sorting, searching and exports need no second description."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, pairwise
from typing import Literal

from dekon.web.address import Address
from dekon.web.formats import Unit, money_head

type Value = str | int | Decimal | date | datetime | None
type Kind = Literal[
    "text", "code", "money", "number", "percent", "points", "volume", "rate", "date", "moment", "bar", "badge"
]
type Tone = Literal["ok", "warn", "bad", "info", "mute"]

NUMERIC = frozenset({"money", "number", "percent", "points", "volume", "rate", "bar"})
PAGE_SIZE = 50
ALL_ROWS = 500
"""Rows that may stand on one page, for whoever prints them."""
ALL: Literal["semua"] = "semua"
ICONS: dict[Tone, str] = {"ok": "ok", "warn": "warn", "bad": "stop", "info": "info", "mute": "wait"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` names it in the address, `unit` stands small below its label, `place` is a class (`w`, `u`).

    `noted` says that its cells have a second line, where that cannot be seen before the rows are read.
    """

    key: str
    label: str
    kind: Kind = "text"
    unit: str = ""
    place: str = ""
    wide: bool = False
    noted: bool = False

    @property
    def numeric(self) -> bool:
        """Whether its cells stand at the right."""
        return self.kind in NUMERIC

    def money_unit(self, asked: Unit) -> Unit:
        """The unit of its amounts: what its head says, so that the two never disagree."""
        heads: dict[str, Unit] = {money_head("rupiah"): "rupiah", money_head("juta"): "juta"}
        return heads.get(self.unit, asked)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `plan` is the tick of a bar; `sub` a second, smaller line; `href` where its text leads."""

    value: Value
    href: str = ""
    sub: str = ""
    tone: Tone = "mute"
    plan: Decimal | None = None

    @property
    def icon(self) -> str:
        """The shape that goes with the tone: never colour alone."""
        return ICONS[self.tone]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table."""

    cells: tuple[Cell, ...]
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What a reader asks of a table: words to seek, and the column to sort by (empty: as it comes)."""

    search: str = ""
    column: str = ""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Rows that stay in the database, which counts, seeks and sorts them; only a page or a file of them is read."""

    sums: Callable[[str], tuple[int, Line | None]]
    """Words to seek → how many rows hold them, and the line of their sums."""
    lines: Callable[[Order, int, int | None], Iterable[Line]]
    """Order, how many rows to pass over and how many at most (None: all) → those rows."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its name on the page (`prov`), which sorting, pages and exports carry in the address.

    `lines` are the rows shown; `matching` says how many hold the words of `search`, on all pages together.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...] = ()
    total: Line | None = None
    empty: str = ""
    whole: int = 0
    sort: str = ""
    search: str = ""
    page_size: int = PAGE_SIZE
    page: int = 1
    matching: int = 0
    source: Source | None = None

    @property
    def order(self) -> Order:
        """How its rows are sought and sorted."""
        return Order(self.search, self.sort.removeprefix("-"), self.sort.startswith("-"))

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.matching // self.page_size))

    @property
    def first(self) -> int:
        """The number of the first row shown, from 1."""
        return (self.page - 1) * self.page_size + 1

    @property
    def page_numbers(self) -> tuple[int, ...]:
        """The pages to link to, 0 for a gap: the first, the last, and those around this one."""
        near = sorted({1, self.pages, *range(max(1, self.page - 1), min(self.pages, self.page + 1) + 1)})
        gaps = [(number,) if after == number + 1 else (number, 0) for number, after in pairwise(near)]
        return (*chain.from_iterable(gaps), near[-1])

    @property
    def all_fit(self) -> bool:
        """Whether all rows may stand on one page."""
        return self.page_size < self.matching <= ALL_ROWS


def cells(*values: Cell | Value) -> tuple[Cell, ...]:
    """Cells of plain values and finished cells."""
    return tuple(value if isinstance(value, Cell) else Cell(value) for value in values)


def arranged(table: Table, address: Address) -> Table:
    """The table as the address asks for it: found, sorted, one page. An unknown column leaves the order as it is."""
    search = address.params.get(f"cari-{table.name}", "").replace("\x00", "").strip()[:100]
    name, _, sort = address.params.get("urut", "").partition(":")
    known = {column.key for column in table.columns}
    sort = sort if name == table.name and sort.removeprefix("-") in known else ""
    asked = replace(table, sort=sort, search=search)
    asked = _counted(asked, table.source) if table.source else _sought(asked)
    page = address.params.get(f"hal-{table.name}", "")
    if page == ALL and asked.all_fit:
        asked = replace(asked, page_size=ALL_ROWS)
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 10 else 1
    return replace(asked, page=min(max(number, 1), asked.pages))


def _counted(table: Table, source: Source) -> Table:
    matching, total = source.sums(table.search)
    return replace(table, whole=matching, matching=matching, total=total)


def _sought(table: Table) -> Table:
    lines: Sequence[Line] = [line for line in table.lines if not table.search or found(line, table.search)]
    if table.sort:
        column = next(i for i, column in enumerate(table.columns) if column.key == table.order.column)
        lines = ordered(lines, column, descending=table.order.descending)
    total = None if table.search else table.total
    return replace(table, lines=tuple(lines), total=total, whole=len(table.lines), matching=len(lines))


def paged(table: Table) -> Table:
    """An arranged table with the rows of its page only."""
    start = table.first - 1
    if table.source:
        return replace(table, lines=tuple(table.source.lines(table.order, start, table.page_size)))
    return replace(table, lines=table.lines[start : start + table.page_size])


def whole(table: Table) -> Iterable[Line]:
    """The rows of all pages of an arranged table, read while they are taken."""
    return table.source.lines(table.order, 0, None) if table.source else table.lines


def found(line: Line, search: str) -> bool:
    """Whether each word stands somewhere in the row, as its cells are written in full."""
    text = " ".join(f"{cell.value or ''} {cell.sub}" for cell in line.cells).lower()
    return all(word in text for word in search.lower().split())


def ordered(lines: Iterable[Line], column: int, *, descending: bool) -> list[Line]:
    """The rows by one column; rows that say nothing there stand last either way."""
    known = [line for line in lines if line.cells[column].value is not None]
    unknown = [line for line in lines if line.cells[column].value is None]
    known.sort(key=lambda line: _key(line.cells[column].value), reverse=descending)
    return known + unknown


def _key(value: Value) -> tuple[int, Decimal | str]:
    if isinstance(value, int | Decimal):
        return (0, Decimal(value))
    if isinstance(value, date):
        return (1, value.isoformat())
    return (1, str(value).lower())


def sort_link(table: Table, column: Column, address: Address) -> str:
    """Where the head of a column leads: numbers largest first, texts from A; a second click turns the order round."""
    first = f"-{column.key}" if column.numeric else column.key
    second = column.key if column.numeric else f"-{column.key}"
    asked = f"{table.name}:{second if table.sort == first else first}"
    return address.changed(**{"urut": asked, f"hal-{table.name}": ""})


def page_link(table: Table, page: int | Literal["semua"], address: Address) -> str:
    """Where a page of the table is; the first needs no word in the address."""
    return f"{address.changed(**{f'hal-{table.name}': '' if page == 1 else str(page)})}#h-{table.name}"


def download_link(table: Table, form: Literal["csv", "xlsx"], address: Address) -> str:
    """Where the table comes as a file, with the filters and the order of the page."""
    return address.changed(unduh=f"{table.name}.{form}")
