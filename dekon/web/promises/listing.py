"""What the page of the promise board shows: the matrix, one cell opened, and the table that comes as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.performance.selectors.promises import PROMISES, BoardCell, BoardRow, Item, Measure, Promise
from dekon.rules.formulas.promises import WORST, State
from dekon.web.address import Address
from dekon.web.tables import ICONS, Cell, Column, Line, Table, Tone

__all__ = ["ICONS", "STATES", "TONES", "cell_chosen", "link_of", "ordered", "sought", "table"]
TONES: Final[dict[State, Tone]] = {"met": "ok", "watch": "warn", "unmet": "bad", "none": "mute"}
STATES: Final[tuple[State, ...]] = ("unmet", "watch", "met", "none")


def state_words(state: State) -> str:
    """How a promise stands."""
    return {
        "met": _("Terpenuhi"),
        "watch": _("Perlu perhatian"),
        "unmet": _("Belum terpenuhi"),
        "none": _("Belum ada data"),
    }[state]


def promise_words(promise: Promise) -> str:
    """What a promise is called."""
    return {
        1: _("Akuntabilitas"),
        2: _("Pembinaan dan supervisi"),
        3: _("Pelaksanaan dan pelaporan"),
    }[promise]


def duty_words(promise: Promise) -> str:
    """Whose promise it is."""
    return _("kewajiban Kementerian kepada Dinas") if promise == 2 else _("kewajiban Dinas")


@dataclass(frozen=True, slots=True)
class Link:
    """An item behind a number with the page that shows it."""

    words: str
    sub: str
    href: str
    state: State

    @property
    def tone(self) -> Tone:
        """How bad it is."""
        return TONES[self.state]


def link_of(item: Item, address: Address) -> Link:
    """Where an item leads."""
    if item.kind == "case":
        href = address.elsewhere(reverse("case", args=[item.number]))
    elif item.kind == "parked":
        href = address.elsewhere(reverse("parked"), satker=item.satker)
    else:
        href = address.elsewhere(reverse("drill"), satker=item.satker, **(item.path or {}))
    words = _("Satker %(satker)s: %(words)s") % {"satker": item.satker, "words": item.words}
    return Link(words, item.sub, href, item.state)


def sought(rows: Sequence[BoardRow], *, name: str, state: str, promise: str) -> list[BoardRow]:
    """The provinces whose name holds the words and of which a cell (of the promise) stands so.

    Args:
        rows: the whole board.
        name: part of the name of a province, or its code.
        state: `met`, `watch`, `unmet`, `none`; empty for all.
        promise: `1`, `2`, `3`; empty for all.
    """
    return [
        row for row in rows
        if (name.lower() in row.name.lower() or name == row.code)
        and (not state or any(cell.state == state and promise in {"", str(cell.promise)} for cell in row.cells))
    ]  # fmt: skip


def ordered(rows: Sequence[BoardRow], order: str) -> list[BoardRow]:
    """The worst first, or by name, or by one promise (`1`, `2`, `3`): the worst of it first."""
    if order == "nama":
        return sorted(rows, key=lambda row: row.name.lower())
    if order in {str(one) for one in PROMISES}:
        return sorted(rows, key=lambda row: (WORST.index(row.cells[int(order) - 1].state), row.name.lower()))
    return sorted(rows, key=lambda row: (row.weight, row.name.lower()))


def cell_chosen(rows: Sequence[BoardRow], asked: str) -> tuple[BoardRow, BoardCell] | None:
    """The cell that the address opens, `32-1`; None where it opens none, or one that is not there."""
    code, _dash, promise = asked.partition("-")
    row = next((row for row in rows if row.code == code), None)
    cell = next((cell for cell in row.cells if str(cell.promise) == promise), None) if row else None
    return (row, cell) if row and cell else None


def table(rows: Sequence[BoardRow]) -> Table:
    """Every measure of every province, as a file gives it."""
    columns = (
        Column("provinsi", _("Provinsi"), noted=True),
        Column("pernyataan", _("Pernyataan")),
        Column("status", _("Status pernyataan"), "badge"),
        Column("ukuran", _("Ukuran")),
        Column("status-ukuran", _("Status ukuran"), "badge"),
        Column("angka", _("Angka")),
        Column("batas", _("Batas")),
        Column("tindakan", _("Tindakan berikutnya")),
    )
    lines = tuple(_line(row, cell, one) for row in rows for cell in row.cells for one in cell.measures)
    return Table("pemenuhan", _("Pemenuhan komitmen"), columns, lines, empty=_("Belum ada provinsi beranggaran."))


def _line(row: BoardRow, cell: BoardCell, one: Measure) -> Line:
    return Line((
        Cell(row.name, sub=row.code),
        Cell(f"{cell.promise} {promise_words(cell.promise)}"),
        Cell(state_words(cell.state), tone=TONES[cell.state]),
        Cell(one.name), Cell(state_words(one.state), tone=TONES[one.state]),
        Cell(one.found.words if one.found else one.missing), Cell(one.limits),
        Cell(one.found.action if one.found else ""),
    ))  # fmt: skip
