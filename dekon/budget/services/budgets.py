"""MonSAKTI dataAng: items with pagu, blocks and the monthly plan (RPD), in one version of the DIPA."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import connection

from dekon.budget.choices import BlockKind, BlockOrigin, RevisionKind
from dekon.budget.imports.rows import AnyRow, BudgetRow, ParsedFile
from dekon.budget.services import dipa, plan, staging
from dekon.budget.services.outcome import Job, Outcome
from dekon.ledger import services as ledger
from dekon.lib.findings import Finding

MONTHS = tuple(f"rpd_{month}" for month in range(1, 13))
COLUMNS = (
    "item_code text, item_no text, description text, fund_source text, volume numeric, unit text, price_rp numeric,"
    " pagu_rp bigint, blocked_rp bigint, block_code text, version_code text, ro_volume numeric,"
    + ",".join(f" {month} bigint" for month in MONTHS)
)
IN_FORCE = frozenset("BC")
"""Letters of versions that are in force: DIPA and its revisions, POK."""
NAMES = (
    "item_code", "item_no", "description", "fund_source", "volume", "unit", "price_rp", "pagu_rp", "blocked_rp",
    "block_code", "version_code", "ro_volume", *MONTHS,
)  # fmt: skip


def load(parsed: ParsedFile[AnyRow], job: Job) -> Outcome:
    """Stage, check and post one dataAng file."""
    stage = staging.Stage("stage_budget", parsed)
    outcome = Outcome(kind=parsed.kind)
    outcome.rows["read"] = staging.fill(
        stage, COLUMNS, NAMES, (_row(r) for r in parsed.rows if isinstance(r, BudgetRow))
    )
    outcome.findings.extend(parsed.findings)
    outcome.period = parsed.period
    outcome.fiscal_year = parsed.fiscal_year or (parsed.period.year if parsed.period else None)
    outcome.satker_codes = sorted({satker for satker, _ in parsed.version_totals_rp})
    if outcome.fiscal_year is None:
        outcome.findings.append(Finding("error", "file-year-missing", {}, sheet=parsed.sheet))
    outcome.findings += _choose_version(stage, job, outcome)
    outcome.findings += staging.resolve_satker(stage, actor=job.actor, create_missing=job.options.create_missing)
    outcome.findings += staging.resolve_codes(stage, create_missing=job.options.create_missing)
    if outcome.refused or outcome.fiscal_year is None:
        outcome.rows["refused"] = outcome.rows["read"]
        return outcome
    staging.resolve_pos(stage, outcome.fiscal_year)
    _compare(stage, outcome)
    _post(stage, job, outcome, outcome.fiscal_year)
    return outcome


def _row(r: BudgetRow) -> tuple[object, ...]:
    return (
        r.row,
        r.satker,
        r.program,
        r.kegiatan,
        r.kro,
        r.ro,
        r.komponen,
        r.subkomponen,
        r.akun,
        r.item_code,
        r.item_no,
        r.description,
        r.fund_source,
        r.volume,
        r.unit,
        r.price_rp,
        r.total_rp,
        r.blocked_rp,
        r.block_code,
        r.version_code,
        r.ro_volume,
        *r.rpd_rp,
    )


def _choose_version(stage: staging.Stage, job: Job, outcome: Outcome) -> list[Finding]:
    """Keep the rows of the version in force: the newest among B and C, or the one the user confirmed.

    What the user confirmed counts for a satker that has it; one that is not in force only where there is none in force.

    Returns: an error where only proposals, drafts or unknown versions are there and nobody confirmed one, a warning
        where somebody did.
    """
    confirmed = job.options.version_code
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT satker, array_agg(DISTINCT version_code ORDER BY version_code), min(row_no) FROM {stage.table}
                GROUP BY satker HAVING bool_or(version_code <> '') ORDER BY satker"""
        )
        found = cursor.fetchall()
        findings, counting = [], {}
        for satker, versions, row in found:
            in_force = [v for v in versions if v[:1] in IN_FORCE]
            usable = confirmed in versions and (confirmed[:1] in IN_FORCE or not in_force)
            chosen = confirmed if usable else max(in_force, key=lambda v: (v[1:], v[0]), default="")
            if chosen[:1] not in IN_FORCE:
                shown = chosen or ", ".join(versions)
                code = "version-confirmed" if chosen else "version-not-in-force"
                told = staging.finding(stage, code, "version_code", row, shown, satker=satker, versions=shown)
                findings.append(replace(told, severity="warning" if chosen else "error"))
            counting[satker] = chosen
            cursor.execute(
                f"DELETE FROM {stage.table} WHERE satker = %s AND version_code <> %s", [satker, chosen or versions[0]]
            )
    outcome.versions = [
        {"satker": satker, "version": version, "pagu_rp": total, "counts": version == counting.get(satker)}
        for (satker, version), total in sorted(stage.parsed.version_totals_rp.items())
    ]
    return findings


