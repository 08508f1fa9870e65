"""A result that can say how it came about: its steps, what they rest on, and whether it is official."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from dekon.rules.parameter import Entry

type Status = Literal["estimate", "official"]
type StepValue = int | Decimal | date | str


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way: what was computed, what came out, and in which way."""

    label: str
    value: StepValue
    how: str = ""


@dataclass(frozen=True, slots=True)
class Explained[T]:
    """A value with its derivation. What Dekon computes is an estimate; official values are imported."""

    value: T
    steps: tuple[Step, ...] = ()
    sources: tuple[Entry, ...] = ()
    status: Status = "estimate"

    @property
    def verified(self) -> bool:
        """Whether every parameter used was checked against its source."""
        return all(source.verified for source in self.sources)

    @property
    def legal(self) -> tuple[str, ...]:
        """The regulations it rests on, each once, in order of use."""
        return tuple(dict.fromkeys(source.legal for source in self.sources))
