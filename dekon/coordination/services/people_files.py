"""Lists of invitees as workbook or CSV: read by the text of their heads, every problem with its cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dekon.coordination.choices import Category
from dekon.coordination.services.participants import Invitee, is_nip
from dekon.errors import RuleBroken
from dekon.lib.findings import Finding
from dekon.lib.sheets import Row, column_letter, open_table
from dekon.org import selectors as org

HEADS: Mapping[str, tuple[str, ...]] = {
    "category": ("kategori",),
    "name": ("nama", "nama lengkap"),
    "nip": ("nip",),
    "position": ("jabatan",),
    "office": ("instansi", "unit kerja"),
    "province": ("provinsi", "kode provinsi"),
    "unit": ("unit", "kode unit"),
    "email": ("surel", "email", "e-mail", "alamat surel"),
}
"""Field → the heads by which it is found, in small letters."""
NEEDED = ("category", "name", "position", "office")
MOST_PEOPLE = 2000
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, slots=True)
class PeopleRead:
    """What a list says, and everything that is wrong with it."""

    people: tuple[Invitee, ...]
    findings: tuple[Finding, ...]


def read_people(path: Path) -> PeopleRead:
    """The people of a list, or every problem of it at once.

    Raises:
        RuleBroken: it is no workbook or text that can be read, or it has no row of heads.
    """
    book = open_table(path)
    rows = [list(row) for row in book.rows()]
    at, columns = _heads(rows, path.name)
    found: list[Finding] = [*book.findings]
    known = {words: one.code for one in org.listed_provinces() for words in (_plain(one.name), one.code)}
    people = []
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        said = {name: _text(row, index) for name, index in columns.items()}
        if any(said.values()):
            problems = list(_problems(said, columns, number, known))
            found += problems
            people += [] if problems else [_invitee(said, known)]
    if len(people) > MOST_PEOPLE:
        raise RuleBroken("file-too-many-rows", file=path.name, limit=MOST_PEOPLE)
    found += _repeated(rows, at, columns)
    return PeopleRead(tuple(people), tuple(found))


def _heads(rows: list[Row], name: str) -> tuple[int, dict[str, int]]:
    """The row of heads among the first twenty, and the column of each field."""
    for at, row in enumerate(rows[:20]):
        said = [_plain(str(cell or "")) for cell in row]
        columns = {field: said.index(head) for field, heads in HEADS.items() for head in heads if head in said}
        if all(field in columns for field in NEEDED):
            return at, columns
    raise RuleBroken("people-file-without-heads", file=name)


def _problems(
    said: Mapping[str, str], columns: Mapping[str, int], number: int, known: Mapping[str, str]
) -> Iterator[Finding]:
    def at(field: str, code: str, **params: str) -> Finding:
        cell = f"{column_letter(columns[field])}{number}"
        return Finding("error", code, params, cell=cell, row=number, value=said[field][:60])

    if _category(said["category"]) is None:
        yield at("category", "category-unknown", category=said["category"][:40] or "–")
    for field in ("name", "position", "office"):
        if not said[field]:
            yield at(field, "people-file-empty")
    if (nip := _digits(said.get("nip", ""))) and not is_nip(nip):
        yield at("nip", "nip-impossible", nip=said["nip"][:20])
    if said.get("province") and _plain(said["province"]) not in known:
        yield at("province", "people-file-province", province=said["province"][:40])
    if (email := said.get("email", "")) and not EMAIL.fullmatch(email):
        yield at("email", "people-file-email", email=email[:60])


def _repeated(rows: list[Row], at: int, columns: Mapping[str, int]) -> Iterator[Finding]:
    """NIP that stand there twice."""
    if "nip" not in columns:
        return
    first: dict[str, str] = {}
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        nip, cell = _digits(_text(row, columns["nip"])), f"{column_letter(columns['nip'])}{number}"
        if is_nip(nip) and nip in first:
            told = {"nip": nip, "first": first[nip]}
            yield Finding("error", "people-file-repeated", told, cell=cell, row=number, value=nip)
        first.setdefault(nip, cell)


def _invitee(said: Mapping[str, str], known: Mapping[str, str]) -> Invitee:
    return Invitee(
        _category(said["category"]) or "", said["name"], said["position"], said["office"], _digits(said.get("nip", "")),
        said.get("email", ""), known.get(_plain(said.get("province", "")), ""), said.get("unit", "")[:2],
    )  # fmt: skip


def _category(text: str) -> str | None:
    wanted = _plain(text)
    return next((one.value for one in Category if wanted in {one.value, _plain(str(one.label))}), None)


def _text(row: Row, index: int) -> str:
    cell = row[index] if index < len(row) else None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip() if cell is not None else ""


def _digits(text: str) -> str:
    return "".join(text.split())


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