def _compare(stage: staging.Stage, outcome: Outcome) -> None:
    """Sum the items of each position and compare with the book."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""DROP TABLE IF EXISTS stage_change; CREATE TEMP TABLE stage_change ON COMMIT DROP AS
                SELECT coalesce(s.pos_id, p.id) AS pos_id, p.satker_id, coalesce(s.pagu, 0) AS pagu_rp,
                       coalesce(s.blocked, 0) AS blocked_rp, coalesce(s.pagu, 0) - p.pagu_rp AS pagu_change,
                       coalesce(s.blocked, 0) - coalesce(k.blocked, 0) AS block_change
                FROM (SELECT pos_id, sum(pagu_rp) AS pagu, sum(blocked_rp) AS blocked FROM {stage.table} GROUP BY
                    pos_id) s
                FULL JOIN (SELECT * FROM ledger_pos WHERE fiscal_year = %s
                           AND satker_id IN (SELECT satker_id FROM {stage.table})) p ON p.id = s.pos_id
                LEFT JOIN (SELECT pos_id, sum(amount_rp - released_rp) AS blocked FROM budget_block
                           WHERE origin <> 'fa-detail' AND withdrawn_at IS NULL
                           GROUP BY pos_id) k ON k.pos_id = p.id""",
            [outcome.fiscal_year],
        )
        ledger.sample("stage_change")
        cursor.execute(
            "SELECT count(*) FILTER (WHERE pagu_change <> 0 OR block_change > 0), count(*) FILTER"
            " (WHERE pagu_change = 0"
            " AND block_change = 0), coalesce(sum(pagu_rp), 0), coalesce(sum(blocked_rp), 0) FROM stage_change"
        )
        moved, outcome.rows["same"], pagu, blocked = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM stage_change c WHERE pagu_change <> 0"
            " AND NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.pos_id = c.pos_id)"
        )
        outcome.rows["new"] = cursor.fetchone()[0]
        outcome.rows["changed"] = moved - outcome.rows["new"]
        cursor.execute(f"SELECT coalesce(sum({' + '.join(MONTHS)}), 0) FROM {stage.table}")
        planned = cursor.fetchone()[0]
        cursor.execute(f"SELECT DISTINCT satker FROM {stage.table} ORDER BY 1")
        outcome.satker_codes = [row[0] for row in cursor.fetchall()]
    outcome.totals_rp = {"pagu": int(pagu), "blocked": int(blocked), "planned": int(planned)}


def _post(stage: staging.Stage, job: Job, outcome: Outcome, year: int) -> None:
    on = _dated(job, outcome, year)
    if outcome.changes:
        _post_pagu(job, on)
        dipa.note_statement(
            table="stage_change", job=job, fiscal_year=year, on=on, kind=_revision_kind(stage), version=_version(stage)
        )
        _keep_items(stage, job)
    if _plan_differs(stage, year):
        outcome.rows["changed"] += 0 if outcome.changes else 1
        _keep_plan(job, on)
    _keep_targets(stage, year)


def _dated(job: Job, outcome: Outcome, year: int) -> date:
    """When the version holds from: the period's end if said; the first budget from January; later ones from today."""
    if outcome.period:
        return outcome.period
    first = date(year, 1, 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM ledger_entry e JOIN stage_change c ON c.pos_id = e.pos_id"
            " WHERE e.kind = 'allocate')"
        )
        known = cursor.fetchone()[0]
    return min(max(job.on, first), date(year, 12, 31)) if known else first


def _post_pagu(job: Job, on: date) -> None:
    ledger.create_batch_table("stage_batch")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO stage_batch (pos_id, kind, amount_rp, effective_on, source)
                SELECT pos_id, CASE WHEN pagu_change < 0 THEN 'decrease' WHEN known THEN 'increase' ELSE 'allocate' END,
                       abs(pagu_change), %s::date, 'budget:{job.run.pk}:pagu:' || pos_id
                FROM (SELECT c.*, EXISTS (SELECT 1 FROM ledger_entry e WHERE e.pos_id = c.pos_id AND e.kind =
                    'allocate') AS known
                      FROM stage_change c) t WHERE pagu_change <> 0
                UNION ALL
                SELECT pos_id, 'block', block_change, %s::date, 'budget:{job.run.pk}:block:' || pos_id
                FROM stage_change WHERE block_change > 0""",
            [on, on],
        )
    ledger.post_batch(table="stage_batch", batch=job.run.pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE stage_change SET block_change = 0 WHERE block_change < 0")
    dipa.change_blocks(
        table="stage_change", column="block_change", kind=BlockKind.OTHER, origin=BlockOrigin.DATAANG, job=job, on=on
    )


def _version(stage: staging.Stage) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(version_code), '') FROM {stage.table}")
        return str(cursor.fetchone()[0])


def _revision_kind(stage: staging.Stage) -> str:
    version = _version(stage)
    if version in {"", "B00"}:
        return RevisionKind.INITIAL
    return RevisionKind.POK if version.startswith("C") else RevisionKind.REVISION


def _keep_items(stage: staging.Stage, job: Job) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO budget_budgetitem (revision_id, pos_id, item_code, item_no, description, fund_source,
                    volume, unit,
                                               price_rp, total_rp, blocked_rp)
                SELECT r.id, s.pos_id, s.item_code, nullif(regexp_replace(s.item_no, '\\D', '', 'g'), '')::int,
                    s.description,
                       left(s.fund_source, 10), s.volume, s.unit, s.price_rp, s.pagu_rp, s.blocked_rp
                FROM {stage.table} s JOIN budget_dipa d ON d.satker_id = s.satker_id
                JOIN budget_diparevision r ON r.dipa_id = d.id AND r.import_run_id = %s""",
            [job.run.pk],
        )


