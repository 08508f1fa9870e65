"""MonSAKTI dataAng: the budget item by item, with blocks and monthly withdrawal plan, in one or several versions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from dekon.budget.imports.fields import CodeMemory, FieldReader, Issue, read_code
from dekon.budget.imports.layout import Field, Layout, RawRow, raw_rows
from dekon.budget.imports.log import FindingLog
from dekon.budget.imports.options import ReadOptions
from dekon.budget.imports.rows import MAX_DESCRIPTION, MAX_ITEM, MAX_NAME, MAX_UNIT, BudgetRow, ParsedFile, SatkerFacts
from dekon.budget.imports.values import BadValue, clean_text, clipped, code_text, padded
from dekon.lib.sheets import TableBook

BUDGET_FIELDS = (
    Field("satker", ("KDSATKER", "KODE_SATKER"), required=True),
    Field("program", ("KODE_PROGRAM",), required=True),
    Field("kegiatan", ("KODE_KEGIATAN",), required=True),
    Field("kro", ("KODE_OUTPUT",), required=True),
    Field("ro", ("KODE_SUBOUTPUT",), required=True),
    Field("komponen", ("KODE_KOMPONEN",), required=True),
    Field("subkomponen", ("KODE_SUBKOMPONEN",), required=True),
    Field("akun", ("KODE_AKUN",), required=True),
    Field("version_code", ("KODE_STS_HISTORY",), required=True),
    Field("header1", ("HEADER1",), required=True),
    Field("header2", ("HEADER2",), required=True),
    Field("item_code", ("CONS_ITEM", "KODE_ITEM")),
    Field("item_no", ("NOMOR_ITEM",)),
    Field("description", ("URAIAN_ITEM",)),
    Field("fund_source", ("SUMBER_DANA",)),
    Field("volume", ("VOLKEG",)),
    Field("unit", ("SATKEG",)),
    Field("price_rp", ("HARGASAT",)),
    Field("total_rp", ("TOTAL",), required=True),
    Field("blocked_rp", ("NILAI_BLOKIR",)),
    Field("block_code", ("KODE_BLOKIR",)),
    Field("output_volume", ("VOLUME_OUTPUT",)),
    Field("ro_volume", ("VOLUME_SUBOUTPUT",)),
    Field("subkomponen_name", ("URAIAN_SUBKOMPONEN",)),
    *(Field(f"rpd_{month}", (f"POK_NILAI_{month}",), required=True) for month in range(1, 13)),
)
CODE_CELLS = slice(0, 9)
VERSION = re.compile(r"[A-Z]\d{2}")
KNOWN_LETTERS = frozenset("ABCDEFG")
IN_FORCE = frozenset("BC")


class BudgetCodes(NamedTuple):
    """The codes of one item, in the order of `BudgetRow`, and its version."""

    satker: str
    program: str
    kegiatan: str
    kro: str
    ro: str
    komponen: str
    subkomponen: str
    akun: str
    version: str


def read_budget_codes(cells: tuple[object, ...], issues: list[Issue]) -> BudgetCodes:
    """Codes of an item; a version that has not the form of a letter and two digits is reported."""
    names = BudgetCodes._fields[:-1]
    codes = {name: read_code(issues, name, cell) for name, cell in zip(names, cells[:-1], strict=True)}
    version = clean_text(cells[-1]).upper().lstrip("'")
    if not version:
        issues.append(Issue(False, "value-missing", "version_code", ""))
    elif not VERSION.fullmatch(version):
        issues.append(Issue(False, "version-invalid", "version_code", cells[-1]))
    return BudgetCodes(version=version, **codes)


def read_budget(
    book: TableBook, parsed: ParsedFile[BudgetRow], layout: Layout, options: ReadOptions
) -> Iterator[BudgetRow]:
    """Items of a budget; header lines would double the pagu and are left out, but counted."""
    log = FindingLog(parsed.sheet, book.findings, book.record_path)
    for header in layout.twice:
        log.wrong("header-twice", row=layout.header_row or None, value=header)
    fields = FieldReader(log, layout)
    codes = CodeMemory(fields, read_budget_codes)
    counts = parsed.counts = {"read": 0, "header_rows": 0, "rpd_differs": 0}
    for raw in raw_rows(book, parsed.sheet, layout, log):
        counts["read"] += 1
        if is_header(fields, raw):
            counts["header_rows"] += 1
            continue
        known = codes.read(raw.row, raw.cells[CODE_CELLS])
        item = make_item(fields, raw, known)
        if options.satker and known.satker and known.satker != options.satker:
            fields.error(raw.row, "satker", "row-satker-differs", known.satker, asked=options.satker)
        note_item(parsed, known, item)
        yield item
    if counts["read"] == counts["header_rows"]:
        log.wrong("file-no-rows")
    if counts["rpd_differs"]:
        log.remark("rpd-differs-from-total", count=counts["rpd_differs"])
    judge_versions(log, parsed.version_totals_rp)
    log.close()


def is_header(fields: FieldReader, raw: RawRow) -> bool:
    """Whether a line only groups items: one of its header marks is not zero."""
    found = False
    for name, cell in zip(("header1", "header2"), raw.cells[9:11], strict=True):
        try:
            mark = code_text(cell)
        except BadValue:
            mark = "?"
        if mark == "":
            fields.error(raw.row, name, "value-missing")
        elif not mark.isdigit():
            fields.error(raw.row, name, "header-mark-invalid", cell)
        elif int(mark):
            found = True
    return found


def make_item(fields: FieldReader, raw: RawRow, codes: BudgetCodes) -> BudgetRow:
    """One item from its cells."""
    row, cells = raw
    (code, number, description, fund, volume, unit, price, total, blocked, block, output, ro_volume, sub_name) = cells[
        11:24
    ]
    return BudgetRow(
        row, *codes[:8], padded(item_text(code), 6), item_text(number), clipped(description, MAX_DESCRIPTION),
        clipped(fund, 10), fields.decimal(row, "volume", volume), clipped(unit, MAX_UNIT),
        fields.decimal(row, "price_rp", price, grouped_thousands=True), fields.rupiah(row, "total_rp", total),
        fields.optional_rupiah(row, "blocked_rp", blocked) or 0, fields.text(row, "block_code", block, MAX_ITEM),
        codes.version, fields.decimal(row, "output_volume", output), fields.decimal(row, "ro_volume", ro_volume),
        clipped(sub_name, MAX_NAME),
        tuple([fields.optional_rupiah(row, f"rpd_{m}", cell) or 0 for m, cell in enumerate(cells[24:36], start=1)]),
    )  # fmt: skip


def item_text(raw: object) -> str:
    """An item's code or number as text."""
    try:
        return code_text(raw)[:MAX_ITEM]
    except BadValue:
        return ""


