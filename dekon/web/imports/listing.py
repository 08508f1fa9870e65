"""The tables of the import pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.budget.choices import ImportKind, ImportStatus
from dekon.lib.findings import Finding
from dekon.names import DisplayNameOf, UsernameOf
from dekon.web import formats
from dekon.web.filters import spending_type_name
from dekon.web.tables import Cell, Column, Line, Order, Source, Table, Tone, cells

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dekon.budget.models import ImportRun

NUMBER = re.compile(r"#?[0-9]{1,9}", re.ASCII)
TONES: dict[str, Tone] = {
    ImportStatus.CHECKING: "info",
    ImportStatus.CHECKED: "info",
    ImportStatus.APPLYING: "info",
    ImportStatus.APPLIED: "ok",
    ImportStatus.UNCHANGED: "mute",
    ImportStatus.REFUSED: "bad",
    ImportStatus.DISCARDED: "mute",
    ImportStatus.UNDONE: "warn",
}


def kind_words(kind: str) -> str:
    """What a kind of file is called."""
    return str(ImportKind(kind).label) if kind in ImportKind.values else _("belum dikenali")


HISTORY_PAGE = 25
SORTED_BY = {
    "impor": "id",
    "berkas": "file_name",
    "jenis": "kind",
    "kapan": "created_at",
    "oleh": "username",
    "baris": "rows_read",
    "status": "status",
}
"""Column → field that the database sorts by."""


def history_table(runs: QuerySet[ImportRun]) -> Table:
    """All files that came in: who, when, which, with what result; they stay in the database but for a page."""
    columns = (
        Column("impor", _("Impor")),
        Column("berkas", _("Berkas"), wide=True, noted=True),
        Column("jenis", _("Jenis")),
        Column("kapan", _("Waktu"), "moment", wide=True),
        Column("oleh", _("Oleh")),
        Column("baris", _("Baris"), "number"),
        Column("status", _("Status"), "badge", place="st"),
    )
    return Table(
        "riwayat",
        _("Riwayat impor"),
        columns,
        empty=_("Belum ada berkas yang diimpor."),
        page_size=HISTORY_PAGE,
        source=Source(lambda search: (sought(runs, search).count(), None), lambda *asked: _history_lines(runs, *asked)),
    )


def sought(runs: QuerySet[ImportRun], search: str) -> QuerySet[ImportRun]:
    """The files in whose row each word stands: number, name, digest, person, kind, result."""
    runs = runs.alias(username=UsernameOf("created_by_id"), display_name=DisplayNameOf("created_by_id"))
    for word in search.split()[:10]:
        kinds = [kind for kind in ("", *ImportKind.values) if word.lower() in kind_words(kind).lower()]
        states = [state for state in ImportStatus if word.lower() in str(state.label).lower()]
        runs = runs.filter(
            Q(file_name__icontains=word)
            | Q(sha256__startswith=word.lower())
            | Q(username__icontains=word)
            | Q(display_name__icontains=word)
            | Q(kind__in=kinds)
            | Q(status__in=states)
            | (Q(pk=int(word.removeprefix("#"))) if NUMBER.fullmatch(word) else Q(pk__in=()))
        )
    return runs


def _history_lines(runs: QuerySet[ImportRun], order: Order, start: int, limit: int | None) -> Iterator[Line]:
    found = sought(runs, order.search)
    if field := SORTED_BY.get(order.column):
        found = found.order_by(f"-{field}" if order.descending else field, "-id")
    portion = found[start:] if limit is None else found[start : start + limit]
    return map(_history_line, portion.iterator(chunk_size=500))


def _history_line(run: ImportRun) -> Line:
    return Line(
        cells(
            Cell(f"#{run.pk}", reverse("import", args=[run.pk])),
            Cell(run.file_name, sub=f"SHA-256 {run.sha256[:12]}…"),
            kind_words(run.kind),
            run.created_at,
            str(run.created_by),
            run.rows_read,
            Cell(run.get_status_display(), tone=TONES[run.status]),
        )
    )


def findings(run: ImportRun) -> list[Finding]:
    """What was found, as it was recorded."""
    return [Finding.from_record(record) for record in run.findings]


def count(run: ImportRun, severity: str) -> int:
    """How many findings of a severity are on record."""
    return sum(finding.severity == severity for finding in findings(run))


def findings_table(run: ImportRun) -> Table:
    """Everything that was found, at once, each with its cell."""
    columns = (
        Column("sel", _("Sel"), "code"),
        Column("tingkat", _("Tingkat"), "badge"),
        Column("masalah", _("Masalah dan perbaikannya"), wide=True),
        Column("isi", _("Isi sel"), "code"),
    )
    language = formats.reader_language()
    ordered = sorted(findings(run), key=lambda finding: finding.severity != "error")
    lines = tuple(
        Line(
            cells(
                place_words(finding),
                _severity(finding),
                finding.message(language),
                finding.value[:80] or None,
            )
        )
        for finding in ordered
    )
    return Table("temuan", _("Galat dan peringatan"), columns, lines, empty=_("Tidak ada galat dan peringatan."))


def place_words(finding: Finding) -> str:
    """Where it stands: sheet and cell, or sheet and row."""
    place = finding.cell or (_("baris %(row)s") % {"row": finding.row} if finding.row else "")
    return "!".join(part for part in (finding.sheet, place) if part) or _("seluruh berkas")


def _severity(finding: Finding) -> Cell:
    return Cell(_("Galat"), tone="bad") if finding.severity == "error" else Cell(_("Peringatan"), tone="warn")


TOTAL_NAMES = ("pagu", "blocked", "planned", "realised", "returned", "gross", "net", "previous", "current")


def total_words(name: str) -> str:
    """What a total of a file is called."""
    return {
        "pagu": _("Pagu"),
        "blocked": _("Blokir"),
        "planned": _("RPD"),
        "realised": _("Realisasi"),
        "returned": _("Pengembalian"),
        "gross": _("Bruto"),
        "net": _("Neto"),
        "previous": _("Realisasi periode lalu"),
        "current": _("Realisasi periode ini"),
        "advance": _("UP/TUP"),
        "reserved": _("Dalam proses"),
        "parked": _("Diparkir"),
    }.get(name, name)


def totals(run: ImportRun) -> list[tuple[str, int]]:
    """The totals that the file states, with their names."""
    return [(total_words(name), int(value)) for name, value in run.totals_rp.items()]


def breakdown_table(run: ImportRun) -> Table:
    """By programme and spending type: stored, in the file, and the difference."""
    columns = (
        Column("program", _("Program")),
        Column("jenis", _("Jenis belanja")),
        Column("ukuran", _("Ukuran")),
        Column("tersimpan", _("Tersimpan"), "money", _("juta rupiah")),
        Column("berkas", _("Dalam berkas"), "money", _("juta rupiah")),
        Column("selisih", _("Selisih"), "money", _("juta rupiah")),
    )
    lines = tuple(line for row in run.breakdown for line in _breakdown_lines(row))
    return Table(
        "ringkas",
        _("Menurut program dan jenis belanja"),
        columns,
        lines,
        empty=_("Berkas ini tidak memuat jumlah menurut program."),
    )


def _breakdown_lines(row: dict[str, str | int]) -> Iterator[Line]:
    """One line for each measure that the file states: `pagu_rp` beside `stored_pagu_rp`."""
    for name, amount in row.items():
        if name.endswith("_rp") and not name.startswith("stored_"):
            stated, stored = int(amount), int(row.get(f"stored_{name}", 0))
            kind = str(row.get("spending_type", ""))
            what = total_words(name.removesuffix("_rp"))
            words = f"{kind} {spending_type_name(kind)}"
            yield Line(cells(str(row.get("program", "")), words, what, stored, stated, stated - stored))
