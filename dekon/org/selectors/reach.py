"""Which satker and places a scope reaches, for what is placed by code and not by a foreign key."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from dekon.org.models import Satker

EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class Reached:
    """Codes of satker (None: all), and the places they lie in: provinces' two digits, `unit:05`."""

    satker: frozenset[str] | None
    places: frozenset[str]


def reached_by(scope: str) -> Reached:
    """What a scope reaches: `*`, or codes of provinces, `satker:123456`, `unit:05` with commas between."""
    if scope == EVERYWHERE:
        return Reached(None, frozenset())
    items = frozenset(filter(None, scope.split(",")))
    named = {
        kind: [item.removeprefix(kind) for item in items if item.startswith(kind)] for kind in ("satker:", "unit:")
    }
    provinces = [item for item in items if ":" not in item]
    found = Satker.objects.filter(
        Q(province__code__in=provinces) | Q(code__in=named["satker:"])
        | Q(unit__ba_code="026", unit__code__in=named["unit:"])
    ).values_list("code", "province__code", "unit__code")  # fmt: skip
    lie_in = {place for _code, province, unit in found for place in (province, f"unit:{unit}") if place}
    return Reached(frozenset(code for code, *_rest in found), frozenset(lie_in | set(provinces)))
