"""What regions raised in a meeting, who answers, and how long it took."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from dekon.coordination.choices import ISSUE_OVER, IssueCategory, IssueState
from dekon.names import PersonKey


class RaisedIssue(models.Model):
    """An issue (persoalan) that a province raised. `unit` answers; without one the planning bureau does.

    `answered_on` is the day of the first answer, from which the time to answer is measured. It counts for every later
    meeting of the series that begins before it is over.
    """

    meeting = models.ForeignKey("coordination.Meeting", on_delete=models.PROTECT, related_name="issues")
    province = models.ForeignKey("org.Province", on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=12, choices=IssueCategory)
    text = models.TextField()
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=IssueState, default=IssueState.OPEN)
    raised_on = models.DateField()
    answered_on = models.DateField(null=True)
    over_at = models.DateTimeField(null=True)
    raised_by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["raised_on", "id"]
        indexes: ClassVar = [models.Index(fields=["state", "raised_on"], name="coordination_issue_waiting")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=IssueState.values), name="coordination_issue_state_known"),
            models.CheckConstraint(
                condition=Q(category__in=IssueCategory.values), name="coordination_issue_category_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="coordination_issue_says_something"),
            models.CheckConstraint(
                condition=Q(over_at=None) ^ Q(state__in=sorted(ISSUE_OVER)), name="coordination_issue_over_dated"
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=False) | ~Q(state__in=["dijawab", "ditanya-lagi", "selesai"]),
                name="coordination_issue_answer_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class IssueEvent(models.Model):
    """A step of an issue: an answer, a further question, that it is settled or withdrawn. Append-only."""

    issue = models.ForeignKey(RaisedIssue, on_delete=models.PROTECT, related_name="events")
    state = models.CharField(max_length=16, choices=IssueState)
    text = models.TextField(blank=True)
    by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=IssueState.values), name="coordination_issue_event_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="dijawab") | ~Q(text=""), name="coordination_issue_event_answer_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.state}"
