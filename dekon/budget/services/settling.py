"""What statements say, put into the book: on every day exactly what the newest statement up to that day says.

Statements may arrive in any order. For each position that one of them touches, the steps that all statements together
ask for are worked out anew and compared with what is posted; only the difference goes into the book, each part on its
day. So an older statement changes the days up to the next known one and none after it, and undoing needs no memory.

* Pagu holds from the day of a statement to that of the next.
* Realisation is a cumulative figure at the end of a period and at the end of the month before it. Between two known
  figures lies a span; where payment lines speak for a span, totals post nothing in it.
* Blocks are in `stated_blocks`.

Works on the temporary tables `stage_touched` (`pos_id`) and `stage_batch`, which are the caller's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection

from dekon.budget.services import stated_blocks
from dekon.ledger import services as ledger

STATEMENTS = """
    DROP TABLE IF EXISTS stage_statements;
    CREATE TEMP TABLE stage_statements ON COMMIT DROP AS
    SELECT import_run_id, satker_id, fiscal_year, dated_on, origin, complete,
           row_number() OVER (PARTITION BY satker_id, fiscal_year
                              ORDER BY dated_on, known_since, version, import_run_id) AS place
    FROM (
        SELECT t.*, CASE WHEN version_code = '' THEN import_run_id ELSE min(import_run_id) OVER newer END AS known_since
        FROM (SELECT s.*, substr(version_code, 2) || left(version_code, 1) AS version FROM budget_statement s
              WHERE withdrawn_at IS NULL AND (satker_id, fiscal_year) IN (
                  SELECT p.satker_id, p.fiscal_year FROM ledger_pos p JOIN stage_touched c ON c.pos_id = p.id)) t
        WINDOW newer AS (PARTITION BY satker_id, fiscal_year, dated_on, origin ORDER BY version DESC)
    ) ranked
"""
"""The statements of the satker concerned, numbered in the order in which they count.

Of one day the newest import counts, but never an older version of the budget over a newer one.
"""

PAGU = """
    INSERT INTO stage_batch (pos_id, kind, amount_rp, effective_on, source)
    WITH said AS (
        SELECT DISTINCT ON (c.pos_id, t.dated_on) c.pos_id, t.dated_on AS day, coalesce(f.pagu_rp, 0) AS pagu
        FROM stage_touched c JOIN ledger_pos p ON p.id = c.pos_id
        JOIN stage_statements t ON t.satker_id = p.satker_id AND t.fiscal_year = p.fiscal_year
        LEFT JOIN budget_statementfigure f ON f.pos_id = c.pos_id AND f.import_run_id = t.import_run_id
        WHERE t.complete OR f.pos_id IS NOT NULL
        ORDER BY c.pos_id, t.dated_on, t.place DESC
    ), wanted AS (
        SELECT pos_id, day, pagu - coalesce(lag(pagu) OVER (PARTITION BY pos_id ORDER BY day), 0) AS change FROM said
    ), posted AS (
        SELECT pos_id, day, sum_rp(pagu) AS change FROM (
            SELECT d.pos_id, d.effective_on AS day, d.pagu_rp AS pagu
            FROM ledger_dailysum d JOIN stage_touched c ON c.pos_id = d.pos_id
            UNION ALL
            SELECT b.pos_id, b.effective_on, f.pagu
            FROM stage_batch b, LATERAL ledger_effects(b.kind, b.reversed_kind, b.amount_rp) f
        ) moved GROUP BY 1, 2
    )
    SELECT pos_id, CASE WHEN change < 0 THEN 'decrease' WHEN change > 0 AND first AND NOT EXISTS (
                            SELECT 1 FROM ledger_entry e WHERE e.pos_id = t.pos_id AND e.kind = 'allocate')
                        THEN 'allocate' ELSE 'increase' END,
           abs(change), day, %(prefix)s || ':pagu:' || pos_id || ':' || day
    FROM (
        SELECT pos_id, day, coalesce(w.change, 0) - coalesce(g.change, 0) AS change,
               row_number() OVER (PARTITION BY pos_id ORDER BY day) = 1 AS first
        FROM wanted w FULL JOIN posted g USING (pos_id, day)
        WHERE coalesce(w.change, 0) <> coalesce(g.change, 0)
    ) t
