"""Tables of running Dekon: workers that are alive, runs of scheduled work, the progress of loading."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class RunState(models.TextChoices):
    """How far a scheduled run has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class WorkerHeartbeat(models.Model):
    """A worker process, and when it last said that it lives."""

    worker_id = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField(db_default=Now())
    beat_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.worker_id


class ScheduledRun(models.Model):
    """One run of one job, named by the moment it was due: it exists once, however many workers there are."""

    job = models.CharField(max_length=64)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=RunState, default=RunState.WAITING)
    claimed_by = models.CharField(max_length=64, blank=True)
    attempts = models.SmallIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["due_at", "job"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "due_at"], name="ops_scheduledrun_once"),
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="ops_scheduledrun_state_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="ops_scheduledrun_open", condition=Q(state__in=["waiting", "running"]))
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.due_at:%Y-%m-%d %H:%M}"


class LoadProgress(models.Model):
    """How far the loading of a demo year has come; a killed load goes on where it stopped. Pages show it meanwhile."""

    year = models.SmallIntegerField(primary_key=True)
    scale = models.IntegerField(default=1)
    seed = models.BigIntegerField()
    step = models.CharField(max_length=160, blank=True, help_text="what is being done now")
    done = models.IntegerField(default=0)
    total = models.IntegerField()
    error = models.TextField(blank=True, default="", db_default="", help_text="why it stopped, if it did")
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(done__gte=0) & Q(done__lte=F("total")), name="ops_loadprogress_done_within_total"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.done}/{self.total}"
