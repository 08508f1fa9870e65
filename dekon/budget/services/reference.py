"""The shipped lists of codes and outcomes put into an empty database."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from dekon.budget.models import Akun, Kegiatan, Kro, Outcome, Program
from dekon.org import selectors as org

REFERENCE = Path(__file__).parents[1] / "reference"


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@transaction.atomic
def load_reference() -> None:
    """Programmes, kegiatan, KRO, akun and the unemployment series; rows that exist are left as they are."""
    Program.objects.bulk_create([Program(**row) for row in _rows("programs.csv")], ignore_conflicts=True)
    programs = {p.code: p for p in Program.objects.all()}
    units = {code: org.unit_or_none(code) for code in {row["unit"] for row in _rows("kegiatan.csv")}}
    Kegiatan.objects.bulk_create(
        [
            Kegiatan(code=row["code"], name=row["name"], unit=units[row["unit"]], program=programs[row["program"]])
            for row in _rows("kegiatan.csv")
        ],
        ignore_conflicts=True,
    )
    Kro.objects.bulk_create(
        [
            Kro(
                code=r["code"],
                name=r["name"],
                national_priority=r["national_priority"] == "1",
                usual_unit=r["usual_unit"],
            )
            for r in _rows("kro.csv")
        ],
        ignore_conflicts=True,
    )
    Akun.objects.bulk_create([Akun(code=r["code"], name=r["name"]) for r in _rows("akun.csv")], ignore_conflicts=True)
    _load_outcomes()


def _load_outcomes() -> None:
    codes = {row["province"] for row in _rows("outcomes.csv")}
    provinces = {code: org.province_or_none(code) for code in codes}
    Outcome.objects.bulk_create(
        [
            Outcome(
                indicator=row["indicator"],
                province=provinces[row["province"]],
                year=int(row["year"]),
                round=row["round"],
                value=Decimal(row["value"]),
                source=row["source"],
            )
            for row in _rows("outcomes.csv")
        ],
        ignore_conflicts=True,
    )
