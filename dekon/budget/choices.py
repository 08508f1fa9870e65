"""The fixed lists of the budget."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

SPENDING_AKUN = ("51", "52", "53", "54", "55", "56", "57")
"""Groups of akun that are spending; transito and other accounts are not (product.md, "What the figures mean")."""

ADVANCE_SPP = frozenset({"311", "312", "321"})
"""SPP kinds that hand out an advance: UP, TUP."""

ADVANCE_SETTLING_SPP = frozenset({"314", "315", "322"})
"""SPP kinds that realise an advance without refilling it: GUP Nihil, PTUP (their payment is 0)."""

CORRECTION_SPP = frozenset({"515", "516"})
"""SPP kinds that move a paid line to another akun, keeping the SP2D number."""


class ImportKind(TextChoices):
    """The files that Dekon reads."""

    FA_DETAIL = "fa-detail", _("FA Detail (16 Segmen)")
    DATAANG = "monsakti-dataang", _("MonSAKTI dataAng")
    REALISASI = "monsakti-realisasi", _("MonSAKTI realisasi")
    CAPAIAN_RO = "monsakti-capaianro", _("MonSAKTI capaianRO")
    REFADMIN = "monsakti-refadmin", _("MonSAKTI refAdmin")
    MYINTRESS_SP2D = "myintress-sp2d", _("MyIntress Monitoring SPP, SPM, dan SP2D")
    MYINTRESS_DETAIL = "myintress-detail", _("MyIntress Detail Pengeluaran dan Potongan")
    CONTRACTS = "kontrak", _("Daftar kontrak")
    BILLS = "tagihan", _("Daftar tagihan kontraktual")
    ADVANCES = "up-tup", _("Daftar UP dan TUP")
    DISPENSATIONS = "dispensasi-spm", _("Daftar dispensasi SPM")
    OUTPUT_REPORTS = "laporan-capaian", _("Daftar pengiriman laporan capaian output")
    RO_TARGETS = "target-ro", _("Daftar target progres RO")


class RecordKind(TextChoices):
    """What is recorded for the score of execution; each has an import of the same name."""

    CONTRACT = "kontrak", _("Kontrak")
    BILL = "tagihan", _("Tagihan kontraktual")
    ADVANCE = "up-tup", _("UP dan TUP")
    DISPENSATION = "dispensasi-spm", _("Dispensasi SPM")
    REPORT = "laporan-capaian", _("Laporan capaian output")
    RO_TARGET = "target-ro", _("Target progres RO")


class AdvanceMove(TextChoices):
    """What happens to an advance of the treasurer."""

    GIVEN = "up", _("UP diberikan")
    TURNED_OVER = "gup", _("GUP")
    ADDED = "tup", _("TUP diberikan")
    ACCOUNTED = "ptup", _("PTUP")
    PAID_BACK = "setoran", _("Setoran sisa TUP")


class RecordStatus(TextChoices):
    """Whether a record counts."""

    HOLDS = "holds", _("Berlaku")
    WITHDRAWN = "withdrawn", _("Ditarik")


RECORD_FIELDS: dict[RecordKind, tuple[str, ...]] = {
    RecordKind.CONTRACT: ("number", "akun", "amount_rp", "dated_on", "arrived_on", "paid_on"),
    RecordKind.BILL: ("number", "dated_on", "arrived_on"),
    RecordKind.ADVANCE: ("move", "number", "dated_on", "amount_rp"),
    RecordKind.DISPENSATION: ("number", "dated_on"),
    RecordKind.REPORT: ("month", "dated_on"),
    RecordKind.RO_TARGET: ("ro", "month", "percent"),
}
"""What a record of a kind says, in the order in which people fill it in."""

RECORD_OPTIONAL = frozenset({"arrived_on", "paid_on"})
"""What may stay open: it has not happened yet."""


class ImportStatus(TextChoices):
    """What became of a file."""

    CHECKING = "checking", _("Sedang diperiksa")
    CHECKED = "checked", _("Siap diterapkan")
    APPLYING = "applying", _("Sedang diterapkan")
    APPLIED = "applied", _("Diterapkan")
    UNCHANGED = "unchanged", _("Tidak berubah")
    REFUSED = "refused", _("Ditolak")
    DISCARDED = "discarded", _("Dibuang")
    UNDONE = "undone", _("Dibatalkan")


IMPORT_WAITING = frozenset({ImportStatus.CHECKING, ImportStatus.APPLYING})
"""Somebody asked for work that is not finished."""

_OUTCOMES = frozenset({ImportStatus.APPLIED, ImportStatus.UNCHANGED, ImportStatus.REFUSED})
IMPORT_TRANSITIONS: dict[ImportStatus, frozenset[ImportStatus]] = {
    ImportStatus.CHECKING: _OUTCOMES | {ImportStatus.CHECKED, ImportStatus.DISCARDED},
    ImportStatus.CHECKED: _OUTCOMES | {ImportStatus.APPLYING, ImportStatus.DISCARDED},
    ImportStatus.APPLYING: _OUTCOMES | {ImportStatus.CHECKED},
    ImportStatus.APPLIED: frozenset({ImportStatus.UNDONE}),
    ImportStatus.UNCHANGED: frozenset(),
    ImportStatus.REFUSED: frozenset(),
    ImportStatus.DISCARDED: frozenset(),
    ImportStatus.UNDONE: frozenset(),
}


class ImportPhase(TextChoices):
    """How far work on a file has come."""

    QUEUED = "queued", _("Menunggu giliran")
    READING = "reading", _("Membaca baris")
    COMPARING = "comparing", _("Mencocokkan dengan isi Dekon")
    POSTING = "posting", _("Menulis ke buku")


class LineStage(TextChoices):
    """How far a payment line has come."""

    PAID = "paid", _("dibayar")
    RESERVING = "reserving", _("dalam proses")
    CLOSED = "closed", _("selesai diproses")
    VOID = "void", _("batal")


class LineEffect(TextChoices):
    """What a paid line does to the book."""

    SPENDING = "spending", _("belanja")
    RETURN = "return", _("pengembalian belanja")
    ADVANCE = "advance", _("uang persediaan")
    NEUTRAL = "neutral", _("retur dan penggantinya")
    REVENUE = "revenue", _("penerimaan negara tahun berikutnya")
    CORRECTED = "corrected", _("dikoreksi ke akun lain")
    REMAINDER = "remainder", _("sisa sesudah koreksi")


class BlockKind(TextChoices):
    """Why part of the pagu may not be used."""

    AUTOMATIC_ADJUSTMENT = "aa", _("Automatic adjustment")
    PAGE_IV_A = "halaman-iv-a", _("Catatan Halaman IV A")
    EFFICIENCY = "efisiensi", _("Efisiensi")
    REVISION_LOCK = "lock-pagu", _("Dalam proses revisi (lock pagu)")
    OTHER = "lainnya", _("Lainnya")


class BlockOrigin(TextChoices):
    """Who says that it is blocked."""

    LETTER = "letter", _("surat")
    DATAANG = "dataang", _("dataAng")
    FA_DETAIL = "fa-detail", _("FA Detail")


class HoldStatus(TextChoices):
    """Whether a block or a reservation still keeps money back."""

    HOLDS = "holds", _("Berlaku")
    RELEASED = "released", _("Dibuka seluruhnya")


class RevisionKind(TextChoices):
    """What kind of version of the DIPA it is."""

    INITIAL = "awal", _("DIPA awal")
    REVISION = "revisi", _("Revisi DIPA")
    POK = "pok", _("Revisi POK oleh KPA")
    STATEMENT = "pernyataan", _("Menurut FA Detail")


class CaseKind(TextChoices):
    """Which figures differ."""

    TOTAL_DIFFERS = "total-differs", _("Jumlah FA Detail berbeda dari baris SP2D")
    LINES_DIFFER = "lines-differ", _("Baris SP2D berbeda dari jumlah yang digantikannya")
    DETAIL_MISSING = "detail-missing", _("SP2D tanpa rincian akun")
    DETAIL_DIFFERS = "detail-differs", _("Jumlah SP2D berbeda dari rinciannya")
    PAGU_MINUS = "pagu-minus", _("Pagu minus")


class CaseStatus(TextChoices):
    """Where a reconciliation case stands."""

    OPEN = "open", _("Terbuka")
    ANSWERED = "answered", _("Dijawab")
    RESOLVED = "resolved", _("Selesai")


CASE_TRANSITIONS: dict[CaseStatus, frozenset[CaseStatus]] = {
    CaseStatus.OPEN: frozenset({CaseStatus.ANSWERED, CaseStatus.RESOLVED}),
    CaseStatus.ANSWERED: frozenset({CaseStatus.OPEN, CaseStatus.RESOLVED}),
    CaseStatus.RESOLVED: frozenset({CaseStatus.OPEN}),
}


class NameLevel(TextChoices):
    """Levels of the budget path whose names come from files."""

    RO = "ro", _("RO")
    KOMPONEN = "komponen", _("Komponen")
    SUBKOMPONEN = "subkomponen", _("Subkomponen")
