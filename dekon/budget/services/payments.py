"""Payment lines of the Treasury (MonSAKTI realisasi, MyIntress detail).

Single lines that replace what totals posted.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.db import connection

from dekon.budget.choices import ADVANCE_SETTLING_SPP, ADVANCE_SPP, CORRECTION_SPP
from dekon.budget.imports.rows import AnyRow, ParsedFile, PaymentRow
from dekon.budget.models import PaymentLine
from dekon.budget.services import cases, corrections, staging
from dekon.budget.services.outcome import Job, Outcome
from dekon.ledger import services as ledger
from dekon.lib.findings import Finding

COLUMNS = (
    "spp_kind text, spp_kind_name text, spp_no text, spp_on date, spm_no text, sp2d_no text,"
    " sp2d_on date, description text,"
    " coa text, item text, amount_rp bigint, status text, deduction_akun text, deduction_rp bigint"
)
NAMES = (
    "spp_kind",
    "spp_kind_name",
    "spp_no",
    "spp_on",
    "spm_no",
    "sp2d_no",
    "sp2d_on",
    "description",
    "coa",
    "item",
    "amount_rp",
    "status",
    "deduction_akun",
    "deduction_rp",
)
NOT_BINDING = ("baru", "cetak spp", "batal spp", "voided")
"""States of an SPP that do not burden the pagu (status_spp.csv)."""


def load(parsed: ParsedFile[AnyRow], job: Job) -> Outcome:
    """Stage, check and post one file of payment lines."""
    stage = staging.Stage("stage_payment", parsed, spending_only=True)
    outcome = Outcome(kind=parsed.kind, period=parsed.period)
    outcome.rows["read"] = staging.fill(
        stage, COLUMNS, NAMES, (_row(r) for r in parsed.rows if isinstance(r, PaymentRow))
    )
    outcome.findings.extend(parsed.findings)
    outcome.fiscal_year = parsed.fiscal_year or job.options.year or _year(stage)
    if outcome.fiscal_year is None:
        outcome.findings.append(Finding("error", "file-year-missing", {}, sheet=parsed.sheet))
    outcome.findings += staging.resolve_satker(stage, actor=job.actor, create_missing=job.options.create_missing)
    outcome.findings += staging.resolve_codes(stage, create_missing=job.options.create_missing)
    if outcome.refused or outcome.fiscal_year is None:
        outcome.rows["refused"] = outcome.rows["read"]
        return outcome
    staging.resolve_pos(stage, outcome.fiscal_year)
    ledger.lock_pos(table=stage.table)
    _classify(stage, outcome.fiscal_year)
    if outside := _outside_year(stage, outcome.fiscal_year):
        outcome.findings += outside
        outcome.rows["refused"] = outcome.rows["read"]
        return outcome
    _compare(stage, outcome)
    if outcome.rows["new"]:
        _post(stage, job, outcome)
    return outcome


def _row(r: PaymentRow) -> tuple[object, ...]:
    return (
        *staging.place_and_path(r),
        r.spp_kind,
        r.spp_kind_name,
        r.spp_no,
        r.spp_on,
        r.spm_no,
        r.sp2d_no,
        r.sp2d_on,
        r.description,
        r.coa,
        r.item,
        r.amount_rp,
        r.status,
        r.deduction_akun,
        r.deduction_rp,
    )


def _year(stage: staging.Stage) -> int | None:
    """The fiscal year of most payments: a payment happens within its year."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT extract(year FROM coalesce(sp2d_on, spp_on))::int AS year, count(*) FROM {stage.table}"
            " WHERE amount_rp >= 0 AND coalesce(sp2d_on, spp_on) IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _classify(stage: staging.Stage, year: int) -> None:
    """Say of each row how far it has come, what it does, and which one it is among equal ones."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""ALTER TABLE {stage.table} ADD stage text, ADD effect text, ADD advance_rp bigint, ADD identity uuid;
                UPDATE {stage.table} s SET stage = CASE
                    WHEN lower(status) = ANY(%(loose)s) THEN 'void'
                    WHEN sp2d_no <> '' AND sp2d_on IS NOT NULL
                         AND (status = '' OR status ~* 'sp2d' OR status ~* 'selesai|cair|paid') THEN 'paid'
                    ELSE 'reserving' END""",
            {"loose": list(NOT_BINDING)},
        )
        cursor.execute(
            f"""UPDATE {stage.table} s SET effect = CASE
                    WHEN spp_kind_name ~* 'retur' OR akun ~ '^8[12]7' THEN 'neutral'
                    WHEN spp_kind = ANY(%(advance)s) OR akun ~ '^8[12]5' THEN 'advance'
                    WHEN akun !~ '^5[1-7]' THEN 'neutral'
                    WHEN amount_rp < 0 AND NOT spp_kind = ANY(%(correction)s)
                         AND extract(year FROM sp2d_on) > %(year)s THEN 'revenue'
                    WHEN amount_rp < 0 AND NOT spp_kind = ANY(%(correction)s) THEN 'return'
                    ELSE 'spending' END,
                advance_rp = CASE
                    WHEN akun ~ '^815' THEN -abs(amount_rp)
                    WHEN spp_kind = ANY(%(advance)s) OR akun ~ '^825' THEN amount_rp
                    WHEN deduction_akun ~ '^815' THEN -deduction_rp
                    WHEN spp_kind = ANY(%(settling)s) THEN -amount_rp ELSE 0 END""",
            {
                "advance": list(ADVANCE_SPP),
                "correction": list(CORRECTION_SPP),
                "settling": list(ADVANCE_SETTLING_SPP),
                "year": year,
            },
        )
        cursor.execute(
            f"""UPDATE {stage.table} s SET identity = md5(concat_ws('|', line, n))::uuid
                FROM (SELECT row_no, line, row_number() OVER (PARTITION BY line ORDER BY row_no) AS n FROM (
                          SELECT row_no, concat_ws('|', satker, CASE stage WHEN 'paid' THEN sp2d_no ELSE 'spp:' ||
                              spp_no || stage END,
                                 program, kegiatan, kro, ro, komponen, subkomponen, akun, item, amount_rp) AS line
                          FROM {stage.table}) a) b WHERE b.row_no = s.row_no"""
        )


