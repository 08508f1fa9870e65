"""Where two sources speak of the same money: what a statement said, what it posted, and the cases that differ."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from dekon.budget.choices import BlockOrigin, CaseKind, CaseStatus
from dekon.names import PersonKey


class Statement(models.Model):
    """One file that states the pagu of a satker as of a day (FA Detail, dataAng).

    A complete one speaks of every position of the satker: what it does not name has no pagu.
    """

    import_run = models.ForeignKey("budget.ImportRun", on_delete=models.PROTECT, related_name="+")
    satker = models.ForeignKey("org.Satker", on_delete=models.PROTECT, related_name="+", db_index=False)
    fiscal_year = models.SmallIntegerField()
    dated_on = models.DateField()
    origin = models.CharField(max_length=12, choices=BlockOrigin)
    version_code = models.CharField(max_length=3, blank=True, help_text="KODE_STS_HISTORY")
    complete = models.BooleanField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["satker", "fiscal_year", "dated_on"], name="budget_statement_day")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["import_run", "satker"], name="budget_statement_once"),
            models.CheckConstraint(condition=Q(origin__in=BlockOrigin.values), name="budget_statement_origin_known"),
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.dated_on}"


class StatementFigure(models.Model):
    """What one statement (FA Detail, dataAng) said of one position at the end of its period. Append-only."""

    import_run = models.ForeignKey(
        "budget.ImportRun", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    pos = models.ForeignKey(
        "ledger.Pos", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    period = models.DateField()
    pagu_rp = models.BigIntegerField()
    blocked_rp = models.BigIntegerField(default=0)
    previous_rp = models.BigIntegerField(null=True)
    current_rp = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["pos", "period"], name="budget_figure_pos_period"),
            BrinIndex(fields=["import_run"], name="budget_figure_import", autosummarize=True, pages_per_range=16),
        ]

    def __str__(self) -> str:
        return f"{self.pos_id} {self.period}"


class StatementPosting(models.Model):
    """Realisation that is posted (or parked) on the strength of a total, until lines of its span replace it."""

    source = models.CharField(max_length=120, primary_key=True, help_text="of its entry, or of what is parked")
    pos = models.ForeignKey(
        "ledger.Pos", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    span_from = models.DateField()
    span_to = models.DateField()
    signed_rp = models.BigIntegerField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["pos", "span_to"], name="budget_posting_open", condition=Q(replaced_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.span_from}–{self.span_to} {self.signed_rp}"


class ReconciliationCase(models.Model):
    """Two sources disagree on the same money. Somebody owns it until it is explained or the figures meet."""

    kind = models.CharField(max_length=16, choices=CaseKind)
    status = models.CharField(max_length=12, choices=CaseStatus, default=CaseStatus.OPEN)
    fiscal_year = models.SmallIntegerField()
    satker = models.ForeignKey("org.Satker", on_delete=models.PROTECT, related_name="+")
    pos = models.ForeignKey("ledger.Pos", null=True, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=64, blank=True, help_text="SP2D number, where the case is of one")
    span_from = models.DateField()
    span_to = models.DateField()
    stated_rp = models.BigIntegerField(help_text="what the statement says")
    booked_rp = models.BigIntegerField(help_text="what the lines in the book add up to")
    import_run = models.ForeignKey("budget.ImportRun", on_delete=models.PROTECT, related_name="+")
    owner_role = models.CharField(max_length=16)
    owner = PersonKey("org.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(db_default=Now())
    resolved_at = models.DateTimeField(null=True)
    resolved_by_import = models.ForeignKey(
        "budget.ImportRun", null=True, on_delete=models.PROTECT, related_name="+",
        help_text="the import after which the figures met",
    )  # fmt: skip

    class Meta:
        ordering: ClassVar = ["-opened_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=CaseKind.values), name="budget_case_kind_known"),
            models.CheckConstraint(condition=Q(status__in=CaseStatus.values), name="budget_case_status_known"),
            models.UniqueConstraint(
                fields=["kind", "satker", "pos", "subject", "span_from", "span_to"],
                name="budget_case_one_open",
                condition=~Q(status="resolved"),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.stated_rp} ≠ {self.booked_rp}"


class CaseNote(models.Model):
    """What somebody said about a case, and the status it moved to."""

    case = models.ForeignKey(ReconciliationCase, on_delete=models.PROTECT, related_name="notes")
    author = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    status = models.CharField(max_length=12, choices=CaseStatus)
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["written_at", "id"]

    def __str__(self) -> str:
        return self.text[:60]
