"""Arithmetic of the formulas: exact decimals, means, and the domain outside of which a formula gives no number."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal
from itertools import pairwise
from typing import Final

from dekon.errors import RuleBroken

HUNDRED: Final = Decimal(100)
ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)

_SETTLED: Final = Context(prec=24)
_ROOTS: Final = Context(prec=50)


def settled(value: Decimal) -> Decimal:
    """The value without the noise that division leaves in its last digits, so that 89.99…9 is 90 before a limit."""
    return _SETTLED.plus(value)


def mean(values: Sequence[Decimal]) -> Decimal:
    """The plain mean of at least one value."""
    return settled(sum(values, ZERO) / len(values))


def geometric_mean(values: Sequence[Decimal]) -> Decimal:
    """The root of the product of at least one value, none of them negative."""
    product = ONE
    for value in values:
        product = _ROOTS.multiply(product, value)
    if product == 0 or len(values) == 1:
        return settled(product)
    return settled(_ROOTS.power(product, _ROOTS.divide(ONE, Decimal(len(values)))))


def percent_of(part: Decimal, whole: Decimal) -> Decimal:
    """The part in percent of a whole that is not zero."""
    return settled(part * HUNDRED / whole)


def plain(value: Decimal | int) -> str:
    """A number as a step writes it: no exponent, no trailing zeros, at most six decimals."""
    number = Decimal(value)
    if number == number.to_integral_value():
        return f"{number:.0f}"
    return f"{number:.6f}".rstrip("0").rstrip(".")


def not_negative(name: str, value: Decimal) -> Decimal:
    """The value, if it is 0 or more.

    Raises:
        RuleBroken: `input-negative`, `input-not-a-number`.
    """
    if not value.is_finite():
        raise RuleBroken("input-not-a-number", name=name, value=str(value))
    if value < 0:
        raise RuleBroken("input-negative", name=name, value=plain(value))
    return value


def positive(name: str, value: Decimal) -> Decimal:
    """The value, if it is more than 0.

    Raises:
        RuleBroken: `input-negative`, `input-zero`, `input-not-a-number`.
    """
    if not_negative(name, value) == 0:
        raise RuleBroken("input-zero", name=name)
    return value


def within(name: str, value: Decimal, low: int, high: int) -> Decimal:
    """The value, if it lies between two limits, these included.

    Raises:
        RuleBroken: `input-out-of-range`, `input-not-a-number`.
    """
    if not value.is_finite():
        raise RuleBroken("input-not-a-number", name=name, value=str(value))
    if not low <= value <= high:
        raise RuleBroken("input-out-of-range", name=name, value=plain(value), low=low, high=high)
    return value


def score(name: str, value: Decimal) -> Decimal:
    """The value, if it is a score or a percentage from 0 to 100. Raises RuleBroken as `within`."""
    return within(name, value, 0, 100)


def some[T](name: str, values: Sequence[T]) -> Sequence[T]:
    """The list, if there is something in it.

    Raises:
        RuleBroken: `input-empty`.
    """
    if not values:
        raise RuleBroken("input-empty", name=name)
    return values


def at_most(name: str, value: Decimal, whole_name: str, whole: Decimal) -> Decimal:
    """The part, if it is not more than its whole.

    Raises:
        RuleBroken: `input-part-exceeds-whole`.
    """
    if value > whole:
        raise RuleBroken(
            "input-part-exceeds-whole", name=name, value=plain(value), whole=whole_name, limit=plain(whole)
        )
    return value


def each_once(name: str, ids: Sequence[str]) -> None:
    """Nothing stands in a list twice.

    Raises:
        RuleBroken: `input-twice`.
    """
    if len(set(ids)) < len(ids):
        twice = next(one for one in ids if ids.count(one) > 1)
        raise RuleBroken("input-twice", name=name, value=twice)


def not_falling(name: str, values: Sequence[Decimal]) -> None:
    """A cumulative series never goes down.

    Raises:
        RuleBroken: `input-falls`.
    """
    for before, after in pairwise(values):
        if after < before:
            raise RuleBroken("input-falls", name=name, before=plain(before), value=plain(after))
