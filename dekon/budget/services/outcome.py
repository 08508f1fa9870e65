"""What an import did, or would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from dekon.budget.models import ImportRun
from dekon.budget.services.progress import Tell, in_silence
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

    def as_record(self) -> dict[str, str | int | bool | None]:
        """Plain values for storage."""
        return {**asdict(self), "period": self.period and self.period.isoformat()}

    @classmethod
    def from_record(cls, record: Mapping[str, str | int | bool | None]) -> ImportOptions:
        """The options that `as_record` wrote."""
        period = record.get("period")
        said: dict[str, Any] = {**record, "period": date.fromisoformat(str(period)) if period else None}
        return cls(**said)


@dataclass(frozen=True, slots=True)
class Job:
    """One import while it runs: who, under which number, with what said, on which day, and who hears how far it is."""

    actor: User
    run: ImportRun
    options: ImportOptions
    on: date
    tell: Tell = in_silence


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
    states: bool = False

    @property
    def refused(self) -> bool:
        """Whether something forbids applying it."""
        return has_errors(self.findings)

    @property
    def changes(self) -> bool:
        """Whether applying it changes anything: the book, or what is known (a statement of a day that had none)."""
        return bool(self.states or self.rows["new"] or self.rows["changed"])
