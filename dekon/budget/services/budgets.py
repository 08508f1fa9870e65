"""MonSAKTI dataAng: items with pagu, blocks and the monthly plan (RPD), in one version of the DIPA."""

from __future__ import annotations

from dataclasses import replace

from django.db import connection

from dekon.budget.choices import RevisionKind
from dekon.budget.imports.rows import AnyRow, BudgetRow, ParsedFile
from dekon.budget.services import dating, dipa, plan, settling, staging
from dekon.budget.services.outcome import Job, Outcome
from dekon.ledger import services as ledger
from dekon.lib.findings import Finding

MONTHS = tuple(f"rpd_{month}" for month in range(1, 13))
COLUMNS = (
    "item_code text, item_no text, description text, fund_source text, volume numeric, unit text, price_rp numeric,"
    " pagu_rp bigint, blocked_rp bigint, block_code text, version_code text, ro_volume numeric, part_name text,"
    + ",".join(f" {month} bigint" for month in MONTHS)
)
IN_FORCE = frozenset("BC")
"""Letters of versions that are in force: DIPA and its revisions, POK."""
NAMES = (
    "item_code", "item_no", "description", "fund_source", "volume", "unit", "price_rp", "pagu_rp", "blocked_rp",
    "block_code", "version_code", "ro_volume", "part_name", *MONTHS,
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
    _state(stage, job, outcome, outcome.fiscal_year)
    _count(stage, outcome)
    _post(stage, job, outcome, outcome.fiscal_year)
    return outcome


def _row(r: BudgetRow) -> tuple[object, ...]:
    return (
        *staging.place_and_path(r),
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
        r.subkomponen_name,
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


def _state(stage: staging.Stage, job: Job, outcome: Outcome, year: int) -> None:
    """Sum the items of each position, date the file for each satker, and drop the satker of which all that is known.

    A budget speaks of every position of its satker: positions that it does not name have no pagu any more.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""DROP TABLE IF EXISTS stage_stated; CREATE TEMP TABLE stage_stated ON COMMIT DROP AS
                SELECT pos_id, min(satker_id) AS satker_id, sum(pagu_rp)::bigint AS pagu_rp,
                       sum(blocked_rp)::bigint AS blocked_rp
                FROM {stage.table} GROUP BY pos_id"""
        )
        cursor.execute("SELECT count(*) FROM stage_stated")
        outcome.rows["same"] = cursor.fetchone()[0]
        ledger.sample("stage_stated")
        settling.touch(
            f"""SELECT p.id AS pos_id FROM ledger_pos p WHERE p.fiscal_year = %s
                AND p.satker_id IN (SELECT satker_id FROM {stage.table})""",
            [year],
        )
        ledger.lock_pos(table="stage_touched")
        dating.choose(table=stage.table, year=year, period=outcome.period, today=job.on)
        cursor.execute(
            "DELETE FROM stage_touched c USING ledger_pos p, stage_dated d"
            " WHERE p.id = c.pos_id AND d.satker_id = p.satker_id AND d.known"
        )
        cursor.execute(
            """INSERT INTO budget_statement (import_run_id, satker_id, fiscal_year, dated_on, origin, version_code,
                                             complete)
               SELECT %s, satker_id, %s, dated_on, 'dataang', version_code, true FROM stage_dated WHERE NOT known""",
            [job.run.pk, year],
        )
        outcome.states = cursor.rowcount > 0
        cursor.execute(
            """INSERT INTO budget_statementfigure (import_run_id, pos_id, period, pagu_rp, blocked_rp)
               SELECT %s, s.pos_id, d.dated_on, s.pagu_rp, s.blocked_rp
               FROM stage_stated s JOIN stage_dated d ON d.satker_id = s.satker_id WHERE NOT d.known""",
            [job.run.pk],
        )


def _count(stage: staging.Stage, outcome: Outcome) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(pagu_rp), 0), coalesce(sum(blocked_rp), 0) FROM stage_stated")
        pagu, blocked = cursor.fetchone()
        cursor.execute(f"SELECT coalesce(sum({' + '.join(MONTHS)}), 0) FROM {stage.table}")
        planned = cursor.fetchone()[0]
        cursor.execute(f"SELECT DISTINCT satker FROM {stage.table} ORDER BY 1")
        outcome.satker_codes = [row[0] for row in cursor.fetchall()]
    outcome.totals_rp = {"pagu": int(pagu), "blocked": int(blocked), "planned": int(planned)}


