"""MonSAKTI capaianRO: how far each RO had come at the end of a month."""

from __future__ import annotations

from decimal import Decimal

from django.db import connection

from dekon.budget.imports.rows import AnyRow, OutputRow, ParsedFile
from dekon.budget.services import staging
from dekon.budget.services.outcome import Job, Outcome

COLUMNS = (
    "period text, status text, target numeric, unit_name text, volume numeric, progress numeric, evidence text,"
    " reference_code text, note text"
)
NAMES = ("period", "status", "target", "unit_name", "volume", "progress", "evidence", "reference_code", "note")


def load(parsed: ParsedFile[AnyRow], job: Job) -> Outcome:
    """Stage, check and keep one file of output progress; what a month said before stays, the newest counts."""
    stage = staging.Stage("stage_output", parsed)
    outcome = Outcome(kind=parsed.kind, period=parsed.period)
    outcome.rows["read"] = staging.fill(
        stage, COLUMNS, NAMES, (_row(r) for r in parsed.rows if isinstance(r, OutputRow))
    )
    outcome.findings.extend(parsed.findings)
    outcome.findings += staging.resolve_satker(stage, actor=job.actor, create_missing=job.options.create_missing)
    if outcome.refused:
        outcome.rows["refused"] = outcome.rows["read"]
        return outcome
    _keep_targets(stage)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO budget_roprogress (ro_id, month, target_volume, total_volume, total_progress, status,
                    reference_code,
                                               note, evidence, import_run_id)
                SELECT r.id, right(s.period, 2)::int, s.target, coalesce(s.volume, 0), coalesce(s.progress, 0),
                    s.status,
                       s.reference_code, left(s.note, 400), left(s.evidence, 255), %s
                FROM {stage.table} s JOIN budget_ro r ON r.satker_id = s.satker_id AND r.kegiatan = s.kegiatan AND
                    r.kro = s.kro
                     AND r.ro = s.ro AND r.fiscal_year = left(s.period, 4)::int
                LEFT JOIN LATERAL (SELECT * FROM budget_roprogress p WHERE p.ro_id = r.id AND p.month =
                    right(s.period, 2)::int
                                   AND p.withdrawn_at IS NULL ORDER BY p.id DESC LIMIT 1) last ON true
                WHERE (last.total_volume, last.total_progress, last.status)
                      IS DISTINCT FROM (coalesce(s.volume, 0), coalesce(s.progress, 0), s.status)""",
            [job.run.pk],
        )
        outcome.rows["new"] = cursor.rowcount
        cursor.execute(
            f"SELECT array_agg(DISTINCT satker ORDER BY satker), min(left(period, 4))::int, count(*) FROM {stage.table}"
        )
        satker, year, count = cursor.fetchone()
    outcome.satker_codes, outcome.fiscal_year = satker or [], year
    outcome.rows["same"] = count - outcome.rows["new"]
    return outcome


def _row(r: OutputRow) -> tuple[object, ...]:
    volume = r.total_volume if r.total_volume is not None else Decimal(0)
    return (
        r.row,
        r.satker,
        r.program,
        r.kegiatan,
        r.kro,
        r.ro,
        "",
        "",
        "",
        r.period,
        r.status,
        r.target_volume,
        r.unit_name,
        volume,
        r.total_progress,
        r.evidence,
        r.reference_code,
        r.note,
    )


def _keep_targets(stage: staging.Stage) -> None:
    """Make the RO that are new, with the program of their kegiatan, and keep their targets and units."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {stage.table} s SET program = g.code FROM budget_kegiatan k JOIN budget_program g ON g.id =
                    k.program_id
                WHERE s.program = '' AND k.code = s.kegiatan"""
        )
        cursor.execute(
            f"""INSERT INTO budget_ro (fiscal_year, satker_id, program, kegiatan, kro, ro, name, target_volume,
                    unit_name)
                SELECT left(period, 4)::int, satker_id, program, kegiatan, kro, ro, '', max(target), max(unit_name)
                FROM {stage.table} GROUP BY 1, 2, 3, 4, 5, 6
                ON CONFLICT (fiscal_year, satker_id, program, kegiatan, kro, ro) DO UPDATE
                SET target_volume = coalesce(excluded.target_volume, budget_ro.target_volume),
                    unit_name = coalesce(nullif(excluded.unit_name, ''), budget_ro.unit_name)"""
        )
