"""What the person says about a file beside bringing it."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest

from dekon.budget.choices import ImportKind
from dekon.budget.services import ImportOptions
from dekon.errors import RuleBroken
from dekon.lib.periods import month_end

MONTH_PARTS = 2


def options_of(request: HttpRequest) -> ImportOptions:
    """The options of the form; what is left out the file must say itself.

    Raises:
        RuleBroken: the period is no month, the year no year.
    """
    kind = request.POST.get("jenis", "")
    return ImportOptions(
        kind=kind if kind in ImportKind.values else "",
        year=_year(request.POST.get("tahun", "")),
        period=_period(request.POST.get("periode", "")),
        satker=request.POST.get("satker", "").strip()[:6],
        create_missing=request.POST.get("buat") == "ya",
        version_code=request.POST.get("versi", "").strip()[:3],
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
