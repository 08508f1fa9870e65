"""What a meeting decided, who has to do it by when, and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from dekon.coordination.choices import DECISION_OVER, DecisionState
from dekon.names import PersonKey
from dekon.org.choices import Role


class Decision(models.Model):
    """A decision of a meeting with its owner: a role, at a province or a unit (neither: the ministry), or a person.

    It counts for every later meeting of the series that begins before it is over. `program` and the codes below name
    the programme or RO that it is about. What was decided is never changed: it is withdrawn and decided anew.
    """

    meeting = models.ForeignKey("coordination.Meeting", on_delete=models.PROTECT, related_name="decisions")
    number = models.SmallIntegerField()
    text = models.TextField()
    owner_role = models.CharField(max_length=16, choices=Role)
    province = models.ForeignKey("org.Province", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    owner = PersonKey("org.User", null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    program = models.CharField(max_length=2, blank=True)
    kegiatan = models.CharField(max_length=4, blank=True)
    kro = models.CharField(max_length=3, blank=True)
    ro = models.CharField(max_length=3, blank=True)
    state = models.CharField(max_length=16, choices=DecisionState, default=DecisionState.OPEN)
    over_at = models.DateTimeField(null=True)
    recorded_by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["due_on", "meeting", "number"]
        indexes: ClassVar = [models.Index(fields=["state", "due_on"], name="coordination_decision_due")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "number"], name="coordination_decision_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=DecisionState.values), name="coordination_decision_state_known"
            ),
            models.CheckConstraint(condition=Q(owner_role__in=Role.values), name="coordination_decision_role_known"),
            models.CheckConstraint(
                condition=Q(province=None) | Q(unit=None), name="coordination_decision_one_place"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="coordination_decision_says_something"),
            models.CheckConstraint(
                condition=Q(over_at=None) ^ Q(state__in=sorted(DECISION_OVER)), name="coordination_decision_over_dated"
            ),
            models.CheckConstraint(
                condition=Q(kegiatan="", kro="", ro="") | (~Q(program="") & ~Q(kegiatan="") & (
                    Q(kro="", ro="") | (~Q(kro="") & ~Q(ro=""))
                )), name="coordination_decision_path_whole",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def path(self) -> str:
        """The programme or RO that it is about, as people write it."""
        return ".".join(filter(None, (self.program, self.kegiatan, self.kro, self.ro)))


class DecisionEvent(models.Model):
    """A step of a decision: who did it, with which words, and with which file as evidence. Append-only."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="events")
    state = models.CharField(max_length=16, choices=DecisionState)
    note = models.TextField(blank=True)
    by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    name = models.CharField(max_length=255, blank=True, help_text="of the file")
    media_type = models.CharField(max_length=128, blank=True)
    size_bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=DecisionState.values), name="coordination_decision_event_state_known"
            ),
            models.CheckConstraint(
                condition=Q(sha256="", name="", media_type="", size_bytes=0)
                | (Q(sha256__regex="^[0-9a-f]{64}$", size_bytes__gt=0) & ~Q(name="")),
                name="coordination_decision_event_file_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.state}"