"""

SPANS = """
    DROP TABLE IF EXISTS stage_spans; CREATE TEMP TABLE stage_spans ON COMMIT DROP AS
    WITH figures AS (
        SELECT f.pos_id, f.period, t.place, make_date(t.fiscal_year, 1, 1) AS january, f.previous_rp, f.current_rp
        FROM stage_touched c JOIN budget_statementfigure f ON f.pos_id = c.pos_id
        JOIN ledger_pos p ON p.id = c.pos_id
        JOIN stage_statements t ON t.import_run_id = f.import_run_id AND t.satker_id = p.satker_id
        WHERE f.current_rp IS NOT NULL
    ), known AS (
        SELECT DISTINCT ON (pos_id, day) pos_id, january, day, total FROM (
            SELECT pos_id, january, place, period AS day, previous_rp + current_rp AS total FROM figures
            UNION ALL
            SELECT pos_id, january, place, date_trunc('month', period)::date - 1, previous_rp FROM figures
            WHERE period >= january + 31
        ) ends ORDER BY pos_id, day, place DESC
    ), spans AS (
        SELECT pos_id, coalesce(lag(day) OVER days + 1, january) AS span_from, day AS span_to,
               total - coalesce(lag(total) OVER days, 0) AS total
        FROM known WINDOW days AS (PARTITION BY pos_id ORDER BY day)
    )
    SELECT coalesce(s.pos_id, g.pos_id) AS pos_id, coalesce(s.span_from, g.span_from) AS span_from,
           coalesce(s.span_to, g.span_to) AS span_to, s.pos_id IS NOT NULL AS wanted,
           coalesce(s.total, 0) - coalesce(g.total, 0) AS change
    FROM (SELECT * FROM spans s WHERE NOT EXISTS (
              SELECT 1 FROM budget_paymentline l WHERE l.pos_id = s.pos_id AND l.stage = 'paid'
              AND l.withdrawn_at IS NULL AND l.effect <> 'neutral' AND l.sp2d_on BETWEEN s.span_from AND s.span_to)) s
    FULL JOIN (SELECT o.pos_id, o.span_from, o.span_to, sum_rp(o.signed_rp) AS total
               FROM budget_statementposting o JOIN stage_touched c ON c.pos_id = o.pos_id
               WHERE o.replaced_at IS NULL GROUP BY 1, 2, 3) g
      ON (g.pos_id, g.span_from, g.span_to) = (s.pos_id, s.span_from, s.span_to)
    WHERE s.pos_id IS NULL OR s.total <> coalesce(g.total, 0)
"""
"""Spans as totals ask for them against spans as posted; a figure of a later statement counts over an earlier one's."""

OUTDATED = """
    DROP TABLE IF EXISTS stage_outdated; CREATE TEMP TABLE stage_outdated (source text) ON COMMIT DROP;
    WITH gone AS (
        UPDATE budget_statementposting o SET replaced_at = clock_timestamp() FROM stage_spans s
        WHERE NOT s.wanted AND o.replaced_at IS NULL AND o.pos_id = s.pos_id AND o.span_from = s.span_from
          AND o.span_to = s.span_to
        RETURNING o.source
    ) INSERT INTO stage_outdated SELECT source FROM gone
"""

REALISED = """
    WITH posting AS (
        INSERT INTO budget_statementposting (source, pos_id, span_from, span_to, signed_rp)
        SELECT %(prefix)s || ':realised:' || pos_id || ':' || span_to, pos_id, span_from, span_to, change
        FROM stage_spans WHERE wanted AND change <> 0
        RETURNING source, pos_id, span_to, signed_rp
    )
    INSERT INTO stage_batch (pos_id, kind, amount_rp, effective_on, source)
    SELECT pos_id, CASE WHEN signed_rp > 0 THEN 'realise' ELSE 'return' END, abs(signed_rp), span_to, source
    FROM posting
"""


def settle(*, prefix: str, import_id: int | None) -> None:
    """Add to `stage_batch` what makes the book say what the statements say of the positions in `stage_touched`.

    The caller has locked those positions (`ledger.lock_pos`).

    Args:
        prefix: of the sources of what is posted, unique for the occasion (`statement:17`).
        import_id: the import on whose occasion this happens, for the records of blocks; None where a letter is.
    """
    with connection.cursor() as cursor:
        cursor.execute(STATEMENTS)
        cursor.execute(SPANS)
        cursor.execute(OUTDATED)
        ledger.add_take_backs(table="stage_batch", sources="stage_outdated", prefix="replaced")
        cursor.execute(REALISED, {"prefix": prefix})
        cursor.execute(PAGU, {"prefix": prefix})
    stated_blocks.settle(prefix=prefix, import_id=import_id)


def touch(query: str, params: Sequence[int] | Mapping[str, int] = ()) -> None:
    """Make `stage_touched` from a query that gives `pos_id`."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS stage_touched")
        cursor.execute(
            f"CREATE TEMP TABLE stage_touched ON COMMIT DROP AS SELECT DISTINCT pos_id FROM ({query}) t", params
        )
        cursor.execute("ALTER TABLE stage_touched ADD PRIMARY KEY (pos_id)")
    ledger.sample("stage_touched")


def moved(rows: int) -> dict[str, int]:
    """How many stated rows are about to move a position that is new to the book, one that is known, or none."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FILTER (WHERE NOT known), count(*) FILTER (WHERE known) FROM (
                   SELECT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.pos_id = b.pos_id) AS known
                   FROM (SELECT DISTINCT pos_id FROM stage_batch) b) t"""
        )
        new, changed = cursor.fetchone()
    return {"new": new, "changed": changed, "same": rows - new - changed}