def _post(stage: staging.Stage, job: Job, outcome: Outcome, year: int) -> None:
    if outcome.states:
        ledger.create_batch_table("stage_batch")
        settling.settle(prefix=f"budget:{job.run.pk}", import_id=job.run.pk)
        outcome.rows.update(settling.moved(outcome.rows["same"]))
        ledger.post_batch(table="stage_batch", batch=job.run.pk, positions_held=True)
        version = _version(stage)
        dipa.note_statement(
            table="stage_stated", job=job, fiscal_year=year, kind=_revision_kind(version), version=version
        )
        _keep_items(stage, job)
    if _plan_differs(stage, year):
        outcome.rows["changed"] += 0 if outcome.changes else 1
        _keep_plan(job)
    _keep_targets(stage, year)
    _keep_part_names(stage, year)


def _version(stage: staging.Stage) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(version_code), '') FROM {stage.table}")
        return str(cursor.fetchone()[0])


def _revision_kind(version: str) -> str:
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
    """Unfold the plan of the file and see of which satker it is another than the version in force on its day."""
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
               SELECT d.id AS dipa_id, d.satker_id, t.plan_on AS valid_from, v.id AS former
               FROM budget_dipa d JOIN stage_dated t ON t.satker_id = d.satker_id
               LEFT JOIN LATERAL (
                   SELECT v.id FROM budget_rpdversion v WHERE v.dipa_id = d.id AND v.withdrawn_at IS NULL
                   AND v.valid_from <= t.plan_on ORDER BY v.valid_from DESC, v.sequence DESC LIMIT 1) v ON true
               WHERE d.fiscal_year = %s AND d.satker_id IN (SELECT satker_id FROM stage_plan) AND EXISTS (
                   (SELECT pos_id, month, planned_rp FROM stage_plan WHERE satker_id = d.satker_id
                    EXCEPT SELECT m.pos_id, m.month, m.planned_rp FROM budget_rpdmonth m WHERE m.version_id = v.id)
                   UNION ALL
                   (SELECT m.pos_id, m.month, m.planned_rp FROM budget_rpdmonth m WHERE m.version_id = v.id
                    EXCEPT SELECT pos_id, month, planned_rp FROM stage_plan WHERE satker_id = d.satker_id))""",
            [year],
        )
        return bool(cursor.rowcount > 0)


def _keep_plan(job: Job) -> None:
    """A new version of the plan for every satker whose plan changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO budget_rpdversion (dipa_id, sequence, valid_from, import_run_id)
               SELECT t.dipa_id, coalesce((SELECT max(sequence) + 1 FROM budget_rpdversion v WHERE v.dipa_id =
                   t.dipa_id), 0),
                      t.valid_from, %s FROM stage_planned_satker t RETURNING id, dipa_id""",
            [job.run.pk],
        )
        dipa_ids = [row[1] for row in cursor.fetchall()]
        cursor.execute(
            """INSERT INTO budget_rpdmonth (version_id, pos_id, month, planned_rp)
               SELECT v.id, s.pos_id, s.month, s.planned_rp FROM stage_plan s
               JOIN stage_planned_satker t ON t.satker_id = s.satker_id
               JOIN budget_rpdversion v ON v.dipa_id = t.dipa_id AND v.import_run_id = %s""",
            [job.run.pk],
        )
    plan.repeat_after(import_id=job.run.pk)
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


def _keep_part_names(stage: staging.Stage, year: int) -> None:
    """The names of the subkomponen, which dataAng alone of all levels carries."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO budget_pathname (fiscal_year, satker_id, level, path, name)
                SELECT %s::smallint, satker_id, 'subkomponen',
                       concat_ws('.', program, kegiatan, kro, ro, komponen, subkomponen), left(max(part_name), 400)
                FROM {stage.table} WHERE part_name <> ''
                GROUP BY satker_id, program, kegiatan, kro, ro, komponen, subkomponen
                ON CONFLICT (fiscal_year, satker_id, path) DO UPDATE SET name = excluded.name""",
            [year],
        )
