"""Tables as the pages show them: typed cells, so that sorting, searching and exports need no second description."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from dekon.web.address import Address
from dekon.web.formats import Unit, money_head

type Value = str | int | Decimal | date | datetime | None
type Kind = Literal["text", "code", "money", "number", "percent", "points", "volume", "date", "moment", "bar", "badge"]
type Tone = Literal["ok", "warn", "bad", "info", "mute"]

NUMERIC = frozenset({"money", "number", "percent", "points", "volume", "bar"})
ICONS: dict[Tone, str] = {"ok": "ok", "warn": "warn", "bad": "stop", "info": "info", "mute": "wait"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` names it in the address, `unit` stands small below its label, `place` is a class (`w`, `u`)."""

    key: str
    label: str
    kind: Kind = "text"
    unit: str = ""
    place: str = ""
    wide: bool = False

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
class Table:
    """A table with its name on the page (`prov`), which sorting and exports carry in the address."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    total: Line | None = None
    empty: str = ""
    whole: int = 0
    sort: str = ""
    search: str = ""

    @property
    def numeric_kinds(self) -> list[bool]:
        """For each column whether it is a number."""
        return [column.numeric for column in self.columns]


def cells(*values: Cell | Value) -> tuple[Cell, ...]:
    """Cells of plain values and finished cells."""
    return tuple(value if isinstance(value, Cell) else Cell(value) for value in values)


def arranged(table: Table, address: Address) -> Table:
    """The table as the address asks for it: found, then sorted. An unknown column leaves the order as it is."""
    search = address.params.get(f"cari-{table.name}", "").strip()[:100]
    name, _, sort = address.params.get("urut", "").partition(":")
    sort = sort if name == table.name else ""
    lines: Sequence[Line] = [line for line in table.lines if not search or found(line, search)]
    column = next((i for i, column in enumerate(table.columns) if column.key == sort.removeprefix("-")), None)
    if column is not None:
        lines = ordered(lines, column, descending=sort.startswith("-"))
    return replace(table, lines=tuple(lines), whole=len(table.lines), sort=sort, search=search)


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
    return address.changed(urut=f"{table.name}:{second if table.sort == first else first}")


def download_link(table: Table, form: Literal["csv", "xlsx"], address: Address) -> str:
    """Where the table comes as a file, with the filters and the order of the page."""
    return address.changed(unduh=f"{table.name}.{form}")
