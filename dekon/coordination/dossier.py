"""What meetings put into a dossier: meetings, minutes, decisions, and issues of the provinces concerned, with steps.

All of it belongs to the fiscal year of the meeting. Decisions of a province, and issues that it raised, lie in the
dossiers of its satker; decisions that belong to no province lie in every dossier.
"""

from __future__ import annotations

from dekon.lib.dossier import Section, Table

MEETING = """JOIN coordination_meeting m ON m.id = {of}.meeting_id AND m.fiscal_year = %(year)s
    JOIN coordination_meetingseries s ON s.id = m.series_id"""
NAME = """concat_ws(' ', s.name, m.ordinal) AS "Rapat" """
CONCERNED = """{of}.province_id IN (SELECT c.province_id FROM org_satker c WHERE c.code = ANY(%(satker)s))"""
DECIDED = f"{MEETING.format(of='d')} WHERE (d.province_id IS NULL OR {CONCERNED.format(of='d')})"
RAISED = f"{MEETING.format(of='i')} WHERE {CONCERNED.format(of='i')}"

TABLES = (
    Table("rapat.csv", "Rapat", f"""
        SELECT {NAME}, s.kind AS "Jenis", m.title AS "Judul", m.city AS "Kota", m.venue AS "Tempat",
               m.starts_at AS "Mulai", m.ends_at AS "Selesai", m.state AS "Status",
               m.cancelled_reason AS "Alasan pembatalan"
        FROM coordination_meeting m JOIN coordination_meetingseries s ON s.id = m.series_id
        WHERE m.fiscal_year = %(year)s ORDER BY m.starts_at, m.id"""),
    Table("notula.csv", "Naskah notula menurut versi", f"""
        SELECT {NAME}, b.position AS "Urutan", b.heading AS "Judul", t.number AS "Versi", t.kind AS "Jenis",
               t.text AS "Isi", t.at AS "Ditulis"
        FROM coordination_minutestext t JOIN coordination_minutesblock b ON b.id = t.block_id
        {MEETING.format(of="b")} ORDER BY m.starts_at, m.id, b.position, b.id, t.number"""),
    Table("keputusan.csv", "Keputusan rapat", f"""
        SELECT {NAME}, d.number AS "Nomor", d.text AS "Keputusan", d.owner_role AS "Peran pemilik",
               p.name AS "Provinsi", u.name AS "Unit", d.due_on AS "Tenggat",
               concat_ws('.', nullif(d.program, ''), nullif(d.kegiatan, ''), nullif(d.kro, ''), nullif(d.ro, ''))
                   AS "Program atau RO", d.state AS "Status", d.recorded_at AS "Dicatat"
        FROM coordination_decision d LEFT JOIN org_province p ON p.id = d.province_id
        LEFT JOIN org_unit u ON u.id = d.unit_id {DECIDED} ORDER BY m.starts_at, m.id, d.number"""),
    Table("langkah-keputusan.csv", "Langkah setiap keputusan", f"""
        SELECT {NAME}, d.number AS "Nomor", e.state AS "Status", e.note AS "Keterangan", e.name AS "Bukti",
               e.sha256 AS "SHA-256", e.at AS "Waktu"
        FROM coordination_decisionevent e JOIN coordination_decision d ON d.id = e.decision_id {DECIDED}
        ORDER BY m.starts_at, m.id, d.number, e.id"""),
    Table("persoalan.csv", "Persoalan yang diajukan daerah", f"""
        SELECT {NAME}, i.id AS "Persoalan", p.name AS "Provinsi", i.category AS "Golongan", i.text AS "Isi",
               u.name AS "Unit penjawab", i.state AS "Status", i.raised_on AS "Diajukan", i.answered_on AS "Dijawab"
        FROM coordination_raisedissue i JOIN org_province p ON p.id = i.province_id
        LEFT JOIN org_unit u ON u.id = i.unit_id {RAISED} ORDER BY m.starts_at, m.id, i.id"""),
    Table("langkah-persoalan.csv", "Langkah setiap persoalan", f"""
        SELECT {NAME}, i.id AS "Persoalan", e.state AS "Status", e.text AS "Isi", e.at AS "Waktu"
        FROM coordination_issueevent e JOIN coordination_raisedissue i ON i.id = e.issue_id {RAISED}
        ORDER BY m.starts_at, m.id, i.id, e.id"""),
)  # fmt: skip

SECTION = Section("koordinasi", 33, "Rapat, keputusan, dan persoalan yang diajukan daerah", TABLES)
