"""Writes workbooks as SAKTI and MyIntress print them: FA Detail (report GLP039), SP2D monitoring, payment detail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path as FilePath
from typing import Any, NamedTuple

import xlsxwriter

from dekon.ops.demo.cases import KIND_NAMES
from dekon.ops.demo.catalogue import ACCOUNT_NAMES
from dekon.ops.demo.places import DemoSatker
from dekon.ops.demo.shapes import Line, Path
from dekon.ops.demo.writers import COMPONENT_NAMES, coa

MONTH_NAMES = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip
SHEET_NAME = "GLP039_LAPORAN REALISASI SUPER "
LEVELS_SHOWN = "Per Program; Kegiatan; Output; SubOutput; Komponen; SubKomponen; Akun;"
FOOTNOTE = (
    "*Lock Pagu adalah jumlah pagu yang sedang dalam proses usulan revisi DIPA atau POK. "
    "Lock pagu akan hilang setelah usulan revisi DIPA/POK selesai menjadi DIPA."
)
ROWS_A_PAGE = 46
LONG_NAME = 58
CREATED = datetime(2022, 1, 1)  # noqa: DTZ001 - a workbook's own date has no zone
PROGRAM_NAMES = {"DN": "Program Pembinaan Ketenagakerjaan", "DL": "Program Pendidikan dan Pelatihan Vokasi"}

# Level → first column of the code, of the name, and the merged ranges of both.
CODE_RANGES = {1: "B:C", 2: "B:H", 3: "C:F", 4: "C:J", 5: "E:I", 6: "F:K", 7: "H:L"}
NAME_RANGES = {1: "D:O", 2: "I:O", 3: "G:O", 4: "K:O", 5: "J:O", 6: "L:O", 7: "M:O"}
VALUE_RANGES = ("P:Q", "R:U", "V", "W:X", "Y:AA", "AB:AC", "AD:AH")
TOTAL_RANGES = ("P:Q", "R:U", "V", "W", "X:AA", "AB", "AC:AH")
WIDTHS = {"N": 6.7, "O": 32.0, "Q": 12.5, "S": 12.0, "V": 12.3, "W": 12.5, "Z": 12.2, "AB": 5.5, "AD": 6.7, "AE": 5.2}


@dataclass(frozen=True, slots=True)
class Statement:
    """What FA Detail says of one position at the end of a month, in rupiah."""

    path: Path
    pagu_rp: int
    previous_rp: int
    current_rp: int


class Figures(NamedTuple):
    """The four sums of a row."""

    pagu_rp: int
    previous_rp: int
    current_rp: int

    def values(self) -> tuple[float, ...]:
        """Pagu, lock, periode lalu, periode ini, s.d. periode, share, sisa."""
        total = self.previous_rp + self.current_rp
        share = total / self.pagu_rp if self.pagu_rp else 0.0
        return (self.pagu_rp, 0, self.previous_rp, self.current_rp, total, share, self.pagu_rp - total)


class TreeRow(NamedTuple):
    """A row of the print: level 1 (program) to 7 (akun)."""

    level: int
    code: str
    name: str
    figures: Figures


def _sums(rows: Iterable[Statement]) -> dict[tuple[str, ...], Figures]:
    """The figures of every level by its part of the path; the empty part is the total."""
    sums: dict[tuple[str, ...], Figures] = {(): Figures(0, 0, 0)}
    for row in rows:
        for level in range(8):
            key = row.path[:level]
            pagu, previous, current = sums.get(key, (0, 0, 0))
            sums[key] = Figures(pagu + row.pagu_rp, previous + row.previous_rp, current + row.current_rp)
    return sums


def _label(path: Path, level: int, names: dict[str, str]) -> tuple[str, str]:
    """Code and name of a level as the report prints them."""
    return {
        1: (path.program, PROGRAM_NAMES.get(path.program, path.program)),
        2: (f"{path.program}.{path.kegiatan}", names.get(path.kegiatan, f"Kegiatan {path.kegiatan}")),
        3: (path.kro, names.get(path.kro, f"Klasifikasi rincian output {path.kro}")),
        4: (f"{path.kro}.{path.ro}", names.get(f"{path.kegiatan}.{path.kro}.{path.ro}", f"Rincian output {path.ro}")),
        5: (path.komponen, COMPONENT_NAMES.get(path.komponen, f"Komponen {path.komponen}")),
        6: (f"{path.komponen}.{path.subkomponen}", COMPONENT_NAMES.get(path.komponen, f"Komponen {path.komponen}")),
        7: (path.akun, ACCOUNT_NAMES.get(path.akun, f"Akun {path.akun}")),
    }[level]


def tree_rows(statements: Sequence[Statement], names: dict[str, str]) -> Iterator[TreeRow]:
    """All rows of the print in order, each level with the sum of what is below it."""
    ordered = sorted(statements, key=lambda row: row.path)
    sums = _sums(ordered)
    before: Path | None = None
    for row in ordered:
        for level in range(1, 8):
            prefix = row.path[:level]
            if before is None or before[:level] != prefix:
                yield TreeRow(level, *_label(row.path, level, names), sums[prefix])
        before = row.path


class Glp039:
    """One FA Detail workbook while it is written: merged cells, inline text, footnotes, page breaks as in the print."""

    def __init__(self, path: FilePath) -> None:
        self.book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self.book.set_properties({"created": CREATED})
        self.sheet = self.book.add_worksheet(SHEET_NAME)
        self.text = self.book.add_format({"font_size": 7, "text_wrap": True})
        self.money = self.book.add_format({"font_size": 7, "num_format": "#,##0"})
        self.share = self.book.add_format({"font_size": 7, "num_format": "#,##0.00 %"})
        for column, width in WIDTHS.items():
            self.sheet.set_column(f"{column}:{column}", width)

    def put(self, columns: str, row: int, value: str | float, style: Any = None) -> None:  # noqa: ANN401 - library type
        """Writes a value into a cell or a merged range of one row, such as `P:Q` in row 12."""
        first, _colon, last = columns.partition(":")
        style = style or self.text
        if last:
            self.sheet.merge_range(f"{first}{row}:{last}{row}", value, style)
        else:
            self.sheet.write(f"{first}{row}", value, style)

    def values(self, row: int, ranges: Sequence[str], figures: Figures, *, halved: bool = False) -> None:
        """The seven numbers of a row; the second half of a broken row leaves the two periods empty."""
        for index, (columns, value) in enumerate(zip(ranges, figures.values(), strict=True)):
            if not (halved and index in {2, 3}):
                self.put(columns, row, value, self.share if index == 5 else self.money)

    def head(self, satker: DemoSatker, year: int, month: int, total: Figures) -> None:
        """Title, place, headers and the row JUMLAH SELURUHNYA."""
        self.put("A:AG", 1, f"LAPORAN KETERSEDIAAN DANA DETAIL TA {year}")
        self.put("A:AF", 2, LEVELS_SHOWN)
        self.put("A:AE", 3, f"Periode {MONTH_NAMES[month - 1]} {year}")
        places = (
            ("Kementerian\t:", "026", "KEMENTERIAN KETENAGAKERJAAN"), ("Unit Organisasi\t", satker.unit.code,
            satker.unit.name),
            ("Satuan Kerja   \t:", satker.code, satker.name),
        )  # fmt: skip
        for row, (label, code, name) in enumerate(places, start=4):
            self.put("A:M", row, label)
            self.put("N", row, code)
            self.put("O:AA", row, name)
        for columns, text in (("A:O", "Uraian"), ("Q", "Pagu Revisi"), ("S", "Lock Pagu"), ("U:AB",
                              f"Realisasi TA {year}"),
                              ("AD:AG", "SISA ANGGARAN")):  # fmt: skip
            self.put(columns, 7, text)
        for columns, text in (("U:V", "Periode Lalu"), ("W", "Periode Ini"), ("X:Z", "s.d. Periode "), ("AA:AB", "%")):
            self.put(columns, 8, text)
        self.put("A:O", 9, "JUMLAH SELURUHNYA")
        self.values(9, TOTAL_RANGES, total)

    def line(self, row: int, tree: TreeRow, name: str, *, halved: bool = False) -> None:
        """One row of the tree."""
        self.put(CODE_RANGES[tree.level], row, tree.code)
        self.put(NAME_RANGES[tree.level], row, name)
        self.values(row, VALUE_RANGES, tree.figures, halved=halved)

    def body(self, rows: Iterable[TreeRow]) -> None:
        """The tree, a footnote at the end of each page; a long name on a page's last row is printed in two halves."""
        row = 10
        left = ROWS_A_PAGE
        for tree in rows:
            breaks = left <= 1
            words = tree.name.split(" ")
            halves = breaks and len(tree.name) > LONG_NAME
            first, second = " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])
            self.line(row, tree, first if halves else tree.name)
            row, left = row + 1, left - 1
            if breaks:
                self.put("B:AF", row, FOOTNOTE)
                row, left = row + 1, ROWS_A_PAGE
            if halves:
                self.line(row, tree, second, halved=True)
                row += 1
        self.put("B:AF", row, FOOTNOTE)


