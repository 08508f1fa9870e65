"""What the scores put into a dossier: the values kept for each month of the year, with what changed them.

Values of provinces lie in the dossiers of their satker; those of units and the nation are for whoever may see them.
"""

from __future__ import annotations

from dekon.lib.dossier import Section, Table

KEPT = Table("nilai.csv", "Perkiraan NKA dan IKPA menurut bulan", """
    SELECT k.subject AS "Skor", k.month AS "Bulan", k.scope AS "Lingkup", o.code AS "Satker", p.name AS "Provinsi",
           k.value AS "Nilai", k.before AS "Nilai semula", k.active_weight AS "Bobot terpakai",
           k.cause AS "Sebab", k.import_run_id AS "Impor", k.computed_at AS "Dihitung"
    FROM scoring_scoresnapshot k LEFT JOIN org_satker o ON o.id = k.satker_id
    LEFT JOIN org_province p ON p.id = k.province_id
    WHERE k.fiscal_year = %(year)s AND (o.code = ANY(%(satker)s) OR k.scope NOT IN ('satker', 'province')
        OR k.province_id IN (SELECT c.province_id FROM org_satker c WHERE c.code = ANY(%(satker)s)))
    ORDER BY k.subject, k.month, k.scope, o.code, p.name, k.computed_at, k.id""")  # fmt: skip

SECTION = Section("skor", 36, "Perkiraan NKA dan IKPA, dengan nilai lama dan sebab perubahannya", (KEPT,))
