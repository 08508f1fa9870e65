"""What a parameter says: its kind and unit, and one value with the text that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from dekon.errors import RuleBroken

type Confidence = Literal["sourced", "known", "derived", "unsure"]
type Kind = Literal[
    "int", "decimal", "text", "int-list", "decimal-list", "text-list", "decimal-table", "decimal-list-table"
]
type Table = Mapping[str, Decimal]
type ListTable = Mapping[str, tuple[Decimal, ...]]
type Value = int | Decimal | str | tuple[int, ...] | tuple[Decimal, ...] | tuple[str, ...] | Table | ListTable

PYTHON_TYPES: Final[dict[Kind, Any]] = {
    "int": int, "decimal": Decimal, "text": str, "int-list": tuple[int, ...], "decimal-list": tuple[Decimal, ...],
    "text-list": tuple[str, ...], "decimal-table": Mapping[str, Decimal],
    "decimal-list-table": Mapping[str, tuple[Decimal, ...]],
}  # fmt: skip
HOUSE_RULE: Final = "house rule"


@dataclass(frozen=True, slots=True)
class Unit:
    """What a value may be that is given in a unit: kinds, and the range of every number in it."""

    kinds: tuple[Kind, ...]
    low: Decimal
    high: Decimal
    sum: Decimal | None = None


_INTS: Final[tuple[Kind, ...]] = ("int", "int-list")
_DECIMALS: Final[tuple[Kind, ...]] = ("decimal", "decimal-list", "decimal-table", "decimal-list-table")
_TEXTS: Final[tuple[Kind, ...]] = ("text", "text-list")
_ANY: Final = Decimal(10) ** 15

UNITS: Final[Mapping[str, Unit]] = {
    "working days": Unit(_INTS, Decimal(0), Decimal(260)),
    "working days after the end of the quarter": Unit(_INTS, Decimal(1), Decimal(60)),
    "working days after the handover": Unit(_INTS, Decimal(1), Decimal(60)),
    "working day of the month": Unit(_INTS, Decimal(1), Decimal(23)),
    "working day of the following month": Unit(_INTS, Decimal(1), Decimal(23)),
    "days": Unit(_INTS, Decimal(0), Decimal(366)),
    "months (1 to 12)": Unit(_INTS, Decimal(1), Decimal(12)),
    "quarters (1 to 4)": Unit(_INTS, Decimal(1), Decimal(4)),
    "number": Unit(_INTS, Decimal(0), _ANY),
    "rupiah": Unit(_INTS, Decimal(0), _ANY),
    "percent of plan": Unit((*_INTS, *_DECIMALS), Decimal(0), Decimal(200)),
    "percent": Unit(_DECIMALS, Decimal(-100), Decimal(200)),
    "points": Unit(_DECIMALS, Decimal(0), Decimal(120)),
    "per mille": Unit(_DECIMALS, Decimal(0), Decimal(1000)),
    "share": Unit(_DECIMALS, Decimal(0), Decimal(1)),
    "shares": Unit(_DECIMALS, Decimal(0), Decimal(1)),
    "shares that sum to 1": Unit(_DECIMALS, Decimal(0), Decimal(1), Decimal(1)),
    "weights that sum to 100": Unit(_DECIMALS, Decimal(0), Decimal(100), Decimal(100)),
    "choice": Unit(_TEXTS, Decimal(0), Decimal(0)),
    "codes": Unit(_TEXTS, Decimal(0), Decimal(0)),
    "names": Unit(_TEXTS, Decimal(0), Decimal(0)),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a parameter and what it rests on.

    `since` is the first day on which it holds (1 January of the first year, if it goes by fiscal year), `until` the
    last where it ended without a successor, `published` the day of the regulation, `checked` the day on which
    `checked_by` compared it with what the text named in `seen_in` says.
    """

    key: str
    since: date
    value: Value
    legal: str
    published: date | None
    checked: date | None
    confidence: Confidence
    seen_in: str
    checked_by: str = ""
    until: date | None = None

    @property
    def verified(self) -> bool:
        """Whether somebody saw the value in a text of the regulation, or we set it ourselves."""
        return self.checked is not None and (self.confidence == "sourced" or self.legal == HOUSE_RULE)


@dataclass(frozen=True, slots=True)
class Definition:
    """A parameter as its file describes it; entries newest first."""

    key: str
    description: str
    unit: str
    kind: Kind
    by_fiscal_year: bool
    notes: str
    entries: tuple[Entry, ...]

    def entry_at(self, on: date) -> Entry:
        """The entry that holds on a day.

        Raises:
            RuleBroken: the day lies before the first one, or after the last one ended.
        """
        for entry in self.entries:
            if entry.since <= on:
                if entry.until and entry.until < on:
                    raise RuleBroken(
                        "parameter-ended", parameter=self.key, on=on.isoformat(), last=entry.until.isoformat()
                    )
                return entry
        first = self.entries[-1].since.isoformat()
        raise RuleBroken("parameter-not-in-force", parameter=self.key, on=on.isoformat(), first=first)
