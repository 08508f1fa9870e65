"""A score as pages and commands show it: its indicators, each with its value or with what is missing for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from dekon.errors import RuleBroken
from dekon.rules.explained import Explained
from dekon.rules.overrides import Override

type Subject = Literal["ikpa", "nka"]

FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of a score: its weight by the regulation, of 100, and its value or why there is none.

    `override` is what the Treasury set for its period instead of what was computed, if anything.
    """

    name: str
    weight: Decimal
    result: Explained[Decimal] | None = None
    missing: RuleBroken | None = None
    override: Override | None = None

    @property
    def computed(self) -> Decimal | None:
        """Its points by the formula, 0 to 100; None where there is no data."""
        return self.result.value if self.result else None

    @property
    def value(self) -> Decimal | None:
        """The points that count, 0 to 100; None where there is no data, or the period leaves it out."""
        return self.override.value if self.result and self.override else self.computed


@dataclass(frozen=True, slots=True)
class Score:
    """A score of a satker or of several together at the end of a month; always an estimate.

    `total` and `category` are None where the regulation does not allow a value from what is there; `missing` says why.
    `deduction` is what the dispensations of SPM take off, points; None in years without.
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
    deduction: Indicator | None = None

    @property
    def value(self) -> Decimal | None:
        """The points, 0 to 100."""
        return self.total.value if self.total else None

    @property
    def active_weight(self) -> Decimal:
        """The weight of the indicators that count, of 100; the others are left out and the rest is converted."""
        return sum((one.weight for one in self.indicators if one.value is not None), Decimal(0))

    def converted_weight(self, of: Indicator) -> Decimal | None:
        """The weight of an indicator after conversion, of 100; None where it has no data."""
        return None if of.value is None else of.weight * FULL / self.active_weight

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


def no_rules(subject: Subject, year: int, *, code: str, name: str, month: int, first: int, satker: int = 1) -> Score:
    """A score of a year of which no rule set is recorded: without indicators, and saying from which year there are.

    Args:
        subject: which score; year and month: of when; code and name: of whom; satker: of how many together.
        first: first fiscal year with rules.
    """
    missing = RuleBroken("score-no-rules", subject=subject.upper(), year=year, first=first)
    return Score(subject, year, month, code, name, (), missing=missing, satker=satker)
