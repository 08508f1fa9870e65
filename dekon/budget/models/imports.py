"""The record of files that came in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from dekon.budget.choices import IMPORT_WAITING, ImportKind, ImportPhase, ImportStatus
from dekon.names import PersonKey


class ImportRun(models.Model):
    """One file that somebody brought: what it is, what was found, what it changed.

    Stays, also when refused or undone.
    """

    unkept: ClassVar[tuple[str, ...]] = ("phase", "rows_done", "task_id")

    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    kind = models.CharField(max_length=24, choices=ImportKind, blank=True)
    status = models.CharField(max_length=12, choices=ImportStatus, default=ImportStatus.CHECKING)
    fiscal_year = models.SmallIntegerField(null=True)
    period = models.DateField(null=True, help_text="last day of the period the file speaks of")
    satker_codes = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    rows_read = models.IntegerField(default=0)
    rows_new = models.IntegerField(default=0)
    rows_changed = models.IntegerField(default=0)
    rows_same = models.IntegerField(default=0)
    rows_refused = models.IntegerField(default=0)
    totals_rp = models.JSONField(default=dict)
    breakdown = models.JSONField(default=list, help_text="totals by programme and spending type, stored and stated")
    findings = models.JSONField(default=list)
    finding_count = models.IntegerField(default=0)
    versions = models.JSONField(default=list, help_text="versions of the DIPA found in the file, with their totals")
    phase = models.CharField(max_length=9, choices=ImportPhase, blank=True, help_text="of the work that was asked for")
    rows_done = models.IntegerField(default=0, help_text="rows read so far by the work that was asked for")
    asked_at = models.DateTimeField(db_default=Now(), help_text="when the work was asked for that waits or ran last")
    task_id = models.CharField(max_length=64, blank=True, help_text="the queued task, if the work is one")
    created_by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    keeper = PersonKey(
        "org.User",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="who looks after it since a handover",
    )
    created_at = models.DateTimeField(db_default=Now())
    applied_by = PersonKey("org.User", null=True, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True)
    discarded_by = PersonKey("org.User", null=True, on_delete=models.PROTECT, related_name="+")
    discarded_at = models.DateTimeField(null=True)
    undone_by = PersonKey("org.User", null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.TextField(blank=True)

    @property
    def waiting(self) -> bool:
        """Whether work on it was asked for and is not finished."""
        return self.status in IMPORT_WAITING

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["sha256"], name="budget_importrun_hash"),
            models.Index(fields=["asked_at"], name="budget_importrun_waiting",
                         condition=Q(status__in=["checking", "applying"])),
        ]  # fmt: skip
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(status__in=ImportStatus.values), name="budget_importrun_status_known"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.file_name}"


class ImportDependency(models.Model):
    """A later import rests on an earlier one (found its lines again, or posted the difference to its totals)."""

    import_run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rests_on")
    depends_on = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="carries")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["import_run", "depends_on"], name="budget_importdependency_once")
        ]

    def __str__(self) -> str:
        return f"{self.import_run_id} → {self.depends_on_id}"
