"""SP2D lists without accounts (MyIntress monitoring, KPPN print).

Kept, and compared with the lines of the same SP2D.
"""

from __future__ import annotations

from django.db import connection

from dekon.budget.imports.rows import AnyRow, ParsedFile, Sp2dRow
from dekon.budget.services import staging
from dekon.budget.services.outcome import Job, Outcome
from dekon.lib.findings import Finding

COLUMNS = (
    "spp_no text, spp_kind text, spp_kind_name text, sp2d_no text, sp2d_on date, description text, gross_rp bigint,"
    " deduction_rp bigint, net_rp bigint, status text"
)
NAMES = (
    "spp_no",
    "spp_kind",
    "spp_kind_name",
    "sp2d_no",
    "sp2d_on",
    "description",
    "gross_rp",
    "deduction_rp",
    "net_rp",
    "status",
)
NO_PATH = ("", "", "", "", "", "", "")


def load(parsed: ParsedFile[AnyRow], job: Job) -> Outcome:
    """Stage, check and keep one SP2D list. It posts nothing, since it names no accounts."""
    stage = staging.Stage("stage_header", parsed)
    outcome = Outcome(kind=parsed.kind, period=parsed.period)
    outcome.rows["read"] = staging.fill(stage, COLUMNS, NAMES, (_row(r) for r in parsed.rows if isinstance(r, Sp2dRow)))
    outcome.findings.extend(parsed.findings)
    outcome.findings += staging.resolve_satker(stage, actor=job.actor, create_missing=job.options.create_missing)
    if outcome.refused:
        outcome.rows["refused"] = outcome.rows["read"]
        return outcome
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {stage.table} WHERE sp2d_no = '' OR sp2d_on IS NULL")
        cursor.execute(
            f"""SELECT coalesce(sum(gross_rp), 0), coalesce(sum(net_rp), 0), array_agg(DISTINCT satker ORDER BY satker),
                       min(extract(year FROM sp2d_on))::int FROM {stage.table}"""
        )
        gross, net, satker, year = cursor.fetchone()
        outcome.totals_rp, outcome.satker_codes = {"gross": int(gross), "net": int(net)}, satker or []
        outcome.fiscal_year = job.options.year or year
        cursor.execute(
            f"""INSERT INTO budget_sp2dheader (satker_id, fiscal_year, sp2d_no, sp2d_on, spp_no, spp_kind,
                    spp_kind_name,
                    description, gross_rp, deduction_rp, net_rp, status, import_run_id)
                SELECT DISTINCT ON (satker_id, sp2d_no) satker_id, extract(year FROM sp2d_on), sp2d_no, sp2d_on, spp_no,
                       spp_kind, spp_kind_name, description, gross_rp, deduction_rp, net_rp, status, %s
                FROM {stage.table} ORDER BY satker_id, sp2d_no, row_no
                ON CONFLICT (satker_id, sp2d_no) WHERE withdrawn_at IS NULL DO NOTHING""",
            [job.run.pk],
        )
        outcome.rows["new"] = cursor.rowcount
        cursor.execute(f"SELECT count(*) FROM {stage.table}")
        outcome.rows["same"] = cursor.fetchone()[0] - outcome.rows["new"]
    if missing := _open_cases(job):
        outcome.findings.append(Finding("warning", "sp2d-without-detail", {"count": missing}))
    return outcome


def _row(r: Sp2dRow) -> tuple[object, ...]:
    return (
        r.row,
        r.satker,
        *NO_PATH,
        r.spp_no,
        r.spp_kind,
        r.spp_kind_name,
        r.sp2d_no,
        r.sp2d_on,
        r.description,
        r.gross_rp,
        r.deduction_rp,
        r.net_rp,
        r.status,
    )


def _open_cases(job: Job) -> int:
    """A case for each SP2D whose lines are missing or add up to another gross. Returns how many lack their lines."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO budget_reconciliationcase (kind, status, fiscal_year, satker_id, pos_id, subject,
                    span_from, span_to,
                    stated_rp, booked_rp, import_run_id, owner_role)
               SELECT CASE WHEN l.total IS NULL THEN 'detail-missing' ELSE 'detail-differs' END, 'open', h.fiscal_year,
                      h.satker_id, NULL, h.sp2d_no, h.sp2d_on, h.sp2d_on, h.gross_rp, coalesce(l.total, 0),
                          h.import_run_id,
                      'ppk'
               FROM budget_sp2dheader h LEFT JOIN (
                   SELECT satker_id, sp2d_no, sum(amount_rp) FILTER (WHERE effect <> 'corrected') AS total
                   FROM budget_paymentline WHERE stage = 'paid' AND withdrawn_at IS NULL GROUP BY satker_id, sp2d_no
               ) l ON l.satker_id = h.satker_id AND l.sp2d_no = h.sp2d_no
               WHERE h.import_run_id = %s AND l.total IS DISTINCT FROM h.gross_rp AND h.spp_kind_name !~* 'retur'
               ON CONFLICT DO NOTHING RETURNING kind""",
            [job.run.pk],
        )
        return sum(1 for (kind,) in cursor.fetchall() if kind == "detail-missing")
