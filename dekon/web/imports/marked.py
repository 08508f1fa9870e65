"""The person's own workbook with the bad cells marked."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dekon.budget.models import ImportRun


def possible(run: ImportRun) -> bool:
    """Whether there are places in the file to mark; one that could not be read has none."""
    return any(finding["row"] or finding["cell"] for finding in run.findings)


def name_of(run: ImportRun) -> str:
    """What the marked workbook is called."""
    return f"{PurePath(run.file_name).stem}-bertanda.xlsx"
