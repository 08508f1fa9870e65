"""The trail's one table."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class Event(models.Model):
    """One thing that was done. Append-only: triggers refuse UPDATE, DELETE and TRUNCATE."""

    append_only: ClassVar[bool] = True

    recorded_at = models.DateTimeField(db_default=Now())
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    on_behalf_of = models.CharField(max_length=150, blank=True)
    action = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=64)
    subject_name = models.CharField(max_length=255, blank=True)
    satker_code = models.CharField(max_length=6, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    origin = models.CharField(max_length=16)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id", "recorded_at"], name="audit_event_subject"),
            models.Index(fields=["actor_id", "recorded_at"], name="audit_event_actor"),
            models.Index(fields=["recorded_at"], name="audit_event_recorded"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.action} {self.subject_type} {self.subject_id}"
