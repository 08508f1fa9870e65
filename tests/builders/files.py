"""Files as the Treasury's applications write them, with invented figures in the real layout.

FA Detail is built as a grid (row → column letter → value) so that a test can break single cells before writing it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

type Grid = dict[int, dict[str, str | float]]

SHEET = "GLP039_LAPORAN REALISASI SUPER "
FOOTNOTE = (
    "*Lock Pagu adalah jumlah pagu yang sedang dalam proses usulan revisi DIPA atau POK. "
    "Lock pagu akan hilang setelah usulan revisi DIPA/POK selesai menjadi DIPA."
)
LEVELS = ("program", "kegiatan", "kro", "ro", "komponen", "subkomponen")
CODE_COLUMNS = {
    "program": "B",
    "kegiatan": "B",
    "kro": "C",
    "ro": "C",
    "komponen": "E",
    "subkomponen": "F",
    "akun": "H",
}
NAME_COLUMNS = {
    "program": "D", "kegiatan": "I", "kro": "G", "ro": "K", "komponen": "J", "subkomponen": "L", "akun": "M",
    "item": "N",
}  # fmt: skip
DETAIL_COLUMNS = ("P", "R", "V", "W", "Y", "AB", "AD")
TOTAL_COLUMNS = ("P", "R", "V", "W", "X", "AB", "AC")
ITEM_SHIFT = {"P": "Q", "R": "S", "V": "W", "W": "X", "X": "Y", "Y": "Z", "AB": "AC", "AC": "AD", "AD": "AE"}


class Account(NamedTuple):
    """One account of a print. The path holds program, kegiatan, KRO, RO, komponen and subkomponen."""

    path: tuple[str, str, str, str, str, str]
    akun: str
    pagu: int
    lock: int = 0
    previous: int = 0
    current: int = 0
    items: tuple[tuple[str, int], ...] = ()

    @property
    def figures(self) -> tuple[int, int, int, int, int, int]:
        done = self.previous + self.current
        return self.pagu, self.lock, self.previous, self.current, done, self.pagu - self.lock - done


@dataclass(slots=True)
class FaPrint:
    """What a print says and how it is laid out."""

    accounts: Sequence[Account]
    year: int = 2022
    period: str = "Maret 2022"
    satker: str = "119073"
    satker_name: str = "DINAS TENAGA KERJA PROVINSI CONTOH"
    page_rows: int = 25
    item_level: bool = False
    split_names: bool = True
    names: Mapping[str, str] = field(default_factory=dict)


def some_accounts(count: int = 12) -> list[Account]:
    """Accounts under two programmes, several KRO and komponen, in the order of a print, with invented figures."""
    akun = ("521211", "521213", "522151", "524111", "524113", "524119")
    result = []
    for number in range(count):
        branch = number // len(akun)
        program, kegiatan = (("DL", "2175"), ("DN", "2179"))[branch * 2 * len(akun) >= count]
        path = (
            program,
            kegiatan,
            ("SCH", "BDC", "QDC")[branch // 4 % 3],
            f"{branch // 4 % 900 + 1:03}",
            f"05{branch // 2 % 2 + 1}",
            f"0{'AB'[branch % 2]}",
        )
        pagu = 10_000_000 + number * 1_250_000
        result.append(
            Account(
                path,
                akun[number % len(akun)],
                pagu,
                number % 3 * 100_000,
                number * 300_000 % 4_000_000,
                number * 210_001 % 3_000_000,
            )
        )
    return sorted(result)


def printed_codes(path: Sequence[str]) -> list[str]:
    """Codes as the print shows them at each level."""
    program, kegiatan, kro, ro, komponen, sub = path
    return [program, f"{program}.{kegiatan}", kro, f"{kro}.{ro}", komponen, f"{komponen}.{sub}"]


def add(figures: Iterable[tuple[int, ...]]) -> list[int]:
    return [sum(column) for column in zip(*figures, strict=True)] or [0] * 6


def fa_lines(fa: FaPrint) -> list[tuple[str, str, str, list[int]]]:
    """Level, code, name and six figures of every line of the tree."""
    lines: list[tuple[str, str, str, list[int]]] = []
    open_path: tuple[str, ...] = ()
    for account in fa.accounts:
        for depth in range(6):
            if account.path[: depth + 1] != open_path[: depth + 1]:
                code = printed_codes(account.path)[depth]
                own = [a.figures for a in fa.accounts if a.path[: depth + 1] == account.path[: depth + 1]]
                lines.append((LEVELS[depth], code, fa.names.get(code, f"Uraian {LEVELS[depth]} {code}"), add(own)))
                open_path = account.path[: depth + 1]
        open_path = account.path
        lines.append(
            ("akun", account.akun, fa.names.get(account.akun, f"Belanja {account.akun}"), list(account.figures))
        )
        lines += item_lines(account) if fa.item_level else []
    return lines


def item_lines(account: Account) -> list[tuple[str, str, str, list[int]]]:
    """The items of an account; two halves where the account names none."""
    names = account.items or (("Bahan habis pakai", 1), ("Bahan lain", 1))
    result, rest = [], list(account.figures)
    for number, (name, _) in enumerate(names, start=1):
        last = number == len(names)
        part = rest if last else [value // len(names) for value in account.figures[:4]]
        if not last:
            part = [*part, part[2] + part[3], part[0] - part[1] - part[2] - part[3]]
            rest = [a - b for a, b in zip(rest, part, strict=True)]
        result.append(("item", f"{number:06}", f"{number:06}. {name}", list(part)))
    return result


def fa_grid(fa: FaPrint) -> Grid:
    """The print as rows of cells: title, heading, total, tree, a footnote at the end of each page."""
    shift = ITEM_SHIFT if fa.item_level else {}
    label = "Item;" if fa.item_level else ""
    grid: Grid = {
        1: {"A": f"LAPORAN KETERSEDIAAN DANA DETAIL TA {fa.year}"},
        2: {"A": f"Per Program; Kegiatan; Output; SubOutput; Komponen; SubKomponen; Akun;{label}"},
        3: {"A": f"Periode {fa.period}"},
        4: {"A": "Kementerian\t:", "N": "026", "O": "KEMENTERIAN KETENAGAKERJAAN"},
        5: {"A": "Unit Organisasi\t", "N": "13", "O": "Ditjen Binalavotas"},
        6: {"A": "Satuan Kerja   \t:", "N": fa.satker, "O": fa.satker_name, "AB": "Hal 1 dari", "AE": " 3"},
        7: {"A": "Uraian", "Q": "Pagu Revisi", "S": "Lock Pagu", "U": f"Realisasi TA {fa.year}", "AD": "SISA ANGGARAN"},
        8: {"U": "Periode Lalu", "W": "Periode Ini", "X": "s.d. Periode ", "AA": "%"},
        9: {"A": "JUMLAH SELURUHNYA", **figure_cells(add([a.figures for a in fa.accounts]), TOTAL_COLUMNS, shift)},
    }
    row = 10
    for index, (level, code, name, figures) in enumerate(fa_lines(fa), start=1):
        cells = {NAME_COLUMNS[level]: name} | figure_cells(figures, DETAIL_COLUMNS, shift)
        if level != "item":
            cells[CODE_COLUMNS[level]] = code
        if index % fa.page_rows == 0:
            row = end_page(grid, row, fa, (level, cells))
        else:
            grid[row] = cells
            row += 1
    grid[row] = {"B": FOOTNOTE}
    return grid


def end_page(grid: Grid, row: int, fa: FaPrint, line: tuple[str, dict[str, str | float]]) -> int:
    """A line, the footnote, and, where the name crosses the page, the line again without previous and current."""
    level, cells = line
    shift = ITEM_SHIFT if fa.item_level else {}
    grid[row], grid[row + 1] = cells, {"B": FOOTNOTE}
    if not fa.split_names or level == "item":
        return row + 2
    first, _, second = str(cells[NAME_COLUMNS[level]]).rpartition(" ")
    again = dict(cells) | {NAME_COLUMNS[level]: second}
    for column in ("V", "W"):
        again.pop(shift.get(column, column), None)
    grid[row] = cells | {NAME_COLUMNS[level]: f"{first} "}
    grid[row + 2] = again
    return row + 3


def figure_cells(figures: Sequence[int], columns: Sequence[str], shift: Mapping[str, str]) -> dict[str, str | float]:
    pagu, lock, previous, current, done, rest = (float(value) for value in figures)
    values = (pagu, lock, previous, current, done, done / pagu if pagu else 0.0, rest)
    return {shift.get(column, column): value for column, value in zip(columns, values, strict=True)}


def write_grid(path: Path, grid: Grid, sheet: str = SHEET, *, blank_cells: bool = False) -> Path:
    """Writes a grid as a workbook. `blank_cells` fills each row with formatted empty cells as SAKTI does."""
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        page = book.add_worksheet(sheet)
        frame = book.add_format({"border": 1})
        for row, cells in grid.items():
            if blank_cells:
                for column in range(34):
                    page.write_blank(row - 1, column, None, frame)
            for letters, value in cells.items():
                page.write(f"{letters}{row}", value, frame)
    return path


def write_fa_xlsx(path: Path, fa: FaPrint, *, blank_cells: bool = False) -> Path:
    """FA Detail as SAKTI prints it."""
    return write_grid(path, fa_grid(fa), blank_cells=blank_cells)


def dots(value: float) -> str:
    """An amount as the CSV print writes it."""
    return f"{value:,.0f}".replace(",", ".")


def write_fa_csv(path: Path, fa: FaPrint, encoding: str = "utf-8") -> Path:
    """The CSV print: semicolons, dots and decimal commas, empty fields as indentation."""
    depth = {level: index for index, level in enumerate((*LEVELS, "akun", "item"), start=1)}
    rows: list[list[str]] = []
    for number, cells in sorted(fa_grid(fa).items()):
        if number < 9:
            rows.append([str(value) for value in cells.values()])
    total = add([a.figures for a in fa.accounts])
    rows.append(["JUMLAH SELURUHNYA", *[""] * 9, *csv_figures(total)])
    for level, code, name, figures in fa_lines(fa):
        indent = [""] * depth[level]
        text = [name] if level == "item" else [code, name]
        rows.append([*indent, *text, *[""] * (10 - len(indent) - len(text)), *csv_figures(figures)])
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(rows)
    return path


def csv_figures(figures: Sequence[int]) -> list[str]:
    pagu, lock, previous, current, done, rest = figures
    share = f"{done / pagu * 100 if pagu else 0:.2f}".replace(".", ",")
    return [dots(pagu), dots(lock), dots(previous), dots(current), dots(done), share, dots(rest)]


def coa_of(record: Mapping[str, object], authority: str = "3", location: str = "1100") -> str:
    """The sixteen segments that agree with a payment record."""
    one = {key: str(value) for key, value in record.items()}
    return ".".join((
        one["KDSATKER"], "029", one["KODE_AKUN"], f"02613{one['KODE_PROGRAM']}",
        one["KODE_KEGIATAN"] + one["KODE_OUTPUT"], "A000000001", "00000", authority, location, "2", "000000", "000000",
        one["KODE_SUBOUTPUT"],
        one["KODE_KOMPONEN"], one["KODE_SUBKOMPONEN"], one["KODE_ITEM"],
    ))  # fmt: skip


def payment_record(**changes: object) -> dict[str, object]:
    """One line of MonSAKTI realisasi."""
    record: dict[str, object] = {
        "KDSATKER": "119073", "KODE_KEMENTERIAN": "026", "KD_JNS_SPP": "231", "NO_SPP": "00001T",
        "TGL_SPP": "2022-03-01", "NO_SPM": "00001A/119073/2022", "TGL_SPM": "2022-03-02",
        "NO_SP2D": "220290000000001", "TGL_SP2D": "2022-03-03",
        "URAIAN": "Pembayaran bahan pelatihan", "KODE_COA": "", "KODE_PROGRAM": "DL", "KODE_KEGIATAN": "2175",
        "KODE_OUTPUT": "SCH", "KODE_SUBOUTPUT": "001", "KODE_KOMPONEN": "051", "KODE_SUBKOMPONEN": "0A",
        "KODE_AKUN": "521211", "KODE_ITEM": "000301", "MATA_UANG": "IDR", "KURS": "1", "NILAI_VALAS": "0",
        "NILAI_RUPIAH": 1_250_000, "STATUS_DATA": "Upload SP2D",
    }  # fmt: skip
    record["KODE_COA"] = coa_of(record | {k: v for k, v in changes.items() if k != "KODE_COA"})
    return record | changes


def budget_record(**changes: object) -> dict[str, object]:
    """One line of MonSAKTI dataAng."""
    record: dict[str, object] = {
        "KDSATKER": "119073", "KODE_PROGRAM": "DL", "KODE_KEGIATAN": "2175", "KODE_OUTPUT": "SCH", "KDIB": "00",
        "VOLUME_OUTPUT": "100", "KODE_SUBOUTPUT": "001", "VOLUME_SUBOUTPUT": "100", "KODE_KOMPONEN": "051",
        "KODE_SUBKOMPONEN": "0A", "URAIAN_SUBKOMPONEN": "Pelatihan", "KODE_AKUN": "521211", "HEADER1": 0, "HEADER2": 0,
        "KODE_ITEM": "1", "NOMOR_ITEM": 1, "CONS_ITEM": 301, "URAIAN_ITEM": "Bahan pelatihan", "SUMBER_DANA": "A",
        "VOLKEG": "12.5", "SATKEG": "PKT", "HARGASAT": "960000.00", "TOTAL": "12000000.00", "KODE_BLOKIR": "",
        "NILAI_BLOKIR": "0.00", "KODE_STS_HISTORY": "B00",
    }  # fmt: skip
    record |= {f"POK_NILAI_{month}": "1000000.00" for month in range(1, 13)}
    return record | changes


def output_record(**changes: object) -> dict[str, object]:
    """One line of MonSAKTI capaianRO."""
    record: dict[str, object] = {
        "KODE_KEMENTERIAN": "026", "KODE_UNIT": "13", "KDSATKER": "119073", "SUB_OUTPUT_KODE": "026.13.DL.2175.SCH.001",
        "KODE_PERIODE": "2022-03", "STATUS": "Terkirim", "RENCANA_SUB_OUTPUT": "100.0000", "SATUAN_SUB_OUTPUT": "Orang",
        "PENAMBAHAN_REALISASI_VOLUME_RO": "10.0000", "TOTAL_REALISASI_SUB_OUTPUT": "30.0000",
        "PENAMBAHAN_PROGRESS_CAPAIAN_RO": "12.5", "TOTAL_PROGRESS_CAPAIAN_RO": "40", "BUKTI_DOKUMEN": "laporan.pdf",
        "REFERENSI_KETERANGAN": "", "REFERENSI": "02", "KETERANGAN": "", "RO_STRATEGIS": "Tidak",
        "ANGGARAN_BELANJA": "10000000", "REALISASI_BELANJA": "2500000", "PENGEMBALIAN_BELANJA": "0", "PERSEN_GAP": "0",
        "REVISI_DIPA_KE": "1",
    }  # fmt: skip
    return record | changes


def satker_record(**changes: object) -> dict[str, object]:
    """One line of MonSAKTI refAdmin."""
    record: dict[str, object] = {
        "KODE_KEMENTERIAN": "026", "KODE_UNIT": "13", "KDSATKER": "119073", "DESKRIPSI": "DINAS CONTOH",
        "KODE_KAB_KOTA": "1151", "URAIAN_KODE_KAB_KOTA": "KOTA CONTOH", "KODE_KEWENANGAN": "3",
        "URAIAN_KEWENANGAN": "DEKONSENTRASI", "KODE_KPPN": "029", "NAMA_KPPN": "C O N T O H",
    }  # fmt: skip
    return record | changes


def write_json(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    return path


def write_csv(
    path: Path, records: Sequence[Mapping[str, object]], delimiter: str = ",", encoding: str = "utf-8"
) -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, list(records[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(records)
    return path


def write_table(path: Path, rows: Sequence[Sequence[object]], sheet: str = "Worksheet") -> Path:
    """Rows of cells as a workbook."""
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False, "nan_inf_to_errors": True}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return path


def write_records_xlsx(path: Path, records: Sequence[Mapping[str, object]]) -> Path:
    return write_table(path, [list(records[0]), *[list(record.values()) for record in records]])


SP2D_HEADER = (
    "No.", "No. SPP/SPM", "Jenis SPP/SPM", "Tanggal SPP", "Tanggal SPM", "No. SP2D", "Tanggal SP2D", "Uraian SPP/SPM",
    "Jumlah Pengeluaran", "Jumlah Potongan", "Jumlah Pembayaran", "Status SP2D",
)  # fmt: skip


def sp2d_cells(
    number: int = 1, gross: str = "12.500.000", cut: str = "500.000", net: str = "12.000.000"
) -> list[object]:
    return [
        number, f"{number:05}T/119073/2022", "311 - UANG PERSEDIAAN", "01-03-2022", "02-03-2022",
        f"'2202900000{number:05}",
        "03 Maret 2022", "Pembayaran", gross, cut, net, "SP2D Terbit",
    ]  # fmt: skip


def write_sp2d_xlsx(path: Path, rows: Sequence[Sequence[object]], header_row: int = 1) -> Path:
    """MyIntress Monitoring SPP, SPM, dan SP2D; the header stands on row 1, 2 or 3."""
    title = [["MONITORING SPP, SPM, DAN SP2D"], ["Satuan Kerja : 119073 - DINAS CONTOH"]][: header_row - 1]
    return write_table(path, [*title, SP2D_HEADER, *rows])


DETAIL_HEADER = (
    "Kode Satker", "No. SPP/SPM", "No. SP2D", "Tanggal SP2D", "COA", "Mata Uang", "Kurs", "Akun Pengeluaran",
    "Jumlah Pengeluaran", "Akun Potongan", "Jumlah Potongan",
)  # fmt: skip
DETAIL_GROUPS = (
    "Kode Satker",
    "No. SPP/SPM",
    "No. SP2D",
    "Tanggal SP2D",
    "COA",
    "Mata Uang",
    "Kurs",
    "Pengeluaran",
    "",
    "Potongan",
    "",
)
DETAIL_BELOW = ("", "", "", "", "", "", "", "Akun", "Jumlah", "Akun", "Jumlah")


def detail_cells(**changes: object) -> list[object]:
    """One line of MyIntress Detail Pengeluaran dan Potongan."""
    record = payment_record()
    cells: dict[str, object] = {
        "satker": "119073", "spp": "00001T/119073/2022", "sp2d": "'220290000000001", "on": "03/03/2022",
        "coa": record["KODE_COA"], "currency": "IDR", "rate": 1, "akun": "521211", "amount": "1.250.000",
        "cut_akun": "", "cut": "",
    }  # fmt: skip
    return list((cells | changes).values())


def write_detail_xlsx(path: Path, rows: Sequence[Sequence[object]], *, two_lines: bool = False) -> Path:
    """MyIntress Detail: sheet Data, header on row 5 (or in two lines, groups above)."""
    header = [DETAIL_GROUPS, DETAIL_BELOW] if two_lines else [DETAIL_HEADER]
    title: list[list[object]] = [["DETAIL PENGELUARAN DAN POTONGAN SPP/SPM/SP2D"], [], [], []]
    return write_table(path, [*title, *header, *rows], "Data")