def _outside_year(stage: staging.Stage, year: int) -> list[Finding]:
    """An error for each line that counts and is paid in another year; a correction belongs to the year it corrects."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT row_no, sp2d_no, sp2d_on FROM {stage.table} WHERE stage = 'paid'
                AND effect IN ('spending', 'return') AND extract(year FROM sp2d_on) <> %s AND NOT spp_kind = ANY(%s)
                ORDER BY row_no LIMIT %s""",
            [year, list(CORRECTION_SPP), staging.MAX_REPORTED],
        )
        return [
            staging.finding(stage, "payment-outside-year", "sp2d_on", row, str(day), sp2d=sp2d, day=str(day), year=year)
            for row, sp2d, day in cursor.fetchall()
        ]


def _compare(stage: staging.Stage, outcome: Outcome) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {stage.table} WHERE stage = 'void' AND sp2d_no = ''")
        cursor.execute(
            f"""SELECT count(*) FILTER (WHERE l.id IS NULL), count(l.id),
                       coalesce(sum(s.amount_rp) FILTER (WHERE s.stage = 'paid' AND s.effect IN ('spending',
                           'return')), 0),
                       array_agg(DISTINCT s.satker ORDER BY s.satker), array_agg(DISTINCT l.first_import_id)
                FROM {stage.table} s LEFT JOIN budget_paymentline l
                  ON l.identity = s.identity AND l.withdrawn_at IS NULL"""
        )
        outcome.rows["new"], outcome.rows["same"], realised, satker, earlier = cursor.fetchone()
        outcome.totals_rp = {"realised": int(realised)}
        outcome.satker_codes = satker or []
        outcome.rests_on = {number for number in earlier or [] if number is not None}
        cursor.execute(
            f"""SELECT program, left(akun, 2), coalesce(sum(amount_rp), 0) FROM {stage.table}
                WHERE stage = 'paid' AND effect IN ('spending', 'return') GROUP BY 1, 2 ORDER BY 1, 2"""
        )
        outcome.breakdown = [
            {"program": program, "spending_type": kind, "realised_rp": int(total)}
            for program, kind, total in cursor.fetchall()
        ]


