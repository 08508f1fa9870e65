"""What people and places put into a dossier."""

from __future__ import annotations

from dekon.lib.dossier import Section, Table

SATKER = """
    SELECT o.code AS "Satker", o.name AS "Nama", u.code AS "Unit", u.name AS "Nama unit", v.code AS "Provinsi",
           v.name AS "Nama provinsi", a.abbreviation AS "Kewenangan", k.code AS "KPPN", o.valid_from AS "Berlaku dari",
           o.valid_to AS "Sampai"
    FROM org_satker o JOIN org_unit u ON u.id = o.unit_id LEFT JOIN org_province v ON v.id = o.province_id
    LEFT JOIN org_authority a ON a.id = o.authority_id LEFT JOIN org_kppn k ON k.id = o.kppn_id
    WHERE o.code = ANY(%(satker)s) ORDER BY 1"""
OFFICIALS = """
    SELECT o.code AS "Satker", v.code AS "Provinsi", r.role AS "Jabatan", r.standing AS "Sebagai",
           coalesce(nullif(p.display_name, ''), p.username) AS "Nama", r.valid_from AS "Dari", r.valid_to AS "Sampai",
           r.decree_no AS "Nomor SK", r.decree_on AS "Tanggal SK", r.letter_digest AS "SHA-256 surat",
           r.end_reason AS "Alasan berakhir", r.voided_at AS "Dibatalkan",
           (SELECT coalesce(nullif(w.display_name, ''), w.username) FROM dekon_names(ARRAY[r.voided_by_id]) w)
               AS "Dibatalkan oleh", r.void_reason AS "Alasan pembatalan"
    FROM org_roleassignment r CROSS JOIN LATERAL dekon_names(ARRAY[r.user_id]) p
    LEFT JOIN org_satker o ON o.id = r.satker_id LEFT JOIN org_province v ON v.id = r.province_id
    WHERE o.code = ANY(%(satker)s) OR (r.satker_id IS NULL AND r.province_id IN (
        SELECT s.province_id FROM org_satker s WHERE s.code = ANY(%(satker)s)))
    ORDER BY o.code NULLS FIRST, v.code, r.role, r.valid_from, r.id"""
VERSIONS = """
    SELECT c.code AS "Satker", c.valid_from AS "Berlaku dari", c.kind AS "Jenis", c.facts::text AS "Isi",
           c.reason AS "Alasan", c.recorded_at AS "Dicatat"
    FROM org_codeversion c WHERE c.listing = 'satker' AND c.code = ANY(%(satker)s) ORDER BY 1, 2, c.id"""

SECTION = Section(
    "tempat",
    10,
    "Satker dan pejabat",
    (
        Table("satker.csv", "Satker", SATKER),
        Table("pejabat.csv", "Pejabat menurut SK", OFFICIALS),
        Table("riwayat-satker.csv", "Riwayat isi daftar satker", VERSIONS),
    ),
)
