"""Work on files that goes on without the person: seen from outside, stopped, taken over, given up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from dekon.budget import services
from dekon.budget.choices import ImportPhase
from dekon.budget.models import ImportRun, PaymentLine
from dekon.budget.services import ImportOptions, progress, runs
from dekon.budget.services.outcome import Job
from dekon.gateways import files
from dekon.ledger.selectors import prove_book
from dekon.ops.worker import Worker
from dekon.org import selectors as org
from tests.builders import small_year
from tests.builders.files import write_csv
from tests.builders.worker import work_off
from tests.meta.source import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

STUCK_WORKER = """
import signal; signal.alarm(90)
import django; django.setup()
import time
from dekon.budget.services import cases
from dekon.ops.worker import Worker
def post(**_):
    print("posting", flush=True)
    time.sleep(120)
cases.open_for_lines = post
Worker(()).run()
"""


@pytest.fixture(autouse=True)
def _store(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "store"
    small_year.build(tmp_path)


def outside(query: str, params: list[str | int]) -> tuple[object, ...]:
    """What another connection sees, or does."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(query, params)
            return tuple(cursor.fetchone() or ()) if cursor.description else ()
    finally:
        other.close()


def state(run: ImportRun) -> tuple[object, ...]:
    return outside("SELECT status, phase, rows_done FROM budget_importrun WHERE id = %s", [run.pk])


def bring(folder: Path, count: int = 9) -> ImportRun:
    """A file of October's payments, taken in."""
    path = write_csv(folder / "oktober.csv", [
        record | {"TGL_SP2D": "2022-10-03", "NO_SP2D": f"22029000000{number:04}"}
        for number, record in enumerate(small_year.payments(small_year.WEST_JAVA, 1, 1_000) * count)
    ])  # fmt: skip
    kept = files.keep([path.read_bytes()])
    return services.bring_file(
        actor=org.user_by_id(person()), path=kept.path, file_name=path.name, options=ImportOptions(year=2022),
        now=timezone.now(),
    )  # fmt: skip


def person() -> int:
    """The planner's number."""
    return int(str(outside("SELECT id FROM org_user WHERE username = %s", ["perencana"])[0]))


def ask(run: ImportRun) -> None:
    services.ask_to_apply(actor=org.user_by_id(person()), import_id=run.pk, now=timezone.now())


@pytest.fixture
def talkative(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[int], None]], None]:
    """Every row is told; a test may look in between."""
    monkeypatch.setattr(progress, "PAUSE_SECONDS", -1)
    monkeypatch.setattr(progress, "ROWS_BETWEEN", 1)
    written = progress.Progress._write

    def when_told(look: Callable[[int], None]) -> None:
        def write(self: progress.Progress, phase: ImportPhase, rows: int) -> bool:
            done = written(self, phase, rows)
            look(rows)
            return done

        monkeypatch.setattr(progress.Progress, "_write", write)

    return when_told


def test_progress_is_seen_while_the_work_shows_nothing_else(
    tmp_path: Path, talkative: Callable[[Callable[[int], None]], None]
) -> None:
    run = bring(tmp_path)
    seen: list[tuple[object, ...]] = []
    talkative(lambda _rows: seen.append(state(run)))
    assert state(run) == ("checking", "queued", 0)
    work_off()
    assert seen[:2] == [("checking", "reading", 1), ("checking", "reading", 2)]
    assert seen[-1] == ("checking", "comparing", 9)
    assert state(run)[:2] == ("checked", "")
    seen.clear()
    ask(run)
    work_off()
    assert seen[-1] == ("applying", "posting", 9)
    assert state(run)[:2] == ("applied", "")


def test_work_stops_where_its_file_is_dropped_meanwhile(
    tmp_path: Path, talkative: Callable[[Callable[[int], None]], None]
) -> None:
    run = bring(tmp_path)
    told: list[int] = []

    def drop(rows: int) -> None:
        told.append(rows)
        if rows == 3:
            outside("UPDATE budget_importrun SET status = 'discarded' WHERE id = %s", [run.pk])

    talkative(drop)
    tasks = work_off()
    assert told == [1, 2, 3, 4]
    assert state(run)[0] == "discarded"
    assert tasks[-1].status == "SUCCESSFUL"


def test_what_is_stopped_at_the_last_moment_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = bring(tmp_path)
    work_off()
    ask(run)
    before, finish = PaymentLine.objects.count(), runs._finish

    def late(job: Job, *rest: object) -> None:
        outside("UPDATE budget_importrun SET status = 'checked' WHERE id = %s AND status = 'applying'", [run.pk])
        finish(job, *rest)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(runs, "_finish", late)
    work_off()
    assert state(run)[0] == "checked"
    assert PaymentLine.objects.count() == before


def test_a_worker_killed_while_it_applies_leaves_nothing_and_the_next_one_applies(
    tmp_path: Path, database_url: str, settings: Settings
) -> None:
    run = bring(tmp_path)
    work_off()
    before = PaymentLine.objects.count()
    ask(run)
    environment = {**os.environ, "DATABASE_URL": database_url, "DEKON_HOME": str(settings.MEDIA_ROOT.parent)}
    (settings.MEDIA_ROOT.parent / "files").symlink_to(settings.MEDIA_ROOT)
    process = subprocess.Popen(
        [sys.executable, "-c", STUCK_WORKER], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "posting\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert PaymentLine.objects.count() == before
    assert state(run)[0] == "applying"
    Worker((), silence=timedelta(0)).turn()
    assert state(run)[0] == "applied"
    assert PaymentLine.objects.count() == before + 9
    assert prove_book().disagreement is None


def test_two_workers_with_the_same_task_do_it_once(tmp_path: Path) -> None:
    run = bring(tmp_path)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s::int)", [runs.LOCK_FAMILY, run.pk])
        work_off()
        assert state(run)[0] == "checking"
    finally:
        other.close()


def test_a_check_whose_command_was_killed_is_given_up_and_one_that_waits_is_not(tmp_path: Path) -> None:
    waiting, lost = bring(tmp_path), bring(tmp_path)
    ImportRun.objects.filter(pk=lost.pk).update(task_id="")
    now = timezone.now()
    assert services.give_up_lost_imports(now=now) == 0
    later = now + timedelta(minutes=3)
    with transaction.atomic():
        assert services.give_up_lost_imports(now=later) == 1
    assert [state(waiting)[0], state(lost)[0]] == ["checking", "refused"]
    lost.refresh_from_db()
    assert [finding["code"] for finding in lost.findings] == ["import-interrupted"]


def test_an_application_that_killed_its_workers_waits_for_the_person_again(tmp_path: Path) -> None:
    run = bring(tmp_path)
    work_off()
    ask(run)
    run.refresh_from_db()
    outside("UPDATE django_tasks_database_dbtaskresult SET status = 'FAILED' WHERE id::text = %s", [run.task_id])
    services.give_up_lost_imports(now=timezone.now() + timedelta(minutes=3))
    run.refresh_from_db()
    assert (run.status, run.applied_by) == ("checked", None)
    assert run.findings[-1]["code"] == "import-interrupted"
