"""A result that can say how it came about: its steps, what they rest on, and whether it is official."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal

from dekon.rules.entry import Entry
from dekon.rules.regulations import Regulation

type Status = Literal["estimate", "official"]
type StepValue = int | Decimal | date | str | None
type Part = StepValue | list[int] | list[Decimal] | list[Decimal | None] | list[date] | list[str]

NO_PARTS: Final[Mapping[str, Part]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way: what was computed, what came out, in which way, and of which line, month or type."""

    label: str
    value: StepValue
    how: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Explained[T]:
    """A value with its derivation. What Dekon computes is an estimate; official values are imported.

    `parts` are the figures on the way by their short official name, for pages and cases that show them too;
    `regulation` is the one the formula belongs to.
    """

    value: T
    steps: tuple[Step, ...] = ()
    sources: tuple[Entry, ...] = ()
    status: Status = "estimate"
    regulation: Regulation | None = None
    parts: Mapping[str, Part] = NO_PARTS

    @property
    def verified(self) -> bool:
        """Whether every parameter used was checked against its source, and the regulation's passage too."""
        return self.unverified == () and not (self.regulation and self.regulation.transition_unverified)

    @property
    def unverified(self) -> tuple[Entry, ...]:
        """The parameters used that nobody has seen in a text of the regulation, each once."""
        return tuple({id(source): source for source in self.sources if not source.verified}.values())

    @property
    def legal(self) -> tuple[str, ...]:
        """The regulations it rests on, each once, in order of use."""
        own = (self.regulation.id,) if self.regulation else ()
        return tuple(dict.fromkeys((*own, *(source.legal for source in self.sources))))

    def basis(self, on: date) -> str:
        """The regulation of the formula as it has to be shown on a day: revoked ones and doubtful passages say so."""
        return self.regulation.shown(on) if self.regulation else "; ".join(self.legal)

    def resting_on(self, *others: Explained[object]) -> Explained[T]:
        """The same result with the steps and sources of the results that went into it before its own."""
        steps = tuple(step for other in others for step in other.steps)
        sources = tuple(source for other in others for source in other.sources)
        return replace(self, steps=(*steps, *self.steps), sources=(*sources, *self.sources))
