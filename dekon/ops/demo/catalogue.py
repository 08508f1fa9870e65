"""What such offices do and buy: outputs, components, accounts and items of the demo year.

Programme, kegiatan, KRO and akun are real codes; the rincian output (RO) and the prices are invented.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OutputPlan:
    """An RO that offices of a unit may carry out; `volume` is the range of targets, `style` the way it is done."""

    unit: str
    kegiatan: str
    kro: str
    ro: str
    name: str
    volume_unit: str
    volume: tuple[int, int]
    weight: int
    style: str
    always: bool = False


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """A thing to buy: account, text, unit of measure, price in rupiah, and a second factor of the volume, if usual."""

    akun: str
    name: str
    unit: str
    price_rp: int
    factor: str = ""


OUTPUTS = (
    OutputPlan("04", "2173", "BAA", "001", "Layanan Bursa Kerja (Job Fair) Provinsi", "Orang", (400, 2500), 34,
               "event", always=True),
    OutputPlan("04", "2173", "AEA", "001", "Forum Komunikasi Penempatan Tenaga Kerja", "Kegiatan", (2, 6), 18,
               "meeting",
               always=True),
    OutputPlan("04", "2175", "QDC", "001", "Wirausaha Baru melalui Pembinaan Tenaga Kerja Mandiri", "Orang", (40,
               160), 36,
               "training", always=True),
    OutputPlan("04", "2174", "AEF", "001", "Sosialisasi Penempatan dan Pelindungan Pekerja Migran Indonesia", "Orang",
               (80, 300), 20, "meeting"),
    OutputPlan("04", "2176", "BMA", "001", "Informasi Pasar Kerja Provinsi", "Layanan", (1, 4), 14, "meeting"),
    OutputPlan("04", "2177", "BDC", "001", "Pembinaan Pemberi Kerja Tenaga Kerja Asing", "Orang", (30, 120), 13,
               "inspection"),
    OutputPlan("05", "2179", "BDB", "001", "Pembinaan Lembaga Kerja Sama Tripartit Provinsi dan Kabupaten/Kota",
               "Lembaga",
               (4, 20), 28, "meeting", always=True),
    OutputPlan("05", "2181", "BCE", "001", "Penyelesaian Perselisihan oleh Mediator Hubungan Industrial", "Perkara",
               (20, 90), 26, "inspection", always=True),
    OutputPlan("05", "5586", "AEF", "001", "Sosialisasi Program Jaminan Kehilangan Pekerjaan (JKP)", "Orang", (80,
               320), 20,
               "meeting", always=True),
    OutputPlan("05", "2180", "BDB", "001", "Fasilitasi Dewan Pengupahan Provinsi", "Lembaga", (1, 3), 16, "meeting"),
    OutputPlan("05", "2180", "AEF", "001", "Sosialisasi Struktur dan Skala Upah", "Orang", (60, 200), 13, "meeting"),
    OutputPlan("05", "2182", "QDH", "001", "Pembinaan Peraturan Perusahaan dan Perjanjian Kerja Bersama", "Badan Usaha",
               (20, 80), 15, "inspection"),
    OutputPlan("08", "2197", "BIH", "001", "Pemeriksaan Norma Ketenagakerjaan di Perusahaan", "Badan Usaha", (60,
               280), 34,
               "inspection", always=True),
    OutputPlan("08", "2199", "BIH", "001", "Pembinaan dan Pemeriksaan Norma Keselamatan dan Kesehatan Kerja",
               "Badan Usaha",
               (40, 180), 26, "inspection", always=True),
    OutputPlan("08", "6590", "BDH", "001", "Sosialisasi K3 dan Pembinaan Panitia Pembina K3 (P2K3)", "Badan Usaha",
               (30, 120), 18, "meeting", always=True),
    OutputPlan("08", "2200", "QIH", "001", "Pengawasan Norma Kerja dan Jaminan Sosial Tenaga Kerja", "Badan Usaha",
               (30, 120), 17, "inspection"),
    OutputPlan("08", "2198", "BIB", "001", "Pencegahan dan Penarikan Pekerja Anak", "Orang", (20, 100), 14, "training"),
    OutputPlan("13", "4057", "SCH", "001", "Pelatihan Berbasis Kompetensi", "Orang", (32, 192), 52, "training",
               always=True),
    OutputPlan("13", "4056", "QDB", "001", "Pembinaan Lembaga Pelatihan Kerja", "Lembaga", (6, 30), 18, "inspection",
               always=True),
    OutputPlan("13", "4059", "QDC", "001", "Bimbingan Peningkatan Produktivitas Tenaga Kerja", "Orang", (40, 160), 18,
               "meeting"),
    OutputPlan("13", "4057", "PEA", "001", "Forum Koordinasi Pemagangan Dalam Negeri", "Kegiatan", (1, 4), 14,
               "meeting"),
    OutputPlan("13", "4055", "SCI", "001", "Peningkatan Kompetensi Instruktur", "Orang", (10, 48), 16, "training"),
)  # fmt: skip

COMPONENTS = (("051", "Persiapan dan koordinasi", 16), ("052", "Pelaksanaan kegiatan", 68),
              ("053", "Pemantauan, evaluasi, dan pelaporan", 16))  # fmt: skip
"""Komponen of every RO: code, name, share of the money."""

PREPARATION = {"521211": 38, "521213": 16, "524113": 18, "524111": 28}
MONITORING = {"521211": 22, "524113": 16, "524111": 62}
CARRYING_OUT = {
    "training": {"521211": 10, "521219": 22, "521811": 20, "522141": 8, "522151": 20, "524113": 4, "526211": 16},
    "meeting": {"521211": 12, "521219": 5, "522151": 15, "522141": 4, "524113": 10, "524114": 32, "524119": 22},
    "inspection": {"521211": 10, "521213": 10, "524113": 26, "524111": 42, "522151": 5, "521811": 7},
    "event": {"521211": 18, "521219": 16, "522141": 28, "522191": 16, "522151": 6, "524113": 8, "524111": 8},
}
"""Style of an RO → account → share of the money of its main component."""

ACCOUNT_NAMES = {
    "521211": "Belanja Bahan",
    "521213": "Belanja Honor Output Kegiatan",
    "521219": "Belanja Barang Non Operasional Lainnya",
    "521811": "Belanja Barang Persediaan Barang Konsumsi",
    "522141": "Belanja Sewa",
    "522151": "Belanja Jasa Profesi",
    "522191": "Belanja Jasa Lainnya",
    "524111": "Belanja Perjalanan Dinas Biasa",
    "524113": "Belanja Perjalanan Dinas Dalam Kota",
    "524114": "Belanja Perjalanan Dinas Paket Meeting Dalam Kota",
    "524119": "Belanja Perjalanan Dinas Paket Meeting Luar Kota",
    "526211": "Belanja Barang Penunjang Kegiatan Dekonsentrasi Untuk Diserahkan Kepada Pemerintah Daerah",
}

ITEMS = (
    ItemPlan("521211", "Konsumsi rapat (makan dan kudapan)", "OK", 68_000, "KALI"),
    ItemPlan("521211", "Alat tulis kantor dan bahan komputer", "PAKET", 1_450_000),
    ItemPlan("521211", "Penggandaan, penjilidan, dan dokumentasi", "PAKET", 825_000),
    ItemPlan("521213", "Honor tim pelaksana kegiatan", "OB", 450_000, "BULAN"),
    ItemPlan("521219", "Uang saku peserta", "OH", 110_000, "HARI"),
    ItemPlan("521219", "Bantuan transpor peserta", "OK", 120_000),
    ItemPlan("521811", "Bahan praktik dan seminar kit", "PAKET", 165_000),
    ItemPlan("521811", "Alat pelindung diri dan bahan peraga", "PAKET", 390_000),
    ItemPlan("522141", "Sewa gedung pertemuan", "HARI", 6_250_000),
    ItemPlan("522141", "Sewa kendaraan", "HARI", 875_000),
    ItemPlan("522151", "Narasumber eselon II", "OJ", 1_000_000, "JAM"),
    ItemPlan("522151", "Narasumber eselon III ke bawah", "OJ", 900_000, "JAM"),
    ItemPlan("522151", "Instruktur dan fasilitator", "JPL", 150_000),
    ItemPlan("522191", "Jasa penyelenggaraan pameran dan stan", "PAKET", 9_750_000),
    ItemPlan("524111", "Uang harian perjalanan dinas", "OH", 430_000, "HARI"),
    ItemPlan("524111", "Tiket pesawat dan transpor pergi pulang", "OK", 3_850_000),
    ItemPlan("524111", "Penginapan", "OH", 780_000, "HARI"),
    ItemPlan("524113", "Transpor kegiatan dalam kota", "OK", 150_000, "KALI"),
    ItemPlan("524114", "Paket fullday dalam kota", "OP", 385_000, "HARI"),
    ItemPlan("524119", "Paket fullboard luar kota", "OP", 1_150_000, "HARI"),
    ItemPlan("526211", "Peralatan kerja untuk diserahkan", "PAKET", 2_750_000),
)

BALANCE_ITEM = "Penyelenggaraan rapat persiapan"
"""The item that carries what is left of a satker's ceiling after all others are whole numbers of their unit."""

