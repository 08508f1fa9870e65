"""What was there before, and when it stopped being so. Both tables are written by triggers alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class RowBefore(models.Model):
    """What one row said before it was changed or removed. Append-only; nobody but the owner's views reads it."""

    append_only: ClassVar[bool] = True

    table_name = models.CharField(max_length=63)
    row_key = models.TextField()
    row = models.JSONField()
    changed_at = models.DateTimeField(db_default=Now(), help_text="when the transaction that changed it began")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["table_name", "changed_at"], name="history_rowbefore_since")]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_key}"


class Transaction(models.Model):
    """When a writing transaction began, and when it ended.

    Rows bear the moment of its beginning and were seen from its end on.
    """

    started_at = models.DateTimeField(db_default=Now())
    closing = models.BooleanField(db_default=False)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.started_at} to {self.ended_at}"
