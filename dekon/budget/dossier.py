"""What the budget puts into a dossier: DIPA and plan, payments, cases, outputs, and the files that all came from.

A file that is attached to a thing belongs to the fiscal year of the thing, whenever it was brought.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from dekon.budget.models import ImportRun
from dekon.errors import NotFound
from dekon.gateways import files
from dekon.lib.dossier import File, Files, Section, Table, Wanted

JALUR = "concat_ws('.', p.program, p.kegiatan, p.kro, p.ro, p.komponen, p.subkomponen, p.akun)"
OF_POS = """JOIN ledger_pos p ON p.id = {of}.pos_id JOIN org_satker o ON o.id = p.satker_id
    WHERE p.fiscal_year = %(year)s AND o.code = ANY(%(satker)s)"""
OF_DIPA = """JOIN budget_dipa d ON d.id = {of}.dipa_id JOIN org_satker o ON o.id = d.satker_id
    WHERE d.fiscal_year = %(year)s AND o.code = ANY(%(satker)s)"""
OF_SATKER = """JOIN org_satker o ON o.id = {of}.satker_id
    WHERE {of}.fiscal_year = %(year)s AND o.code = ANY(%(satker)s)"""
IMPORTS = """(r.fiscal_year = %(year)s OR r.fiscal_year IS NULL) AND jsonb_array_length(r.satker_codes) > 0
    AND r.satker_codes <@ to_jsonb(%(satker)s::text[])"""
"""Files that speak of these satker and of no other."""

YEARS_OF_THINGS = {
    "block": "SELECT p.fiscal_year FROM budget_block t JOIN ledger_pos p ON p.id = t.pos_id",
    "reservation": "SELECT p.fiscal_year FROM budget_reservation t JOIN ledger_pos p ON p.id = t.pos_id",
    "case": "SELECT t.fiscal_year FROM budget_reconciliationcase t",
}
"""Kinds of things that take files, and the fiscal year of one."""
OF_THE_YEAR = " OR ".join(
    f"a.subject_type = '{kind}' AND ({year} WHERE t.id::text = a.subject_id) = %(year)s"
    for kind, year in YEARS_OF_THINGS.items()
)
ATTACHED = f"""FROM documents_attachment a JOIN org_satker o ON o.id = a.satker_id
    WHERE o.code = ANY(%(satker)s) AND ({OF_THE_YEAR})"""

TABLES = (
    Table("kebijakan.csv", "Kebijakan strategis", """
        SELECT k.code AS "Kode", k.name AS "Kebijakan", k.source AS "Sumber", t.indicator AS "Indikator",
               t.name AS "Nama indikator", t.unit AS "Satuan", t.low AS "Dari", t.high AS "Sampai"
        FROM budget_policy k LEFT JOIN budget_policytarget t ON t.policy_id = k.id
        WHERE k.fiscal_year = %(year)s ORDER BY 1, 4"""),
    Table("dipa.csv", "DIPA", f"""
        SELECT o.code AS "Satker", d.number AS "Nomor", d.dated_on AS "Tanggal", d.legal_basis AS "Dasar hukum"
        FROM budget_dipa d {OF_SATKER.format(of="d")} ORDER BY 1"""),
    Table("revisi.csv", "Versi dan revisi DIPA", f"""
        SELECT o.code AS "Satker", r.sequence AS "Versi", r.kind AS "Jenis", r.revision_code AS "Kode revisi",
               r.authority AS "Kewenangan", r.dated_on AS "Tanggal", r.pagu_before_rp AS "Pagu semula (Rp)",
               r.pagu_rp AS "Pagu menjadi (Rp)", r.reason AS "Alasan", r.document AS "Surat",
               r.import_run_id AS "Impor", r.withdrawn_at AS "Ditarik"
        FROM budget_diparevision r {OF_DIPA.format(of="r")} ORDER BY 1, 2"""),
    Table("rpd.csv", "Rencana penarikan dana menurut versi", f"""
        SELECT o.code AS "Satker", w.sequence AS "Versi", w.valid_from AS "Berlaku dari", {JALUR} AS "Jalur",
               m.month AS "Bulan", m.planned_rp AS "Rencana (Rp)", w.withdrawn_at AS "Ditarik"
        FROM budget_rpdmonth m JOIN budget_rpdversion w ON w.id = m.version_id {OF_POS.format(of="m")}
        ORDER BY 1, 2, 4, 5"""),
    Table("rencana-berlaku.csv", "Rencana yang berlaku menurut bulan", f"""
        SELECT o.code AS "Satker", {JALUR} AS "Jalur", n.month AS "Bulan", n.planned_rp AS "Rencana (Rp)"
        FROM budget_plannedmonth n {OF_POS.format(of="n")} ORDER BY 1, 2, 3"""),
    Table("blokir.csv", "Blokir dan pembukaannya", f"""
        SELECT o.code AS "Satker", {JALUR} AS "Jalur", b.kind AS "Jenis", b.origin AS "Asal",
               b.amount_rp AS "Jumlah (Rp)", b.blocked_on AS "Sejak", b.letter_no AS "Surat",
               b.released_rp AS "Dibuka (Rp)", b.released_on AS "Dibuka pada", b.release_letter_no AS "Surat pembukaan",
               b.withdrawn_at AS "Ditarik"
        FROM budget_block b {OF_POS.format(of="b")} ORDER BY 1, 2, 6, b.id"""),
    Table("cadangan.csv", "Cadangan kontrak", f"""
        SELECT o.code AS "Satker", {JALUR} AS "Jalur", c.document AS "Dokumen", c.description AS "Uraian",
               c.amount_rp AS "Jumlah (Rp)", c.reserved_on AS "Sejak", c.released_rp AS "Dilepas (Rp)"
        FROM budget_reservation c {OF_POS.format(of="c")} ORDER BY 1, 2, 6, c.id"""),
    Table("pembayaran.csv", "Baris pembayaran menurut Perbendaharaan", f"""
        SELECT o.code AS "Satker", l.sp2d_on AS "Tanggal SP2D", l.sp2d_no AS "SP2D", l.spm_no AS "SPM",
               l.spp_no AS "SPP", l.spp_kind AS "Jenis SPP", l.coa AS "COA", l.akun AS "Akun",
               l.description AS "Uraian", l.amount_rp AS "Jumlah (Rp)", l.stage AS "Tahap", l.effect AS "Akibat",
               l.first_import_id AS "Impor", l.withdrawn_at AS "Ditarik"
        FROM budget_paymentline l {OF_SATKER.format(of="l")} ORDER BY 1, l.sp2d_on NULLS LAST, l.sp2d_no, l.id"""),
    Table("kasus.csv", "Kasus rekonsiliasi", f"""
        SELECT o.code AS "Satker", c.id AS "Kasus", c.kind AS "Jenis", c.status AS "Status", c.subject AS "Pokok",
               c.span_from AS "Dari", c.span_to AS "Sampai", c.stated_rp AS "Menurut laporan (Rp)",
               c.booked_rp AS "Menurut buku (Rp)", c.opened_at AS "Dibuka", c.resolved_at AS "Selesai"
        FROM budget_reconciliationcase c {OF_SATKER.format(of="c")} ORDER BY 1, 2"""),
    Table("catatan-kasus.csv", "Jawaban atas kasus", f"""
        SELECT o.code AS "Satker", n.case_id AS "Kasus", n.written_at AS "Ditulis",
               coalesce(nullif(u.display_name, ''), u.username) AS "Oleh", n.status AS "Status", n.text AS "Isi"
        FROM budget_casenote n CROSS JOIN LATERAL dekon_names(ARRAY[n.author_id]) u
        JOIN budget_reconciliationcase c ON c.id = n.case_id {OF_SATKER.format(of="c")} ORDER BY 1, 2, n.id"""),
    Table("keluaran.csv", "Rincian output dan capaiannya", f"""
        SELECT o.code AS "Satker", concat_ws('.', r.program, r.kegiatan, r.kro, r.ro) AS "RO", r.name AS "Nama",
               r.target_volume AS "Target", r.unit_name AS "Satuan", g.month AS "Bulan", g.total_volume AS "Volume",
               g.total_progress AS "Progres (persen)", g.status AS "Status", g.note AS "Keterangan",
               g.withdrawn_at AS "Ditarik"
        FROM budget_ro r LEFT JOIN budget_roprogress g ON g.ro_id = r.id {OF_SATKER.format(of="r")}
        ORDER BY 1, 2, g.month, g.id"""),
    Table("lampiran.csv", "Lampiran blokir, pencadangan, dan kasus", f"""
        SELECT o.code AS "Satker", a.subject_type AS "Hal", a.subject_id AS "Nomor hal", a.subject_name AS "Nama hal",
               a.kind AS "Jenis", a.name AS "Berkas", a.media_type AS "Tipe", a.sha256 AS "SHA-256",
               a.note AS "Keterangan",
               (SELECT coalesce(nullif(u.display_name, ''), u.username) FROM dekon_names(ARRAY[a.uploaded_by_id]) u)
                   AS "Oleh", a.uploaded_at AS "Dibawa", a.withdrawn_at AS "Ditarik",
               (SELECT coalesce(nullif(u.display_name, ''), u.username) FROM dekon_names(ARRAY[a.withdrawn_by_id]) u)
                   AS "Ditarik oleh", a.withdrawal_reason AS "Alasan penarikan"
        {ATTACHED} ORDER BY 1, 2, 3, a.id"""),
    Table("impor.csv", "Berkas yang diimpor", f"""
        SELECT r.id AS "Impor", r.file_name AS "Berkas", r.sha256 AS "SHA-256", r.kind AS "Jenis", r.status AS "Status",
               r.satker_codes::text AS "Satker", r.rows_read AS "Baris", coalesce(u.username, '') AS "Oleh",
               r.created_at AS "Dibawa", r.applied_at AS "Diterapkan", r.undone_at AS "Dibatalkan",
               r.undo_reason AS "Alasan pembatalan"
        FROM budget_importrun r LEFT JOIN LATERAL dekon_names(ARRAY[r.created_by_id]) u ON true
        WHERE {IMPORTS} ORDER BY r.id"""),
)  # fmt: skip


def originals(wanted: Wanted) -> Iterator[File]:
    """The files themselves, as they were brought, each content once."""
    runs = ImportRun.objects.raw(
        f"SELECT r.* FROM budget_importrun r WHERE {IMPORTS} ORDER BY r.id",
        {"year": wanted.year, "satker": list(wanted.satker)},
    )
    seen: set[str] = set()
    for run in runs.iterator():
        if run.sha256 in seen:
            continue
        seen.add(run.sha256)
        try:
            path = files.stored(run.sha256)
        except NotFound:  # the store has lost it; the list of imports still names it
            continue
        yield File(f"berkas-impor/{run.sha256[:16]}-{plain(run.file_name)}", run.file_name, pieces_of(path))


def evidence(wanted: Wanted) -> Iterator[File]:
    """What was attached to things of these satker and year, each content once, oldest first.

    What was withdrawn everywhere it was attached says so in its title.
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"""SELECT f.sha256, f.name, f.withdrawn FROM (
                SELECT DISTINCT ON (a.sha256) a.sha256, a.name, a.uploaded_at, a.id,
                       bool_and(a.withdrawn_at IS NOT NULL) OVER (PARTITION BY a.sha256) AS withdrawn {ATTACHED}
                ORDER BY a.sha256, a.uploaded_at, a.id) f ORDER BY f.uploaded_at, f.id""",
            {"year": wanted.year, "satker": list(wanted.satker)},
        )
        for sha256, name, withdrawn in cursor:
            try:
                path = files.stored(sha256, shelf="attachments")
            except NotFound:  # the store has lost it; the list still names it
                continue
            yield File(
                f"lampiran/{sha256[:16]}-{plain(name)}", f"{name} (DITARIK)" if withdrawn else name, pieces_of(path)
            )


def plain(name: str) -> str:
    """A name of a file that every system takes."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip(".-")[-80:] or "berkas"


def pieces_of(path: Path) -> Iterator[bytes]:
    """The content of a stored file, piece by piece."""
    with path.open("rb") as stream:
        while piece := stream.read(256 * 1024):
            yield piece


SECTION = Section(
    "anggaran",
    30,
    "Anggaran, rencana, pembayaran, lampiran, dan berkas sumber",
    (*TABLES, Files(evidence), Files(originals)),
)