def _post(stage: staging.Stage, job: Job, outcome: Outcome) -> None:
    _keep_lines(stage, job, outcome.fiscal_year)
    outcome.findings += corrections.apply(job)
    ledger.create_batch_table("stage_batch")
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO stage_batch (pos_id, kind, amount_rp, effective_on, order_no, source)
               SELECT pos_id, CASE WHEN amount_rp > 0 THEN 'realise' ELSE 'return' END, abs(amount_rp),
                      least(greatest(sp2d_on, make_date(fiscal_year, 1, 1)), make_date(fiscal_year, 12, 31)),
                   sp2d_no,
                      'line:' || id FROM budget_paymentline
               WHERE first_import_id = %s AND stage = 'paid' AND effect IN ('spending', 'return') AND amount_rp <> 0""",
            [job.run.pk],
        )
        corrections.add_reversals(job)
        spans = _replace_totals()
        unreserved = _reserve(stage, job)
    posted = ledger.post_batch(table="stage_batch", batch=job.run.pk)
    outcome.totals_rp["parked"] = _parked(job)
    if posted.parked:
        outcome.findings.append(
            Finding("warning", "payments-parked", {"count": posted.parked, "amount": outcome.totals_rp["parked"]})
        )
    if unreserved:
        outcome.findings.append(Finding("warning", "reservations-without-room", {"count": unreserved}))
    outcome.rests_on |= _settled_imports(job)
    cases.open_for_lines(job=job, year=outcome.fiscal_year, spans=spans)
    cases.follow_book(table=stage.table, import_id=job.run.pk)


def _keep_lines(stage: staging.Stage, job: Job, year: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO budget_paymentline (identity, generation, fiscal_year, satker_id, pos_id, stage, effect,
                    spp_kind,
                    spp_kind_name, spp_no, spm_no, sp2d_no, sp2d_on, description, coa, akun, item, amount_rp,
                        advance_rp,
                    status, first_import_id)
                SELECT identity, {_generation()}, %s,
                    satker_id, pos_id, stage, effect, spp_kind, spp_kind_name, spp_no, spm_no,
                    sp2d_no,
                       coalesce(sp2d_on, spp_on), description, coa, akun, item, amount_rp,
                       CASE stage WHEN 'paid' THEN advance_rp ELSE 0 END, status, %s
                FROM {stage.table} s ORDER BY row_no ON CONFLICT (identity) WHERE withdrawn_at IS NULL DO NOTHING""",
            [year, job.run.pk],
        )


def _generation() -> str:
    """How often a line was withdrawn before, as SQL; nearly always nobody has undone anything."""
    if not PaymentLine.objects.filter(withdrawn_at__isnull=False).exists():
        return "0"
    return "(SELECT count(*) FROM budget_paymentline w WHERE w.identity = s.identity AND w.withdrawn_at IS NOT NULL)"


