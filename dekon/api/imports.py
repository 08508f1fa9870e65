"""Imports: bring a file, read what was found, apply it, take it back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from dekon.api.envelope import language
from dekon.lib.findings import Finding


class FindingOut(Schema):
    """One thing wrong or noteworthy in a file, with its place."""

    severity: Literal["error", "warning"]
    code: str
    message: str
    sheet: str
    cell: str
    row: int | None
    column: str
    value: str

    @classmethod
    def of(cls, finding: Finding) -> FindingOut:
        """The finding in the language of the request."""
        return cls(
            severity=finding.severity, code=finding.code, message=finding.message(language()), sheet=finding.sheet,
            cell=finding.cell, row=finding.row, column=finding.column, value=finding.value,
        )  # fmt: skip


class RowsOut(Schema):
    """What became of the rows of a file."""

    read: int
    new: int
    changed: int
    same: int
    refused: int


class ImportOut(Schema):
    """A file that somebody brought."""

    id: int
    file: str
    sha256: str
    size_bytes: int
    kind: str = Field(examples=["fa-detail"])
    status: str = Field(examples=["checked"])
    year: int | None
    period: date | None
    satker: list[str]
    rows: RowsOut
    totals_rp: dict[str, int]
    finding_count: int
    by: str
    at: datetime
    applied_at: datetime | None
    undone_at: datetime | None
    undo_reason: str


class ImportDetailOut(ImportOut):
    """A file with everything that was found in it."""

    findings: list[FindingOut]


class UndoIn(Schema):
    """Why an import is taken back."""

    reason: Annotated[str, Field(min_length=3, max_length=1000, examples=["Berkas bulan yang salah"])]
