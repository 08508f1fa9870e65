"""The typed rows that readers of Treasury files yield, and what one read file looks like.

Codes are text exactly as the budget writes them (leading zeros kept, subkomponen with two characters), money is whole
rupiah, dates are dates. Rows carry the number of their line so that a finding can name the cell. What a row *means*
(what is posted to the ledger) is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple, get_args

from dekon.lib.findings import Finding

type FileKind = Literal[
    "fa-detail",
    "monsakti-dataang",
    "monsakti-realisasi",
    "monsakti-capaianro",
    "monsakti-refadmin",
    "myintress-sp2d",
    "myintress-detail",
    "kontrak",
    "tagihan",
    "up-tup",
    "dispensasi-spm",
    "laporan-capaian",
    "target-ro",
]
type Level = Literal["program", "kegiatan", "kro", "ro", "komponen", "subkomponen", "akun"]

MAX_NAME, MAX_DESCRIPTION, MAX_UNIT = 255, 400, 32
MAX_SPP_NO, MAX_SPM_NO, MAX_STATUS, MAX_KIND_NAME, MAX_ITEM = 24, 50, 40, 64, 22
"""Characters that a field of a row holds at most. Names and descriptions are cut, everything else is refused."""

FILE_KINDS: tuple[FileKind, ...] = get_args(FileKind.__value__)
LEVELS: tuple[Level, ...] = get_args(Level.__value__)


class StatementRow(NamedTuple):
    """One account line of an FA Detail print: pagu and cumulative realisation of one pos at the end of the period."""

    row: int
    satker: str
    program: str
    kegiatan: str
    kro: str
    ro: str
    komponen: str
    subkomponen: str
    akun: str
    pagu_rp: int
    lock_rp: int
    previous_rp: int
    current_rp: int
    cumulative_rp: int


class BudgetRow(NamedTuple):
    """One item of a budget (dataAng): its total, its block and its monthly withdrawal plan, in one version."""

    row: int
    satker: str
    program: str
    kegiatan: str
    kro: str
    ro: str
    komponen: str
    subkomponen: str
    akun: str
    item_code: str
    item_no: str
    description: str
    fund_source: str
    volume: Decimal | None
    unit: str
    price_rp: Decimal | None
    total_rp: int
    blocked_rp: int
    block_code: str
    version_code: str
    output_volume: Decimal | None
    ro_volume: Decimal | None
    subkomponen_name: str
    rpd_rp: tuple[int, ...]  # January … December, always twelve


class PaymentRow(NamedTuple):
    """One account line of a payment (SPP → SPM → SP2D). `amount_rp` is gross and negative for what goes back."""

    row: int
    satker: str
    spp_kind: str
    spp_kind_name: str
    spp_no: str
    spp_on: date | None
    spm_no: str
    spm_on: date | None
    sp2d_no: str
    sp2d_on: date | None
    description: str
    coa: str
    program: str
    kegiatan: str
    kro: str
    ro: str
    komponen: str
    subkomponen: str
    akun: str
    item: str
    authority: str  # 8th COA segment: 1 KP, 2 KD, 3 DK, 4 TP, 5 UB; empty where the file has no COA
    location: str  # 9th COA segment: Kemenkeu location and regency, four digits
    amount_rp: int
    status: str
    currency: str
    deduction_akun: str
    deduction_rp: int


class Sp2dRow(NamedTuple):
    """One SP2D of a list without account detail: gross is spending, net is what the payee receives."""

    row: int
    satker: str
    spp_no: str
    spp_kind: str
    spp_kind_name: str
    spp_on: date | None
    spm_on: date | None
    sp2d_no: str
    sp2d_on: date | None
    description: str
    gross_rp: int
    deduction_rp: int
    net_rp: int
    status: str


class OutputRow(NamedTuple):
    """Achievement of one RO in one month (capaianRO): volumes with four decimals, progress in percent."""

    row: int
    satker: str
    unit: str
    program: str  # empty where the file gives only kegiatan.kro.ro
    kegiatan: str
    kro: str
    ro: str
    period: str  # YYYY-MM
    status: str
    target_volume: Decimal | None
    unit_name: str
    added_volume: Decimal | None
    total_volume: Decimal | None
    added_progress: Decimal | None
    total_progress: Decimal | None
    evidence: str
    reference_code: str
    note: str
    strategic: str
    budget_rp: int
    realised_rp: int
    returned_rp: int
    revision_no: int | None


class SatkerRow(NamedTuple):
    """One satker of the Treasury's master list (refAdmin): its official unit, authority and place."""

    row: int
    ba: str
    unit: str
    satker: str
    name: str
    regency_code: str
    regency_name: str
    authority: str
    authority_name: str
    kppn: str
    kppn_name: str


class ExecutionRow(NamedTuple):
    """One contract, bill, move of an advance, dispensation, output report or target of an RO; what is open is None."""

    row: int
    satker: str
    fiscal_year: int | None
    number: str
    move: str
    akun: str
    ro: str
    month: int | None
    amount_rp: int | None
    percent: Decimal | None
    dated_on: date | None
    arrived_on: date | None
    paid_on: date | None


type AnyRow = StatementRow | BudgetRow | PaymentRow | Sp2dRow | OutputRow | SatkerRow | ExecutionRow


class SatkerFacts(NamedTuple):
    """What a file says about a satker besides money. An empty text means that the file does not say."""

    ba: str
    unit: str
    unit_name: str
    name: str
    authority: str = ""
    location: str = ""
    kppn: str = ""


class CodePlace(NamedTuple):
    """The cell where a code stands: its address, row, column and what is written there; no row where nowhere."""

    cell: str
    row: int | None
    column: str
    value: str


@dataclass(slots=True)
class ParsedFile[RowT: AnyRow]:
    """A recognised file while it is read.

    `rows` can be consumed once; `findings`, `counts`, `names`, `satker_facts` and `version_totals_rp` grow while it is
    consumed and are complete at its end.

    `names` maps (level, path) to a name; the path joins the codes from the program down with dots
    (`AA.6025.AEB.001.051.0A`), for akun it is the six digits alone. `columns` maps a field of the row type to the
    column letter (workbook, CSV) or the key (JSON). `declared_totals_rp` holds what the file itself states as total,
    by field. `version_totals_rp` holds (satker, version code) → pagu in rupiah for budgets that mix versions.
    `code_places` maps (field, code) to the first cell of a code that does not stand in the row itself (a print's tree
    and heading).
    `record_path` says where in a JSON file the list stands (`""`, `data`); it is None for tables.
    """

    kind: FileKind
    file_name: str
    sheet: str
    fiscal_year: int | None
    period: date | None
    rows: Iterator[RowT]
    columns: dict[str, str] = field(default_factory=dict)
    satker_facts: dict[str, SatkerFacts] = field(default_factory=dict)
    names: dict[tuple[Level, str], str] = field(default_factory=dict)
    declared_totals_rp: dict[str, int] = field(default_factory=dict)
    version_totals_rp: dict[tuple[str, str], int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    code_places: dict[tuple[str, str], CodePlace] = field(default_factory=dict)
    record_path: str | None = None

    def cell(self, name: str, row: int) -> str:
        """The address of a field in a row: `P12` in a workbook or CSV, `[17].NILAI_RUPIAH` in JSON; empty if unknown.

        Args:
            name: a field of the row type, such as `pagu_rp`.
            row: the row's own `row`.
        """
        column = self.columns.get(name, "")
        if not column:
            return ""
        if self.record_path is not None:
            return f"{self.record_path}[{row - 1}].{column}"
        return f"{column}{row}"
