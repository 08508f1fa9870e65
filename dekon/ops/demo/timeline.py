"""Plays what happens in the demo year in order, once: a killed load goes on with the first event that is not done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from dekon.errors import Conflict, DekonError, RuleBroken
from dekon.ops.models import LoadProgress

LOCK_NUMBER = 2022_0315
LABEL_LENGTH = 160

type Report = Callable[[str, int, int], None]
"""Called with the label of the running event, how many are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens on a day of the demo year; `rank` orders what happens on the same day."""

    on: date
    rank: int
    label: str
    run: Callable[[], object]


@contextmanager
def only_one_load(year: int) -> Iterator[None]:
    """Holds the one lock of loading; the database releases it also when the process dies.

    Raises:
        Conflict: `demo-loading-already`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_NUMBER])
        if not cursor.fetchone()[0]:
            raise Conflict("demo-loading-already", year=year)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_NUMBER])


def ordered(events: Sequence[Event]) -> list[Event]:
    """Events by day and rank; equal ones in the order given."""
    return sorted(events, key=lambda event: (event.on, event.rank))


def progress_of_load(*, year: int, seed: int, scale: int, total: int) -> LoadProgress:
    """The record of this load, new or of an earlier start.

    Raises:
        RuleBroken: `demo-other-year` where the database holds this year from another seed or scale.
    """
    found, _new = LoadProgress.objects.get_or_create(year=year, defaults={"seed": seed, "scale": scale, "total": total})
    if (found.seed, found.scale, found.total) != (seed, scale, total):
        raise RuleBroken("demo-other-year", year=year, scale=found.scale, seed=found.seed)
    return found


def play(events: Sequence[Event], progress: LoadProgress, report: Report) -> int:
    """Runs the events that are not done yet, each together with the record that it is done.

    Why it stopped, if it does, stands in the record until it goes on, so that the pages can say it.

    Returns: how many events ran.
    """
    LoadProgress.objects.filter(pk=progress.pk).update(error="")
    try:
        return _play(ordered(events)[progress.done :], progress, report)
    except Exception as broken:
        reason = broken.message() if isinstance(broken, DekonError) else type(broken).__name__
        LoadProgress.objects.filter(pk=progress.pk).update(error=reason)
        raise


def _play(waiting: Sequence[Event], progress: LoadProgress, report: Report) -> int:
    for event in waiting:
        LoadProgress.objects.filter(pk=progress.pk).update(step=event.label[:LABEL_LENGTH])
        report(event.label, progress.done, progress.total)
        with transaction.atomic():
            event.run()
            progress.done += 1
            progress.save(update_fields=["done"])
    if progress.finished_at is None:
        progress.step, progress.finished_at = "", timezone.now()
        progress.save(update_fields=["step", "finished_at"])
    report("", progress.done, progress.total)
    return len(waiting)
