"""What the score of execution needs and no file of the Treasury that Dekon reads says: contracts, bills, advances."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from dekon.budget.choices import AdvanceMove, RecordKind
from dekon.names import PersonKey

COMPLETE = (
    Q(kind=RecordKind.CONTRACT, amount_rp__gt=0, dated_on__isnull=False) & ~Q(number="") & ~Q(akun="")
    | Q(kind=RecordKind.BILL, dated_on__isnull=False) & ~Q(number="")
    | Q(kind=RecordKind.ADVANCE, amount_rp__gt=0, dated_on__isnull=False, move__in=AdvanceMove.values) & ~Q(number="")
    | Q(kind=RecordKind.DISPENSATION, dated_on__isnull=False) & ~Q(number="")
    | Q(kind=RecordKind.REPORT, month__isnull=False, dated_on__isnull=False)
    | Q(kind=RecordKind.RO_TARGET, month__isnull=False, percent__isnull=False) & ~Q(ro="")
)


class ExecutionRecord(models.Model):
    """One thing that IKPA judges: a contract, bill, move of an advance, dispensation, report or target of an RO.

    Never changed: what was wrong is withdrawn with its reason, and recorded anew. `dated_on` is the day of the thing
    itself (signature, BAST, SP2D, SPM, sending), `arrived_on` the day on which the KPPN had it, `paid_on` the SP2D of a
    contract paid at once. One that an import replaced comes back when the import is undone.
    """

    kind = models.CharField(max_length=16, choices=RecordKind)
    satker = models.ForeignKey("org.Satker", on_delete=models.PROTECT, related_name="+", db_index=False)
    fiscal_year = models.SmallIntegerField()
    number = models.CharField(max_length=60, blank=True)
    move = models.CharField(max_length=8, choices=AdvanceMove, blank=True)
    akun = models.CharField(max_length=6, blank=True)
    ro = models.CharField(max_length=12, blank=True, help_text="kegiatan.KRO.RO")
    month = models.SmallIntegerField(null=True)
    amount_rp = models.BigIntegerField(null=True)
    percent = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    dated_on = models.DateField(null=True)
    arrived_on = models.DateField(null=True)
    paid_on = models.DateField(null=True)
    import_run = models.ForeignKey("budget.ImportRun", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = PersonKey("org.User", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawal_reason = models.CharField(max_length=255, blank=True)
    replaced_by = models.ForeignKey("budget.ImportRun", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["kind", "dated_on", "month", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["satker", "fiscal_year", "kind", "number", "move", "ro", "month"], nulls_distinct=False,
                condition=Q(withdrawn_at__isnull=True), name="budget_executionrecord_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=RecordKind.values), name="budget_executionrecord_kind_known"),
            models.CheckConstraint(condition=COMPLETE, name="budget_executionrecord_complete"),
            models.CheckConstraint(
                condition=(Q(month__isnull=True) | Q(month__gte=1, month__lte=12))
                & (Q(percent__isnull=True) | Q(percent__gte=0, percent__lte=100)),
                name="budget_executionrecord_in_range",
            ),
            models.CheckConstraint(
                condition=(Q(arrived_on__isnull=True) | Q(arrived_on__gte=F("dated_on")))
                & (Q(paid_on__isnull=True) | Q(paid_on__gte=F("dated_on"))),
                name="budget_executionrecord_in_order",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.number or self.ro or self.month}"

    @property
    def name(self) -> str:
        """What it is called: its number, its RO and month, or its month."""
        return self.number or " ".join(filter(None, (self.ro, str(self.month or ""))))