def _plan_differs(stage: staging.Stage, year: int) -> bool:
    """Unfold the plan of the file and see whether it is another than the newest version of any satker."""
    months = ", ".join(f"({n}, s.{name})" for n, name in enumerate(MONTHS, 1))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""DROP TABLE IF EXISTS stage_plan; CREATE TEMP TABLE stage_plan ON COMMIT DROP AS
                SELECT s.satker_id, s.pos_id, m.month, sum(m.planned)::bigint AS planned_rp
                FROM {stage.table} s, LATERAL (VALUES {months}) m(month, planned)
                GROUP BY 1, 2, 3 HAVING sum(m.planned) <> 0"""
        )
        cursor.execute("DROP TABLE IF EXISTS stage_planned_satker")
        cursor.execute(
            """CREATE TEMP TABLE stage_planned_satker ON COMMIT DROP AS
               SELECT d.id AS dipa_id, d.satker_id FROM budget_dipa d
               WHERE d.fiscal_year = %s AND d.satker_id IN (SELECT satker_id FROM stage_plan) AND EXISTS (
                   (SELECT pos_id, month, planned_rp FROM stage_plan WHERE satker_id = d.satker_id
                    EXCEPT SELECT m.pos_id, m.month, m.planned_rp FROM budget_rpdmonth m WHERE m.version_id =
                        newest(d.id))
                   UNION ALL
                   (SELECT m.pos_id, m.month, m.planned_rp FROM budget_rpdmonth m WHERE m.version_id = newest(d.id)
                    EXCEPT SELECT pos_id, month, planned_rp FROM stage_plan WHERE satker_id = d.satker_id))""".replace(
                "newest(d.id)",
                "(SELECT v.id FROM budget_rpdversion v WHERE v.dipa_id = d.id AND v.withdrawn_at IS NULL"
                " ORDER BY v.sequence DESC LIMIT 1)",
            ),
            [year],
        )
        return bool(cursor.rowcount > 0)


def _keep_plan(job: Job, on: date) -> None:
    """A new version of the plan for every satker whose plan changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO budget_rpdversion (dipa_id, sequence, valid_from, import_run_id)
               SELECT t.dipa_id, coalesce((SELECT max(sequence) + 1 FROM budget_rpdversion v WHERE v.dipa_id =
                   t.dipa_id), 0),
                      %s, %s FROM stage_planned_satker t RETURNING id, dipa_id""",
            [on, job.run.pk],
        )
        dipa_ids = [row[1] for row in cursor.fetchall()]
        cursor.execute(
            """INSERT INTO budget_rpdmonth (version_id, pos_id, month, planned_rp)
               SELECT v.id, s.pos_id, s.month, s.planned_rp FROM stage_plan s
               JOIN stage_planned_satker t ON t.satker_id = s.satker_id
               JOIN budget_rpdversion v ON v.dipa_id = t.dipa_id AND v.import_run_id = %s""",
            [job.run.pk],
        )
    for dipa_id in dipa_ids:
        plan.rebuild(dipa_id=dipa_id)


def _keep_targets(stage: staging.Stage, year: int) -> None:
    """The target volume of every RO that the file states."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO budget_ro (fiscal_year, satker_id, program, kegiatan, kro, ro, name, target_volume,
                    unit_name)
                SELECT %s, satker_id, program, kegiatan, kro, ro, '', max(ro_volume), '' FROM {stage.table}
                WHERE ro_volume IS NOT NULL GROUP BY satker_id, program, kegiatan, kro, ro
                ON CONFLICT (fiscal_year, satker_id, program, kegiatan, kro, ro)
                DO UPDATE SET target_volume = excluded.target_volume""",
            [year],
        )