def write_fa_detail(
    path: FilePath, satker: DemoSatker, statements: Sequence[Statement], names: dict[str, str], period: date
) -> None:
    """The FA Detail (16 Segmen) of a satker at the end of a month, print by account.

    Args:
        names: names by code (kegiatan, KRO, `kegiatan.kro.ro`).
    """
    print_out = Glp039(path)
    print_out.head(satker, period.year, period.month, _sums(statements)[()])
    print_out.body(tree_rows(statements, names))
    print_out.book.close()


DETAIL_HEADERS = (
    "Kode Satker", "No. SPP/SPM", "Jenis SPP/SPM", "No. SP2D", "Tanggal SP2D", "COA", "Mata Uang", "Kurs",
    "Akun Pengeluaran", "Jumlah Pengeluaran", "Akun Potongan", "Jumlah Potongan",
)  # fmt: skip
SP2D_HEADERS = (
    "No. SPP/SPM", "Jenis SPP/SPM", "Tanggal SPP", "Tanggal SPM", "No. SP2D", "Tanggal SP2D", "Uraian SPP/SPM",
    "Jumlah Pengeluaran", "Jumlah Potongan", "Jumlah Pembayaran", "Status SP2D",
)  # fmt: skip


def _table(
    path: FilePath, sheet_name: str, header_row: int, headers: Sequence[str], rows: Iterable[Sequence[str | int]]
) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    book.set_properties({"created": CREATED})
    sheet = book.add_worksheet(sheet_name)
    sheet.write_row(header_row - 1, 0, headers)
    for index, row in enumerate(rows):
        sheet.write_row(header_row + index, 0, row)
    book.close()


