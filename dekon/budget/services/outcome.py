"""What an import did, or would do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from dekon.budget.models import ImportRun
from dekon.lib.findings import Finding, has_errors

if TYPE_CHECKING:
    from dekon.org.models import User


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the user says about a file. `version_code` confirms which version of a budget counts."""

    kind: str = ""
    year: int | None = None
    period: date | None = None
    satker: str = ""
    create_missing: bool = False
    version_code: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One import while it runs: who, under which number, with what said, on which day."""

    actor: User
    run: ImportRun
    options: ImportOptions
    on: date


@dataclass(slots=True)
class Outcome:
    """Counts, totals and findings of one file; money in rupiah."""

    kind: str = ""
    fiscal_year: int | None = None
    period: date | None = None
    satker_codes: list[str] = field(default_factory=list)
    rows: Counter[str] = field(default_factory=Counter)
    totals_rp: dict[str, int] = field(default_factory=dict)
    breakdown: list[dict[str, str | int]] = field(default_factory=list)
    versions: list[dict[str, str | int]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rests_on: set[int] = field(default_factory=set)

    @property
    def refused(self) -> bool:
        """Whether something forbids applying it."""
        return has_errors(self.findings)

    @property
    def changes(self) -> bool:
        """Whether applying it changes anything."""
        return bool(self.rows["new"] or self.rows["changed"])
