"""Lists of SP2D: MyIntress (with and without account detail), the print of a KPPN, the table of OM-SPAN."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from dekon.budget.imports.coa import compare_with_coa, read_coa
from dekon.budget.imports.fields import FieldReader, Issue, read_code
from dekon.budget.imports.layout import Field, Layout, RawRow, is_total, place_of, raw_rows
from dekon.budget.imports.log import FindingLog
from dekon.budget.imports.options import ReadOptions
from dekon.budget.imports.rows import (
    MAX_DESCRIPTION,
    MAX_KIND_NAME,
    MAX_SPP_NO,
    MAX_STATUS,
    AnyRow,
    CodePlace,
    ParsedFile,
    PaymentRow,
    SatkerFacts,
    Sp2dRow,
)
from dekon.budget.imports.values import clean_text, clipped
from dekon.lib.sheets import Row, TableBook

SP2D_FIELDS = (
    Field("satker", ("SATKER", "KODE_SATKER", "KDSATKER")),
    Field("satker_name", ("NAMA_SATKER",)),
    Field("spp_no", ("NO_SPP_SPM", "NOMOR_SPP_SPM", "NO_SPP", "NO_SPM", "NOMOR_SPM")),
    Field("invoice", ("NOMOR_INVOICE", "NO_INVOICE", "INVOICE")),
    Field("spp_kind", ("JENIS_SPP_SPM", "JENIS_SPP", "JENIS_SPM")),
    Field("spp_on", ("TANGGAL_SPP", "TGL_SPP", "TANGGAL_INVOICE", "TGL_INVOICE")),
    Field("spm_on", ("TANGGAL_SPM", "TGL_SPM")),
    Field("sp2d_no", ("NO_SP2D", "NOMOR_SP2D"), required=True),
    Field("sp2d_on", ("TANGGAL_SP2D", "TGL_SP2D"), required=True),
    Field("description", ("URAIAN_SPP_SPM", "URAIAN", "DESCRIPTION", "DESKRIPSI")),
    Field("currency", ("MATA_UANG",)),
    Field("gross_rp", ("JUMLAH_PENGELUARAN", "NILAI_SPM", "NILAI_PENGELUARAN")),
    Field("deduction_rp", ("JUMLAH_POTONGAN", "POTONGAN", "NILAI_POTONGAN")),
    Field("net_rp", ("JUMLAH_PEMBAYARAN", "NILAI_SP2D", "NILAI_PEMBAYARAN"), required=True),
    Field("status", ("STATUS_SP2D", "STATUS")),
)
DETAIL_FIELDS = (
    Field("satker", ("KODE_SATKER", "SATKER", "KDSATKER")),
    Field("spp_no", ("NO_SPP_SPM", "NOMOR_SPP_SPM", "NO_SPP", "NO_SPM", "NOMOR_SPM"), required=True),
    Field("spp_kind", ("JENIS_SPP_SPM", "JENIS_SPP", "JENIS_SPM")),
    Field("spp_on", ("TANGGAL_SPP", "TGL_SPP")),
    Field("spm_on", ("TANGGAL_SPM", "TGL_SPM")),
    Field("sp2d_no", ("NO_SP2D", "NOMOR_SP2D"), required=True),
    Field("sp2d_on", ("TANGGAL_SP2D", "TGL_SP2D"), required=True),
    Field("description", ("URAIAN_SPP_SPM", "URAIAN", "DESKRIPSI")),
    Field("coa", ("COA", "KODE_COA", "SEGMEN_COA", "COA_16_SEGMEN", "16_SEGMEN", "KODE_16_SEGMEN"), required=True),
    Field("currency", ("MATA_UANG",)),
    Field("rate", ("KURS", "NILAI_KURS")),
    Field("akun", ("AKUN_PENGELUARAN", "KODE_AKUN_PENGELUARAN", "PENGELUARAN_AKUN", "PENGELUARAN_KODE_AKUN", "AKUN")),
    Field(
        "amount",
        ("JUMLAH_PENGELUARAN", "NILAI_PENGELUARAN", "PENGELUARAN_JUMLAH", "PENGELUARAN_NILAI", "PENGELUARAN"),
        required=True,
    ),
    Field("rupiah", ("NILAI_RUPIAH", "EKUIVALEN_RUPIAH", "NILAI_EKUIVALEN_RUPIAH", "JUMLAH_RUPIAH")),
    Field("deduction_akun", ("AKUN_POTONGAN", "KODE_AKUN_POTONGAN", "POTONGAN_AKUN", "POTONGAN_KODE_AKUN")),
    Field("deduction_rp", ("JUMLAH_POTONGAN", "NILAI_POTONGAN", "POTONGAN_JUMLAH", "POTONGAN_NILAI", "POTONGAN")),
    Field("status", ("STATUS_SP2D", "STATUS")),
)
KIND = re.compile(r"(\d{3})\s*-\s*(.*)")
INVOICE = re.compile(r"(?P<number>[^/]+)/(?P<satker>\d{6})/(?P<year>20\d{2})")
SATKER_LINE = re.compile(
    r"(?:Satuan Kerja|Satker)\b[^:\d]*:?\s*(?P<code>\d{6})\b\s*[-:]?\s*(?P<name>.*)", re.IGNORECASE
)
RUPIAH = frozenset({"", "IDR", "RP", "RUPIAH"})


@dataclass(slots=True)
class ListReader:
    """What both kinds of list share: the fields, the satker above the header, sums for the total row."""

    fields: FieldReader
    satker: str
    totals: dict[str, int] = field(default_factory=dict)
    last_row: int = 0

    def add(self, **amounts_rp: int) -> None:
        """Adds a row to the sums that a total row is compared with."""
        for name, amount in amounts_rp.items():
            self.totals[name] = self.totals.get(name, 0) + amount

    def check_total(self, raw: RawRow, names: dict[str, str]) -> None:
        """Compares a total row with the rows above it.

        Args:
            names: field of the table → name of the sum.
        """
        cells = dict(zip([spec.name for spec in self.fields.layout.fields], raw.cells, strict=True))
        for name, total in names.items():
            stated = self.fields.optional_rupiah(raw.row, name, cells[name]) if clean_text(cells[name]) else None
            counted = self.totals.get(total, 0)
            if stated is not None and stated != counted:
                self.fields.log.wrong(
                    "list-total-differs", row=raw.row, column=self.fields.layout.columns[name], value=stated,
                    stated=stated, counted=counted, difference=stated - counted,
                )  # fmt: skip

    def whose(self, row: int, cell: object, invoice_satker: str) -> str:
        """The satker of a row: its own column, the invoice number, the line above the table, or the user's answer."""
        issues: list[Issue] = []
        own = read_code(issues, "satker", cell, optional=True)
        for issue in issues:
            self.fields.report(row, issue)
        if own and invoice_satker and own != invoice_satker:
            self.fields.error(row, "satker", "row-satker-differs", own, asked=invoice_satker)
        found = own or invoice_satker or self.satker
        if not found and not issues:
            self.fields.error(row, "sp2d_no", "sp2d-satker-missing")
        elif self.satker and found and found != self.satker:
            self.fields.error(row, "satker", "row-satker-differs", found, asked=self.satker)
        return found


