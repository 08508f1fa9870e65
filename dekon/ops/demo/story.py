"""What of the demo year has no file: policies with targets, themes, unemployment by province, documents of the year."""

from __future__ import annotations

from decimal import Decimal

LEGAL_BASIS = "Permenaker 3/2022 tentang Pelaksanaan Dekonsentrasi TA 2022"
DIPA_LEGAL_BASIS = "UU 6/2021 tentang APBN TA 2022"
NOTE = "Data sintetis untuk peragaan; jumlah nasional Rp128,9 miliar sama dengan angka resmi."

POLICIES = (
    (
        "Penurunan tingkat pengangguran terbuka",
        ("tpt", "Tingkat pengangguran terbuka (TPT)"),
        (Decimal("5.5"), Decimal("6.3")),
        "persen",
        (("DN", "2173"), ("DN", "2175"), ("DL", "4057")),
    ),
    (
        "Peningkatan kompetensi dan produktivitas tenaga kerja",
        ("lulusan-ditempatkan", "Lulusan pelatihan vokasi yang ditempatkan"),
        (Decimal(55), Decimal(65)),
        "persen",
        (("DL", "4055"), ("DL", "4056"), ("DL", "4057"), ("DL", "4059")),
    ),
    (
        "Hubungan industrial yang harmonis dan jaminan sosial yang melindungi",
        ("perselisihan-selesai", "Perselisihan hubungan industrial yang diselesaikan"),
        (Decimal(70), Decimal(80)),
        "persen",
        (("DN", "2179"), ("DN", "2180"), ("DN", "2181"), ("DN", "2182"), ("DN", "5586")),
    ),
    (
        "Pengawasan ketenagakerjaan yang mandiri dan penerapan K3",
        ("perusahaan-patuh", "Perusahaan yang diperiksa dan patuh"),
        (Decimal(60), Decimal(75)),
        "persen",
        (("DN", "2197"), ("DN", "2198"), ("DN", "2199"), ("DN", "2200"), ("DN", "6590")),
    ),
)
"""Title, indicator (code, words), national target (from, to), unit, and the (program, kegiatan) that serve it."""

THEMES = (
    ("PEN", "Pemulihan Ekonomi Nasional", (("2175", "QDC", "001"), ("4057", "SCH", "001"), ("2173", "BAA", "001"))),
    ("JKP", "Jaminan Kehilangan Pekerjaan", (("5586", "AEF", "001"), ("2176", "BMA", "001"))),
    ("Pengawasan", "Pengawasan ketenagakerjaan yang mandiri", (("2197", "", ""), ("2199", "", ""), ("2200", "", ""))),
)
"""Name, description, and what it tags: (kegiatan, KRO, RO), the latter two empty for a whole kegiatan."""
