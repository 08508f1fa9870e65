"""FA Detail: a statement of pagu and cumulative realisation. It posts only its difference to the book.

Dated at the end of its period, what it calls *periode lalu* at the end of the month before. An older statement changes
the days before the next known one and none after it (`settling`). Where lines of payments already speak for a position
and span, a total that disagrees posts nothing and opens a reconciliation case.
"""

from __future__ import annotations

from datetime import date

from django.db import connection

from dekon.budget.imports.rows import AnyRow, ParsedFile, StatementRow
from dekon.budget.services import cases, dipa, settling, staging
from dekon.budget.services.outcome import Job, Outcome
from dekon.ledger import services as ledger
from dekon.lib.findings import Finding

COLUMNS = "pagu_rp bigint, lock_rp bigint, previous_rp bigint, current_rp bigint"
AMOUNTS = ("pagu_rp", "lock_rp", "previous_rp", "current_rp")
STAGED_FIELDS = StatementRow._fields.index("current_rp") + 1
"""A row begins with what is staged, in that order: its place, its path, its amounts."""


def load(parsed: ParsedFile[AnyRow], job: Job) -> Outcome:
    """Stage, check and post one FA Detail print."""
    stage = staging.Stage("stage_statement", parsed)
    outcome = Outcome(kind=parsed.kind)
    outcome.rows["read"] = staging.fill(
        stage, COLUMNS, AMOUNTS, (_row(r) for r in parsed.rows if isinstance(r, StatementRow))
    )
    outcome.findings.extend(parsed.findings)
    outcome.fiscal_year, outcome.period = parsed.fiscal_year, parsed.period
    outcome.satker_codes = sorted(parsed.satker_facts)
    outcome.totals_rp = _totals(stage)
    if parsed.period is None or parsed.fiscal_year is None:
        outcome.findings.append(Finding("error", "statement-without-period", {}, sheet=parsed.sheet))
    outcome.findings += staging.resolve_satker(stage, actor=job.actor, create_missing=job.options.create_missing)
    outcome.findings += staging.resolve_codes(stage, create_missing=job.options.create_missing)
    if outcome.refused or parsed.period is None or parsed.fiscal_year is None:
        outcome.rows["refused"] = outcome.rows["read"]
        outcome.breakdown = breakdown(stage)
        return outcome
    staging.resolve_pos(stage, parsed.fiscal_year)
    outcome.breakdown = breakdown(stage)
    _compare_and_post(stage, job, outcome, parsed.fiscal_year, parsed.period)
    staging.store_names(stage, parsed.fiscal_year)
    return outcome


def _row(row: StatementRow) -> tuple[object, ...]:
    return row[:STAGED_FIELDS]


def _totals(stage: staging.Stage) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(sum(pagu_rp),0), coalesce(sum(lock_rp),0), coalesce(sum(previous_rp + current_rp),0)"
            f" FROM {stage.table}"
        )
        pagu, blocked, realised = cursor.fetchone()
    return {"pagu": int(pagu), "blocked": int(blocked), "realised": int(realised)}


def breakdown(stage: staging.Stage) -> list[dict[str, str | int]]:
    """Totals by programme and spending type: what the file states and what is in the book now."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT s.program, left(s.akun, 2), sum(s.pagu_rp), coalesce(sum(p.pagu_rp), 0),
                       sum(s.previous_rp + s.current_rp), coalesce(sum(p.realised_rp), 0)
                FROM {stage.table} s LEFT JOIN ledger_pos p ON p.id = s.pos_id GROUP BY 1, 2 ORDER BY 1, 2"""
        )
        keys = ("program", "spending_type", "pagu_rp", "stored_pagu_rp", "realised_rp", "stored_realised_rp")
        return [
            dict(zip(keys, (p, t, *(int(amount) for amount in amounts)), strict=True))
            for p, t, *amounts in cursor.fetchall()
        ]