def open_list[RowT: AnyRow](
    book: TableBook, parsed: ParsedFile[RowT], layout: Layout, options: ReadOptions, head: list[Row]
) -> ListReader:
    """Prepares the reading of a list; the satker may stand in a line above the header."""
    log = FindingLog(parsed.sheet, book.findings, book.record_path)
    for header in layout.twice:
        log.wrong("header-twice", row=layout.header_row or None, value=header)
    found = ""
    for number, row in enumerate(head[: layout.header_row], start=1):
        line = " ".join(" ".join(clean_text(cell) for cell in row).split())
        if match := SATKER_LINE.search(line):
            found = match["code"]
            parsed.code_places["satker", found] = place_of(row, number, found)
            parsed.satker_facts[found] = SatkerFacts("", "", "", match["name"].strip(" -:")[:MAX_KIND_NAME])
    if options.satker and not found and "satker" not in layout.columns:
        parsed.code_places["satker", options.satker] = CodePlace("", None, "", options.satker)
    if found and options.satker and found != options.satker:
        log.wrong("file-satker-differs", found=found, asked=options.satker)
    return ListReader(FieldReader(log, layout), options.satker or found)


def read_sp2d_list(
    book: TableBook, parsed: ParsedFile[Sp2dRow], layout: Layout, options: ReadOptions, head: list[Row]
) -> Iterator[Sp2dRow]:
    """SP2D of a list without account detail."""
    reader = open_list(book, parsed, layout, options, head)
    only_net = "gross_rp" not in layout.columns
    if only_net:
        reader.fields.log.remark("sp2d-only-net")
    names: dict[str, str] = {name: name for name in ("gross_rp", "deduction_rp", "net_rp") if name in layout.columns}
    read = 0
    for raw in raw_rows(book, parsed.sheet, layout, reader.fields.log):
        if is_total(raw.cells) or is_sum_below(raw, layout):
            reader.check_total(raw, names)
            continue
        read += 1
        row = make_sp2d(reader, raw, only_net=only_net)
        reader.add(gross_rp=row.gross_rp, deduction_rp=row.deduction_rp, net_rp=row.net_rp)
        note(parsed, row.satker, row.sp2d_on.year if row.sp2d_on else None, clean_text(raw.cells[1]))
        yield row
    close(parsed, reader, read)


