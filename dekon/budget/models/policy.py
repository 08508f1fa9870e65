"""Why the money is there and what it brings about: policies, outcomes, themes, outputs."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class Policy(models.Model):
    """A strategic policy of a year."""

    fiscal_year = models.SmallIntegerField()
    code = models.CharField(max_length=16)
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    source = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering: ClassVar = ["fiscal_year", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fiscal_year", "code"], name="budget_policy_code_in_year")
        ]

    def __str__(self) -> str:
        return self.name


class PolicyTarget(models.Model):
    """A national target of a policy: an indicator and the range it should end in."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="targets")
    indicator = models.CharField(max_length=32)
    name = models.CharField(max_length=160)
    unit = models.CharField(max_length=32)
    low = models.DecimalField(max_digits=14, decimal_places=4)
    high = models.DecimalField(max_digits=14, decimal_places=4)
    lower_is_better = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(high__gte=F("low")), name="budget_policytarget_range_forward"),
            models.UniqueConstraint(fields=["policy", "indicator"], name="budget_policytarget_once"),
        ]

    def __str__(self) -> str:
        return self.name


class PolicyLink(models.Model):
    """Money that serves a policy: a programme, or one of its activities."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="links")
    program = models.CharField(max_length=2)
    kegiatan = models.CharField(max_length=4, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["policy", "program", "kegiatan"], name="budget_policylink_once")
        ]

    def __str__(self) -> str:
        return f"{self.program}.{self.kegiatan}"


class Outcome(models.Model):
    """What an indicator came to in a province (or the nation, province empty) in a round of a survey."""

    indicator = models.CharField(max_length=32)
    province = models.ForeignKey("org.Province", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    round = models.CharField(max_length=16)
    value = models.DecimalField(max_digits=14, decimal_places=4)
    source = models.CharField(max_length=160)

    class Meta:
        ordering: ClassVar = ["indicator", "year", "round"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["indicator", "province", "year", "round"], name="budget_outcome_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year} {self.value}"


class Theme(models.Model):
    """A theme that cuts across programmes (PEN, JKP, free ones)."""

    name = models.CharField(max_length=32, unique=True)
    description = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class ThemeTag(models.Model):
    """A theme tags an activity of a year, or one of its RO (kro and ro filled)."""

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="tags")
    fiscal_year = models.SmallIntegerField()
    kegiatan = models.CharField(max_length=4)
    kro = models.CharField(max_length=3, blank=True)
    ro = models.CharField(max_length=3, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["theme", "fiscal_year", "kegiatan", "kro", "ro"], name="budget_themetag_once"
            ),
            models.CheckConstraint(
                condition=Q(kro="", ro="") | (~Q(kro="") & ~Q(ro="")), name="budget_themetag_kegiatan_or_ro"
            ),
        ]

    def __str__(self) -> str:
        return ".".join(filter(None, [self.kegiatan, self.kro, self.ro]))


class Ro(models.Model):
    """Rincian output: what a satker must bring about, its target volume and unit."""

    fiscal_year = models.SmallIntegerField()
    satker = models.ForeignKey("org.Satker", on_delete=models.PROTECT, related_name="+")
    program = models.CharField(max_length=2)
    kegiatan = models.CharField(max_length=4)
    kro = models.CharField(max_length=3)
    ro = models.CharField(max_length=3)
    name = models.CharField(max_length=400, blank=True)
    target_volume = models.DecimalField(max_digits=21, decimal_places=4, null=True)
    unit_name = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fiscal_year", "satker", "program", "kegiatan", "kro", "ro"], name="budget_ro_path"
            ),
            models.CheckConstraint(
                condition=Q(target_volume__isnull=True) | Q(target_volume__gte=0), name="budget_ro_target_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kegiatan}.{self.kro}.{self.ro}"


class RoProgress(models.Model):
    """How far an RO had come at the end of a month, as one file stated it. Append-only; the newest counts."""

    ro = models.ForeignKey(Ro, on_delete=models.PROTECT, related_name="progress", db_index=False)
    month = models.SmallIntegerField()
    target_volume = models.DecimalField(max_digits=21, decimal_places=4, null=True)
    total_volume = models.DecimalField(max_digits=21, decimal_places=4)
    total_progress = models.DecimalField(max_digits=9, decimal_places=4, help_text="percent")
    status = models.CharField(max_length=40, blank=True)
    reference_code = models.CharField(max_length=2, blank=True)
    note = models.CharField(max_length=400, blank=True)
    evidence = models.CharField(max_length=255, blank=True)
    import_run = models.ForeignKey("budget.ImportRun", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["ro", "month", "-id"], name="budget_roprogress_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="budget_roprogress_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month}: {self.total_progress} %"