def _compare_and_post(stage: staging.Stage, job: Job, outcome: Outcome, year: int, period: date) -> None:
    """Keep what the file states, put it into the book, open cases where lines disagree; nothing where it is known."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""DROP TABLE IF EXISTS stage_stated; CREATE TEMP TABLE stage_stated ON COMMIT DROP AS
                SELECT pos_id, min(satker_id) AS satker_id, sum_rp(pagu_rp) AS pagu_rp,
                       sum_rp(lock_rp) AS lock_rp, sum_rp(previous_rp) AS previous_rp,
                       sum_rp(current_rp) AS current_rp
                FROM {stage.table} GROUP BY pos_id"""
        )
        cursor.execute("SELECT count(*) FROM stage_stated")
        rows = cursor.fetchone()[0]
    settling.touch("SELECT pos_id FROM stage_stated")
    ledger.lock_pos(table="stage_touched")
    if _is_known(period):
        outcome.rows["same"] = rows
        return
    _keep(job, year, period)
    ledger.create_batch_table("stage_batch")
    settling.settle(prefix=f"statement:{job.run.pk}", import_id=job.run.pk)
    outcome.rows.update(settling.moved(rows))
    outcome.rests_on = _rests_on(job, period)
    outcome.states = True
    ledger.post_batch(table="stage_batch", batch=job.run.pk, positions_held=True)
    cases.open_for_totals(stage="stage_stated", job=job, period=period)
    cases.follow_book(table="stage_touched", import_id=job.run.pk)
    dipa.note_statement(table=stage.table, job=job, fiscal_year=year)


def _is_known(period: date) -> bool:
    """Whether the newest statement of that period, for every satker of the file, says the very same."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH newest AS (
                    SELECT DISTINCT ON (t.satker_id) t.satker_id, t.import_run_id FROM budget_statement t
                    WHERE t.origin = 'fa-detail' AND t.dated_on = %s AND t.withdrawn_at IS NULL
                      AND t.satker_id IN (SELECT satker_id FROM stage_stated)
                    ORDER BY t.satker_id, t.import_run_id DESC)
                SELECT NOT EXISTS (
                    SELECT 1 FROM stage_stated s LEFT JOIN newest n ON n.satker_id = s.satker_id
                    LEFT JOIN budget_statementfigure f ON f.pos_id = s.pos_id AND f.import_run_id = n.import_run_id
                    WHERE (s.pagu_rp, s.lock_rp, s.previous_rp, s.current_rp)
                          IS DISTINCT FROM (f.pagu_rp, f.blocked_rp, f.previous_rp, f.current_rp))
                AND (SELECT count(*) FROM stage_stated) = (
                    SELECT count(*) FROM budget_statementfigure
                    WHERE import_run_id IN (SELECT import_run_id FROM newest))""",
            [period],
        )
        return bool(cursor.fetchone()[0])


def _keep(job: Job, year: int, period: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO budget_statement (import_run_id, satker_id, fiscal_year, dated_on, origin, version_code,
                                              complete)
                SELECT DISTINCT %s::bigint, satker_id, %s::smallint, %s::date, 'fa-detail', '', false
                FROM stage_stated""",
            [job.run.pk, year, period],
        )
        cursor.execute(
            """INSERT INTO budget_statementfigure (import_run_id, pos_id, period, pagu_rp, blocked_rp, previous_rp,
                                                    current_rp)
                SELECT %s, pos_id, %s, pagu_rp, lock_rp, previous_rp, current_rp FROM stage_stated""",
            [job.run.pk, period],
        )


def _rests_on(job: Job, period: date) -> set[int]:
    """The imports that had stated figures of the same positions, or brought lines of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT f.import_run_id FROM budget_statementfigure f JOIN stage_touched d ON d.pos_id = f.pos_id
               JOIN budget_statement t ON t.import_run_id = f.import_run_id AND t.origin = 'fa-detail'
               WHERE t.withdrawn_at IS NULL AND f.import_run_id <> %s
               UNION
               SELECT DISTINCT l.first_import_id FROM budget_paymentline l JOIN stage_touched d ON d.pos_id = l.pos_id
               WHERE l.withdrawn_at IS NULL AND l.stage = 'paid' AND l.effect <> 'neutral' AND l.sp2d_on <= %s""",
            [job.run.pk, period],
        )
        return {row[0] for row in cursor.fetchall()}
