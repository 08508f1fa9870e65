"""Values of scores as they were computed: kept month by month, so that a later import shows what it changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from dekon.scoring.choices import SnapshotCause, SnapshotScope


class ScoreSnapshot(models.Model):
    """The value of a score at the end of a month, as computed at a moment; a new row where it came out differently.

    `before` is the value of the row that it follows, `cause` why it differs, `import_run` by which file.
    """

    append_only: ClassVar[bool] = True

    subject = models.CharField(max_length=4)
    fiscal_year = models.SmallIntegerField()
    month = models.SmallIntegerField()
    scope = models.CharField(max_length=8, choices=SnapshotScope)
    satker = models.ForeignKey("org.Satker", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    province = models.ForeignKey("org.Province", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    value = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    active_weight = models.DecimalField(max_digits=9, decimal_places=6)
    before = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    cause = models.CharField(max_length=8, choices=SnapshotCause)
    import_run = models.ForeignKey(
        "budget.ImportRun", null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    computed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["subject", "month", "computed_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["fiscal_year", "month", "scope", "subject"], name="scoring_snapshot_month"),
            models.Index(fields=["satker", "fiscal_year"], name="scoring_snapshot_satker"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(subject__in=["ikpa", "nka"]), name="scoring_snapshot_subject_known"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="scoring_snapshot_month_range"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0, value__lte=100), name="scoring_snapshot_value_range"
            ),
            models.CheckConstraint(
                condition=Q(scope="satker", satker__isnull=False, province__isnull=True, unit__isnull=True)
                | Q(scope="province", satker__isnull=True, province__isnull=False, unit__isnull=True)
                | Q(scope="unit", satker__isnull=True, province__isnull=True, unit__isnull=False)
                | Q(scope="nation", satker__isnull=True, province__isnull=True, unit__isnull=True),
                name="scoring_snapshot_one_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.month}/{self.fiscal_year} {self.value}"