DESCRIPTIONS = {
    "521211": "Pembayaran belanja bahan kegiatan",
    "521213": "Pembayaran honor output kegiatan",
    "521219": "Pembayaran uang saku dan transpor peserta",
    "521811": "Pembayaran pengadaan barang persediaan",
    "522141": "Pembayaran sewa",
    "522151": "Pembayaran honor narasumber dan instruktur",
    "522191": "Pembayaran jasa penyelenggaraan",
    "524111": "Pembayaran perjalanan dinas",
    "524113": "Pembayaran transpor dalam kota",
    "524114": "Pembayaran paket meeting dalam kota",
    "524119": "Pembayaran paket meeting luar kota",
    "526211": "Pembayaran barang untuk diserahkan",
}

HOLIDAYS_2022 = frozenset(
    {(1, 1), (2, 1), (2, 28), (3, 3), (4, 15), (4, 29), (5, 2), (5, 3), (5, 4), (5, 5), (5, 6), (5, 16), (5, 26), (6,
      1),
     (8, 17)}
)  # fmt: skip
"""Weekdays of 2022 without payments (holidays and collective leave), as (month, day)."""

SPENT_BY_MONTH = (4, 14, 44, 38, 42, 84, 80, 96, 104, 116, 150, 228)
"""How spending spreads over the months of a real year: slow start, December rush."""

PLANNED_BY_MONTH = (8, 38, 88, 84, 72, 110, 104, 112, 112, 108, 98, 66)
"""How the first monthly plan spreads: more even than the year turns out."""
