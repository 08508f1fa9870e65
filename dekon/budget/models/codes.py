"""The lists of codes, effective-dated, and the names that only files know."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from dekon.budget.choices import NameLevel

EARLIEST = date(1945, 8, 17)


class Code(models.Model):
    """A code of the budget's structure, with the days on which it holds (`valid_to` is the last)."""

    name = models.CharField(max_length=255)
    valid_from = models.DateField(default=EARLIEST)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


def _forward(table: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name=f"{table}_period_forward"
    )


class FiscalYear(models.Model):
    """A fiscal year: the regulation that delegates, and whether its figures are synthetic."""

    year = models.SmallIntegerField(primary_key=True)
    legal_basis = models.CharField(max_length=255, blank=True)
    synthetic = models.BooleanField(default=False)
    note = models.CharField(max_length=255, blank=True)

    def __str__(self) -> str:
        return str(self.year)


class Program(Code):
    """A programme (DL vocational training, DN manpower development, WA management)."""

    code = models.CharField(max_length=2, unique=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [_forward("budget_program")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Kegiatan(Code):
    """An activity of a unit within a programme."""

    code = models.CharField(max_length=4, unique=True)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="kegiatan")

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [_forward("budget_kegiatan")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Kro(Code):
    """Klasifikasi rincian output: a national class of outputs."""

    code = models.CharField(max_length=3, unique=True)
    national_priority = models.BooleanField(default=False)
    usual_unit = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [_forward("budget_kro")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Akun(Code):
    """An account of the chart (BAS). Its first two digits are the spending type."""

    code = models.CharField(max_length=6, unique=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            _forward("budget_akun"),
            models.CheckConstraint(condition=Q(code__regex=r"^\d{6}$"), name="budget_akun_six_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class PathName(models.Model):
    """The name a satker gave to one of its RO, komponen or subkomponen in a year, as the newest file spells it."""

    fiscal_year = models.SmallIntegerField()
    satker = models.ForeignKey("org.Satker", on_delete=models.PROTECT, related_name="+", db_index=False)
    level = models.CharField(max_length=12, choices=NameLevel)
    path = models.CharField(max_length=24, help_text="codes from program down, joined by dots")
    name = models.CharField(max_length=400)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fiscal_year", "satker", "path"], name="budget_pathname_once"),
            models.CheckConstraint(condition=Q(level__in=NameLevel.values), name="budget_pathname_level_known"),
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.name}"
