"""What a source says of a province: a state against its limits, a number in words, and the list behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from dekon.rules.formulas.promises import State

type Promise = Literal[1, 2, 3]
type ItemKind = Literal["case", "parked", "output"]

PROMISES: Final[tuple[Promise, ...]] = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """Which board: a fiscal year as of a day, of a province or unit or all (empty)."""

    year: int
    as_of: date
    province: str = ""
    unit: str = ""
    satker: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing behind a number: what and of whom, which page shows it, how bad it is."""

    kind: ItemKind
    satker: str
    words: str
    sub: str
    state: State
    number: int = 0
    path: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a source found in a province: the number (a share 0 to 1, or a count), words, items, worst first."""

    value: Decimal | int
    state: State
    words: str
    items: tuple[Item, ...] = ()
    action: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One measure of a promise.

    `measure` gives what it found by province; a province that is not in it has no data. Without `measure` nobody brings
    the data yet: `missing` says in words what they are.
    """

    key: str
    promise: Promise
    name: Callable[[], str]
    limits: Callable[[int], str]
    missing: Callable[[], str]
    measure: Callable[[BoardFilter, Sequence[str]], Mapping[str, Found]] | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A source as a cell shows it."""

    key: str
    name: str
    limits: str
    found: Found | None
    missing: str

    @property
    def state(self) -> State:
        """Against its limits; `none` where there is no data."""
        return self.found.state if self.found else "none"
