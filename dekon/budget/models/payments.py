"""What the Treasury says was paid, line by line."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from dekon.budget.choices import LineEffect, LineStage


class PaymentLine(models.Model):
    """One line of a payment: SP2D number + account + amount, the n-th equal one of its file.

    `identity` is the digest of exactly that, so that overlapping files meet. `effect` says what the line does to the
    book, `advance_rp` what it does to the satker's balance of UP/TUP. A line whose import was undone is withdrawn: it
    stays to be read, counts nowhere, and the same file brings it anew.
    """

    identity = models.UUIDField()
    generation = models.SmallIntegerField(default=0, help_text="how often the line came back after an undo")
    fiscal_year = models.SmallIntegerField()
    satker = models.ForeignKey("org.Satker", on_delete=models.PROTECT, related_name="+", db_index=False)
    pos = models.ForeignKey("ledger.Pos", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    stage = models.CharField(max_length=9, choices=LineStage)
    effect = models.CharField(max_length=9, choices=LineEffect)
    spp_kind = models.CharField(max_length=3, blank=True)
    spp_kind_name = models.CharField(max_length=64, blank=True)
    spp_no = models.CharField(max_length=24, blank=True)
    spm_no = models.CharField(max_length=50, blank=True)
    sp2d_no = models.CharField(max_length=50, blank=True)
    sp2d_on = models.DateField(null=True)
    description = models.CharField(max_length=400, blank=True)
    coa = models.CharField(max_length=120, blank=True)
    akun = models.CharField(max_length=6)
    item = models.CharField(max_length=22, blank=True)
    amount_rp = models.BigIntegerField()
    advance_rp = models.BigIntegerField(default=0)
    status = models.CharField(max_length=40, blank=True)
    unmatched_rp = models.BigIntegerField(db_default=0, help_text="of a correction: what found no line to correct yet")
    first_import = models.ForeignKey("budget.ImportRun", on_delete=models.PROTECT, related_name="+", db_index=False)
    withdrawn_at = models.DateTimeField(null=True, help_text="when its import was undone")
    settled_by = models.ForeignKey(
        "budget.ImportRun", null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False,
        help_text="the import that corrected or closed it",
    )  # fmt: skip
    effect_before = models.CharField(
        max_length=9, blank=True, db_default="", help_text="what it did before it was corrected"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["pos", "sp2d_on"], name="budget_line_pos_day"),
            models.Index(fields=["fiscal_year", "sp2d_on", "sp2d_no", "id"], name="budget_line_in_order"),
            models.Index(fields=["sp2d_no"], name="budget_line_sp2d"),
            models.Index(fields=["first_import"], name="budget_line_import"),
            models.Index(fields=["satker", "fiscal_year"], name="budget_line_advance", condition=~Q(advance_rp=0)),
            models.Index(fields=["satker", "spp_no"], name="budget_line_reserving", condition=Q(stage="reserving")),
            models.Index(fields=["identity"], name="budget_line_withdrawn", condition=Q(withdrawn_at__isnull=False)),
            models.Index(fields=["settled_by"], name="budget_line_settled", condition=Q(settled_by__isnull=False)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["identity"], name="budget_line_identity_once", condition=Q(withdrawn_at__isnull=True)
            ),
            models.CheckConstraint(condition=Q(stage__in=LineStage.values), name="budget_line_stage_known"),
            models.CheckConstraint(condition=Q(effect__in=LineEffect.values), name="budget_line_effect_known"),
        ]

    def __str__(self) -> str:
        return f"{self.sp2d_no} {self.akun} {self.amount_rp}"


class Sp2dHeader(models.Model):
    """A payment as the SP2D lists state it, without its accounts: gross, deductions, net."""

    satker = models.ForeignKey("org.Satker", on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.SmallIntegerField()
    sp2d_no = models.CharField(max_length=50)
    sp2d_on = models.DateField()
    spp_no = models.CharField(max_length=24, blank=True)
    spp_kind = models.CharField(max_length=3, blank=True)
    spp_kind_name = models.CharField(max_length=64, blank=True)
    description = models.CharField(max_length=400, blank=True)
    gross_rp = models.BigIntegerField()
    deduction_rp = models.BigIntegerField(default=0)
    net_rp = models.BigIntegerField()
    status = models.CharField(max_length=40, blank=True)
    import_run = models.ForeignKey("budget.ImportRun", on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["satker", "sp2d_no"], name="budget_sp2dheader_once", condition=Q(withdrawn_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.sp2d_no
