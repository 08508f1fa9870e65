"""Alerts: a rule of the early warning that holds for a satker, until its reason is gone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from dekon.names import PersonKey
from dekon.performance.choices import AlertEventKind, AlertState, Severity


class Alert(models.Model):
    """A rule holds for a satker (or one RO of it): since when, with which number against which limit, and whose it is.

    It closes by itself when its reason is gone; if the reason comes back, a new one opens.
    """

    unkept: ClassVar = frozenset({"last_seen_on"})

    rule = models.CharField(max_length=32)
    satker = models.ForeignKey("org.Satker", on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.SmallIntegerField()
    subject = models.CharField(max_length=32, blank=True, help_text="the RO, where the alert is of one")
    severity = models.CharField(max_length=8, choices=Severity)
    state = models.CharField(max_length=8, choices=AlertState, default=AlertState.OPEN)
    opened_on = models.DateField(help_text="the day of the data in which the rule first held")
    last_seen_on = models.DateField(help_text="the newest day of data in which it still held")
    closed_on = models.DateField(null=True)
    measured = models.DecimalField(max_digits=20, decimal_places=4, help_text="what the rule measured")
    compared = models.DecimalField(max_digits=20, decimal_places=4, null=True, help_text="what it was held against")
    limit = models.DecimalField(max_digits=20, decimal_places=4, help_text="the limit of the rule at that time")
    amount_rp = models.BigIntegerField(null=True)
    due_on = models.DateField(null=True)
    owner_role = models.CharField(max_length=16)
    owner = PersonKey("org.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    snoozed_until = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-opened_on", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["fiscal_year", "satker"], name="performance_alert_open", condition=Q(state="open"))
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rule", "satker", "fiscal_year", "subject"], name="performance_alert_one_open",
                condition=Q(state="open"),
            ),
            models.CheckConstraint(condition=Q(state__in=AlertState.values), name="performance_alert_state_known"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="performance_alert_severity_known"),
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True) | Q(state="closed", closed_on__isnull=False),
                name="performance_alert_closed_with_day",
            ),
            models.CheckConstraint(
                condition=Q(last_seen_on__gte=F("opened_on")), name="performance_alert_seen_since_opened"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.rule} {self.satker_id} {self.subject}".strip()


class AlertEvent(models.Model):
    """What happened to an alert: it opened or closed by itself, somebody put it off, took it or wrote a note."""

    append_only: ClassVar[bool] = True

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=8, choices=AlertEventKind)
    on = models.DateField(help_text="the day of the data, or of the act")
    actor = PersonKey("org.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=500, blank=True)
    until = models.DateField(null=True)
    measured = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    happened_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=AlertEventKind.values), name="performance_event_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind="snoozed") | (Q(until__isnull=False) & ~Q(text="")),
                name="performance_event_snooze_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"
