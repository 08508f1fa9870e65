"""From which day a budget file (dataAng) holds. The file itself does not say; people may, by its period.

The first budget of a satker holds from 1 January, a later one from the day on which it comes in, an older version that
comes in late from its own day: the first DIPA from January, any other right before the newer one that is known.
"""

from __future__ import annotations

from datetime import date

from django.db import connection

VERSION_OF = "substr({0}, 2) || left({0}, 1)"
"""B01 → 01B: versions in the order in which they were made."""

CHOOSE = f"""
    DROP TABLE IF EXISTS stage_dated; CREATE TEMP TABLE stage_dated ON COMMIT DROP AS
    SELECT s.satker_id, %(year)s::smallint AS fiscal_year, s.version_code,
           least(greatest(%(january)s, coalesce(%(period)s::date, CASE
               WHEN known.newest IS NULL THEN %(january)s
               WHEN newer.first IS NOT NULL
                   THEN coalesce(same.dated_on, CASE WHEN s.version_code = 'B00' THEN %(january)s END, newer.first)
               WHEN s.version_code = 'B00' AND same.dated_on IS NULL THEN %(january)s
               ELSE greatest(%(today)s::date, known.newest) END)), %(december)s) AS dated_on,
           same.import_run_id AS same_as, false AS known,
           CASE WHEN newer.first IS NULL THEN least(greatest(%(today)s::date, %(january)s), %(december)s)
                ELSE same.dated_on END AS plan_on
    FROM (SELECT satker_id, max(version_code) AS version_code FROM {{table}} GROUP BY satker_id) s
    LEFT JOIN LATERAL (
        SELECT max(t.dated_on) AS newest FROM budget_statement t
        WHERE t.satker_id = s.satker_id AND t.fiscal_year = %(year)s AND t.withdrawn_at IS NULL) known ON true
    LEFT JOIN LATERAL (
        SELECT min(t.dated_on) AS first FROM budget_statement t
        WHERE t.satker_id = s.satker_id AND t.fiscal_year = %(year)s AND t.withdrawn_at IS NULL
          AND t.origin = 'dataang' AND s.version_code <> ''
          AND {VERSION_OF.format("t.version_code")} > {VERSION_OF.format("s.version_code")}) newer ON true
    LEFT JOIN LATERAL (
        SELECT t.dated_on, t.import_run_id FROM budget_statement t
        WHERE t.satker_id = s.satker_id AND t.fiscal_year = %(year)s AND t.withdrawn_at IS NULL
          AND t.origin = 'dataang' AND t.version_code = s.version_code
          AND (%(period)s::date IS NULL OR t.dated_on = %(period)s::date)
        ORDER BY t.import_run_id DESC LIMIT 1) same ON true
"""

KNOWN = """
    WITH said AS (
        SELECT d.satker_id, f.pos_id, f.pagu_rp, f.blocked_rp
        FROM stage_dated d JOIN budget_statementfigure f ON f.import_run_id = d.same_as
        JOIN ledger_pos p ON p.id = f.pos_id AND p.satker_id = d.satker_id
    )
    UPDATE stage_dated SET known = true WHERE same_as IS NOT NULL AND satker_id NOT IN (
        SELECT coalesce(s.satker_id, k.satker_id) FROM stage_stated s FULL JOIN said k ON k.pos_id = s.pos_id
        WHERE (s.pagu_rp, s.blocked_rp) IS DISTINCT FROM (k.pagu_rp, k.blocked_rp))
"""


def choose(*, table: str, year: int, period: date | None, today: date) -> None:
    """Date a staged budget for each of its satker, in `stage_dated`.

    Needs `stage_stated` (`satker_id, pos_id, pagu_rp, blocked_rp`). The table says of each satker the version, the day
    from which its pagu holds (`dated_on`), whether the newest file of that version said the very same (`known`), and
    the day from which its monthly plan would hold (`plan_on`).
    """
    with connection.cursor() as cursor:
        cursor.execute(
            CHOOSE.format(table=table),
            {
                "year": year,
                "period": period,
                "today": today,
                "january": date(year, 1, 1),
                "december": date(year, 12, 31),
            },
        )
        cursor.execute(KNOWN)
        cursor.execute("UPDATE stage_dated SET plan_on = dated_on WHERE NOT known OR plan_on IS NULL")