def _reserve(stage: staging.Stage, job: Job) -> int:
    """Release what an SPP had set aside once it is paid or void; set aside what is on its way and has room.

    Returns: how many lines on their way found no room; they are not set aside.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE budget_paymentline l SET stage = 'closed', settled_by_id = %s FROM {stage.table} s
                WHERE l.stage = 'reserving' AND l.withdrawn_at IS NULL
                  AND l.satker_id = s.satker_id AND l.spp_no = s.spp_no AND s.spp_no <> ''
                  AND s.stage IN ('paid', 'void') AND l.first_import_id <> %s RETURNING l.id""",
            [job.run.pk, job.run.pk],
        )
        closed = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            """INSERT INTO stage_batch (pos_id, kind, amount_rp, effective_on, source)
               SELECT pos_id, 'release', amount_rp, effective_on, 'release:' || source || ':' || %s FROM ledger_entry
               WHERE kind = 'reserve' AND source = ANY(%s)""",
            [job.run.pk, [f"spp:{number}" for number in closed]],
        )
        cursor.execute(
            """INSERT INTO stage_batch (pos_id, kind, amount_rp, effective_on, source)
               SELECT l.pos_id, 'reserve', l.amount_rp, least(greatest(l.sp2d_on, make_date(l.fiscal_year, 1, 1)),
                                                             make_date(l.fiscal_year, 12, 31)), 'spp:'
                   || l.id
               FROM budget_paymentline l JOIN (
                   SELECT n.pos_id FROM budget_paymentline n JOIN ledger_pos p ON p.id = n.pos_id
                   WHERE n.first_import_id = %(run)s AND n.stage = 'reserving' AND n.amount_rp > 0
                   GROUP BY n.pos_id, p.id
                   HAVING sum(n.amount_rp) + coalesce((SELECT sum(b.amount_rp) FROM stage_batch b
                                                       WHERE b.pos_id = n.pos_id AND b.kind = 'realise'), 0)
                          <= p.pagu_rp - p.blocked_rp - p.reserved_rp - p.realised_rp
               ) room ON room.pos_id = l.pos_id
               WHERE l.first_import_id = %(run)s AND l.stage = 'reserving' AND l.amount_rp > 0 AND l.effect =
                   'spending'""",
            {"run": job.run.pk},
        )
        cursor.execute(
            """SELECT count(*) FROM budget_paymentline l WHERE l.first_import_id = %s AND l.stage = 'reserving'
                 AND l.amount_rp > 0 AND l.effect = 'spending'
                 AND NOT EXISTS (SELECT 1 FROM stage_batch b WHERE b.source = 'spp:' || l.id)""",
            [job.run.pk],
        )
        return int(cursor.fetchone()[0])


def _replace_totals() -> list[tuple[int, date, date, int]]:
    """Take back what totals had posted or parked for positions and spans that have lines now.

    Returns those spans with their totals.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE budget_statementposting t SET replaced_at = clock_timestamp()
               FROM (SELECT DISTINCT o.source FROM stage_payment s JOIN budget_statementposting o
                       ON o.pos_id = s.pos_id AND o.replaced_at IS NULL AND s.sp2d_on BETWEEN o.span_from AND o.span_to
                     WHERE s.stage = 'paid' AND s.effect <> 'neutral') met
               WHERE t.source = met.source
               RETURNING t.source, t.pos_id, t.span_from, t.span_to, t.signed_rp"""
        )
        replaced = cursor.fetchall()
        if replaced:
            cursor.execute("DROP TABLE IF EXISTS stage_replaced")
            cursor.execute(
                "CREATE TEMP TABLE stage_replaced ON COMMIT DROP AS SELECT unnest(%s::text[]) AS source",
                [[row[0] for row in replaced]],
            )
            ledger.add_take_backs(table="stage_batch", sources="stage_replaced", prefix="replaced")
    spans: Counter[tuple[int, date, date]] = Counter()
    for _source, pos_id, start, end, signed_rp in replaced:
        spans[pos_id, start, end] += int(signed_rp)
    return [(*span, signed_rp) for span, signed_rp in spans.items()]


def _parked(job: Job) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(amount_rp), 0) FROM ledger_parked WHERE batch = %s AND state = 'open'", [job.run.pk]
        )
        return int(cursor.fetchone()[0])


def _settled_imports(job: Job) -> set[int]:
    """The imports whose lines this one corrected or closed, and whose totals it replaced."""
    lines = PaymentLine.objects.filter(settled_by=job.run).values_list("first_import_id", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT e.batch FROM stage_batch b JOIN ledger_entry e ON e.id = b.reverses_id"
            " WHERE e.batch IS NOT NULL"
        )
        return {*lines.distinct(), *(row[0] for row in cursor.fetchall())}
