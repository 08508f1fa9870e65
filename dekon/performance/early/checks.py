"""What each rule of the early warning finds. Pure: how satker and outputs stand in, findings out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from dekon.errors import RuleBroken
from dekon.lib.workdays import Calendar
from dekon.performance.board.execution import OutputStand
from dekon.performance.early.rules import WarningRule
from dekon.performance.forecast import forecast_of
from dekon.performance.stands import SatkerStand
from dekon.rules.formulas.deadlines import rpd_lock_dates

FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Hold:
    """A rule holds: of which satker and RO, the number against its limit, what it was compared with, by when."""

    satker: str
    measured: Decimal
    limit: Decimal
    subject: str = ""
    compared: Decimal | None = None
    amount_rp: int | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """A satker on a day with its outputs; `locks` are the days on which the plan of each quarter is locked."""

    stand: SatkerStand
    outputs: Sequence[OutputStand] = ()
    locks: Mapping[int, date] = field(default_factory=dict)
    calendar: Calendar | None = None


def absorption_behind(rule: WarningRule, at: Situation) -> Iterator[Hold]:
    """Realised below plan by so many points of the effective ceiling at the end of so many months running."""
    stand, months = at.stand, rule.whole("months")
    if stand.ended < months:
        return
    behind = [stand.behind(month) for month in range(stand.ended - months + 1, stand.ended + 1)]
    known = [points for points in behind if points is not None and points >= rule.limits["points"]]
    if len(known) == months:
        gap_rp = stand.planned_by_rp(stand.ended) - stand.realised_rp[stand.ended - 1]
        yield Hold(stand.satker, known[-1], rule.limits["points"], compared=Decimal(months), amount_rp=gap_rp)


def money_ahead(rule: WarningRule, at: Situation) -> Iterator[Hold]:
    """More of the money of an RO is gone than of its output is delivered."""
    yield from _apart(rule, at, sign=1)


def output_ahead(rule: WarningRule, at: Situation) -> Iterator[Hold]:
    """More of an RO is delivered than paid for."""
    yield from _apart(rule, at, sign=-1)


def _apart(rule: WarningRule, at: Situation, *, sign: int) -> Iterator[Hold]:
    for one in at.outputs:
        if one.spent is None or one.pagu_rp < rule.limits["least_rp"]:
            continue
        apart = (one.spent - one.achieved) * FULL * sign
        if apart >= rule.limits["points"]:
            yield Hold(
                one.satker, one.spent * FULL, rule.limits["points"], one.code, one.achieved * FULL, one.realised_rp
            )


def lock_near(rule: WarningRule, at: Situation) -> Iterator[Hold]:
    """The plan of a quarter is locked within so many working days, and spending strays from the plan so far."""
    stand, ended = at.stand, at.stand.ended
    planned = stand.planned_by_rp(ended)
    due = next((day for _quarter, day in sorted(at.locks.items()) if day >= stand.as_of), None)
    if not (planned > 0 and due and at.calendar):
        return
    if at.calendar.working_days_between(stand.as_of, due) > rule.limits["working_days"]:
        return
    strayed = abs(Decimal(stand.realised_rp[ended - 1] - planned)) * FULL / planned
    if strayed > rule.limits["percent"]:
        yield Hold(stand.satker, strayed, rule.limits["percent"], due_on=due)


def forecast_below(rule: WarningRule, at: Situation) -> Iterator[Hold]:
    """The year will end below so many percent of the effective ceiling."""
    forecast = forecast_of(at.stand)
    if forecast is None or forecast.share is None or forecast.month < rule.limits["from_month"]:
        return
    share = forecast.share * FULL
    if share < rule.limits["percent"]:
        missing = int(forecast.effective_rp * rule.limits["percent"] / FULL) - forecast.expected_rp
        yield Hold(at.stand.satker, share, rule.limits["percent"], amount_rp=missing)


def above_ceiling(rule: WarningRule, at: Situation) -> Iterator[Hold]:
    """So many payments of the Treasury stand above the ceiling."""
    if at.stand.parked >= rule.limits["payments"]:
        yield Hold(at.stand.satker, Decimal(at.stand.parked), rule.limits["payments"], amount_rp=at.stand.parked_rp)


def nothing_by(rule: WarningRule, at: Situation) -> Iterator[Hold]:
    """Nothing was spent by the end of a month, though there is a ceiling."""
    stand, month = at.stand, rule.whole("month")
    if stand.ended >= month and stand.effective_rp(stand.ended) > 0 and stand.realised_rp[stand.ended - 1] <= 0:
        yield Hold(stand.satker, Decimal(0), Decimal(month), amount_rp=stand.effective_rp(stand.ended))


CHECKING: Final[Mapping[str, Callable[[WarningRule, Situation], Iterator[Hold]]]] = {
    "absorption-behind": absorption_behind,
    "money-ahead": money_ahead,
    "output-ahead": output_ahead,
    "lock-near": lock_near,
    "forecast-below": forecast_below,
    "above-ceiling": above_ceiling,
    "nothing-by": nothing_by,
}


def held(rules: Sequence[WarningRule], situations: Sequence[Situation]) -> dict[tuple[str, str, str], Hold]:
    """Everything that holds, by rule, satker and subject; in whatever order the satker come.

    Args:
        rules: of the house.
        situations: every satker on one day.
    """
    return {
        (rule.name, hold.satker, hold.subject): hold
        for rule in rules
        for at in situations
        for hold in CHECKING[rule.check](rule, at)
    }


def locks_of(year: int, calendar: Calendar) -> Mapping[int, date]:
    """The days on which the plans of the quarters are locked; none for a year without a recorded rule.

    Args:
        year: fiscal year.
        calendar: working days.
    """
    try:
        return rpd_lock_dates(year, calendar)
    except RuleBroken:
        return {}