def note_item(parsed: ParsedFile[BudgetRow], codes: BudgetCodes, item: BudgetRow) -> None:
    """Adds an item to the totals of its version and keeps the name of its subkomponen."""
    key = (codes.satker, codes.version)
    parsed.version_totals_rp[key] = parsed.version_totals_rp.get(key, 0) + item.total_rp
    parsed.satker_facts.setdefault(codes.satker, SatkerFacts("", "", "", ""))
    if sum(item.rpd_rp) != item.total_rp:
        parsed.counts["rpd_differs"] += 1
    if item.subkomponen_name:
        parsed.names.setdefault(("subkomponen", ".".join(codes[1:7])), item.subkomponen_name)


def judge_versions(log: FindingLog, totals_rp: dict[tuple[str, str], int]) -> None:
    """Warns of several versions of a budget, of proposals alone and of letters that nobody has documented."""
    by_satker: dict[str, list[str]] = {}
    for satker, version in sorted(totals_rp):
        if version:
            by_satker.setdefault(satker, []).append(version)
    for satker, versions in by_satker.items():
        letters = {version[0] for version in versions}
        listed = ", ".join(versions)
        if len(versions) > 1:
            log.remark("versions-mixed", satker=satker, versions=listed)
        if unknown := sorted(letters - KNOWN_LETTERS):
            log.remark("version-letter-unknown", satker=satker, versions=", ".join(unknown))
        if not letters & IN_FORCE:
            log.remark(
                "versions-proposal-only" if "A" in letters else "versions-before-dipa", satker=satker, versions=listed
            )
