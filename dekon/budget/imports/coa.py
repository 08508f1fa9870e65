"""The sixteen segments of the chart of accounts on one payment line, and whether they agree with the other columns."""

from __future__ import annotations

import re
from typing import NamedTuple

from dekon.budget.imports.fields import Issue
from dekon.budget.imports.values import two_characters

COA = re.compile(
    r"(?P<satker>\d{6})\.(?P<kppn>\d{3})\.(?P<akun>\d{6})\.(?P<ba>\d{3})(?P<unit>\d{2})(?P<program>[A-Z]{2})"
    r"\.(?P<kegiatan>\d{4})(?P<kro>[0-9A-Z]{3})\.[0-9A-Z]{1,10}\.[0-9A-Z]{1,5}\.(?P<authority>\d)\.(?P<location>\d{4})"
    r"\.\d\.[0-9A-Z]{1,6}\.[0-9A-Z]{1,6}\.(?P<ro>[0-9A-Z]{3})\.(?P<komponen>[0-9A-Z]{3})\.(?P<subkomponen>[0-9A-Z]{1,2})"
    r"\.(?P<item>[0-9A-Z]{1,6})"
)


class Coa(NamedTuple):
    """The segments that Dekon uses."""

    text: str
    satker: str
    kppn: str
    akun: str
    ba: str
    unit: str
    program: str
    kegiatan: str
    kro: str
    authority: str
    location: str
    ro: str
    komponen: str
    subkomponen: str
    item: str


def read_coa(issues: list[Issue], field: str, raw: object) -> Coa | None:
    """The segments of a COA; None where the cell is blank or is no COA (reported)."""
    text = "" if raw is None else str(raw).strip().lstrip("'").replace(" ", "").upper()
    if not text:
        return None
    match = COA.fullmatch(text.replace("-", "."))
    if match is None:
        issues.append(Issue(False, "coa-invalid", field, raw, (("segments", str(len(text.split(".")))),)))
        return None
    parts = match.groupdict()
    parts["subkomponen"] = two_characters(parts["subkomponen"])
    return Coa(text=text, **parts)


def compare_with_coa(issues: list[Issue], coa: Coa, columns: dict[str, str]) -> None:
    """Reports every column that says something else than the COA of the same line.

    Args:
        columns: field → code as read from its own column; empty codes are not compared.
    """
    for field, code in columns.items():
        segment = str(getattr(coa, field))
        if code and code != segment:
            issues.append(Issue(False, "coa-differs", field, code, (("segment", segment), ("coa", coa.text))))
