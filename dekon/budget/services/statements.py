"""FA Detail: a statement of pagu and cumulative realisation. It posts only its difference to the book.

Dated at the end of its period, what it calls *periode lalu* at the end of the month before. Where lines of payments
already speak for a position and span, a total that disagrees posts nothing and opens a reconciliation case.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection

from dekon.budget.choices import BlockKind, BlockOrigin
from dekon.budget.imports.rows import AnyRow, ParsedFile, StatementRow
from dekon.budget.services import cases, dipa, staging
from dekon.budget.services.outcome import Job, Outcome
from dekon.ledger import services as ledger
from dekon.lib.findings import Finding

COLUMNS = "pagu_rp bigint, lock_rp bigint, previous_rp bigint, current_rp bigint"
AMOUNTS = ("pagu_rp", "lock_rp", "previous_rp", "current_rp")


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
    _compare(stage, outcome, parsed.period)
    _post(stage, job, outcome, parsed.period)
    staging.store_names(stage, parsed.fiscal_year)
    return outcome


def _row(row: StatementRow) -> tuple[object, ...]:
    return (
        row.row, row.satker, row.program, row.kegiatan, row.kro, row.ro, row.komponen, row.subkomponen, row.akun,
        row.pagu_rp, row.lock_rp, row.previous_rp, row.current_rp,
    )  # fmt: skip


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


def _compare(stage: staging.Stage, outcome: Outcome, period: date) -> None:
    """Work out the differences: pagu and lock at the period's end, realisation before and in its month."""
    month_start = period.replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""DROP TABLE IF EXISTS stage_difference; CREATE TEMP TABLE stage_difference ON COMMIT DROP AS
                SELECT s.row_no, s.pos_id, s.pagu_rp, s.lock_rp, s.previous_rp, s.current_rp,
                       s.pagu_rp - coalesce(d.pagu, 0) AS pagu_change,
                       s.lock_rp - coalesce(k.locked, 0) AS lock_change,
                       s.previous_rp - coalesce(d.before, 0) - coalesce(w.before, 0) AS previous_change,
                       s.current_rp - coalesce(d.within, 0) - coalesce(w.within, 0) AS current_change,
                       coalesce(l.before, false) AS previous_by_lines, coalesce(l.within, false) AS current_by_lines
                FROM {stage.table} s
                LEFT JOIN (SELECT pos_id, sum(pagu_rp) FILTER (WHERE effective_on <= %(end)s) AS pagu,
                                  sum(realised_rp) FILTER (WHERE effective_on < %(start)s) AS before,
                                  sum(realised_rp) FILTER (WHERE effective_on BETWEEN %(start)s AND %(end)s) AS within
                           FROM ledger_dailysum GROUP BY pos_id) d ON d.pos_id = s.pos_id
                LEFT JOIN (SELECT pos_id, sum(amount_rp) FILTER (WHERE effective_on < %(start)s) AS before,
                                  sum(amount_rp) FILTER (WHERE effective_on BETWEEN %(start)s AND %(end)s) AS within
                           FROM ledger_parked WHERE state = 'open' GROUP BY pos_id) w ON w.pos_id = s.pos_id
                LEFT JOIN (SELECT pos_id, sum(amount_rp - released_rp) AS locked FROM budget_block
                           WHERE origin = 'fa-detail' AND withdrawn_at IS NULL GROUP BY pos_id) k ON k.pos_id = s.pos_id
                LEFT JOIN (SELECT pos_id, bool_or(sp2d_on < %(start)s) AS before,
                                  bool_or(sp2d_on BETWEEN %(start)s AND %(end)s) AS within
                           FROM budget_paymentline WHERE stage = 'paid' AND effect <> 'neutral' AND pos_id IS NOT NULL
                             AND withdrawn_at IS NULL
                           GROUP BY pos_id) l ON l.pos_id = s.pos_id""",
            {"start": month_start, "end": period},
        )
        ledger.sample("stage_difference")
        cursor.execute(
            """SELECT count(*) FILTER (WHERE NOT known AND moved), count(*) FILTER (WHERE known AND moved),
                      count(*) FILTER (WHERE NOT moved)
               FROM (SELECT pagu_change <> 0 OR lock_change <> 0 OR (previous_change <> 0 AND NOT previous_by_lines)
                            OR (current_change <> 0 AND NOT current_by_lines) AS moved,
                            EXISTS (SELECT 1 FROM ledger_entry e WHERE e.pos_id = d.pos_id) AS known
                     FROM stage_difference d) t"""
        )
        new, changed, same = cursor.fetchone()
        outcome.rows.update(new=new, changed=changed, same=same)
        cursor.execute(
            "SELECT DISTINCT f.import_run_id FROM budget_statementfigure f JOIN stage_difference d ON"
            " d.pos_id = f.pos_id"
            " WHERE f.withdrawn_at IS NULL"
            " UNION SELECT l.first_import_id FROM budget_paymentline l JOIN stage_difference d ON d.pos_id = l.pos_id"
            " WHERE (d.previous_by_lines OR d.current_by_lines) AND l.withdrawn_at IS NULL AND l.sp2d_on <= %s",
            [period],
        )
        outcome.rests_on = {row[0] for row in cursor.fetchall()}


def _post(stage: staging.Stage, job: Job, outcome: Outcome, period: date) -> None:
    """Post the differences, note what was stated, open cases where lines disagree."""
    before = period.replace(day=1) - timedelta(days=1)
    opened = cases.open_for_totals(job=job, period=period)
    outcome.rows["changed"] += opened
    if not outcome.changes:
        return
    year_start = date(period.year, 1, 1)
    ledger.create_batch_table("stage_batch")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO stage_batch (pos_id, kind, amount_rp, effective_on, order_no, source)
                SELECT pos_id, kind, abs(change), day, '', 'statement:{job.run.pk}:' || what || ':' || pos_id
                FROM (
                    SELECT pos_id, pagu_change AS change, %(end)s::date AS day, 'pagu' AS what,
                           CASE WHEN pagu_change < 0 THEN 'decrease'
                                WHEN EXISTS (SELECT 1 FROM ledger_entry e WHERE e.pos_id = d.pos_id AND e.kind =
                                    'allocate')
                                THEN 'increase' ELSE 'allocate' END AS kind FROM stage_difference d
                    UNION ALL
                    SELECT pos_id, lock_change, %(end)s::date, 'lock', CASE WHEN lock_change > 0 THEN 'block' ELSE
                        'unblock' END
                    FROM stage_difference
                    UNION ALL
                    SELECT pos_id, previous_change, greatest(%(before)s::date, %(january)s::date), 'previous',
                           CASE WHEN previous_change > 0 THEN 'realise' ELSE 'return' END
                    FROM stage_difference WHERE NOT previous_by_lines
                    UNION ALL
                    SELECT pos_id, current_change, %(end)s::date, 'current',
                           CASE WHEN current_change > 0 THEN 'realise' ELSE 'return' END
                    FROM stage_difference WHERE NOT current_by_lines
                ) t WHERE change <> 0""",
            {"end": period, "before": before, "january": year_start},
        )
    ledger.post_batch(table="stage_batch", batch=job.run.pk)
    _note_postings(job, period, before, year_start)
    dipa.change_blocks(
        table="stage_difference",
        column="lock_change",
        kind=BlockKind.REVISION_LOCK,
        origin=BlockOrigin.FA_DETAIL,
        job=job,
        on=period,
    )
    dipa.note_statement(table=stage.table, job=job, fiscal_year=period.year, on=period)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO budget_statementfigure (import_run_id, pos_id, period, pagu_rp, blocked_rp,"
            " previous_rp, current_rp)"
            " SELECT %s, pos_id, %s, pagu_rp, lock_rp, previous_rp, current_rp FROM stage_difference",
            [job.run.pk, period],
        )


def _note_postings(job: Job, period: date, before: date, year_start: date) -> None:
    """Remember which entries stand on the strength of a total, and for which span, until lines replace them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO budget_statementposting (entry_id, pos_id, span_from, span_to, signed_rp)
               SELECT id, pos_id, CASE WHEN split_part(source, ':', 3) = 'previous' THEN %s ELSE %s END,
                      CASE WHEN split_part(source, ':', 3) = 'previous' THEN %s ELSE %s END,
                      CASE kind WHEN 'realise' THEN amount_rp ELSE -amount_rp END
               FROM ledger_entry WHERE batch = %s AND kind IN ('realise', 'return') AND source LIKE 'statement:%%'""",
            [year_start, period.replace(day=1), before, period, job.run.pk],
        )
