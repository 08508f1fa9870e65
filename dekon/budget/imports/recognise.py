"""Which kind a file is, from its content alone: never from its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dekon.budget.imports.fa_detail import is_fa_detail, read_fa_detail
from dekon.budget.imports.layout import Field, Layout, find_layout, header_name
from dekon.budget.imports.monsakti import (
    OUTPUT_FIELDS,
    PAYMENT_FIELDS,
    SATKER_FIELDS,
    read_outputs,
    read_payments,
    read_satkers,
)
from dekon.budget.imports.monsakti_budget import BUDGET_FIELDS, read_budget
from dekon.budget.imports.myintress import DETAIL_FIELDS, SP2D_FIELDS, read_payment_details, read_sp2d_list
from dekon.budget.imports.options import ReadOptions
from dekon.budget.imports.records import RECORD_TABLES, read_records
from dekon.budget.imports.rows import AnyRow, FileKind, ParsedFile
from dekon.budget.imports.values import clean_text
from dekon.errors import RuleBroken
from dekon.lib.sheets import Row, TableBook

TABLES: tuple[tuple[FileKind, tuple[Field, ...]], ...] = (
    ("monsakti-dataang", BUDGET_FIELDS),
    ("monsakti-realisasi", PAYMENT_FIELDS),
    ("monsakti-capaianro", OUTPUT_FIELDS),
    ("monsakti-refadmin", SATKER_FIELDS),
    ("myintress-detail", DETAIL_FIELDS),
    ("myintress-sp2d", SP2D_FIELDS),
    *RECORD_TABLES,
)
PARTS = {
    "coa": ("satker", "program", "kegiatan", "kro", "ro", "komponen", "subkomponen", "akun"),
    "path": ("program", "kegiatan", "kro", "ro"),
    "invoice": ("satker",),
    "spp_no": ("satker",),
}
"""Fields that hold the codes of others."""
PERSONAL = frozenset({"NIP", "JABATAN", "KDSATKER"})
IKPA_TITLE = "INDIKATOR PELAKSANAAN ANGGARAN"
SHOWN_MISSING = 6


@dataclass(frozen=True, slots=True)
class Recognised:
    """The kind of a file, the sheet that holds it and where its fields stand (none for FA Detail)."""

    kind: FileKind
    sheet: str
    head: list[Row]
    layout: Layout | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A kind that was tried and what was missing for it."""

    kind: FileKind
    found: int
    missing: tuple[str, ...]


def recognise(book: TableBook, kind: FileKind | None = None) -> Recognised:
    """Finds the kind of a file by titles and headers.

    Args:
        kind: the kind that the user named; anything else is refused with what the file looks like.

    Raises:
        RuleBroken: no known kind (with what was tried and what was missing), another kind than named, several sheets
            of the kind, or a file that Dekon does not take (personal data of officials, IKPA).
    """
    found: list[Recognised] = []
    attempts: list[Attempt] = []
    for sheet in book.sheet_names:
        head = book.head(sheet)
        refuse_unwanted(book, head)
        found += [known] if (known := recognise_sheet(book, sheet, head, attempts)) else []
    if not found:
        raise explain(book, attempts, kind)
    first = found[0]
    if kind is not None and first.kind != kind:
        raise RuleBroken("file-other-kind", file=book.file_name, asked=kind, found=first.kind)
    if len(found) > 1:
        sheets = ", ".join(one.sheet.strip() for one in found)
        raise RuleBroken("file-several-tables", file=book.file_name, sheets=sheets)
    return first


def recognise_sheet(book: TableBook, sheet: str, head: list[Row], attempts: list[Attempt]) -> Recognised | None:
    """The kind of one sheet; what was tried in vain is added to `attempts`."""
    if book.form != "json" and is_fa_detail(head):
        return Recognised("fa-detail", sheet, head)
    for kind, fields in TABLES:
        layout = find_layout(book, head, fields)
        if layout.complete:
            return Recognised(kind, sheet, head, layout)
        attempts.append(Attempt(kind, len(layout.columns), layout.missing))
    return None


def refuse_unwanted(book: TableBook, head: list[Row]) -> None:
    """Files that are known and not taken.

    Raises:
        RuleBroken: a list of officials, or an IKPA report.
    """
    names = {header_name(key) for key in book.first_keys()}
    for row in head:
        texts = {header_name(clean_text(cell)) for cell in row if isinstance(cell, str)}
        if texts >= PERSONAL:
            names = texts
        if any(IKPA_TITLE in clean_text(cell).upper() for cell in row if isinstance(cell, str)):
            raise RuleBroken("file-ikpa", file=book.file_name)
    if names >= PERSONAL:
        raise RuleBroken("file-personal-data", file=book.file_name)


def explain(book: TableBook, attempts: list[Attempt], kind: FileKind | None) -> RuleBroken:
    """The refusal of a file that no reader knows: the kind that came closest and the columns it lacks."""
    if book.broken:
        broken = book.broken[0]
        return RuleBroken(broken.code, **broken.params)
    wanted = [attempt for attempt in attempts if kind is None or attempt.kind == kind] or attempts
    best = max(wanted, key=lambda attempt: (attempt.found - len(attempt.missing), attempt.found))
    sheets = ", ".join(name.strip() for name in book.sheet_names if name.strip()) or "-"
    if best.found < 2:
        return RuleBroken("file-not-recognised", file=book.file_name, sheets=sheets)
    missing = ", ".join(best.missing[:SHOWN_MISSING])
    return RuleBroken("file-columns-missing", file=book.file_name, kind=best.kind, missing=missing, sheets=sheets)


def parse_table(book: TableBook, options: ReadOptions) -> ParsedFile[AnyRow]:
    """Recognises an opened file and prepares its reading; rows and findings follow while it is consumed.

    Raises:
        RuleBroken: as `recognise`.
    """
    known = recognise(book, options.kind)
    if known.layout is None:
        return read_fa_detail(book, known.sheet, options)  # type: ignore[return-value]  # one of the row types
    parsed = ParsedFile[AnyRow](
        kind=known.kind,
        file_name=book.file_name,
        sheet=known.sheet,
        fiscal_year=options.fiscal_year,
        period=options.period,
        rows=iter(()),
        columns=addresses(known.layout),
        findings=book.findings,
        record_path=book.record_path,
    )
    parsed.rows = rows_of(book, parsed, known.layout, options, known.head)
    return parsed


def addresses(layout: Layout) -> dict[str, str]:
    """Field → column letter or key; codes that only stand inside a longer one are at its place."""
    columns = layout.addresses()
    for whole, parts in PARTS.items():
        for part in parts if whole in columns else ():
            columns.setdefault(part, columns[whole])
    return columns


def rows_of(
    book: TableBook, parsed: ParsedFile[AnyRow], layout: Layout, options: ReadOptions, head: list[Row]
) -> Iterator[AnyRow]:
    """The rows of a table of the kind that was recognised."""
    plain: dict[FileKind, Callable[..., Iterator[AnyRow]]] = {
        "monsakti-dataang": read_budget,
        "monsakti-realisasi": read_payments,
        "monsakti-capaianro": read_outputs,
        "monsakti-refadmin": read_satkers,
        **{kind: read_records for kind, _ in RECORD_TABLES},
    }
    if parsed.kind in plain:
        return plain[parsed.kind](book, parsed, layout, options)
    reader: Callable[..., Iterator[AnyRow]] = (
        read_payment_details if parsed.kind == "myintress-detail" else read_sp2d_list
    )
    return reader(book, parsed, layout, options, head)
