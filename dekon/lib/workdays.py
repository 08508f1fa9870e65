"""Working days: Monday to Friday without national holidays and collective leave (cuti bersama).

A calendar knows which years it covers and refuses to guess about others. Its `version` names the set of days it was
made from, so that whoever stores a deadline can store how it was counted and count it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from dekon.errors import RuleBroken

COLLECTIVE_LEAVE = "cuti_bersama"
SATURDAY = 5
ONE_DAY = timedelta(days=1)


class HolidayRow(Protocol):
    """A day on which offices are closed, and since when that was known. Unknown publication counts as always known."""

    @property
    def day(self) -> date:
        """The closed day."""

    @property
    def kind(self) -> str:
        """National holiday or collective leave."""

    @property
    def published_on(self) -> date | None:
        """The day of the decree."""

    @property
    def withdrawn_on(self) -> date | None:
        """The day of the decree that took it back."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days on which offices are closed besides Saturday and Sunday, for the years that they are known for."""

    holidays: frozenset[date]
    version: str
    years: frozenset[int] = field(default=frozenset())

    def __post_init__(self) -> None:
        if not self.years:
            object.__setattr__(self, "years", frozenset(day.year for day in self.holidays))

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open on a day. Raises RuleBroken where the year's holidays are not known."""
        if day.year not in self.years:
            raise RuleBroken("calendar-year-unknown", year=day.year)
        return day.weekday() < SATURDAY and day not in self.holidays

    def next_working_day(self, after: date) -> date:
        """The first working day later than `after`. Raises RuleBroken where the year's holidays are not known."""
        return self.add_working_days(after, 1)

    def working_day_on_or_after(self, day: date) -> date:
        """The day itself if offices are open, else the next one on which they are. Raises RuleBroken as above."""
        return day if self.is_working_day(day) else self.next_working_day(day)

    def add_working_days(self, after: date, count: int) -> date:
        """The working day number `count` after a day; the day itself is day 0, whether offices are open on it or not.

        Args:
            after: the day from which is counted, such as the last day of a quarter.
            count: working days, 0 or more.

        Raises:
            RuleBroken: a year on the way is not known.
            ValueError: the count is negative.
        """
        if count < 0:
            raise ValueError(f"cannot count {count} working days forward")
        day = after
        for _ in range(count):
            day += ONE_DAY
            while not self.is_working_day(day):
                day += ONE_DAY
        return day

    def nth_working_day(self, year: int, month: int, number: int) -> date:
        """Working day number 1, 2, 3 … of a month.

        Raises:
            RuleBroken: the year is not known, or the month has fewer working days.
        """
        days = tuple(self.working_days(year, month))
        if not 1 <= number <= len(days):
            raise RuleBroken("working-day-not-in-month", year=year, month=month, number=number, count=len(days))
        return days[number - 1]

    def working_days(self, year: int, month: int | None = None) -> Iterator[date]:
        """The working days of a month or, without one, of a year, in order. Raises RuleBroken for unknown years."""
        day = date(year, month or 1, 1)
        while day.year == year and month in {None, day.month}:
            if self.is_working_day(day):
                yield day
            day += ONE_DAY

    def working_days_between(self, start: date, end: date) -> int:
        """Working days later than `start` up to and including `end`; negative where `end` comes first.

        For "2 hari kerja lagi" from today to a deadline, for "Terlambat 2 hari kerja" from the deadline to today. It
        undoes `add_working_days`. Raises RuleBroken where a year is not known.
        """
        if end < start:
            return -self.working_days_between(end, start)
        span = range(1, (end - start).days + 1)
        return sum(self.is_working_day(start + timedelta(days=offset)) for offset in span)


def calendar_from_rows(rows: Iterable[HolidayRow], *, collective_leave: bool = True) -> Calendar:
    """The calendar as it stands now: everything recorded that was not withdrawn.

    Args:
        rows: closed days.
        collective_leave: whether days of collective leave count as closed (they do, unless a rule says otherwise).
    """
    return _calendar((row for row in rows if row.withdrawn_on is None), collective_leave=collective_leave)


def calendar_as_known_on(rows: Iterable[HolidayRow], on: date, *, collective_leave: bool = True) -> Calendar:
    """The calendar as it was known on a day: what had been published and not yet withdrawn by then.

    A year whose decree came later is not covered, so that nothing is counted with holidays that nobody knew.

    Args:
        rows: closed days.
        on: the day whose knowledge counts, that day's decrees included.
        collective_leave: whether days of collective leave count as closed.
    """
    known = (
        row
        for row in rows
        if (row.published_on is None or row.published_on <= on) and (row.withdrawn_on is None or row.withdrawn_on > on)
    )
    return _calendar(known, collective_leave=collective_leave)


def _calendar(rows: Iterable[HolidayRow], *, collective_leave: bool) -> Calendar:
    kept = list(rows)
    days = frozenset(row.day for row in kept if collective_leave or row.kind != COLLECTIVE_LEAVE)
    return Calendar(days, calendar_version(days), frozenset(row.day.year for row in kept))


def calendar_version(days: Iterable[date]) -> str:
    """A name for a set of closed days that is the same for the same days: `2022-2027/8f3a2c1d90ab`."""
    ordered = sorted(days)
    if not ordered:
        return "kosong"
    digest = hashlib.sha256("\n".join(day.isoformat() for day in ordered).encode()).hexdigest()
    return f"{ordered[0].year}-{ordered[-1].year}/{digest[:12]}"
