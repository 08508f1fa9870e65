"""When a promise of the joint commitment counts as kept: measures against the limits of the house."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final, Literal

from dekon.rules.numbers import HUNDRED
from dekon.rules.parameter import Parameter

OUTPUTS_LIMITS = Parameter[tuple[int, ...]]("board/outputs_limits")
DIFFERENCES_LIMITS = Parameter[tuple[int, ...]]("board/differences_limits")
DIFFERENCE_DAYS = Parameter[int]("board/difference_days")
PAGU_MINUS_LIMITS = Parameter[tuple[int, ...]]("board/pagu_minus_limits")

type State = Literal["met", "watch", "unmet", "none"]

WORST: Final[tuple[State, ...]] = ("unmet", "watch", "met", "none")
"""From the worst to what cannot be said."""


def share_state(share: Decimal, limits: tuple[int, ...]) -> State:
    """Whether a share of the plan keeps a promise.

    Args:
        share: delivered over planned, 0 to 1 and above.
        limits: percent from which it is kept, and below which it is not.

    Legal:
        house rule.
    """
    kept, broken = limits
    if share * HUNDRED >= kept:
        return "met"
    return "unmet" if share * HUNDRED < broken else "watch"


def count_state(count: int, limits: tuple[int, ...]) -> State:
    """Whether a number of things that should not be there keeps a promise.

    Args:
        count: how many there are.
        limits: up to how many it is kept, and from how many on it is not.

    Legal:
        house rule.
    """
    kept, broken = limits
    if count <= kept:
        return "met"
    return "unmet" if count >= broken else "watch"


def difference_state(count: int, oldest_days: int, year: int) -> State:
    """Whether open differences keep the promise: by their number, and by how long the oldest has waited.

    Args:
        count: how many are open.
        oldest_days: calendar days since the oldest was opened; 0 where there is none.
        year: fiscal year.

    Legal:
        house rule.
    """
    state = count_state(count, DIFFERENCES_LIMITS.for_year(year))
    return "unmet" if count and oldest_days >= DIFFERENCE_DAYS.for_year(year) else state


def worst_state(states: Iterable[State]) -> State:
    """A promise stands as its worst measure; what cannot be measured says nothing where another can.

    Args:
        states: of the measures of one promise.

    Legal:
        house rule.
    """
    return min(states, key=WORST.index, default="none")
