"""A score as pages and commands show it: its indicators, each with its value or with what is missing for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from dekon.errors import RuleBroken
from dekon.rules.explained import Explained

type Subject = Literal["ikpa", "nka"]

FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of a score: its weight by the regulation, of 100, and its value or why there is none."""

    name: str
    weight: Decimal
    result: Explained[Decimal] | None = None
    missing: RuleBroken | None = None

    @property
    def value(self) -> Decimal | None:
        """Its points, 0 to 100; None where there is no data."""
        return self.result.value if self.result else None


@dataclass(frozen=True, slots=True)
class Score:
    """A score of a satker or of several together at the end of a month; always an estimate.

    `total` and `category` are None where the regulation does not allow a value from what is there; `missing` says why.
    """

    subject: Subject
    year: int
    month: int
    code: str
    name: str
    indicators: tuple[Indicator, ...]
    total: Explained[Decimal] | None = None
    category: Explained[str] | None = None
    missing: RuleBroken | None = None
    satker: int = 1

    @property
    def value(self) -> Decimal | None:
        """The points, 0 to 100."""
        return self.total.value if self.total else None

    @property
    def active_weight(self) -> Decimal:
        """The weight of the indicators with data, of 100; the others are left out and the rest is converted."""
        return sum((one.weight for one in self.indicators if one.result), Decimal(0))

    def converted_weight(self, of: Indicator) -> Decimal | None:
        """The weight of an indicator after conversion, of 100; None where it has no data."""
        return of.weight * FULL / self.active_weight if of.result else None

    def contribution(self, of: Indicator) -> Decimal | None:
        """The points that an indicator brings to the total; None where it has no data."""
        weight, value = self.converted_weight(of), of.value
        return None if weight is None or value is None else value * weight / FULL


def indicator(name: str, weight: Decimal, compute: Callable[[], Explained[Decimal]]) -> Indicator:
    """An indicator as its formula gives it; what the formula refuses is kept as the reason why there is no value."""
    try:
        return Indicator(name, weight, compute())
    except RuleBroken as reason:
        return Indicator(name, weight, missing=reason)
