"""How far the loading of a demo year is, for the strip above every page; a failed one says why."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import connection


@dataclass(frozen=True, slots=True)
class Loading:
    """A demo year that is not whole yet; `error` says why its loading stopped, if it did."""

    year: int
    step: str
    done: int
    total: int
    error: str


def demo_loading() -> Loading | None:
    """The demo year that is being loaded or failed to; None where all is there, and always in production."""
    if settings.PRODUCTION:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT year, step, done, total, error FROM ops_loadprogress"
            " WHERE finished_at IS NULL ORDER BY year LIMIT 1"
        )
        row = cursor.fetchone()
    return Loading(*row) if row else None
