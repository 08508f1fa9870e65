"""Tables of operations."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class LoadProgress(models.Model):
    """How far the loading of a demo year has come; a killed load goes on where it stopped. Pages show it meanwhile."""

    year = models.SmallIntegerField(primary_key=True)
    scale = models.IntegerField(default=1)
    seed = models.BigIntegerField()
    step = models.CharField(max_length=160, blank=True, help_text="what is being done now")
    done = models.IntegerField(default=0)
    total = models.IntegerField()
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
