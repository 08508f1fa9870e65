"""Work that is due at certain times: declared beside the job, carried out by the worker. Knows no Django.

A run is named by its job and the moment it was due, so the same run is never done twice, and one that was missed while
nothing was running is seen as missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

JAKARTA = ZoneInfo("Asia/Jakarta")
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

type CatchUp = Literal["each", "latest"]
type Work = Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day at one time in Jakarta."""

    at: time

    def due_after(self, moment: datetime) -> Iterator[datetime]:
        """The moments after the given one, without end."""
        day = moment.astimezone(JAKARTA).date()
        while True:
            due = datetime.combine(day, self.at, JAKARTA)
            if due > moment:
                yield due
            day += timedelta(days=1)

    @property
    def period(self) -> timedelta:
        """The distance of two moments."""
        return timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Every:
    """Again and again after the same while, counted from the year 2000 so that all workers agree."""

    period: timedelta

    def due_after(self, moment: datetime) -> Iterator[datetime]:
        """The moments after the given one, without end."""
        due = EPOCH + ((moment - EPOCH) // self.period + 1) * self.period
        while True:
            yield due
            due += self.period


@dataclass(frozen=True, slots=True)
class Job:
    """Work with a name and its times. `catch_up` says whether each missed moment is made up for or only the latest."""

    name: str
    work: Work
    every: Daily | Every
    catch_up: CatchUp


_jobs: dict[str, Job] = {}


def scheduled(*, name: str, every: Daily | Every, catch_up: CatchUp = "latest") -> Callable[[Work], Work]:
    """Declare a function as scheduled work. It is given the moment it was due, not the present one.

    Args:
        name: unique, kebab-case; it stays when the function moves.
        every: its times.
        catch_up: what happens to moments that passed while no worker ran.

    Raises:
        ValueError: the name is taken.
    """

    def declare(work: Work) -> Work:
        known = _jobs.get(name)
        if known is not None and known.work.__qualname__ != work.__qualname__:
            raise ValueError(f"two jobs are called {name}")
        _jobs[name] = Job(name, work, every, catch_up)
        return work

    return declare


def declared_jobs() -> tuple[Job, ...]:
    """All jobs of the modules loaded so far, by name."""
    return tuple(_jobs[name] for name in sorted(_jobs))


def missing_runs(job: Job, last: datetime | None, now: datetime) -> list[datetime]:
    """Moments of a job that are due and have no run yet, oldest first.

    Args:
        job: the job.
        last: the moment of its latest run; None where it never ran, then only its latest moment counts.
        now: the present moment, aware.
    """
    since = last if last is not None else now - job.every.period
    due: list[datetime] = []
    for moment in job.every.due_after(since):
        if moment > now:
            break
        due.append(moment)
    return due if job.catch_up == "each" and last is not None else due[-1:]
