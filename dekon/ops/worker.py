"""The worker: does queued tasks and scheduled runs, says that it lives, and looks after what dead workers left."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import uuid
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from time import monotonic

from django.db import Error, InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker as TaskWorker

from dekon.audit.services import acting_from
from dekon.lib.schedule import Job, declared_jobs
from dekon.ops import scheduler
from dekon.ops.models import WorkerHeartbeat

APPS = ("audit", "org", "documents", "ledger", "budget", "coordination", "performance", "web", "api", "ops")
PAUSE_SECONDS = 0.2
"""Between two looks for work: a person may be waiting for it."""
CARE_SECONDS = 2
"""Between two looks after dead workers and due jobs."""
BEAT_SECONDS = 5
FORGOTTEN = timedelta(days=1)
log = logging.getLogger("dekon.worker")


def load_jobs() -> tuple[Job, ...]:
    """The scheduled work of every app."""
    for name in (f"dekon.{app}.jobs" for app in APPS):
        if find_spec(name):
            import_module(name)
    return declared_jobs()


def beat(worker_id: str) -> None:
    """Say that this worker lives; forget workers that have been dead for a day."""
    WorkerHeartbeat.objects.update_or_create(worker_id=worker_id, defaults={"beat_at": timezone.now()})
    WorkerHeartbeat.objects.filter(beat_at__lt=timezone.now() - FORGOTTEN).delete()


class Worker:
    """One worker process. `silence` is how long another one may be silent before it counts as dead."""

    def __init__(self, jobs: tuple[Job, ...], *, silence: timedelta = scheduler.SILENCE) -> None:
        self.worker_id = f"{socket.gethostname()[:32]}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self.jobs = jobs
        self.silence = silence
        self.stopping = threading.Event()
        self.tasks = TaskWorker(
            queue_names=["*"], excluded_queue_names=[], interval=0, batch=True, backend_name="default",
            startup_delay=False, max_tasks=None, worker_id=self.worker_id,
        )  # fmt: skip

    def keep_beating(self) -> None:
        """Beat in a thread of its own, so that long work does not look like death."""
        while not self.stopping.wait(BEAT_SECONDS):
            try:
                beat(self.worker_id)
            except Error:
                log.exception("the database did not take the heartbeat")
                connection.close()
        connection.close()

    def stop(self, *_signal: object) -> None:
        """Finish what is being done, then end."""
        self.stopping.set()
        self.tasks.running = False

    def turn(self) -> None:
        """Everything there is to do now."""
        self.look_after()
        self.tasks.run()
        self.do_scheduled()

    def look_after(self) -> None:
        """Take back what dead workers left, and note what is due."""
        close_old_connections()
        now = timezone.now()
        scheduler.take_back_runs(now=now, silence=self.silence)
        scheduler.take_back_tasks(now=now, silence=self.silence)
        scheduler.plan_runs(self.jobs, now=now)

    def do_scheduled(self) -> None:
        """The scheduled runs that wait."""
        by_name = {job.name: job for job in self.jobs}
        while not self.stopping.is_set() and (
            run := scheduler.claim_run(self.worker_id, self.jobs, now=timezone.now())
        ):
            scheduler.carry_out(run, by_name[run.job], now=timezone.now())

    def keep_turning(self) -> None:
        """Turn after turn; a database that goes away for a while is waited for."""
        try:
            self.turn()
            cared = monotonic()
            while monotonic() < cared + CARE_SECONDS and not self.stopping.wait(PAUSE_SECONDS):
                self.tasks.run()
        except (InterfaceError, OperationalError):
            log.exception("the database does not answer")
            connection.close()
            self.stopping.wait(CARE_SECONDS)

    def run(self) -> None:
        """Work until stopped."""
        beat(self.worker_id)
        beating = threading.Thread(target=self.keep_beating, daemon=True)
        beating.start()
        try:
            with acting_from("job"):
                while not self.stopping.is_set():
                    self.keep_turning()
        finally:
            self.stopping.set()
            beating.join(timeout=BEAT_SECONDS)
            WorkerHeartbeat.objects.filter(worker_id=self.worker_id).delete()


def work() -> None:
    """Run a worker in this process until SIGTERM or Ctrl-C."""
    worker = Worker(load_jobs())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.stop)
    worker.run()
