"""Work that is due by itself."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from dekon.budget import selectors as budget
from dekon.lib.periods import year_end
from dekon.lib.schedule import Daily, scheduled
from dekon.org import selectors as org
from dekon.performance import services

JANUARY = 1


@scheduled(name="evaluate-warnings", every=Daily(time(5, 30)), catch_up="latest")
def evaluate_warnings(due_at: datetime) -> None:
    """Hold the rules of the early warning against every satker as of today."""
    today = timezone.localdate(due_at)
    known = {one.year for one in budget.fiscal_years()}
    for year in _years_due(today):
        if year in known:
            on = min(today, year_end(year))
            services.evaluate_warnings(actor=org.system_user(), year=year, on=on)


def _years_due(today: date) -> tuple[int, ...]:
    """The running year; in January also the one before, whose last payments still come in."""
    return (today.year - 1, today.year) if today.month == JANUARY else (today.year,)
