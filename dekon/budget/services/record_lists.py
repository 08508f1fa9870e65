"""Lists of contracts, bills, advances, dispensations, reports, targets: kept by rows, what differs is replaced."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from dekon.budget.choices import RecordKind
from dekon.budget.imports.rows import AnyRow, ExecutionRow, ParsedFile
from dekon.budget.services import staging
from dekon.budget.services.outcome import Job, Outcome
from dekon.lib.findings import Finding

COLUMNS = (
    "fiscal_year int, number text, move text, akun_code text, ro_path text, month int, amount_rp bigint,"
    " percent numeric, dated_on date, arrived_on date, paid_on date"
)
NAMES = (
    "fiscal_year", "number", "move", "akun_code", "ro_path", "month", "amount_rp", "percent", "dated_on",
    "arrived_on", "paid_on",
)  # fmt: skip
NO_PATH = ("",) * 7
STANDING = """budget_executionrecord x WHERE x.kind = %(kind)s AND x.withdrawn_at IS NULL AND x.satker_id = s.satker_id
    AND x.fiscal_year = s.fiscal_year AND (x.number, x.move, x.ro) = (s.number, s.move, s.ro_path)
    AND x.month IS NOT DISTINCT FROM s.month"""
SAME = """(x.akun, x.amount_rp, x.percent, x.dated_on, x.arrived_on, x.paid_on)
    IS NOT DISTINCT FROM (s.akun_code, s.amount_rp, s.percent, s.dated_on, s.arrived_on, s.paid_on)"""


def load(parsed: ParsedFile[AnyRow], job: Job) -> Outcome:
    """Stage, check and keep one list: what is known stays, what differs is withdrawn for what the list says."""
    stage, kind = staging.Stage("stage_record", parsed), RecordKind(parsed.kind)
    outcome = Outcome(kind=parsed.kind, period=parsed.period)
    outcome.rows["read"] = staging.fill(
        stage, COLUMNS, NAMES, (_row(r) for r in parsed.rows if isinstance(r, ExecutionRow))
    )
    outcome.findings.extend(parsed.findings)
    outcome.findings += staging.resolve_satker(stage, actor=job.actor, create_missing=False)
    if not outcome.refused and kind == RecordKind.RO_TARGET:
        outcome.findings += _unknown_ro(stage)
    if outcome.refused:
        outcome.rows["refused"] = outcome.rows["read"]
        return outcome
    params: dict[str, Any] = {"kind": kind.value, "run": job.run.pk, "actor": job.actor.pk, "now": job.run.asked_at}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""ALTER TABLE {stage.table} ADD same boolean NOT NULL DEFAULT false;
                UPDATE {stage.table} s SET same = true WHERE EXISTS (SELECT 1 FROM {STANDING} AND {SAME})""", params,
        )  # fmt: skip
        cursor.execute(
            f"""SELECT DISTINCT x.import_run_id FROM {stage.table} s JOIN LATERAL (SELECT * FROM {STANDING}) x ON true
                WHERE x.import_run_id IS NOT NULL""", params,
        )  # fmt: skip
        outcome.rests_on = {row[0] for row in cursor.fetchall()}
        cursor.execute(
            f"""UPDATE budget_executionrecord x SET withdrawn_at = %(now)s, withdrawn_by_id = %(actor)s,
                    replaced_by_id = %(run)s
                FROM {stage.table} s WHERE NOT s.same AND x.id IN (SELECT x.id FROM {STANDING})""", params,
        )  # fmt: skip
        outcome.rows["changed"] = cursor.rowcount
        cursor.execute(
            f"""INSERT INTO budget_executionrecord (kind, satker_id, fiscal_year, number, move, akun, ro, month,
                    amount_rp, percent, dated_on, arrived_on, paid_on, import_run_id, recorded_by_id, recorded_at,
                    withdrawal_reason)
                SELECT %(kind)s, satker_id, fiscal_year, number, move, akun_code, ro_path, month, amount_rp, percent,
                       dated_on, arrived_on, paid_on, %(run)s, %(actor)s, %(now)s, ''
                FROM {stage.table} WHERE NOT same ORDER BY row_no""", params,
        )  # fmt: skip
        outcome.rows["new"] = cursor.rowcount - outcome.rows["changed"]
        cursor.execute(
            f"""SELECT array_agg(DISTINCT satker ORDER BY satker), min(fiscal_year), count(*) FILTER (WHERE same),
                       coalesce(sum(amount_rp), 0)::bigint FROM {stage.table}"""
        )
        satker, year, same, amount_rp = cursor.fetchone()
    outcome.satker_codes, outcome.fiscal_year, outcome.rows["same"] = satker or [], year, same
    outcome.totals_rp = {"amount": amount_rp} if amount_rp else {}
    return outcome


def _row(r: ExecutionRow) -> tuple[object, ...]:
    return (
        r.row, r.satker, *NO_PATH, r.fiscal_year, r.number, r.move, r.akun, r.ro, r.month, r.amount_rp, r.percent,
        r.dated_on, r.arrived_on, r.paid_on,
    )  # fmt: skip


def _unknown_ro(stage: staging.Stage) -> list[Finding]:
    """An error for each RO that the satker does not have in the year."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT s.ro_path, s.satker, min(s.row_no) FROM {stage.table} s WHERE NOT EXISTS (
                    SELECT 1 FROM budget_ro r WHERE r.satker_id = s.satker_id AND r.fiscal_year = s.fiscal_year
                      AND concat_ws('.', r.kegiatan, r.kro, r.ro) = s.ro_path)
                GROUP BY 1, 2 ORDER BY 3 LIMIT {staging.MAX_REPORTED}"""
        )
        return [
            staging.finding(stage, "record-ro-unknown", "ro", row, path, ro=path, code=satker)
            for path, satker, row in cursor.fetchall()
        ]


def take_back(run_id: int, now: datetime) -> None:
    """Withdraw what an import had recorded; what it had replaced holds again where nothing else took its place.

    Args:
        run_id: the import.
        now: the moment.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE budget_executionrecord SET withdrawn_at = %s WHERE import_run_id = %s AND withdrawn_at IS NULL",
            [now, run_id],
        )
        cursor.execute(
            """UPDATE budget_executionrecord b SET withdrawn_at = NULL, withdrawn_by_id = NULL, replaced_by_id = NULL
               WHERE b.replaced_by_id = %s AND NOT EXISTS (
                   SELECT 1 FROM budget_executionrecord x WHERE x.withdrawn_at IS NULL AND x.kind = b.kind
                     AND x.satker_id = b.satker_id AND x.fiscal_year = b.fiscal_year
                     AND (x.number, x.move, x.ro) = (b.number, b.move, b.ro)
                     AND x.month IS NOT DISTINCT FROM b.month)""",
            [run_id],
        )
