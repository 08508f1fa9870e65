"""What was recorded for the score of execution."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest

from dekon.budget.models import ExecutionRecord, ImportRun
from dekon.errors import NotFound


def records(
    *, year: int, province: str = "", unit: str = "", satker: str = "", kind: str = ""
) -> QuerySet[ExecutionRecord]:
    """The records of a place that hold, by kind and day.

    Args:
        year: fiscal year.
        province, unit, satker: codes of the place; none is the nation.
        kind: of `RecordKind`; all where not said.
    """
    wanted = {
        "satker__province__code": province, "satker__unit__code": unit, "satker__code": satker, "kind": kind,
    }  # fmt: skip
    at = {name: value for name, value in wanted.items() if value}
    found = ExecutionRecord.objects.filter(fiscal_year=year, withdrawn_at__isnull=True, **at)
    return found.select_related("satker").order_by("kind", "satker__code", "dated_on", "month", "pk")


def withdrawn(*, year: int, satker: str) -> QuerySet[ExecutionRecord]:
    """The records of a satker that were withdrawn or replaced, the newest first."""
    found = ExecutionRecord.objects.filter(fiscal_year=year, satker__code=satker, withdrawn_at__isnull=False)
    return found.select_related("satker").order_by("-withdrawn_at", "-pk")


def record(number: int) -> ExecutionRecord:
    """A record with its satker, whether it holds or not.

    Raises:
        NotFound: there is none.
    """
    found = ExecutionRecord.objects.select_related("satker__unit", "satker__province").filter(pk=number).first()
    if found is None:
        raise NotFound("record-unknown", number=number)
    return found


@dataclass(frozen=True, slots=True)
class ImportChange:
    """An import that was applied or undone: its number, the satker it speaks of, and when."""

    number: int
    satker_codes: frozenset[str]
    at: datetime


def imports_since(moment: datetime) -> list[ImportChange]:
    """The imports that were applied or undone after a moment, the newest first."""
    found = ImportRun.objects.filter(Q(applied_at__gt=moment) | Q(undone_at__gt=moment))
    rows = found.annotate(at=Greatest("applied_at", "undone_at")).order_by("-at", "-pk")
    return [ImportChange(one.pk, frozenset(one.satker_codes), one.at) for one in rows]
