"""Scheduled work is done once for each date, made up for when missed, and taken back from dead workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from dekon.lib.schedule import Every, Job, missing_runs
from dekon.ops import scheduler
from dekon.ops.models import RunState, ScheduledRun, WorkerHeartbeat
from dekon.ops.worker import Worker, beat, load_jobs
from dekon.org.models import Kppn
from dekon.org.selectors import system_user
from tests.meta.source import ROOT

NOON = datetime(2022, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

SLOW_WORKER = """
import signal; signal.alarm(90)
import django; django.setup()
import time
from datetime import timedelta
from dekon.lib.schedule import Every, Job
from dekon.ops.worker import Worker
from dekon.org.models import Kppn
def work(due_at):
    Kppn.objects.create(code="0X0", name="half done")
    print("working", flush=True)
    time.sleep(120)
Worker((Job("slow", work, Every(timedelta(hours=1)), "latest"),)).run()
"""


def nothing(due_at: datetime) -> None:
    """Work that is done at once."""


def job(work: object = nothing, catch_up: str = "latest") -> Job:
    assert callable(work)
    return Job("hourly", work, Every(HOUR), "each" if catch_up == "each" else "latest")


def do_all(jobs: tuple[Job, ...], now: datetime) -> None:
    """Plan and carry out, as a worker does."""
    scheduler.plan_runs(jobs, now=now)
    while run := scheduler.claim_run("tester", jobs, now=now):
        scheduler.carry_out(run, jobs[0], now=now)


@task
def counted() -> int:
    """A queued task."""
    return 42


def test_each_missed_moment_is_made_up_for_where_the_job_says_so() -> None:
    assert missing_runs(job(catch_up="each"), NOON - 3 * HOUR, NOON) == [NOON - 2 * HOUR, NOON - HOUR, NOON]


def test_otherwise_only_the_latest_moment_counts() -> None:
    assert missing_runs(job(), NOON - 3 * HOUR, NOON) == [NOON]


@pytest.mark.django_db
def test_a_date_is_done_once_however_often_it_is_planned() -> None:
    done: list[datetime] = []
    jobs = (job(done.append),)
    do_all(jobs, NOON)
    do_all(jobs, NOON + timedelta(minutes=59))
    assert done == [NOON]
    do_all(jobs, NOON + HOUR)
    assert done == [NOON, NOON + HOUR]


@pytest.mark.django_db
def test_work_that_fails_leaves_nothing_but_its_error(caplog: pytest.LogCaptureFixture) -> None:
    def fails(due_at: datetime) -> None:
        beat("written by the job")
        raise ValueError("no luck")

    do_all((job(fails),), NOON)
    run = ScheduledRun.objects.get()
    assert run.state == RunState.FAILED
    assert "no luck" in run.error
    assert not WorkerHeartbeat.objects.filter(worker_id="written by the job").exists()


@pytest.mark.django_db
def test_work_of_a_silent_worker_waits_again_and_that_of_a_living_one_does_not() -> None:
    WorkerHeartbeat.objects.create(worker_id="alive", beat_at=NOON)
    WorkerHeartbeat.objects.create(worker_id="dead", beat_at=NOON - timedelta(minutes=5))
    for name in ("alive", "dead"):
        ScheduledRun.objects.create(job=name, due_at=NOON, state=RunState.RUNNING, claimed_by=name, attempts=1)
    assert scheduler.take_back_runs(now=NOON) == 1
    assert set(ScheduledRun.objects.values_list("job", "state")) == {("alive", "running"), ("dead", "waiting")}


@pytest.mark.django_db
def test_work_that_killed_three_workers_is_given_up() -> None:
    ScheduledRun.objects.create(job="deadly", due_at=NOON, state=RunState.RUNNING, claimed_by="dead", attempts=3)
    scheduler.take_back_runs(now=NOON)
    assert ScheduledRun.objects.get().state == RunState.FAILED


@pytest.mark.django_db
def test_a_queued_task_of_a_dead_worker_is_done_by_the_next() -> None:
    counted.enqueue()
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING, worker_ids=["dead"], started_at=NOON)
    assert scheduler.take_back_tasks(now=NOON) == 1
    assert DBTaskResult.objects.get().status == TaskResultStatus.READY


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_hard_leaves_no_half_done_work(database_url: str) -> None:
    environment = {**os.environ, "DATABASE_URL": database_url}
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_WORKER], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "working\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert not Kppn.objects.filter(code="0X0").exists()
    done: list[datetime] = []
    jobs = (Job("slow", done.append, Every(HOUR), "latest"),)
    Worker(jobs, silence=timedelta(0)).turn()
    assert len(done) == 1
    run = ScheduledRun.objects.get(job="slow", due_at=done[0])
    assert (run.state, run.attempts) == (RunState.DONE, 2)


@pytest.mark.django_db(transaction=True)
def test_a_scheduled_job_works_as_the_app_in_the_scope_of_the_system_and_leaves_none_behind() -> None:
    seen: list[tuple[str, ...]] = []

    def look(_due_at: datetime) -> None:
        seen.append(standing())

    do_all((job(look),), NOON)
    assert seen == [("dekon_app", str(system_user().pk), "*")]
    assert standing()[1:] == ("", "")


def standing() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, coalesce(current_setting('dekon.user', true), ''),"
            " coalesce(current_setting('dekon.scope', true), '')"
        )
        return tuple(cursor.fetchone())


def test_every_scheduled_job_has_a_name_of_its_own_and_says_what_it_does() -> None:
    jobs = load_jobs()
    assert len({entry.name for entry in jobs}) == len(jobs) > 0
    assert [entry.name for entry in jobs if not entry.work.__doc__] == []
