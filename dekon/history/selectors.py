"""Since when the time machine knows, and moments in words."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from dekon.lib.periods import JAKARTA

LOOKED_BACK_TO: ContextVar[datetime | None] = ContextVar("history_moment", default=None)
"""Set by `services.as_at` alone."""


def moment() -> datetime | None:
    """The moment that is looked back to; None where it is now."""
    return LOOKED_BACK_TO.get()


def today() -> date:
    """The day that it is, or was at the moment looked back to."""
    return timezone.localdate(moment())


def present() -> datetime:
    """The moment on the clock of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
        return found


def begun_at() -> datetime:
    """The moment from which on every state can be asked for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(ended_at, started_at) FROM public.history_transaction ORDER BY id LIMIT 1")
        found: datetime = cursor.fetchone()[0]
        return found


def parsed(text: str) -> datetime | None:
    """The moment that a text names: a day (its end) or a day with a time, in Jakarta where no zone is given.

    Returns: aware; None where the text names none.
    """
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time.min, JAKARTA) + timedelta(days=1, microseconds=-1)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=JAKARTA)


def in_words(moment: datetime) -> str:
    """A moment as messages write it: day and time in Jakarta."""
    return f"{moment.astimezone(JAKARTA):%d-%m-%Y %H:%M:%S} WIB"
