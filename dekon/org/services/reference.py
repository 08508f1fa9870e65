"""The shipped lists put into an empty database, and satker that files bring."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from django.db import transaction

from dekon.audit import services as audit
from dekon.org import selectors
from dekon.org.models import EARLIEST, Authority, FundSource, Holiday, Kppn, Province, Satker, Unit, User
from dekon.org.selectors.dated import ORG_LISTS
from dekon.org.services import dated as dated_codes

REFERENCE = Path(__file__).parents[1] / "reference"
SATKER = next(listing for listing in ORG_LISTS if listing.name == "satker")


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@transaction.atomic
def load_reference() -> None:
    """Put the shipped lists into an empty database; rows that exist are left as an administrator made them."""
    Authority.objects.bulk_create([Authority(**row) for row in _rows("authorities.csv")], ignore_conflicts=True)
    Kppn.objects.bulk_create([Kppn(**row) for row in _rows("kppn.csv")], ignore_conflicts=True)
    FundSource.objects.bulk_create([FundSource(**row) for row in _rows("fund_sources.csv")], ignore_conflicts=True)
    Unit.objects.bulk_create([Unit(**row) for row in _rows("units.csv")], ignore_conflicts=True)
    _load_provinces()
    _load_holidays()
    User.objects.get_or_create(
        username=selectors.SYSTEM_USER, defaults={"is_active": False, "display_name": "Sistem", "password": "!"}
    )


def _load_holidays() -> None:
    """Days that are on record, also as withdrawn, are left as an administrator made them."""
    known = set(Holiday.objects.values_list("day", "name"))
    Holiday.objects.bulk_create(
        Holiday(
            day=date.fromisoformat(row["day"]), kind=row["kind"], name=row["name"], decree=row["decree"],
            published_on=_day(row["published_on"]), withdrawn_on=_day(row["withdrawn_on"]),
        )
        for row in _rows("libur.csv")
        if (date.fromisoformat(row["day"]), row["name"]) not in known
    )  # fmt: skip


def _load_provinces() -> None:
    rows = _rows("provinces.csv")
    for row in sorted(rows, key=lambda row: bool(row["parent"])):
        Province.objects.get_or_create(
            code=row["code"],
            defaults={
                **{name: row[name] for name in ("bps_code", "kdlokasi", "iso_code", "name", "short_name")},
                "valid_from": _day(row["valid_from"]) or EARLIEST,
                "valid_to": _day(row["valid_to"]),
                "parent": Province.objects.get(code=row["parent"]) if row["parent"] else None,
            },
        )


@transaction.atomic
def ensure_satker(
    *, actor: User, code: str, name: str, ba_code: str, unit_code: str, unit_name: str = "", authority: str = "",
    province: Province | None = None, kppn: str = "",
) -> Satker:  # fmt: skip
    """The satker with this code, made from what a file knows where it is new; open facts of a known one are filled in.

    Args:
        code: six digits.
        ba_code, unit_code, unit_name: its unit eselon I, made as well where it is new.
        authority: one digit (3 DK), or empty; province, kppn: as far as known.
    """
    unit, _ = Unit.objects.get_or_create(
        ba_code=ba_code,
        code=unit_code,
        defaults={"name": unit_name or unit_code, "short_name": (unit_name or unit_code)[:32]},
    )
    facts = {
        "province": province,
        "authority": Authority.objects.filter(code=authority).first() if authority else None,
        "kppn": Kppn.objects.filter(code=kppn).first() if kppn else None,
    }
    satker, created = Satker.objects.get_or_create(code=code, defaults={"name": name, "unit": unit, **facts})
    missing = {field: value for field, value in facts.items() if value and not getattr(satker, f"{field}_id")}
    if not created and missing:
        Satker.objects.filter(pk=satker.pk).update(**missing)
        satker.refresh_from_db()
        dated_codes.note_filled(actor=actor, listing=SATKER, row=satker)
    if created or missing:
        audit.record(
            actor=actor, action="satker-created" if created else "satker-completed", subject_type="satker",
            subject_id=code, subject_name=name, satker_code=code,
            after={"unit": f"{ba_code}.{unit_code}", **{field: str(value) for field, value in missing.items()}},
        )  # fmt: skip
    return satker
