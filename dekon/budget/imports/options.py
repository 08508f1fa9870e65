"""What the user may say about a file besides handing it in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dekon.budget.imports.log import FindingLog
from dekon.budget.imports.rows import FileKind


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Answers to what a file may leave open. A file that contradicts an answer is refused, not overruled.

    `satker` is the six-digit code, `period` the last day of the month that the file ends with.
    """

    kind: FileKind | None = None
    satker: str = ""
    fiscal_year: int | None = None
    period: date | None = None


def agreed_year(log: FindingLog, options: ReadOptions, found: int | None) -> int | None:
    """The fiscal year that file and user agree on."""
    if found is not None and options.fiscal_year is not None and found != options.fiscal_year:
        log.wrong("file-year-differs", found=found, asked=options.fiscal_year)
    return found if found is not None else options.fiscal_year


def agreed_period(log: FindingLog, options: ReadOptions, found: date | None) -> date | None:
    """The end of the period that file and user agree on."""
    if found is not None and options.period is not None and found != options.period:
        log.wrong("file-period-differs", found=f"{found:%Y-%m}", asked=f"{options.period:%Y-%m}")
    return found if found is not None else options.period


def agreed_satker(log: FindingLog, options: ReadOptions, found: str) -> str:
    """The satker that file and user agree on."""
    if found and options.satker and found != options.satker:
        log.wrong("file-satker-differs", found=found, asked=options.satker)
    return found or options.satker