def is_sum_below(raw: RawRow, layout: Layout) -> bool:
    """Whether a line holds nothing but amounts: the sum under a list, written without a word."""
    filled = {spec.name for spec, cell in zip(layout.fields, raw.cells, strict=True) if cell is not None and cell != ""}
    return bool(filled) and filled <= {"gross_rp", "deduction_rp", "net_rp", "amount", "rupiah"}


def note[RowT: AnyRow](parsed: ParsedFile[RowT], satker: str, year: int | None, name: str = "") -> None:
    """Keeps the year of the first payment and the names of satker."""
    parsed.fiscal_year = parsed.fiscal_year or year
    if satker and (name or satker not in parsed.satker_facts):
        parsed.satker_facts[satker] = SatkerFacts("", "", "", name)


def close[RowT: AnyRow](parsed: ParsedFile[RowT], reader: ListReader, read: int) -> None:
    """Ends a list."""
    parsed.counts["read"] = read
    if not read:
        reader.fields.log.wrong("file-no-rows")
    reader.fields.log.close()


def make_sp2d(reader: ListReader, raw: RawRow, *, only_net: bool) -> Sp2dRow:
    """One SP2D from its cells."""
    row, fields = raw.row, reader.fields
    (satker, _, spp_no, invoice, kind, spp_on, spm_on, number, paid_on, text, currency, gross, cut, net, status) = (
        raw.cells
    )
    invoice_text = clean_text(invoice) or clean_text(spp_no)
    match = INVOICE.fullmatch(invoice_text.lstrip("'"))
    code, kind_name = spp_kind(kind)
    if clean_text(currency).upper() not in RUPIAH:
        fields.error(row, "currency", "sp2d-foreign-currency", currency)
    net_rp = fields.rupiah(row, "net_rp", net)
    gross_rp = net_rp if only_net else fields.rupiah(row, "gross_rp", gross)
    deduction_rp = fields.optional_rupiah(row, "deduction_rp", cut)
    if deduction_rp is None:
        deduction_rp = gross_rp - net_rp
    if gross_rp - deduction_rp != net_rp:
        fields.error(row, "net_rp", "sp2d-net-differs", net_rp, gross=str(gross_rp), deduction=str(deduction_rp))
    sp2d_no, sp2d_on = fields.sp2d_number(row, "sp2d_no", number), fields.day(row, "sp2d_on", paid_on)
    if sp2d_no and sp2d_on is None and not clean_text(paid_on):
        fields.error(row, "sp2d_on", "sp2d-date-missing")
    return Sp2dRow(
        row, reader.whose(row, satker, match["satker"] if match else ""),
        fields.text(row, "spp_no", match["number"] if match else invoice_text, MAX_SPP_NO), code, kind_name,
        fields.day(row, "spp_on", spp_on),
        fields.day(row, "spm_on", spm_on), sp2d_no, sp2d_on,
        clipped(text, MAX_DESCRIPTION), gross_rp, deduction_rp, net_rp, clipped(status, MAX_STATUS),
    )  # fmt: skip


def spp_kind(cell: object) -> tuple[str, str]:
    """Code and name of `311 - GUP`; a name alone stays a name."""
    text = clipped(cell, MAX_KIND_NAME).lstrip("'")
    match = KIND.fullmatch(text)
    if match:
        return match[1], match[2].strip()
    return (text, "") if len(text) == 3 and text.isdigit() else ("", text)


