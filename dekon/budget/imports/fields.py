"""Raw cells to values, with everything that is wrong written down. Repeated cells are understood once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from dekon.budget.imports.layout import Layout
from dekon.budget.imports.log import FindingLog
from dekon.budget.imports.values import (
    SCIENTIFIC,
    BadValue,
    amount_rp,
    clean_text,
    code_text,
    day,
    decimal_number,
    padded,
    two_characters,
)

REMEMBERED = 50_000
SP2D_DIGITS = 15


class CodeShape(NamedTuple):
    """How a code looks: digits that pad it, the pattern it must have, an example for messages."""

    width: int
    pattern: re.Pattern[str]
    example: str


def shape(width: int, pattern: str, example: str) -> CodeShape:
    """A code shape from its pattern text."""
    return CodeShape(width, re.compile(pattern), example)


SHAPES = {
    "satker": shape(6, r"[0-9]{6}", "007130"),
    "ba": shape(3, r"[0-9]{3}", "026"),
    "unit": shape(2, r"[0-9]{2}", "13"),
    "program": shape(2, r"[A-Z]{2}", "DL"),
    "kegiatan": shape(4, r"[0-9]{4}", "2175"),
    "kro": shape(3, r"[A-Z]{3}|[0-9][0-9A-Z]{2}", "BDC"),
    "ro": shape(3, r"[0-9A-Z]{3}", "001"),
    "komponen": shape(3, r"[0-9A-Z]{3}", "051"),
    "subkomponen": shape(2, r"[0-9A-Z]{2}", "0A"),
    "akun": shape(6, r"[0-9]{6}", "521211"),
    "kppn": shape(3, r"[0-9]{3}", "010"),
    "authority": shape(1, r"[0-9]", "3"),
    "regency_code": shape(4, r"[0-9]{4}", "1151"),
    "spp_kind": shape(3, r"[0-9]{3}", "311"),
}


class Issue(NamedTuple):
    """Something wrong with a field, before it is known in which rows."""

    repaired: bool
    code: str
    field: str
    value: object
    params: tuple[tuple[str, str], ...] = ()


class FieldReader:
    """Turns the raw cells of one table into values; wrong ones are reported and replaced by nothing."""

    def __init__(self, log: FindingLog, layout: Layout) -> None:
        self.log = log
        self.layout = layout
        self._days: dict[object, date | None] = {}

    def report(self, row: int, issue: Issue) -> None:
        """Writes an issue down for one row."""
        column = self.layout.columns.get(issue.field, "")
        header = self.layout.headers.get(issue.field, issue.field)
        if issue.repaired:
            self.log.repair(issue.code, header, column, row)
        else:
            self.log.add(
                "error", issue.code, row=row, column=column, header=header, value=issue.value, **dict(issue.params)
            )

    def error(self, row: int, field: str, code: str, value: object = "", **params: str) -> None:
        """Reports that a field of a row is wrong."""
        self.report(row, Issue(False, code, field, value, tuple(params.items())))

    def warn(self, row: int, field: str, code: str, value: object = "", **params: str) -> None:
        """Reports that a field of a row is noteworthy."""
        column, header = self.layout.columns.get(field, ""), self.layout.headers.get(field, field)
        self.log.add("warning", code, row=row, column=column, header=header, value=value, **params)

    def rupiah(self, row: int, field: str, raw: object) -> int:
        """Whole rupiah that must stand there; a blank is an error, not zero."""
        if raw is None or raw == "":
            self.error(row, field, "value-missing")
            return 0
        return self.optional_rupiah(row, field, raw) or 0

    def optional_rupiah(self, row: int, field: str, raw: object) -> int | None:
        """Whole rupiah, or None where the cell is blank."""
        try:
            return amount_rp(raw)
        except BadValue as bad:
            self.error(row, field, bad.code, raw)
            return None

    def decimal(self, row: int, field: str, raw: object, *, grouped_thousands: bool = False) -> Decimal | None:
        """A number with fraction, or None where the cell is blank."""
        try:
            return decimal_number(raw, grouped_thousands=grouped_thousands)
        except BadValue as bad:
            self.error(row, field, bad.code, raw)
            return None

    def text(self, row: int, field: str, raw: object, longest: int) -> str:
        """A number or mark that is kept as text and must not be cut."""
        value = clean_text(raw).lstrip("'")
        if len(value) > longest:
            self.error(row, field, "text-too-long", raw, longest=str(longest))
            return ""
        return value

    def day(self, row: int, field: str, raw: object) -> date | None:
        """A date, or None where the cell is blank."""
        if raw is None or raw == "":
            return None
        if raw in self._days:
            return self._days[raw]
        try:
            value = day(raw)
        except BadValue as bad:
            self.error(row, field, bad.code, raw)
            return None
        if len(self._days) < REMEMBERED:
            self._days[raw] = value
        return value

    def sp2d_number(self, row: int, field: str, raw: object) -> str:
        """The fifteen digits of an SP2D, or an empty text where there is none yet."""
        if type(raw) is str and len(raw) == SP2D_DIGITS and raw.isdigit() and raw.isascii():
            return raw
        if isinstance(raw, str) and SCIENTIFIC.fullmatch(raw.strip()):
            self.error(row, field, "sp2d-number-scientific", raw)
            return ""
        try:
            number = code_text(raw)
        except BadValue as bad:
            self.error(row, field, bad.code, raw)
            return ""
        if number in {"", "-"}:
            return ""
        if not (len(number) == SP2D_DIGITS and number.isdigit() and number.isascii()):
            self.error(row, field, "sp2d-number-invalid", raw)
            return ""
        return number


def read_code(issues: list[Issue], field: str, raw: object, *, shape_of: str = "", optional: bool = False) -> str:
    """A code in the form the budget uses; what is wrong or was put right is added to `issues`.

    Args:
        shape_of: name of the shape, where it differs from the field.
        optional: whether a blank cell is fine.
    """
    code, found = understand_code(field, raw, shape_of or field, optional)
    issues += found
    return code


@lru_cache(maxsize=REMEMBERED, typed=True)
def understand_code(field: str, raw: object, shape_name: str, optional: bool) -> tuple[str, tuple[Issue, ...]]:  # noqa: FBT001  part of the key
    """The code in a cell and what is to be said about it; the same cell is understood once."""
    try:
        code = code_text(raw)
    except BadValue as bad:
        return "", (Issue(False, bad.code, field, raw),)
    if not code:
        return "", () if optional else (Issue(False, "value-missing", field, ""),)
    wanted = SHAPES[shape_name]
    code = code.rpartition(".")[2].upper()
    is_sub = shape_name == "subkomponen"
    full = two_characters(code) if is_sub else padded(code, wanted.width)
    if not wanted.pattern.fullmatch(full):
        return "", (Issue(False, "code-invalid", field, raw, (("example", wanted.example),)),)
    repairs = [Issue(True, "code-zeros-restored", field, raw)] if full != code and not is_sub else []
    if isinstance(raw, str) and not raw.strip("'`’ ").isascii():
        repairs.append(Issue(True, "code-letters-latin", field, raw))
    return full, tuple(repairs)


class CodeMemory[CodesT]:
    """Understands the codes of a row once and remembers the result for all rows that carry the same cells."""

    def __init__(self, fields: FieldReader, understand: Callable[[tuple[object, ...], list[Issue]], CodesT]) -> None:
        self.fields = fields
        self.understand = understand
        self.known: dict[tuple[object, ...], tuple[CodesT, tuple[Issue, ...]]] = {}

    def read(self, row: int, cells: tuple[object, ...]) -> CodesT:
        """The codes of a row; its issues are reported for this row."""
        found = self.known.get(cells)
        if found is None:
            issues: list[Issue] = []
            found = (self.understand(cells, issues), tuple(issues))
            if len(self.known) >= REMEMBERED:
                self.known.clear()
            self.known[cells] = found
        for issue in found[1]:
            self.fields.report(row, issue)
        return found[0]
