"""Snapshots of the scores: each night, and soon after an import."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.timezone import localdate

from dekon.budget import selectors as budget
from dekon.budget.selectors.records import imports_since
from dekon.lib.schedule import Daily, Every, scheduled
from dekon.scoring import services

PAUSE = timedelta(minutes=10)


@scheduled(name="score-snapshots", every=Daily(time(3, 15)), catch_up="latest")
def score_snapshots(due_at: datetime) -> None:
    """Keep the scores of every month that has ended, of the years that still move and of those never kept."""
    for year in budget.fiscal_years():
        if year.year >= localdate(due_at).year - 1 or not services.kept(year.year):
            services.take_snapshots(
                year=year.year, months=services.ended_months(year.year, due_at), now=due_at
            )  # fmt: skip


@scheduled(name="score-snapshots-after-import", every=Every(PAUSE), catch_up="latest")
def score_snapshots_after_import(due_at: datetime) -> None:
    """Keep what an import of the last minutes changed, in the years that are kept already."""
    if not imports_since(due_at - PAUSE):
        return
    for year in budget.fiscal_years():
        if services.kept(year.year):
            services.take_snapshots(
                year=year.year, months=services.ended_months(year.year, due_at), now=due_at
            )  # fmt: skip
