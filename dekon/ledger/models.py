"""Tables of the control book. The rules that hold for everybody stand in `migrations/0002_guards.py`.

Where a reference has `db_constraint=False`, a trigger proves it once for each statement (`migrations/0003`).
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from dekon.ledger.choices import PATH_FIELDS, EntryKind, ParkedState

SINCE = """
    SELECT e.pos_id, {day} sum(f.pagu)::bigint AS pagu, sum(f.blocked)::bigint AS blocked,
           sum(f.reserved)::bigint AS reserved, sum(f.realised)::bigint AS realised
    FROM public.ledger_entry e, LATERAL public.ledger_effects(e.kind, e.reversed_kind, e.amount_rp) f
    WHERE NOT {{known:e.seen_since}} GROUP BY {by}"""
"""What entries moved that were not known yet at a moment."""


class Pos(models.Model):
    """One controlled line: fiscal year × satker × budget path down to akun, with its running totals in rupiah.

    The totals are kept by the database from the entries; nobody writes them.
    """

    as_at: ClassVar[str] = f"""
        SELECT p.id, p.fiscal_year, p.satker_id, {", ".join(f"p.{level}" for level in PATH_FIELDS)},
               p.pagu_rp - coalesce(s.pagu, 0) AS pagu_rp, p.blocked_rp - coalesce(s.blocked, 0) AS blocked_rp,
               p.reserved_rp - coalesce(s.reserved, 0) AS reserved_rp,
               p.realised_rp - coalesce(s.realised, 0) AS realised_rp, coalesce(k.parked, 0) AS parked_rp
        FROM public.ledger_pos p
        LEFT JOIN ({SINCE.format(day="", by="1")}) s ON s.pos_id = p.id
        LEFT JOIN (SELECT w.pos_id, sum(w.amount_rp)::bigint AS parked FROM moment.ledger_parked w
                   WHERE w.state = 'open' GROUP BY 1) k ON k.pos_id = p.id
        WHERE {{known:p.seen_since}}"""

    fiscal_year = models.SmallIntegerField()
    satker = models.ForeignKey(
        "org.Satker", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    program = models.CharField(max_length=2)
    kegiatan = models.CharField(max_length=4)
    kro = models.CharField(max_length=3)
    ro = models.CharField(max_length=3)
    komponen = models.CharField(max_length=3)
    subkomponen = models.CharField(max_length=2)
    akun = models.CharField(max_length=6)
    pagu_rp = models.BigIntegerField(default=0)
    blocked_rp = models.BigIntegerField(default=0)
    reserved_rp = models.BigIntegerField(default=0)
    realised_rp = models.BigIntegerField(default=0)
    parked_rp = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fiscal_year", "satker", *PATH_FIELDS], name="ledger_pos_path"),
            models.CheckConstraint(condition=Q(pagu_rp__gte=0), name="ledger_pos_pagu_not_negative"),
            models.CheckConstraint(
                condition=Q(blocked_rp__gte=0) & Q(blocked_rp__lte=F("pagu_rp")), name="ledger_pos_blocked_within_pagu"
            ),
            models.CheckConstraint(condition=Q(reserved_rp__gte=0), name="ledger_pos_reserved_not_negative"),
            models.CheckConstraint(condition=Q(realised_rp__gte=0), name="ledger_pos_realised_not_negative"),
            models.CheckConstraint(
                condition=Q(pagu_rp__gte=F("blocked_rp") + F("reserved_rp") + F("realised_rp")),
                name="ledger_pos_used_within_effective",
            ),
        ]

    def __str__(self) -> str:
        return ".".join([str(self.fiscal_year), *(getattr(self, level) for level in PATH_FIELDS)])


class Entry(models.Model):
    """One entry of the book. Append-only; a mistake is put right by an entry of kind `reverse` that names it.

    `source` is what makes posting twice impossible. `batch` is the caller's number for what was posted together.
    """

    append_only: ClassVar[bool] = True

    pos = models.ForeignKey(Pos, on_delete=models.PROTECT, related_name="entries", db_index=False, db_constraint=False)
    kind = models.CharField(max_length=8, choices=EntryKind)
    amount_rp = models.BigIntegerField()
    effective_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    source = models.CharField(max_length=120)
    batch = models.BigIntegerField(null=True)
    reverses = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    reversed_kind = models.CharField(max_length=8, choices=EntryKind, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["pos", "effective_on"], name="ledger_entry_pos_day"),
            BrinIndex(fields=["batch"], name="ledger_entry_batch", autosummarize=True, pages_per_range=16),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source"], name="ledger_entry_source_once"),
            models.UniqueConstraint(
                fields=["reverses"], name="ledger_entry_reversed_once", condition=Q(reverses__isnull=False)
            ),
            models.CheckConstraint(condition=Q(amount_rp__gt=0), name="ledger_entry_amount_positive"),
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="ledger_entry_kind_known"),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.REVERSE, reverses__isnull=False)
                & Q(reversed_kind__in=[kind for kind in EntryKind.values if kind != EntryKind.REVERSE])
                | ~Q(kind=EntryKind.REVERSE) & Q(reverses__isnull=True, reversed_kind=""),
                name="ledger_entry_reverse_names_its_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_rp}"


class DailySum(models.Model):
    """What the entries of one day moved on one position. Kept by the database; the recaps read it."""

    as_at: ClassVar[str] = f"""
        SELECT d.pos_id, d.effective_on, d.fiscal_year, d.pagu_rp - coalesce(s.pagu, 0) AS pagu_rp,
               d.blocked_rp - coalesce(s.blocked, 0) AS blocked_rp,
               d.reserved_rp - coalesce(s.reserved, 0) AS reserved_rp,
               d.realised_rp - coalesce(s.realised, 0) AS realised_rp
        FROM public.ledger_dailysum d LEFT JOIN ({SINCE.format(day="e.effective_on,", by="1, 2")}) s
             ON s.pos_id = d.pos_id AND s.effective_on = d.effective_on"""
    bears_since: ClassVar[bool] = False

    pk = models.CompositePrimaryKey("pos", "effective_on")
    pos = models.ForeignKey(Pos, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    effective_on = models.DateField()
    fiscal_year = models.SmallIntegerField()
    pagu_rp = models.BigIntegerField(default=0)
    blocked_rp = models.BigIntegerField(default=0)
    reserved_rp = models.BigIntegerField(default=0)
    realised_rp = models.BigIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["fiscal_year", "effective_on"], name="ledger_dailysum_year_day")]

    def __str__(self) -> str:
        return f"{self.pos_id} {self.effective_on}"


class Parked(models.Model):
    """A payment of the Treasury for which the position has no room: kept whole, summed and shown until there is.

    `amount_rp` is negative for a return whose payment is itself not booked yet. Never removed; only its state moves on.
    """

    pos = models.ForeignKey(Pos, on_delete=models.PROTECT, related_name="+", db_index=False)
    amount_rp = models.BigIntegerField()
    effective_on = models.DateField()
    order_no = models.CharField(max_length=50)
    source = models.CharField(max_length=120)
    batch = models.BigIntegerField(null=True)
    parked_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=9, choices=ParkedState, default=ParkedState.OPEN)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["pos", "effective_on", "order_no"], name="ledger_parked_open", condition=Q(state="open")
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source"], name="ledger_parked_source_once"),
            models.CheckConstraint(condition=~Q(amount_rp=0), name="ledger_parked_amount_not_zero"),
            models.CheckConstraint(condition=Q(state__in=ParkedState.values), name="ledger_parked_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.amount_rp}"
