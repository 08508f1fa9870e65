"""A finding: one thing wrong or noteworthy in a file, with its place.

Findings are collected, never thrown one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from dekon.errors import DEFAULT_LANGUAGE, Param, message_text

type Severity = Literal["error", "warning"]
type FindingRecord = dict[str, str | int | dict[str, Param] | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem in one place. `row` counts from 1 as the user's program shows it.

    `column` is a letter or a header.
    """

    severity: Severity
    code: str
    params: Mapping[str, Param] = field(default_factory=dict)
    sheet: str = ""
    cell: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""

    def message(self, language: str = DEFAULT_LANGUAGE) -> str:
        """What stands there, why it is a problem and what to do."""
        return message_text(self.code, self.params, language)

    def as_record(self) -> FindingRecord:
        """Plain values for storage: code and params, no text, so that it can be shown in any language later."""
        return {
            "severity": self.severity, "code": self.code, "params": dict(self.params), "sheet": self.sheet,
            "cell": self.cell, "row": self.row, "column": self.column, "value": self.value,
        }  # fmt: skip

    @classmethod
    def from_record(cls, record: FindingRecord) -> Finding:
        """The finding that `as_record` wrote."""
        return cls(**record)  # type: ignore[arg-type]  # the record is this class's own, read back from storage


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether anything among the findings forbids going on."""
    return any(finding.severity == "error" for finding in findings)
