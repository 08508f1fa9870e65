"""Lists of contracts, bills, advances, dispensations, output reports and targets of RO, as satker keep them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from dekon.budget.choices import RECORD_FIELDS, RECORD_OPTIONAL, RecordKind
from dekon.budget.imports.fields import FieldReader, Issue, read_code
from dekon.budget.imports.layout import Field, Layout, RawRow, is_total, raw_rows
from dekon.budget.imports.log import FindingLog
from dekon.budget.imports.monsakti import ro_path
from dekon.budget.imports.options import ReadOptions
from dekon.budget.imports.rows import ExecutionRow, FileKind, ParsedFile
from dekon.budget.imports.values import MONTHS, clean_text
from dekon.lib.sheets import TableBook

MAX_NUMBER = 60
FULL = 100
PLACE = (
    Field("satker", ("KODE_SATKER", "KDSATKER", "SATKER"), required=True),
    Field("fiscal_year", ("TAHUN_ANGGARAN", "TAHUN", "TA"), required=True),
)
RECORD_LAYOUTS: Mapping[RecordKind, tuple[Field, ...]] = {
    RecordKind.CONTRACT: (
        *PLACE,
        Field("number", ("NOMOR_KONTRAK", "NO_KONTRAK"), required=True),
        Field("akun", ("AKUN", "KODE_AKUN"), required=True),
        Field("amount_rp", ("NILAI_KONTRAK",), required=True),
        Field("dated_on", ("TANGGAL_KONTRAK", "TGL_KONTRAK"), required=True),
        Field("arrived_on", ("TANGGAL_DAFTAR_KPPN", "TGL_DAFTAR_KPPN")),
        Field("paid_on", ("TANGGAL_SP2D", "TGL_SP2D")),
    ),
    RecordKind.BILL: (
        *PLACE,
        Field("number", ("NOMOR_SPM", "NO_SPM"), required=True),
        Field("dated_on", ("TANGGAL_BAST", "TGL_BAST", "TANGGAL_BAST_BAPP"), required=True),
        Field("arrived_on", ("TANGGAL_DITERIMA_KPPN", "TGL_DITERIMA_KPPN")),
    ),
    RecordKind.ADVANCE: (
        *PLACE,
        Field("move", ("JENIS_UP_TUP", "JENIS_UP"), required=True),
        Field("number", ("NOMOR_DOKUMEN", "NO_DOKUMEN"), required=True),
        Field("dated_on", ("TANGGAL_DOKUMEN", "TGL_DOKUMEN"), required=True),
        Field("amount_rp", ("NILAI", "JUMLAH"), required=True),
    ),
    RecordKind.DISPENSATION: (
        *PLACE,
        Field("number", ("NOMOR_SPM_DISPENSASI", "NO_SPM_DISPENSASI"), required=True),
        Field("dated_on", ("TANGGAL_SPM", "TGL_SPM"), required=True),
    ),
    RecordKind.REPORT: (
        *PLACE,
        Field("month", ("BULAN_LAPORAN",), required=True),
        Field("dated_on", ("TANGGAL_KIRIM", "TGL_KIRIM"), required=True),
    ),
    RecordKind.RO_TARGET: (
        *PLACE,
        Field("ro", ("KODE_RO", "RO"), required=True),
        Field("month", ("BULAN",), required=True),
        Field("percent", ("TARGET_PROGRES", "TPCRO"), required=True),
    ),
}
RECORD_TABLES: tuple[tuple[FileKind, tuple[Field, ...]], ...] = (
    ("kontrak", RECORD_LAYOUTS[RecordKind.CONTRACT]),
    ("tagihan", RECORD_LAYOUTS[RecordKind.BILL]),
    ("up-tup", RECORD_LAYOUTS[RecordKind.ADVANCE]),
    ("dispensasi-spm", RECORD_LAYOUTS[RecordKind.DISPENSATION]),
    ("laporan-capaian", RECORD_LAYOUTS[RecordKind.REPORT]),
    ("target-ro", RECORD_LAYOUTS[RecordKind.RO_TARGET]),
)
MOVES: Mapping[str, str] = {
    "up": "up", "gup": "gup", "gup nihil": "gup", "tup": "tup", "ptup": "ptup", "setoran": "setoran",
    "setoran tup": "setoran", "setoran sisa tup": "setoran",
}  # fmt: skip


def read_records(
    book: TableBook, parsed: ParsedFile[ExecutionRow], layout: Layout, options: ReadOptions
) -> Iterator[ExecutionRow]:
    """The lines of a list; a thing that stands there twice is told with its first line."""
    fields = FieldReader(FindingLog(parsed.sheet, book.findings, book.record_path), layout)
    kind = RecordKind(parsed.kind)
    seen: dict[tuple[object, ...], int] = {}
    for header in layout.twice:
        fields.log.wrong("header-twice", row=layout.header_row or None, value=header)
    for raw in raw_rows(book, parsed.sheet, layout, fields.log):
        if is_total(raw.cells):
            continue
        record = make_record(fields, raw, kind)
        key = (record.satker, record.fiscal_year, record.number, record.move, record.ro, record.month)
        if key in seen:
            fields.error(raw.row, "satker", "row-repeated", record.number or record.ro, first=str(seen[key]))
        seen.setdefault(key, raw.row)
        if options.satker and record.satker and record.satker != options.satker:
            fields.error(raw.row, "satker", "row-satker-differs", record.satker, asked=options.satker)
        if options.fiscal_year and record.fiscal_year and record.fiscal_year != options.fiscal_year:
            fields.error(
                raw.row, "fiscal_year", "record-year-differs", str(record.fiscal_year), asked=str(options.fiscal_year)
            )
        parsed.fiscal_year = parsed.fiscal_year or record.fiscal_year
        yield record
    parsed.counts["read"] = len(seen)
    if not seen:
        fields.log.wrong("file-no-rows")
    fields.log.close()


def make_record(fields: FieldReader, raw: RawRow, kind: RecordKind) -> ExecutionRow:
    """One record from its cells; a blank where something must stand is an error."""
    row = raw.row
    cell = dict(zip([spec.name for spec in RECORD_LAYOUTS[kind]], raw.cells, strict=True))
    issues: list[Issue] = []
    satker = read_code(issues, "satker", cell["satker"])
    akun = read_code(issues, "akun", cell["akun"]) if "akun" in cell else ""
    ro = ".".join(ro_path(issues, cell["ro"])[1:]) if "ro" in cell else ""
    for issue in issues:
        fields.report(row, issue)
    own = {"satker", "akun", "ro", "fiscal_year"}
    for name in RECORD_FIELDS[kind]:
        if name not in own and name not in RECORD_OPTIONAL and not clean_text(cell[name]):
            fields.error(row, name, "value-missing")
    amount_rp = fields.optional_rupiah(row, "amount_rp", cell.get("amount_rp"))
    if amount_rp is not None and amount_rp <= 0:
        fields.error(row, "amount_rp", "record-amount-not-positive", cell["amount_rp"])
    return ExecutionRow(
        row, satker, year_of(fields, row, cell["fiscal_year"]),
        fields.text(row, "number", cell.get("number"), MAX_NUMBER), move_of(fields, row, cell.get("move")), akun,
        ro.strip("."), month_of(fields, row, cell.get("month")), amount_rp,
        percent_of(fields, row, cell.get("percent")), *days_of(fields, row, cell),
    )  # fmt: skip


def days_of(fields: FieldReader, row: int, cell: Mapping[str, object]) -> tuple[date | None, date | None, date | None]:
    """The three days, the later ones not before the first."""
    dated_on = fields.day(row, "dated_on", cell.get("dated_on"))
    arrived_on, paid_on = (fields.day(row, name, cell.get(name)) for name in ("arrived_on", "paid_on"))
    for name, day in (("arrived_on", arrived_on), ("paid_on", paid_on)):
        if day and dated_on and day < dated_on:
            fields.error(row, name, "record-days-reversed", cell[name], on=day.isoformat(), first=dated_on.isoformat())
    return dated_on, arrived_on, paid_on


def year_of(fields: FieldReader, row: int, raw: object) -> int | None:
    """A fiscal year of four digits."""
    text = clean_text(raw).removesuffix(".0")
    if text.isascii() and text.isdigit() and len(text) == 4:
        return int(text)
    fields.error(row, "fiscal_year", "record-year-wrong", raw)
    return None


def month_of(fields: FieldReader, row: int, raw: object) -> int | None:
    """A month by its number or name; None where the list has none."""
    text = clean_text(raw).removesuffix(".0").lower()
    if not text:
        return None
    month = int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else MONTHS.get(text, 0)
    if 1 <= month <= 12:
        return month
    fields.error(row, "month", "period-invalid", raw)
    return None


def move_of(fields: FieldReader, row: int, raw: object) -> str:
    """What happens to an advance; empty where the list does not speak of advances."""
    text = " ".join(clean_text(raw).lower().split())
    if text and text not in MOVES:
        fields.error(row, "move", "record-move-unknown", raw, known=", ".join(MOVES))
    return MOVES.get(text, "")


def percent_of(fields: FieldReader, row: int, raw: object) -> Decimal | None:
    """Percent, 0 to 100."""
    value = fields.decimal(row, "percent", raw)
    if value is not None and not 0 <= value <= FULL:
        fields.error(row, "percent", "record-percent-wrong", raw)
        return None
    return value