def read_payment_details(
    book: TableBook, parsed: ParsedFile[PaymentRow], layout: Layout, options: ReadOptions, head: list[Row]
) -> Iterator[PaymentRow]:
    """Account lines of SP2D (Detail Pengeluaran dan Potongan)."""
    reader = open_list(book, parsed, layout, options, head)
    names = {"amount": "amount_rp", "rupiah": "amount_rp", "deduction_rp": "deduction_rp"}
    names = {name: total for name, total in names.items() if name in layout.columns}
    if "rupiah" in names:
        del names["amount"]
    read = 0
    for raw in raw_rows(book, parsed.sheet, layout, reader.fields.log):
        if is_total(raw.cells) or is_sum_below(raw, layout):
            reader.check_total(raw, names)
            continue
        read += 1
        row = make_detail(reader, raw)
        reader.add(amount_rp=row.amount_rp, deduction_rp=row.deduction_rp)
        note(parsed, row.satker, row.sp2d_on.year if row.sp2d_on else None)
        yield row
    close(parsed, reader, read)


def make_detail(reader: ListReader, raw: RawRow) -> PaymentRow:
    """One account line from its cells; a line may carry a deduction alone."""
    row, fields = raw.row, reader.fields
    cell = dict(zip([spec.name for spec in DETAIL_FIELDS], raw.cells, strict=True))
    issues: list[Issue] = []
    coa = read_coa(issues, "coa", cell["coa"])
    akun = read_code(issues, "akun", cell["akun"], optional=True)
    deduction_akun = read_code(issues, "deduction_akun", cell["deduction_akun"], shape_of="akun", optional=True)
    if coa is None and not issues:
        issues.append(Issue(False, "value-missing", "coa", ""))
    amount_rp = detail_amount(fields, row, cell)
    if coa is not None and akun:
        compare_with_coa(issues, coa, {"akun": akun})
    for issue in issues:
        fields.report(row, issue)
    invoice = clean_text(cell["spp_no"]).lstrip("'")
    match = INVOICE.fullmatch(invoice)
    satker = reader.whose(row, cell["satker"], coa.satker if coa else (match["satker"] if match else ""))
    code, kind_name = spp_kind(cell["spp_kind"])
    number, paid_on = fields.sp2d_number(row, "sp2d_no", cell["sp2d_no"]), fields.day(row, "sp2d_on", cell["sp2d_on"])
    if number and paid_on is None and not clean_text(cell["sp2d_on"]):
        fields.error(row, "sp2d_on", "sp2d-date-missing")
    path = (coa.program, coa.kegiatan, coa.kro, coa.ro, coa.komponen, coa.subkomponen) if coa else ("",) * 6
    spent = akun or (coa.akun if coa and "akun" not in fields.layout.columns else "")
    return PaymentRow(
        row, satker, code, kind_name,
        fields.text(row, "spp_no", match["number"] if match else invoice, MAX_SPP_NO),
        fields.day(row, "spp_on", cell["spp_on"]),
        "", fields.day(row, "spm_on", cell["spm_on"]), number, paid_on, clipped(cell["description"], MAX_DESCRIPTION),
        coa.text if coa else "", *path, spent, coa.item if coa else "", coa.authority if coa else "",
        coa.location if coa else "", amount_rp, clipped(cell["status"], MAX_STATUS),
        clean_text(cell["currency"]).upper()[:3] or "IDR",
        deduction_akun, fields.optional_rupiah(row, "deduction_rp", cell["deduction_rp"]) or 0,
    )  # fmt: skip


def detail_amount(fields: FieldReader, row: int, cell: dict[str, object]) -> int:
    """The rupiah value of the expenditure of a line; zero only where the line carries a deduction alone."""
    currency = clean_text(cell["currency"]).upper()
    if clean_text(cell["rupiah"]):
        return fields.rupiah(row, "rupiah", cell["rupiah"])
    if not clean_text(cell["amount"]):
        if not clean_text(cell["deduction_rp"]):
            fields.error(row, "amount", "value-missing")
        return 0
    if currency in RUPIAH:
        return fields.rupiah(row, "amount", cell["amount"])
    amount = fields.decimal(row, "amount", cell["amount"], grouped_thousands=True)
    rate = fields.decimal(row, "rate", cell["rate"], grouped_thousands=False)
    if amount is None or rate is None:
        fields.error(row, "rate", "sp2d-foreign-currency", cell["currency"])
        return 0
    fields.warn(row, "amount", "amount-rounded", cell["amount"], currency=currency)
    return int((amount * rate).quantize(Decimal(1), ROUND_HALF_UP))
