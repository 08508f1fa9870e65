"""The DIPA of a satker: versions, items, blocks and the monthly plan."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from dekon.budget.choices import BlockKind, BlockOrigin, RevisionKind


class Dipa(models.Model):
    """The budget document of a satker for a year. Number and date stay empty until somebody states them."""

    satker = models.ForeignKey("org.Satker", on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.SmallIntegerField()
    number = models.CharField(max_length=48, blank=True)
    dated_on = models.DateField(null=True, blank=True)
    legal_basis = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fiscal_year", "satker"], name="budget_dipa_one_a_year"),
        ]

    def __str__(self) -> str:
        return self.number or f"DIPA {self.fiscal_year}"


class DipaRevision(models.Model):
    """One version of a DIPA as some file or letter states it; number 0 is the first."""

    dipa = models.ForeignKey(Dipa, on_delete=models.PROTECT, related_name="revisions")
    sequence = models.SmallIntegerField()
    kind = models.CharField(max_length=12, choices=RevisionKind)
    version_code = models.CharField(max_length=3, blank=True, help_text="KODE_STS_HISTORY")
    revision_code = models.CharField(max_length=3, blank=True, help_text="kode jenis revisi, mis. 201")
    authority = models.CharField(max_length=16, blank=True, help_text="DJA, DJPb, KPA")
    dated_on = models.DateField()
    pagu_before_rp = models.BigIntegerField()
    pagu_rp = models.BigIntegerField()
    reason = models.CharField(max_length=255, blank=True)
    document = models.CharField(max_length=120, blank=True)
    counts_for_ikpa = models.BooleanField(null=True)
    import_run = models.ForeignKey("budget.ImportRun", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["dipa_id", "sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dipa", "sequence"], name="budget_diparevision_sequence"),
            models.CheckConstraint(condition=Q(kind__in=RevisionKind.values), name="budget_diparevision_kind_known"),
            models.CheckConstraint(condition=Q(pagu_rp__gte=0), name="budget_diparevision_pagu_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.dipa} rev. {self.sequence}"


class BudgetItem(models.Model):
    """An item under an akun in one version: volume × unit price = total."""

    revision = models.ForeignKey(DipaRevision, on_delete=models.PROTECT, related_name="items")
    pos = models.ForeignKey("ledger.Pos", on_delete=models.PROTECT, related_name="+")
    item_code = models.CharField(max_length=22)
    item_no = models.IntegerField(null=True)
    description = models.CharField(max_length=400)
    fund_source = models.CharField(max_length=10, blank=True)
    volume = models.DecimalField(max_digits=21, decimal_places=4, null=True)
    unit = models.CharField(max_length=32, blank=True)
    price_rp = models.DecimalField(max_digits=19, decimal_places=2, null=True)
    total_rp = models.BigIntegerField()
    blocked_rp = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.description


class RpdVersion(models.Model):
    """A version of the monthly withdrawal plan (Halaman III DIPA), in force from a day until the next."""

    dipa = models.ForeignKey(Dipa, on_delete=models.PROTECT, related_name="rpd_versions")
    sequence = models.SmallIntegerField()
    valid_from = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    import_run = models.ForeignKey("budget.ImportRun", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["dipa_id", "sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dipa", "sequence"], name="budget_rpdversion_sequence"),
        ]

    def __str__(self) -> str:
        return f"RPD {self.sequence}"


class RpdMonth(models.Model):
    """The plan of one version for one position and month, rupiah; months without a plan have no row."""

    version = models.ForeignKey(RpdVersion, on_delete=models.PROTECT, related_name="months", db_index=False)
    pos = models.ForeignKey("ledger.Pos", on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.SmallIntegerField()
    planned_rp = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "pos", "month"], name="budget_rpdmonth_once"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="budget_rpdmonth_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month}: {self.planned_rp}"


class PlannedMonth(models.Model):
    """The plan that counts: for each month that of the version locked for its quarter.

    Derived, rebuilt from versions. Of what a rebuilding removes it is enough to keep which version counted, and one of
    its positions, by which row-level security knows the place.
    """

    before_removal: ClassVar[str] = """
        SELECT concat_ws('/', p.satker_id, b.fiscal_year, b.month) AS key, jsonb_build_object(
               'satker', p.satker_id, 'year', b.fiscal_year, 'month', b.month, 'version', b.version_id,
               'since', min(b.seen_since), 'pos_id', min(b.pos_id)) AS row
        FROM before b JOIN ledger_pos p ON p.id = b.pos_id GROUP BY p.satker_id, b.fiscal_year, b.month, b.version_id"""
    as_at: ClassVar[str] = """
        SELECT n.id, n.pos_id, n.fiscal_year, n.month, n.planned_rp, n.version_id
        FROM public.budget_plannedmonth n JOIN public.ledger_pos p ON p.id = n.pos_id
        WHERE {known:n.seen_since} AND NOT EXISTS (
            SELECT 1 FROM moment.budget_plannedmonth__before b
            WHERE (b.row ->> 'satker')::bigint = p.satker_id AND (b.row ->> 'year')::int = n.fiscal_year
              AND (b.row ->> 'month')::int = n.month)
        UNION ALL
        SELECT -m.id, m.pos_id, (b.row ->> 'year')::smallint, m.month, m.planned_rp, m.version_id
        FROM (SELECT x.row, (x.row ->> 'since')::timestamptz AS since FROM moment.budget_plannedmonth__before x) b
        JOIN public.budget_rpdmonth m
             ON m.version_id = (b.row ->> 'version')::bigint AND m.month = (b.row ->> 'month')::int
        WHERE {known:b.since}"""

    pos = models.ForeignKey("ledger.Pos", on_delete=models.PROTECT, related_name="+", db_index=False)
    fiscal_year = models.SmallIntegerField()
    month = models.SmallIntegerField()
    planned_rp = models.BigIntegerField()
    version = models.ForeignKey(RpdVersion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["fiscal_year", "month"], name="budget_plannedmonth_year")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["pos", "month"], name="budget_plannedmonth_once")]

    def __str__(self) -> str:
        return f"{self.month}: {self.planned_rp}"


class PlannedTotal(models.Model):
    """The plan that counts of a whole satker by month: the sum of its `PlannedMonth`, kept for the national pages."""

    bears_since: ClassVar[bool] = False
    as_at: ClassVar[str] = """
        SELECT min(n.id) AS id, p.satker_id, n.fiscal_year, n.month, sum(n.planned_rp)::bigint AS planned_rp
        FROM moment.budget_plannedmonth n JOIN public.ledger_pos p ON p.id = n.pos_id
        GROUP BY p.satker_id, n.fiscal_year, n.month"""

    satker = models.ForeignKey("org.Satker", on_delete=models.PROTECT, related_name="+", db_index=False)
    fiscal_year = models.SmallIntegerField()
    month = models.SmallIntegerField()
    planned_rp = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fiscal_year", "satker", "month"], name="budget_plannedtotal_once")
        ]

    def __str__(self) -> str:
        return f"{self.month}: {self.planned_rp}"


class Block(models.Model):
    """Part of a position that may not be used: kind, letter, what of it is released and when the last of that was.

    One that an undone import stated is withdrawn.
    """

    pos = models.ForeignKey("ledger.Pos", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=BlockKind)
    origin = models.CharField(max_length=12, choices=BlockOrigin)
    amount_rp = models.BigIntegerField()
    letter_no = models.CharField(max_length=120, blank=True)
    letter_on = models.DateField(null=True, blank=True)
    blocked_on = models.DateField()
    released_rp = models.BigIntegerField(default=0)
    released_on = models.DateField(null=True, blank=True)
    release_letter_no = models.CharField(max_length=120, blank=True)
    import_run = models.ForeignKey("budget.ImportRun", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=BlockKind.values), name="budget_block_kind_known"),
            models.CheckConstraint(condition=Q(origin__in=BlockOrigin.values), name="budget_block_origin_known"),
            models.CheckConstraint(condition=Q(amount_rp__gt=0), name="budget_block_amount_positive"),
            models.CheckConstraint(
                condition=Q(released_rp__gte=0) & Q(released_rp__lte=F("amount_rp")),
                name="budget_block_released_within",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_rp}"

    @property
    def left_rp(self) -> int:
        """What is still blocked, rupiah."""
        return self.amount_rp - self.released_rp


class BlockRelease(models.Model):
    """Part of a block that no longer holds from a day on: by letter, or because a file states less."""

    block = models.ForeignKey(Block, on_delete=models.PROTECT, related_name="releases")
    amount_rp = models.BigIntegerField()
    released_on = models.DateField()
    letter_no = models.CharField(max_length=120, blank=True)
    letter_on = models.DateField(null=True, blank=True)
    import_run = models.ForeignKey("budget.ImportRun", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["released_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_rp__gt=0), name="budget_blockrelease_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.released_on} {self.amount_rp}"
