"""Scheduled housekeeping."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult

from dekon.lib.schedule import Daily, scheduled
from dekon.ops.models import RunState, ScheduledRun

KEPT = timedelta(days=90)


@scheduled(name="clear-sessions", every=Daily(time(2, 0)))
def clear_sessions(due_at: datetime) -> None:
    """Remove sessions that have ended."""
    Session.objects.filter(expire_date__lt=due_at).delete()


@scheduled(name="clear-finished-work", every=Daily(time(2, 10)))
def clear_finished_work(due_at: datetime) -> None:
    """Remove results of tasks and scheduled runs that nobody asks for any more; the latest run of a job stays."""
    DBTaskResult.objects.finished().filter(finished_at__lt=due_at - KEPT).delete()
    ScheduledRun.objects.filter(state=RunState.DONE, due_at__lt=due_at - KEPT).delete()
