"""The special cases of the demo year, each stated in rupiah, so that tests and guides can name them.

Every case lives on positions of its own (komponen 052, subkomponen 0B): nothing else is paid from them, so the figures
below are exactly what the book must show. All payments are synthetic.
"""

from __future__ import annotations

from dataclasses import dataclass

NATIONAL_PAGU_RP = 128_900_000_000
"""Both the first DIPA of all satker and the last revision add up to this."""

PROPOSAL_SATKER, PROPOSAL_DAY = "029104", (8, 15)
"""Who proposed a revision (A01) that never came in force, and when: the file is refused and counts not."""

LS, UP, TUP, GUP, GUP_NIHIL, PTUP = "221", "311", "321", "313", "314", "322"
CORRECTION, RETURN = "515", "611"
RETUR = "RETUR"
"""Kinds of SPP as the Treasury numbers them."""

KIND_NAMES = {
    LS: "LS NON GAJI", UP: "UP", TUP: "TUP", GUP: "GUP", GUP_NIHIL: "GUP NIHIL", PTUP: "PTUP",
    CORRECTION: "KOREKSI", RETURN: "PENGEMBALIAN BELANJA", RETUR: "RETUR",
}  # fmt: skip

PAID, APPROVED, VOIDED = "Upload SP2D", "Setuju SPM", "Voided"
"""States of a payment (STATUS_DATA)."""

UP_AKUN, TUP_AKUN, UP_RETURN_AKUN, TUP_RETURN_AKUN = "825111", "825113", "815111", "815113"
"""Transito accounts of advances and of their return."""