def _document(line: Line) -> str:
    return f"{line.spp_no}/{line.satker.code}/{line.spp_on.year}"


def _day(line: Line) -> str:
    return f"{line.sp2d_on:%d-%m-%Y}" if line.sp2d_on else ""


def write_myintress_detail(path: FilePath, lines: Iterable[Line]) -> None:
    """Detail Pengeluaran dan Potongan SPP/SPM/SP2D: sheet Data, header on row 5, one row per account of a payment."""
    rows = (
        (
            line.satker.code, _document(line), f"{line.kind} - {KIND_NAMES[line.kind]}", f"'{line.sp2d_no}", _day(line),
            coa(line), "IDR", 1, line.path.akun, line.amount_rp, "", 0,
        )
        for line in lines
    )  # fmt: skip
    _table(path, "Data", 5, DETAIL_HEADERS, rows)


def write_myintress_sp2d(path: FilePath, lines: Iterable[Line]) -> None:
    """Monitoring SPP, SPM, dan SP2D: one row per payment, numbers with an apostrophe, amounts as text with dots."""
    payments: dict[str, list[Line]] = {}
    for line in lines:
        payments.setdefault(line.sp2d_no, []).append(line)
    _table(path, "Worksheet", 3, SP2D_HEADERS, (_payment(group) for group in payments.values()))


def _payment(group: Sequence[Line]) -> tuple[str | int, ...]:
    line = group[0]
    amount = f"{sum(one.amount_rp for one in group):,}".replace(",", ".")
    requested = f"{line.spp_on:%d-%m-%Y}"
    return (
        _document(line), f"{line.kind} - {KIND_NAMES[line.kind]}", requested, requested, f"'{line.sp2d_no}", _day(line),
        line.text, amount, "0", amount, "Upload SP2D",
    )  # fmt: skip
