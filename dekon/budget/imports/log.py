"""Findings while a file is read: each with its cell, all of them, but not millions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from dekon.errors import Param
from dekon.lib.findings import Finding, Severity
from dekon.lib.rupiah import format_rupiah
from dekon.lib.sheets import column_letter

MAX_PER_CODE = 500
SHOWN_CHARACTERS = 80
AMOUNTS = frozenset({"stated", "counted", "difference"})


@dataclass(slots=True)
class FindingLog:
    """Collects findings of one sheet. Beyond a number per code it only counts; `close` says how many more there are."""

    sheet: str
    findings: list[Finding]
    record_path: str | None = None
    hidden: Counter[tuple[Severity, str]] = field(default_factory=Counter)
    written: Counter[tuple[Severity, str]] = field(default_factory=Counter)
    repaired: Counter[tuple[str, str]] = field(default_factory=Counter)
    repaired_first: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)

    def add(
        self,
        severity: Severity,
        code: str,
        *,
        row: int | None = None,
        column: str | int = "",
        header: str = "",
        value: object = "",
        **params: Param,
    ) -> None:
        """Notes a finding.

        Args:
            row: the line, from 1.
            column: index from 0 in a sheet or delimited text, key in JSON.
            header: what the user reads above the column; the letter where there is nothing.
            value: what stands in the cell.
            params: the values that the message shows.
        """
        key = (severity, code)
        if self.written[key] >= MAX_PER_CODE:
            self.hidden[key] += 1
            return
        self.written[key] += 1
        cell = self.cell(column, row) if row is not None else ""
        name = header or (column_letter(column) if isinstance(column, int) else column)
        shown = shorten(value)
        facts: dict[str, Param] = {"value": shown, "column": name, "cell": cell, **in_rupiah(params)}
        self.findings.append(Finding(severity, code, facts, self.sheet, cell, row, name, shown))

    def wrong(
        self, code: str, *, row: int | None = None, column: str | int = "", value: object = "", **params: Param
    ) -> None:
        """Notes what forbids the import."""
        self.add("error", code, row=row, column=column, header="", value=value, **params)

    def remark(
        self, code: str, *, row: int | None = None, column: str | int = "", value: object = "", **params: Param
    ) -> None:
        """Notes what the user should know."""
        self.add("warning", code, row=row, column=column, header="", value=value, **params)

    def repair(self, code: str, header: str, column: str | int, row: int) -> None:
        """Counts a cell that was put right without asking (zeros given back); `close` reports one line per column."""
        key = (code, header)
        self.repaired[key] += 1
        if key not in self.repaired_first:
            self.repaired_first[key] = (self.cell(column, row), row)

    def cell(self, column: str | int, row: int) -> str:
        """The address of a cell as the user's program shows it."""
        if self.record_path is not None:
            return f"{self.record_path}[{row - 1}]" + (f".{column}" if column != "" else "")
        if isinstance(column, int):
            return f"{column_letter(column)}{row}"
        return f"{column}{row}" if column else ""

    def close(self) -> None:
        """Writes the counted things down."""
        for (code, header), count in self.repaired.items():
            cell, row = self.repaired_first[code, header]
            facts: dict[str, Param] = {"column": header, "count": count, "cell": cell}
            self.findings.append(Finding("warning", code, facts, self.sheet, cell, row, header))
        self.repaired.clear()
        for (severity, code), count in self.hidden.items():
            self.findings.append(Finding(severity, "findings-more", {"count": count, "code": code}, self.sheet))
        self.hidden.clear()


def in_rupiah(params: Mapping[str, Param]) -> dict[str, Param]:
    """The values of a message with amounts written out."""
    return {
        name: format_rupiah(value) if name in AMOUNTS and isinstance(value, int) else value
        for name, value in params.items()
    }


def shorten(value: object) -> str:
    """What a cell holds, short enough for a message."""
    text = "" if value is None else str(value)
    text = text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