@dataclass(frozen=True, slots=True)
class CasePos:
    """A position that belongs to one case: where it is, what is bought, and the months in which it is planned."""

    satker: str
    kegiatan: str
    kro: str
    akun: str
    name: str
    volume: int
    unit: str
    price_rp: int
    months: tuple[int, ...]

    @property
    def pagu_rp(self) -> int:
        """Its first ceiling."""
        return self.volume * self.price_rp


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One line of a payment that belongs to a case; `pos` is None for transito accounts (`akun` says which)."""

    satker: str
    pos: CasePos | None
    kind: str
    day: tuple[int, int]
    sp2d: str
    amount_rp: int
    text: str
    akun: str = ""
    status: str = PAID
    next_year: bool = False
    file_quarter: int = 0


@dataclass(frozen=True, slots=True)
class CaseBlock:
    """A block by letter, and what of it is released later (0 and no letter where nothing is)."""

    pos: CasePos
    kind: str
    amount_rp: int
    day: tuple[int, int]
    letter: str
    released_rp: int = 0
    released_day: tuple[int, int] = (0, 0)
    release_letter: str = ""


@dataclass(frozen=True, slots=True)
class CaseReservation:
    """Money set aside for a contract, and the day it is released (0, 0: stays to the end of the year)."""

    pos: CasePos
    amount_rp: int
    day: tuple[int, int]
    document: str
    released_day: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Move:
    """Money that a revision moves from one position to another of the same satker."""

    version: str
    source: CasePos
    target: CasePos
    amount_rp: int


# Advances: UP and TUP are a balance, GUP, PTUP and GUP Nihil spend.
ADVANCE_POS = CasePos("029104", "2173", "BAA", "521211", "Perlengkapan dan konsumsi bursa kerja", 100, "PAKET",
                      1_500_000,
                      (4, 7, 12))  # fmt: skip
ADVANCE_LINES = (
    CaseLine("029104", None, UP, (1, 18), "220229000000101", 50_000_000, "Penyediaan Uang Persediaan", UP_AKUN),
    CaseLine("029104", ADVANCE_POS, GUP, (4, 5), "220229000000102", 38_500_000, "Penggantian Uang Persediaan"),
    CaseLine("029104", None, TUP, (6, 21), "220229000000103", 60_000_000, "Tambahan Uang Persediaan", TUP_AKUN),
    CaseLine("029104", ADVANCE_POS, PTUP, (7, 19), "220229000000104", 57_250_000, "Pertanggungjawaban TUP"),
    CaseLine("029104", None, RETURN, (7, 20), "220229000000105", -2_750_000, "Setoran sisa TUP NTPN D1A2B3C4E5F60708",
             TUP_RETURN_AKUN),
    CaseLine("029104", ADVANCE_POS, GUP_NIHIL, (12, 13), "220229000000106", 47_300_000, "GUP Nihil akhir tahun"),
    CaseLine("029104", None, RETURN, (12, 21), "220229000000107", -2_700_000, "Setoran sisa UP NTPN D1A2B3C4E5F60709",
             UP_RETURN_AKUN),
)  # fmt: skip
ADVANCE_REALISED_RP = 143_050_000
ADVANCE_BALANCES_RP = ((1, 31, 50_000_000), (4, 30, 50_000_000), (6, 30, 110_000_000), (7, 31, 50_000_000), (12, 31, 0))
"""(month, day, balance of UP/TUP) of satker 029104."""

# A retur and its replacement change nothing: realised stays at the first payment.
RETUR_POS = CasePos("029105", "2179", "BDB", "522151", "Narasumber dialog tripartit", 25, "OJ", 1_000_000, (5,))
RETUR_LINES = (
    CaseLine("029105", RETUR_POS, LS, (5, 10), "220229000000201", 18_400_000, "Honor narasumber dialog tripartit"),
    CaseLine("029105", RETUR_POS, RETUR, (5, 17), "220229000000202", -18_400_000, "Retur SP2D 220229000000201"),
    CaseLine(
        "029105", RETUR_POS, RETUR, (5, 24), "220229000000203", 18_400_000, "Pengganti retur SP2D 220229000000201"
    ),
)
RETUR_REALISED_RP = 18_400_000

# A correction keeps the SP2D number and moves the account.
CORRECTED_POS = CasePos("039104", "2173", "BAA", "521211", "Bahan publikasi bursa kerja", 10, "PAKET", 1_500_000, (4,))
CORRECTION_POS = CasePos("039104", "2173", "BAA", "521219", "Transpor peserta bursa kerja", 160, "OK", 100_000, (6,))
CORRECTION_LINES = (
    CaseLine("039104", CORRECTED_POS, LS, (4, 12), "220269000000301", 12_750_000, "Transpor peserta bursa kerja"),
    CaseLine("039104", CORRECTION_POS, CORRECTION, (4, 12), "220269000000301", 12_750_000,
             "Koreksi SPM: transpor peserta bursa kerja", file_quarter=3),
)  # fmt: skip
CORRECTION_RP = 12_750_000

# Equal lines of one file are real and are added.
EQUAL_POS = CasePos("089108", "2197", "BIH", "524113", "Transpor pemeriksaan dalam kota", 30, "OK", 150_000, (3,))
EQUAL_LINES = tuple(
    CaseLine("089108", EQUAL_POS, LS, (3, 22), "220109000000401", 150_000, "Transpor pemeriksaan dalam kota")
    for _ in range(3)
)
EQUAL_REALISED_RP = 450_000

# Returns count in the year in which they are paid; one of January is revenue of the state and leaves the year alone.
RETURN_POS = CasePos("119113", "4057", "SCH", "521219", "Uang saku peserta pelatihan", 300, "OH", 100_000, (7,))
RETURN_LINES = (
    CaseLine("119113", RETURN_POS, LS, (7, 6), "220149000000501", 28_600_000, "Uang saku peserta pelatihan"),
    CaseLine("119113", RETURN_POS, RETURN, (9, 14), "220149000000502", -3_600_000,
             "Pengembalian belanja NTPN A1B2C3D4E5F60718"),
    CaseLine("119113", RETURN_POS, RETURN, (1, 17), "230149000000503", -2_100_000,
             "Pengembalian belanja NTPN A1B2C3D4E5F60729", next_year=True),
)  # fmt: skip
RETURN_REALISED_RP = 25_000_000
RETURN_NEXT_YEAR_RP = 2_100_000

# Pagu minus at the Treasury, later healed by a revision.
HEALED_POS = CasePos("239104", "2173", "AEA", "524114", "Paket meeting forum penempatan", 100, "OP", 400_000, (8, 9))
HEALING_POS = CasePos(
    "239104", "2173", "AEA", "524119", "Paket fullboard forum penempatan", 60, "OP", 1_000_000, (10, 11)
)
HEALED_LINES = (
    CaseLine("239104", HEALED_POS, LS, (8, 16), "220389000000601", 30_000_000, "Paket meeting forum penempatan I"),
    CaseLine("239104", HEALED_POS, LS, (9, 20), "220389000000602", 25_000_000, "Paket meeting forum penempatan II"),
)
HEALING_MOVE = Move("B01", HEALING_POS, HEALED_POS, 20_000_000)
HEALING_DAY = (10, 10)
HEALED_PARKED_RP = 25_000_000
"""Parked from the import of the third quarter until the revision of 10 October is imported."""
HEALED_REALISED_RP = 55_000_000

# Pagu minus that stays.
PARKED_POS = CasePos(
    "259113", "4057", "SCH", "526211", "Peralatan kerja untuk diserahkan", 13, "PAKET", 2_750_000, (10, 11)
)
PARKED_LINES = (
    CaseLine("259113", PARKED_POS, LS, (10, 18), "220639000000701", 20_000_000, "Peralatan kerja tahap I"),
    CaseLine("259113", PARKED_POS, LS, (11, 23), "220639000000702", 22_500_000, "Peralatan kerja tahap II"),
)
PARKED_RP = 22_500_000
PARKED_REALISED_RP = 20_000_000

# Figures that differ: FA Detail of August states more than the lines add up to.
DIFFERING_POS = CasePos(
    "129108", "2197", "BIH", "524111", "Perjalanan pemeriksaan perusahaan", 80, "OH", 600_000, (6, 8)
)
DIFFERING_LINES = (
    CaseLine("129108", DIFFERING_POS, LS, (6, 14), "220179000000801", 18_250_000, "Perjalanan pemeriksaan I"),
    CaseLine("129108", DIFFERING_POS, LS, (8, 9), "220179000000802", 12_400_000, "Perjalanan pemeriksaan II"),
)
DIFFERING_STATED_RP = 32_000_000
DIFFERING_BOOKED_RP = 30_650_000
DIFFERING_MONTH = 8

# Blocks: automatic adjustment, partly released; a note on Halaman IV A that stays; efficiency in October.
BLOCKED_POS = CasePos(
    "169105", "2179", "BDB", "524119", "Paket fullboard pembinaan tripartit", 40, "OP", 1_150_000, (6, 9)
)
NOTED_POS = CasePos("219108", "2199", "BIH", "521811", "Alat peraga keselamatan kerja", 30, "PAKET", 400_000, (10,))
SAVED_POS = CasePos("059113", "4056", "QDB", "524119", "Paket fullboard pembinaan lembaga", 25, "OP", 1_200_000, (11,))
BLOCKS = (
    CaseBlock(BLOCKED_POS, "aa", 23_000_000, (1, 10), "S-01/SINTETIS/2022", 8_000_000, (8, 22), "S-02/SINTETIS/2022"),
    CaseBlock(NOTED_POS, "halaman-iv-a", 12_000_000, (1, 10), "Catatan Halaman IV A DIPA"),
    CaseBlock(SAVED_POS, "efisiensi", 10_000_000, (10, 3), "S-03/SINTETIS/2022"),
)
BLOCKED_LINES = (
    CaseLine(
        "169105", BLOCKED_POS, LS, (6, 15), "220469000000901", 22_000_000, "Paket fullboard pembinaan tripartit I"
    ),
    CaseLine("169105", BLOCKED_POS, LS, (9, 7), "220469000000902", 9_000_000, "Paket fullboard pembinaan tripartit II"),
)
BLOCKED_AT_YEAR_END_RP = {"169105": 15_000_000, "219108": 12_000_000, "059113": 10_000_000}
BLOCKED_REALISED_RP = 31_000_000

# Reservations: one becomes a payment, one stays.
CONTRACT_POS = CasePos(
    "299113", "4057", "SCH", "526211", "Peralatan kerja peserta pelatihan", 24, "PAKET", 2_750_000, (11,)
)
HELD_POS = CasePos("149104", "2173", "BAA", "522141", "Sewa gedung bursa kerja", 4, "HARI", 6_250_000, (10, 12))
RESERVATIONS = (
    CaseReservation(CONTRACT_POS, 60_500_000, (5, 17), "Kontrak 07/SINTETIS/2022", (11, 15)),
    CaseReservation(HELD_POS, 12_000_000, (11, 28), "Kontrak 09/SINTETIS/2022"),
)
RESERVED_LINES = (
    CaseLine("299113", CONTRACT_POS, LS, (11, 16), "220209000001001", 60_500_000, "Peralatan kerja peserta pelatihan"),
    CaseLine("149104", HELD_POS, LS, (10, 12), "220439000001002", 12_500_000, "Sewa gedung bursa kerja"),
)

# A payment on its way at the end of September that is paid in October, and a voided one.
UNPAID_POS = CasePos(
    "099105", "2181", "BCE", "522151", "Honor ahli penyelesaian perselisihan", 20, "OJ", 1_000_000, (9, 10)
)
UNPAID_LINES = (
    CaseLine("099105", UNPAID_POS, LS, (9, 27), "", 7_500_000, "Honor ahli penyelesaian perselisihan", status=APPROVED),
    CaseLine("099105", UNPAID_POS, LS, (10, 4), "220089000001101", 7_500_000, "Honor ahli penyelesaian perselisihan"),
    CaseLine("099105", UNPAID_POS, LS, (8, 30), "220089000001102", 3_300_000, "Honor ahli, dibatalkan", status=VOIDED),
)
UNPAID_REALISED_RP = 7_500_000

NOTHING_BY_JUNE = "339108"
"""The satker that spends nothing in the first half of the year."""

TOO_MANY_REVISIONS = ("199104", 5)
"""The satker that revises its DIPA too often, and how often."""

TOTALS_FIRST = ("139105", 3)
"""The satker whose FA Detail of that month is imported before its lines, which then replace the totals."""

LATE_ADJUSTMENT = "309105"
"""A satker with a revision beside those of the cases, as most years have."""

POSITIONS = (
    ADVANCE_POS, RETUR_POS, CORRECTED_POS, CORRECTION_POS, EQUAL_POS, RETURN_POS, HEALED_POS, HEALING_POS, PARKED_POS,
    DIFFERING_POS, BLOCKED_POS, NOTED_POS, SAVED_POS, CONTRACT_POS, HELD_POS, UNPAID_POS,
)  # fmt: skip

LINES: tuple[CaseLine, ...] = (
    *ADVANCE_LINES, *RETUR_LINES, *CORRECTION_LINES, *EQUAL_LINES, *RETURN_LINES, *HEALED_LINES, *PARKED_LINES,
    *DIFFERING_LINES, *BLOCKED_LINES, *RESERVED_LINES, *UNPAID_LINES,
)  # fmt: skip
