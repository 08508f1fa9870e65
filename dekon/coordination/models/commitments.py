"""Tables of the joint commitment: its versions, their wording, what happened to them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from dekon.coordination.choices import UNDER_WAY, CommitmentState, StepKind, Topic
from dekon.names import PersonKey


class Commitment(models.Model):
    """One version of the commitment of a fiscal year; with a satker, of the performance agreement of its KPA.

    Its text stands in wordings: the newest counts, and after approval there is no newer one. The approved version is
    a document with a place for each office that signs. A trigger keeps everything but its progress.
    """

    fiscal_year = models.PositiveSmallIntegerField()
    satker = models.ForeignKey("org.Satker", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    edition = models.PositiveSmallIntegerField()
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    state = models.CharField(max_length=16, choices=CommitmentState, default=CommitmentState.DRAFT)
    approved_seq = models.PositiveSmallIntegerField(null=True, blank=True, help_text="of the wording that was approved")
    basis = models.CharField(max_length=255, blank=True, help_text="by what the wording was approved")
    document = models.OneToOneField(
        "documents.Document", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    created_by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-fiscal_year", "satker_id", "-edition"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fiscal_year", "satker", "edition"], nulls_distinct=False, name="coordination_commitment_once"
            ),
            models.UniqueConstraint(
                fields=["fiscal_year", "satker"], nulls_distinct=False, condition=Q(state__in=UNDER_WAY),
                name="coordination_commitment_one_under_way",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CommitmentState.values), name="coordination_commitment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(fiscal_year__gte=2000, fiscal_year__lte=2100), name="coordination_commitment_year_sane"
            ),
            models.CheckConstraint(
                condition=Q(edition=1, supersedes__isnull=True) | Q(edition__gt=1, supersedes__isnull=False),
                name="coordination_commitment_names_the_old",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[CommitmentState.DRAFT, CommitmentState.WITHDRAWN], document__isnull=True, basis="",
                    approved_seq__isnull=True,
                )
                | Q(document__isnull=False, approved_seq__isnull=False)
                & ~Q(state=CommitmentState.DRAFT) & ~Q(basis=""),
                name="coordination_commitment_approved_has_document",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.fiscal_year} v{self.edition}"


class Wording(models.Model):
    """What a commitment says, as it was written at a moment. Append-only; none comes after the approval."""

    append_only: ClassVar[bool] = True

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="wordings")
    seq = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    preamble = models.TextField()
    closing = models.TextField(blank=True)
    sign_by = models.DateField(null=True, blank=True, help_text="last day on which nobody is late")
    written_at = models.DateTimeField()
    written_by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["commitment_id", "-seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["commitment", "seq"], name="coordination_wording_once"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} w{self.seq}"


class CommitmentStatement(models.Model):
    """One numbered statement of a wording, verbatim. Append-only."""

    append_only: ClassVar[bool] = True

    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="statements")
    number = models.PositiveSmallIntegerField()
    topic = models.CharField(max_length=16, choices=Topic)
    heading = models.CharField(max_length=80)
    text = models.TextField()

    class Meta:
        ordering: ClassVar = ["wording_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wording", "number"], name="coordination_commitmentstatement_once"),
            models.CheckConstraint(
                condition=Q(topic__in=Topic.values), name="coordination_commitmentstatement_topic_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wording_id}.{self.number}"


class CommitmentStep(models.Model):
    """What happened to a commitment: approved, refused in a place, somebody succeeded, completed, withdrawn.

    `person` is whom it is about where that is not who did it. Append-only.
    """

    append_only: ClassVar[bool] = True

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=16, choices=StepKind)
    place = models.ForeignKey(
        "documents.SignaturePlace", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    person = PersonKey("org.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160, blank=True, help_text="of the person, with Plt. or Plh., at that moment")
    reason = models.CharField(max_length=255, blank=True)
    at = models.DateTimeField()
    by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["commitment_id", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=StepKind.values), name="coordination_step_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind__in=[StepKind.REFUSED, StepKind.WITHDRAWN]) | ~Q(reason=""),
                name="coordination_step_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[StepKind.REFUSED, StepKind.NAMED, StepKind.REPLACED, StepKind.LATE])
                | Q(place__isnull=False),
                name="coordination_step_of_a_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.kind}"
