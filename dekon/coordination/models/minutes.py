"""The minutes of a meeting: paragraphs that several people write at once, with every text that anybody ever saved."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from dekon.coordination.choices import TextKind
from dekon.names import PersonKey


class MinutesBlock(models.Model):
    """A paragraph of the minutes. `version` is the number of the text that counts; 0 while there is none."""

    meeting = models.ForeignKey("coordination.Meeting", on_delete=models.PROTECT, related_name="minutes")
    position = models.SmallIntegerField()
    session = models.ForeignKey("coordination.MeetingSession", null=True, on_delete=models.PROTECT, related_name="+")
    heading = models.CharField(max_length=255)
    version = models.IntegerField(default=0)
    added_by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "position"], name="coordination_minutes_position_once"),
            models.CheckConstraint(condition=Q(version__gte=0), name="coordination_minutes_version_counts"),
            models.CheckConstraint(condition=~Q(heading=""), name="coordination_minutes_headed"),
        ]

    def __str__(self) -> str:
        return self.heading


class MinutesText(models.Model):
    """A text that somebody saved in a paragraph, or that came of merging two. Append-only but for being settled.

    `base` is the number of the text that its writer had before them. One that stands aside clashes with what counts,
    until somebody settles it by a later text.
    """

    block = models.ForeignKey(MinutesBlock, on_delete=models.PROTECT, related_name="texts")
    number = models.IntegerField()
    base = models.IntegerField()
    kind = models.CharField(max_length=12, choices=TextKind)
    text = models.TextField(blank=True)
    by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="settles")

    class Meta:
        ordering: ClassVar = ["block", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["block", "number"], name="coordination_text_number_once"),
            models.CheckConstraint(condition=Q(kind__in=TextKind.values), name="coordination_text_kind_known"),
            models.CheckConstraint(condition=Q(number__gte=1, base__gte=0), name="coordination_text_number_counts"),
            models.CheckConstraint(
                condition=Q(settled_by=None) | Q(kind="bertabrakan"), name="coordination_text_settled_if_aside"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.block_id} v{self.number}"


class MinutesClosing(models.Model):
    """That the minutes of a meeting were approved: from then on nothing in them changes. Append-only."""

    meeting = models.OneToOneField("coordination.Meeting", on_delete=models.PROTECT, related_name="minutes_closing")
    by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.at}"


class MeetingReport(models.Model):
    """A report of a meeting that was issued; a newer one supersedes it. Append-only."""

    meeting = models.ForeignKey("coordination.Meeting", on_delete=models.PROTECT, related_name="reports")
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-issued_at", "-id"]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.document_id}"
