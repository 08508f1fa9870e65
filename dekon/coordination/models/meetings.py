"""Meetings of a series: when, where, what about, and what was handed out."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from dekon.coordination.choices import MeetingKind, MeetingState
from dekon.lib.periods import JAKARTA
from dekon.names import PersonKey


class MeetingSeries(models.Model):
    """Meetings that follow one another, such as the yearly coordination meeting: what stays open in one comes back."""

    kind = models.CharField(max_length=12, choices=MeetingKind)
    name = models.CharField(max_length=160)

    class Meta:
        ordering: ClassVar = ["kind", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "name"], name="coordination_series_once"),
            models.CheckConstraint(condition=Q(kind__in=MeetingKind.values), name="coordination_series_kind_known"),
            models.CheckConstraint(condition=~Q(name=""), name="coordination_series_named"),
        ]

    def __str__(self) -> str:
        return self.name


class Meeting(models.Model):
    """One meeting: of a series, in a year, at a place. `unit` is who holds it; without one it is the whole ministry.

    `ordinal` counts within the series. A cancelled meeting stays, with its reason.
    """

    series = models.ForeignKey(MeetingSeries, on_delete=models.PROTECT, related_name="meetings")
    ordinal = models.SmallIntegerField()
    fiscal_year = models.SmallIntegerField()
    title = models.CharField(max_length=255)
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    city = models.CharField(max_length=120)
    venue = models.CharField(max_length=255)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    quorum_percent = models.SmallIntegerField(default=67)
    state = models.CharField(max_length=12, choices=MeetingState, default=MeetingState.PLANNED)
    state_since = models.DateTimeField(db_default=Now())
    cancelled_reason = models.CharField(max_length=255, blank=True)
    invitation = models.ForeignKey("documents.Document", null=True, on_delete=models.PROTECT, related_name="+")
    created_by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-starts_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["fiscal_year", "starts_at"], name="coordination_meeting_year")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "ordinal"], name="coordination_meeting_ordinal_once"),
            models.CheckConstraint(condition=Q(ordinal__gte=1), name="coordination_meeting_ordinal_counts"),
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="coordination_meeting_state_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="coordination_meeting_forward"),
            models.CheckConstraint(
                condition=Q(fiscal_year__gte=2000, fiscal_year__lte=2100), name="coordination_meeting_year_possible"
            ),
            models.CheckConstraint(
                condition=Q(quorum_percent__gte=1, quorum_percent__lte=100), name="coordination_meeting_quorum_percent"
            ),
            models.CheckConstraint(
                condition=(Q(state="batal") & ~Q(cancelled_reason="")) | (~Q(state="batal") & Q(cancelled_reason="")),
                name="coordination_meeting_cancelled_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def first_day(self) -> date:
        """Its first day in Jakarta."""
        return self.starts_at.astimezone(JAKARTA).date()

    @property
    def last_day(self) -> date:
        """Its last day in Jakarta."""
        return self.ends_at.astimezone(JAKARTA).date()


class MeetingSession(models.Model):
    """A part of the agenda: when, about what, in which room, who speaks; `counted`: attendance is taken."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    title = models.CharField(max_length=255)
    room = models.CharField(max_length=120, blank=True)
    speakers = models.CharField(max_length=500, blank=True)
    counted = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["starts_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="coordination_session_forward"),
            models.CheckConstraint(condition=~Q(title=""), name="coordination_session_named"),
        ]

    def __str__(self) -> str:
        return self.title


class Material(models.Model):
    """A file that is handed out in a meeting. It may be withdrawn, with the reason; it is never removed."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="materials")
    session = models.ForeignKey(MeetingSession, null=True, on_delete=models.PROTECT, related_name="materials")
    title = models.CharField(max_length=160)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=128)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())
    withdrawn_by = PersonKey("org.User", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering: ClassVar = ["added_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "sha256"], condition=Q(withdrawn_at__isnull=True), name="coordination_material_once"
            ),
            models.CheckConstraint(condition=Q(size_bytes__gt=0), name="coordination_material_not_empty"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="coordination_material_withdrawal_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title
