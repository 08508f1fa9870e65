"""Runs of scheduled work: planned by date, claimed once, done in one transaction, taken back from a dead worker.

A run is marked done in the transaction of its work. A worker that dies in the middle therefore leaves nothing behind
but the claim, which the next living worker takes over.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from dekon.audit.services import acting_from
from dekon.lib.schedule import Job, missing_runs
from dekon.ops.models import RunState, ScheduledRun, WorkerHeartbeat
from dekon.org import selectors
from dekon.scope import EVERYWHERE, scoped_transaction

SILENCE = timedelta(seconds=30)
"""A worker that has not been heard of for so long is dead."""
MOST_ATTEMPTS = 3
log = logging.getLogger("dekon.scheduler")


def plan_runs(jobs: Iterable[Job], *, now: datetime) -> None:
    """Note every run that is due and not noted yet; planning twice, or by two workers at once, notes it once."""
    latest = dict(ScheduledRun.objects.values_list("job").annotate(Max("due_at")))
    due = [ScheduledRun(job=job.name, due_at=at) for job in jobs for at in missing_runs(job, latest.get(job.name), now)]
    ScheduledRun.objects.bulk_create(due, ignore_conflicts=True)


@transaction.atomic
def claim_run(worker_id: str, jobs: Iterable[Job], *, now: datetime) -> ScheduledRun | None:
    """Take the oldest waiting run of these jobs; None where nothing waits."""
    names = [job.name for job in jobs]
    waiting = ScheduledRun.objects.filter(state=RunState.WAITING, job__in=names, due_at__lte=now)
    run = waiting.select_for_update(skip_locked=True).first()
    if run is not None:
        run.state, run.claimed_by, run.started_at = RunState.RUNNING, worker_id, now
        run.attempts += 1
        run.save(update_fields=["state", "claimed_by", "started_at", "attempts"])
    return run


def carry_out(run: ScheduledRun, job: Job, *, now: datetime) -> None:
    """Do the work of a claimed run and mark it, both or neither. A failure is kept with its traceback."""
    try:
        with (
            acting_from("job", f"{job.name} {run.pk}"),
            scoped_transaction(str(selectors.system_user().pk), EVERYWHERE),
        ):
            job.work(run.due_at)
            finish_run(run, RunState.DONE, now=now)
    except Exception:
        log.exception("scheduled job %s failed", job.name)
        finish_run(run, RunState.FAILED, now=now, error=traceback.format_exc(limit=-5))


def finish_run(run: ScheduledRun, state: RunState, *, now: datetime, error: str = "") -> None:
    """Mark a run that this worker still holds."""
    mine = ScheduledRun.objects.filter(pk=run.pk, claimed_by=run.claimed_by, state=RunState.RUNNING)
    if not mine.update(state=state, finished_at=now, error=error):
        raise RuntimeError(f"{run} was taken over by another worker")


def living_workers(*, now: datetime, silence: timedelta = SILENCE) -> set[str]:
    """Workers that were heard of lately."""
    return set(WorkerHeartbeat.objects.filter(beat_at__gte=now - silence).values_list("worker_id", flat=True))


@transaction.atomic
def take_back_runs(*, now: datetime, silence: timedelta = SILENCE) -> int:
    """Let runs of dead workers wait again, or fail those that killed several workers. Returns how many there were."""
    alive = living_workers(now=now, silence=silence)
    lost = ScheduledRun.objects.filter(state=RunState.RUNNING).exclude(claimed_by__in=alive)
    runs = list(lost.select_for_update(skip_locked=True))
    for run in runs:
        gives_up = run.attempts >= MOST_ATTEMPTS
        run.state = RunState.FAILED if gives_up else RunState.WAITING
        run.error = f"{run.attempts} workers died" if gives_up else ""
        run.save(update_fields=["state", "error"])
    return len(runs)


@transaction.atomic
def take_back_tasks(*, now: datetime, silence: timedelta = SILENCE) -> int:
    """The same for queued tasks, which the queue itself would leave running for good. Returns how many there were."""
    alive = living_workers(now=now, silence=silence)
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).select_for_update(skip_locked=True)
    lost = [result for result in running if not alive & set(result.worker_ids[-1:])]
    for result in lost:
        if len(result.worker_ids) >= MOST_ATTEMPTS:
            result.set_failed(RuntimeError(f"{len(result.worker_ids)} workers died with this task"))
            continue
        result.status, result.started_at = TaskResultStatus.READY, None
        result.save(update_fields=["status", "started_at"])
    return len(lost)
