"""Reading the book."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce

from dekon.errors import NotFound
from dekon.ledger.choices import PATH_FIELDS, ParkedState
from dekon.ledger.models import DailySum, Entry, Parked, Pos

SUMS = ("pagu_rp", "blocked_rp", "reserved_rp", "realised_rp")


def listed_pos(
    *, year: int, province: str = "", unit: str = "", satker: str = "", path: dict[str, str] | None = None
) -> QuerySet[Pos]:
    """Positions of a year with their running totals, by satker and path.

    Args:
        path: codes by level (`{"kegiatan": "2143"}`); empty ones ask for nothing.
    """
    asked = {level: code for level, code in (path or {}).items() if code}
    found = Pos.objects.filter(fiscal_year=year, **_at_place("satker", province, unit, satker), **asked)
    return found.select_related("satker").order_by("satker__code", *PATH_FIELDS)


def pos_by_id(pos_id: int) -> Pos:
    """One position with its satker.

    Raises:
        NotFound: no such position.
    """
    found = Pos.objects.select_related("satker__unit", "satker__province").filter(pk=pos_id).first()
    if found is None:
        raise NotFound("pos-unknown", number=pos_id)
    return found


def entries_of(pos_id: int) -> QuerySet[Entry]:
    """The entries of a position, oldest first."""
    return Entry.objects.filter(pos_id=pos_id).order_by("effective_on", "id")


def sums_on(*, year: int, on: date, province: str = "", unit: str = "", satker: str = "") -> dict[str, int]:
    """What stood in the book at the end of a day, summed over a place.

    Returns: `pagu_rp`, `blocked_rp`, `reserved_rp`, `realised_rp`.
    """
    rows = DailySum.objects.filter(
        fiscal_year=year, effective_on__lte=on, **_at_place("pos__satker", province, unit, satker)
    )
    sums: dict[str, Any] = rows.aggregate(**{name: Coalesce(Sum(name), 0) for name in SUMS})
    return {name: int(value) for name, value in sums.items()}


def listed_parked(
    *, year: int, province: str = "", unit: str = "", satker: str = "", state: str = ParkedState.OPEN
) -> QuerySet[Parked]:
    """Payments that had no room, in the order in which they will be posted; an empty state asks for all."""
    found = Parked.objects.filter(pos__fiscal_year=year, **_at_place("pos__satker", province, unit, satker))
    found = found.filter(state=state) if state else found
    return found.select_related("pos__satker").order_by("effective_on", "order_no", "id")


def _at_place(prefix: str, province: str, unit: str, satker: str) -> dict[str, str]:
    wanted = {"province__code": province, "unit__code": unit, "code": satker}
    return {f"{prefix}__{name}": code for name, code in wanted.items() if code}
