"""What the control book puts into a dossier."""

from __future__ import annotations

from dekon.lib.dossier import Section, Table

PATH = "concat_ws('.', p.program, p.kegiatan, p.kro, p.ro, p.komponen, p.subkomponen, p.akun)"
OF_PLACE = """ledger_pos p ON p.id = {of}.pos_id JOIN org_satker o ON o.id = p.satker_id
    WHERE p.fiscal_year = %(year)s AND o.code = ANY(%(satker)s)"""
POSITIONS = f"""
    SELECT o.code AS "Satker", {PATH} AS "Jalur", p.pagu_rp AS "Pagu (Rp)", p.blocked_rp AS "Blokir (Rp)",
           p.reserved_rp AS "Dicadangkan (Rp)", p.realised_rp AS "Realisasi (Rp)", p.parked_rp AS "Diparkir (Rp)"
    FROM ledger_pos p JOIN org_satker o ON o.id = p.satker_id
    WHERE p.fiscal_year = %(year)s AND o.code = ANY(%(satker)s) ORDER BY 1, 2"""
ENTRIES = f"""
    SELECT o.code AS "Satker", {PATH} AS "Jalur", e.id AS "Nomor", e.effective_on AS "Tanggal", e.kind AS "Jenis",
           e.amount_rp AS "Jumlah (Rp)", e.reverses_id AS "Membalik", e.source AS "Sumber", e.batch AS "Impor",
           e.recorded_at AS "Dicatat"
    FROM ledger_entry e JOIN {OF_PLACE.format(of="e")} ORDER BY e.id"""
PARKED = f"""
    SELECT o.code AS "Satker", {PATH} AS "Jalur", k.effective_on AS "Tanggal", k.order_no AS "SP2D",
           k.amount_rp AS "Jumlah (Rp)", k.state AS "Keadaan", k.parked_at AS "Dicatat", k.settled_at AS "Selesai"
    FROM ledger_parked k JOIN {OF_PLACE.format(of="k")} ORDER BY 1, 2, 3, k.id"""

SECTION = Section(
    "buku",
    20,
    "Buku kendali",
    (
        Table("pos.csv", "Pos dengan saldonya", POSITIONS),
        Table("entri.csv", "Entri menurut urutan pencatatan", ENTRIES),
        Table("diparkir.csv", "Pembayaran yang diparkir", PARKED),
    ),
)
