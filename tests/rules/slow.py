"""An independent, slow reference of the formulas: fractions, written from the rules and not from the code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

type Number = Fraction


def total(rows: Mapping[str, tuple[Number | None, Number]]) -> Number:
    """Indicator → (points or None, weight)."""
    known = [(points, weight) for points, weight in rows.values() if points is not None]
    return sum((p * w for p, w in known), Fraction(0)) / sum((w for _, w in known), Fraction(0))


def efficiency(rows: Sequence[tuple[Number, Number, Number]]) -> Number:
    """(pagu, realised, achieved)."""
    due = sum((pagu * achieved for pagu, _, achieved in rows), Fraction(0))
    spent = sum((realised for _, realised, _ in rows), Fraction(0))
    return (due - spent) / due * 100


def efficiency_value(efficiency_percent: Number) -> Number:
    return 50 + max(Fraction(-20), min(Fraction(20), efficiency_percent)) / 20 * 50


def consistency(planned: Sequence[Number], realised: Sequence[Number]) -> Number:
    months = []
    for plan, real in zip(planned, realised, strict=True):
        if plan == 0:
            months.append(Fraction(0 if real else 100))
        else:
            months.append(max(Fraction(0), (plan - abs(plan - real)) / plan * 100))
    return sum(months, Fraction(0)) / len(months)


def absorption_2024(types: Sequence[tuple[Number, Number, Number]]) -> Number:
    """(pagu, realised, target in percent)."""
    whole = sum((pagu for pagu, _, _ in types), Fraction(0))
    points = Fraction(0)
    for pagu, realised, target in types:
        points += min(Fraction(100), realised / (pagu * target / 100) * 100) * pagu / whole
    return points


def absorption_2022(types: Sequence[tuple[Number, Number, Number]]) -> Number:
    due = sum((pagu * target / 100 for pagu, _, target in types), Fraction(0))
    return min(Fraction(100), sum((realised for _, realised, _ in types), Fraction(0)) / due * 100)


def deviation(months: Sequence[Number]) -> Number:
    """Deviation of each month from January on."""
    counted = list(months)[:11]
    average = sum(counted, Fraction(0)) / len(counted)
    return Fraction(100) if average <= 5 else 100 - average
