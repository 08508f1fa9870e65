"""What the person says about a file beside bringing it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.http import HttpRequest

from dekon.budget.choices import ImportKind
from dekon.budget.services import ImportOptions
from dekon.errors import RuleBroken
from dekon.lib.periods import month_end

if TYPE_CHECKING:
    from dekon.budget.models import ImportRun


def options_of(request: HttpRequest, before: ImportRun | None = None) -> ImportOptions:
    """The options of the form; what is left out the file must say itself, or was said when it came `before`.

    Raises:
        RuleBroken: the period is no month, the year no year, or a version is named and not confirmed.
    """
    said = ImportOptions.from_record(before.options) if before else ImportOptions()
    kind, version = request.POST.get("jenis", ""), request.POST.get("versi", "").strip()[:3]
    if version and request.POST.get("tegas") != "ya":
        raise RuleBroken("page-version-not-confirmed", version=version)
    return ImportOptions(
        kind=kind if kind in ImportKind.values else said.kind,
        year=_year(request.POST.get("tahun", "")) or said.year,
        period=_period(request.POST.get("periode", "")) or said.period,
        satker=request.POST.get("satker", "").strip()[:6] or said.satker,
        create_missing=request.POST.get("buat") == "ya" or said.create_missing,
        version_code=version or said.version_code,
    )


def _year(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise RuleBroken("page-year-wrong", value=text[:40])
    return int(text)


def _period(text: str) -> date | None:
    """The last day of a month written `2022-09`."""
    if not text:
        return None
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError as problem:
        raise RuleBroken("page-day-wrong", value=text[:40]) from problem
    return month_end(first.year, first.month)
