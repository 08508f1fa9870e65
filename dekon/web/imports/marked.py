"""The person's own workbook with the bad cells marked."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dekon.budget.models import ImportRun

WORKBOOKS = {".xlsx", ".xlsm"}


def possible(run: ImportRun) -> bool:
    """Whether the file is a workbook that can be given back."""
    return PurePath(run.file_name).suffix.lower() in WORKBOOKS and bool(run.findings)


def name_of(run: ImportRun) -> str:
    """What the marked workbook is called."""
    return f"{PurePath(run.file_name).stem}-bertanda.xlsx"
