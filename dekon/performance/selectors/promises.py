"""The board as pages, files and the API show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dekon.org import selectors as org
from dekon.performance import selectors as recaps
from dekon.performance.board.measures import PROMISES, BoardFilter, Found, Item, Measure, Promise, Source
from dekon.performance.board.registry import SOURCES
from dekon.rules.formulas.promises import WORST, State, worst_state

__all__ = [
    "PROMISES", "BoardCell", "BoardFilter", "BoardRow", "Found", "Item", "Measure", "Promise", "Source", "board",
    "tally",
]  # fmt: skip

UNPLACED: Final = ""


@dataclass(frozen=True, slots=True)
class BoardCell:
    """A province and a promise: how it stands, its measures, the worst first in what it says."""

    promise: Promise
    measures: tuple[Measure, ...]

    @property
    def state(self) -> State:
        """As the worst measure; `none` where none has data."""
        return worst_state(one.state for one in self.measures)

    @property
    def leading(self) -> Measure | None:
        """The measure whose number the cell shows: the worst one with data."""
        known = [one for one in self.measures if one.found]
        return min(known, key=lambda one: WORST.index(one.state), default=None)

    @property
    def items(self) -> tuple[Item, ...]:
        """Everything behind the cell, worst first."""
        found = [item for one in self.measures if one.found for item in one.found.items]
        return tuple(sorted(found, key=lambda item: WORST.index(item.state)))

    @property
    def lacking(self) -> tuple[Measure, ...]:
        """The measures of which nobody has data yet."""
        return tuple(one for one in self.measures if not one.found)

    @property
    def action(self) -> str:
        """What to do next; empty where nothing is asked for."""
        leading = self.leading
        if leading and leading.found and leading.found.action:
            return leading.found.action
        return next((one.found.action for one in self.measures if one.found and one.found.action), "")


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A province with its three promises."""

    code: str
    name: str
    cells: tuple[BoardCell, ...]

    @property
    def weight(self) -> tuple[int, ...]:
        """What rows are sorted by where the worst come first."""
        ranked = sorted(WORST.index(cell.state) for cell in self.cells)
        behind = sum(len(cell.items) for cell in self.cells)
        return (*ranked, -behind)


def board(asked: BoardFilter, sources: Sequence[Source] = SOURCES) -> list[BoardRow]:
    """Every province of a place that has a budget in the year, by code, with the three promises.

    Args:
        asked: year, day and place.
        sources: the measures; those of the registry unless a test brings others.
    """
    cut = recaps.RecapFilter(asked.year, asked.as_of, asked.province, asked.unit, asked.satker)
    codes = [row.key for row in recaps.recap(cut, "province").rows if row.key != UNPLACED]
    names = {one.code: one.name for one in org.provinces_in_year(asked.year)}
    found = {one.key: one.measure(asked, codes) if one.measure else {} for one in sources}
    return [
        BoardRow(code, names.get(code, code), tuple(_cell(asked.year, one, sources, found, code) for one in PROMISES))
        for code in codes
    ]


def _cell(
    year: int, promise: Promise, sources: Iterable[Source], found: Mapping[str, Mapping[str, Found]], code: str
) -> BoardCell:
    return BoardCell(
        promise,
        tuple(
            Measure(one.key, one.name(), one.limits(year), found[one.key].get(code), one.missing())
            for one in sources if one.promise == promise
        ),
    )  # fmt: skip


def tally(rows: Iterable[BoardRow], promise: Promise | None = None) -> dict[State, int]:
    """How many cells stand how, of one promise or of all."""
    counts: dict[State, int] = dict.fromkeys(WORST, 0)
    for row in rows:
        for cell in row.cells:
            if promise in {None, cell.promise}:
                counts[cell.state] += 1
    return counts
