"""MonSAKTI's web service as saved files (JSON or CSV): payments, output achievement and the satker master."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from dekon.budget.imports.coa import compare_with_coa, read_coa
from dekon.budget.imports.fields import CodeMemory, FieldReader, Issue, read_code
from dekon.budget.imports.layout import Field, Layout, RawRow, raw_rows
from dekon.budget.imports.log import FindingLog
from dekon.budget.imports.options import ReadOptions
from dekon.budget.imports.rows import (
    MAX_DESCRIPTION,
    MAX_ITEM,
    MAX_KIND_NAME,
    MAX_NAME,
    MAX_SPM_NO,
    MAX_SPP_NO,
    MAX_STATUS,
    OutputRow,
    ParsedFile,
    PaymentRow,
    SatkerFacts,
    SatkerRow,
)
from dekon.budget.imports.values import MONTHS, BadValue, clean_text, clipped, code_text, decimal_number, padded
from dekon.lib.sheets import TableBook

PAID = "Upload SP2D"
RUPIAH = frozenset({"", "IDR", "RP"})

PAYMENT_FIELDS = (
    Field("satker", ("KDSATKER", "KODE_SATKER"), required=True),
    Field("ba", ("KODE_KEMENTERIAN",)),
    Field("coa", ("KODE_COA",)),
    Field("program", ("KODE_PROGRAM",), required=True),
    Field("kegiatan", ("KODE_KEGIATAN",), required=True),
    Field("kro", ("KODE_OUTPUT",), required=True),
    Field("ro", ("KODE_SUBOUTPUT",), required=True),
    Field("komponen", ("KODE_KOMPONEN",), required=True),
    Field("subkomponen", ("KODE_SUBKOMPONEN",), required=True),
    Field("akun", ("KODE_AKUN",), required=True),
    Field("item", ("KODE_ITEM",)),
    Field("spp_kind", ("KD_JNS_SPP",)),
    Field("spp_no", ("NO_SPP",)),
    Field("spp_on", ("TGL_SPP",)),
    Field("spm_no", ("NO_SPM",)),
    Field("spm_on", ("TGL_SPM",)),
    Field("sp2d_no", ("NO_SP2D",), required=True),
    Field("sp2d_on", ("TGL_SP2D",), required=True),
    Field("description", ("URAIAN",)),
    Field("currency", ("MATA_UANG",)),
    Field("amount_rp", ("NILAI_RUPIAH",), required=True),
    Field("status", ("STATUS_DATA",), required=True),
)
CODE_CELLS = slice(0, 12)

OUTPUT_FIELDS = (
    Field("satker", ("KDSATKER", "KODE_SATKER"), required=True),
    Field("unit", ("KODE_UNIT",)),
    Field("path", ("SUB_OUTPUT_KODE",), required=True),
    Field("period", ("KODE_PERIODE",), required=True),
    Field("status", ("STATUS",)),
    Field("target_volume", ("RENCANA_SUB_OUTPUT",)),
    Field("unit_name", ("SATUAN_SUB_OUTPUT",)),
    Field("added_volume", ("PENAMBAHAN_REALISASI_VOLUME_RO",)),
    Field("total_volume", ("TOTAL_REALISASI_SUB_OUTPUT",), required=True),
    Field("added_progress", ("PENAMBAHAN_PROGRESS_CAPAIAN_RO",)),
    Field("total_progress", ("TOTAL_PROGRESS_CAPAIAN_RO",), required=True),
    Field("evidence", ("BUKTI_DOKUMEN",)),
    Field("reference_code", ("REFERENSI",)),
    Field("note", ("KETERANGAN",)),
    Field("strategic", ("RO_STRATEGIS",)),
    Field("budget_rp", ("ANGGARAN_BELANJA",)),
    Field("realised_rp", ("REALISASI_BELANJA",)),
    Field("returned_rp", ("PENGEMBALIAN_BELANJA",)),
    Field("revision_no", ("REVISI_DIPA_KE",)),
)

SATKER_FIELDS = (
    Field("ba", ("KODE_KEMENTERIAN",), required=True),
    Field("unit", ("KODE_UNIT",), required=True),
    Field("satker", ("KDSATKER", "KODE_SATKER"), required=True),
    Field("name", ("DESKRIPSI",), required=True),
    Field("regency_code", ("KODE_KAB_KOTA",)),
    Field("regency_name", ("URAIAN_KODE_KAB_KOTA",)),
    Field("authority", ("KODE_KEWENANGAN",), required=True),
    Field("authority_name", ("URAIAN_KEWENANGAN",)),
    Field("kppn", ("KODE_KPPN",)),
    Field("kppn_name", ("NAMA_KPPN",)),
)

OUTPUT_NUMBERS = ("target_volume", "added_volume", "total_volume", "added_progress", "total_progress")
OUTPUT_AMOUNTS = ("budget_rp", "realised_rp", "returned_rp")
OUTPUT_TEXTS = {
    "status": MAX_STATUS, "unit_name": MAX_KIND_NAME, "evidence": MAX_NAME, "reference_code": 2,
    "note": MAX_DESCRIPTION, "strategic": MAX_STATUS,
}  # fmt: skip
MAX_PROGRESS = 1000

RO_PATH = re.compile(
    r"(?:\d{3}\.?)?(?:\d{2}\.?)?(?P<program>[A-Z]{2})?\.?(?P<kegiatan>\d{4})\.?(?P<kro>[A-Z]{3}|\d[0-9A-Z]{2})\.?(?P<ro>[0-9A-Z]{3})"
)
PERIOD = re.compile(r"(\d{4})[-/.]?(\d{2})")


class PaymentCodes(NamedTuple):
    """The codes of one payment line, in the order of `PaymentRow`."""

    satker: str
    spp_kind: str
    spp_kind_name: str
    coa: str
    program: str
    kegiatan: str
    kro: str
    ro: str
    komponen: str
    subkomponen: str
    akun: str
    item: str
    authority: str
    location: str
    facts: SatkerFacts


def start[RowT: (PaymentRow, OutputRow, SatkerRow)](
    book: TableBook, parsed: ParsedFile[RowT], layout: Layout
) -> FieldReader:
    """The reader of fields for a table, with what is wrong with its header noted."""
    log = FindingLog(parsed.sheet, book.findings, book.record_path)
    for header in layout.twice:
        log.wrong("header-twice", row=layout.header_row or None, value=header)
    return FieldReader(log, layout)


def read_payment_codes(cells: tuple[object, ...], issues: list[Issue]) -> PaymentCodes:
    """Codes of a payment line; the COA wins where both stand, and every disagreement is reported."""
    satker, ba, coa_text, *path, item, kind = cells
    coa = read_coa(issues, "coa", coa_text)
    alone = coa is None
    columns = {
        field: read_code(issues, field, cell, optional=not alone)
        for field, cell in zip(
            ("program", "kegiatan", "kro", "ro", "komponen", "subkomponen", "akun"), path, strict=True
        )
    }
    columns["satker"] = read_code(issues, "satker", satker)
    section = read_code(issues, "ba", ba, optional=True)
    kind_name = clipped(kind, MAX_KIND_NAME).strip("'")
    kind_name = kind_name if kind_name.replace(" ", "").isalpha() else ""  # `RETUR` has no number
    spp_kind = "" if kind_name else read_code(issues, "spp_kind", kind, optional=True)
    if coa is not None:
        compare_with_coa(issues, coa, {**columns, "ba": section})
        return PaymentCodes(
            coa.satker, spp_kind, kind_name, coa.text, coa.program, coa.kegiatan, coa.kro, coa.ro, coa.komponen,
            coa.subkomponen, coa.akun, coa.item, coa.authority, coa.location,
            SatkerFacts(coa.ba, coa.unit, "", "", coa.authority, coa.location, coa.kppn),
        )  # fmt: skip
    return PaymentCodes(
        columns["satker"], spp_kind, kind_name, "", columns["program"], columns["kegiatan"], columns["kro"],
        columns["ro"], columns["komponen"], columns["subkomponen"], columns["akun"], item_code(issues, item), "", "",
        SatkerFacts(section, "", "", ""),
    )  # fmt: skip


def item_code(issues: list[Issue], raw: object) -> str:
    """The item as text; its form differs between versions, so that only its type is checked."""
    try:
        return padded(code_text(raw).rpartition(".")[2], 6)[:MAX_ITEM]
    except BadValue as bad:
        issues.append(Issue(False, bad.code, "item", raw))
        return ""


def read_payments(
    book: TableBook, parsed: ParsedFile[PaymentRow], layout: Layout, options: ReadOptions
) -> Iterator[PaymentRow]:
    """Payment lines (realisasi). The year of the file is that of its first dated payment unless the user named one."""
    fields = start(book, parsed, layout)
    codes = CodeMemory(fields, read_payment_codes)
    facts, years = parsed.satker_facts, Counter[int]()
    read = 0
    for raw in raw_rows(book, parsed.sheet, layout, fields.log):
        read += 1
        known = codes.read(raw.row, raw.cells[CODE_CELLS])
        payment = make_payment(fields, raw, known)
        if known.satker not in facts:
            facts[known.satker] = known.facts
        if payment.sp2d_on is not None:
            years[payment.sp2d_on.year] += 1
            parsed.fiscal_year = parsed.fiscal_year or payment.sp2d_on.year
        if options.satker and known.satker and known.satker != options.satker:
            fields.error(raw.row, "satker", "row-satker-differs", known.satker, asked=options.satker)
        yield payment
    parsed.counts["read"] = read
    if len(years) > 1:
        listed = ", ".join(f"{year} ({count})" for year, count in sorted(years.items()))
        fields.log.remark("payments-several-years", years=listed)
    if not read:
        fields.log.wrong("file-no-rows")
    fields.log.close()


def make_payment(fields: FieldReader, raw: RawRow, codes: PaymentCodes) -> PaymentRow:
    """One payment line from its cells."""
    row, cells = raw
    (spp_no, spp_on, spm_no, spm_on, sp2d_no, sp2d_on, description, currency, amount, status) = cells[12:]
    state, money = clean_text(status), clean_text(currency).upper()
    number, paid_on = fields.sp2d_number(row, "sp2d_no", sp2d_no), fields.day(row, "sp2d_on", sp2d_on)
    if state.casefold() == PAID.casefold():
        if not number and not clean_text(sp2d_no):
            fields.error(row, "sp2d_no", "sp2d-missing")
        if paid_on is None and not clean_text(sp2d_on):
            fields.error(row, "sp2d_on", "sp2d-date-missing")
    elif not state:
        fields.error(row, "status", "value-missing")
    return PaymentRow(
        row, codes.satker, codes.spp_kind, codes.spp_kind_name, fields.text(row, "spp_no", spp_no, MAX_SPP_NO),
        fields.day(row, "spp_on", spp_on), fields.text(row, "spm_no", spm_no, MAX_SPM_NO),
        fields.day(row, "spm_on", spm_on), number, paid_on, clipped(description, MAX_DESCRIPTION), codes.coa,
        codes.program, codes.kegiatan, codes.kro, codes.ro, codes.komponen, codes.subkomponen, codes.akun, codes.item,
        codes.authority, codes.location, rupiah_of(fields, row, amount, money), state[:MAX_STATUS],
        money[:3] or "IDR", "", 0,
    )  # fmt: skip


def rupiah_of(fields: FieldReader, row: int, amount: object, currency: str) -> int:
    """The rupiah value of a line; what was paid in foreign currency may carry sen, which are rounded and reported."""
    if currency in RUPIAH:
        return fields.rupiah(row, "amount_rp", amount)
    try:
        value = decimal_number(amount, grouped_thousands=True)
    except BadValue as bad:
        fields.error(row, "amount_rp", bad.code, amount)
        return 0
    if value is None:
        fields.error(row, "amount_rp", "value-missing")
        return 0
    whole = value.quantize(Decimal(1), ROUND_HALF_UP)
    if whole != value:
        fields.warn(row, "amount_rp", "amount-rounded", amount, currency=currency)
    return int(whole)


def read_outputs(
    book: TableBook, parsed: ParsedFile[OutputRow], layout: Layout, options: ReadOptions
) -> Iterator[OutputRow]:
    """Output achievement per RO and month (capaianRO)."""
    fields = start(book, parsed, layout)
    seen: dict[tuple[str, ...], int] = {}
    read = 0
    for raw in raw_rows(book, parsed.sheet, layout, fields.log):
        read += 1
        output = make_output(fields, raw)
        key = (output.satker, output.kegiatan, output.kro, output.ro, output.period)
        if key in seen:
            fields.error(raw.row, "path", "row-repeated", ".".join(key[1:4]), first=str(seen[key]))
        seen[key] = raw.row
        if options.satker and output.satker and output.satker != options.satker:
            fields.error(raw.row, "satker", "row-satker-differs", output.satker, asked=options.satker)
        if output.period:
            parsed.fiscal_year = parsed.fiscal_year or int(output.period[:4])
        parsed.satker_facts.setdefault(output.satker, SatkerFacts("", output.unit, "", ""))
        yield output
    parsed.counts["read"] = read
    if not read:
        fields.log.wrong("file-no-rows")
    fields.log.close()


def make_output(fields: FieldReader, raw: RawRow) -> OutputRow:
    """One RO in one month from its cells."""
    row, cells = raw
    cell = dict(zip([spec.name for spec in OUTPUT_FIELDS], cells, strict=True))
    issues: list[Issue] = []
    satker = read_code(issues, "satker", cell["satker"])
    unit = read_code(issues, "unit", cell["unit"], optional=True)
    program, kegiatan, kro, ro = ro_path(issues, cell["path"])
    period = month_of(issues, cell["period"])
    for issue in issues:
        fields.report(row, issue)
    for name in ("total_volume", "total_progress"):
        if not clean_text(cell[name]):
            fields.error(row, name, "value-missing")
    revision = fields.optional_rupiah(row, "revision_no", cell["revision_no"])
    number = {name: fields.decimal(row, name, cell[name]) for name in OUTPUT_NUMBERS}
    money = {name: fields.optional_rupiah(row, name, cell[name]) or 0 for name in OUTPUT_AMOUNTS}
    text = {name: clipped(cell[name], longest) for name, longest in OUTPUT_TEXTS.items()}
    for name in ("added_progress", "total_progress"):
        value = number[name]
        if value is not None and not -MAX_PROGRESS <= value <= MAX_PROGRESS:
            fields.error(row, name, "progress-out-of-range", cell[name])
    return OutputRow(
        row, satker, unit, program, kegiatan, kro, ro, period, text["status"], number["target_volume"],
        text["unit_name"], number["added_volume"], number["total_volume"], number["added_progress"],
        number["total_progress"], text["evidence"], padded(text["reference_code"], 2), text["note"], text["strategic"],
        money["budget_rp"], money["realised_rp"], money["returned_rp"], revision,
    )  # fmt: skip


def ro_path(issues: list[Issue], raw: object) -> tuple[str, str, str, str]:
    """Program (may be empty), kegiatan, KRO and RO of `2175.BDC.001`, `DN.2175.BDC.001`, `026.04.DN.2175.BDC.001`."""
    try:
        text = code_text(raw).upper().replace(" ", "")
    except BadValue as bad:
        issues.append(Issue(False, bad.code, "path", raw))
        return "", "", "", ""
    match = RO_PATH.fullmatch(text)
    if match is None:
        issues.append(Issue(False, "ro-path-invalid" if text else "value-missing", "path", raw))
        return "", "", "", ""
    return match["program"] or "", match["kegiatan"], match["kro"], match["ro"]


def month_of(issues: list[Issue], raw: object) -> str:
    """The month `YYYY-MM` of a period cell (`2022-03`, `202203`, `Maret 2022`)."""
    text = clean_text(raw).lstrip("'")
    match = PERIOD.match(text)
    if match and 1 <= int(match[2]) <= 12:
        return f"{match[1]}-{match[2]}"
    word, _, year = text.partition(" ")
    month = MONTHS.get(word.lower())
    if month and re.fullmatch(r"20\d{2}", year.strip()):
        return f"{year.strip()}-{month:02}"
    issues.append(Issue(False, "value-missing" if not text else "period-invalid", "period", raw))
    return ""


def read_satkers(
    book: TableBook, parsed: ParsedFile[SatkerRow], layout: Layout, options: ReadOptions
) -> Iterator[SatkerRow]:
    """The master list of satker (refAdmin)."""
    fields = start(book, parsed, layout)
    seen: dict[str, int] = {}
    for raw in raw_rows(book, parsed.sheet, layout, fields.log):
        satker = make_satker(fields, raw)
        if satker.satker in seen and satker.satker:
            fields.error(raw.row, "satker", "row-repeated", satker.satker, first=str(seen[satker.satker]))
        seen[satker.satker] = raw.row
        if options.satker and satker.satker != options.satker:
            continue
        parsed.satker_facts[satker.satker] = SatkerFacts(
            satker.ba, satker.unit, "", satker.name, satker.authority, satker.regency_code, satker.kppn
        )
        parsed.counts["read"] = parsed.counts.get("read", 0) + 1
        yield satker
    if not seen:
        fields.log.wrong("file-no-rows")
    fields.log.close()


def make_satker(fields: FieldReader, raw: RawRow) -> SatkerRow:
    """One satker from its cells."""
    row, (ba, unit, satker, name, regency, regency_name, authority, authority_name, kppn, kppn_name) = raw
    issues: list[Issue] = []
    made = SatkerRow(
        row=row,
        ba=read_code(issues, "ba", ba),
        unit=read_code(issues, "unit", unit),
        satker=read_code(issues, "satker", satker),
        name=clipped(name, MAX_NAME),
        regency_code=read_code(issues, "regency_code", regency, optional=True),
        regency_name=clipped(regency_name, MAX_NAME),
        authority=read_code(issues, "authority", authority),
        authority_name=clipped(authority_name, MAX_NAME),
        kppn=read_code(issues, "kppn", kppn, optional=True),
        kppn_name=clipped(kppn_name, MAX_NAME),
    )
    if not made.name:
        issues.append(Issue(False, "value-missing", "name", name))
    for issue in issues:
        fields.report(row, issue)
    return made
