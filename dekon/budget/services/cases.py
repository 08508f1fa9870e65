"""Reconciliation cases: opened where two sources differ, answered by people, closed when the figures meet."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction

from dekon.audit import services as audit
from dekon.budget.choices import CASE_TRANSITIONS, CaseKind, CaseStatus
from dekon.budget.models import CaseNote, ReconciliationCase
from dekon.budget.selectors.matters import matter_of_case
from dekon.budget.services.outcome import Job
from dekon.errors import Conflict, NotFound
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.choices import Action

if TYPE_CHECKING:
    from dekon.org.models import User

OWNER_ROLE = "ppk"
OF_TOTALS = (CaseKind.TOTAL_DIFFERS, CaseKind.LINES_DIFFER)
BOOKED_IN_SPAN = """(
    coalesce((SELECT sum(d.realised_rp) FROM ledger_dailysum d WHERE d.pos_id = {0}.pos_id
              AND d.effective_on BETWEEN {0}.span_from AND {0}.span_to), 0)
    + coalesce((SELECT sum(k.amount_rp) FROM ledger_parked k WHERE k.pos_id = {0}.pos_id AND k.state = 'open'
                AND k.effective_on BETWEEN {0}.span_from AND {0}.span_to), 0))"""
"""What the book has of a position within a span, payments that wait for room included."""


def open_for_totals(*, stage: str, job: Job, period: date) -> int:
    """Open a case for each total of a staged statement that disagrees with the lines of its span.

    Args:
        stage: staged rows with `pos_id, previous_rp, current_rp`, posted already.

    Returns: how many are new.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM budget_paymentline l JOIN {stage} s ON s.pos_id = l.pos_id)")
        if not cursor.fetchone()[0]:  # no lines, so nothing that could disagree: most first imports of a year
            return 0
        cursor.execute(
            f"""INSERT INTO budget_reconciliationcase (kind, status, fiscal_year, satker_id, pos_id, subject,
                    span_from, span_to, stated_rp, booked_rp, import_run_id, owner_role)
                SELECT 'total-differs', 'open', %(year)s, p.satker_id, p.id, '', t.span_from, t.span_to, t.stated,
                       t.booked, %(run)s, %(owner)s
                FROM (
                    SELECT s.pos_id, s.span_from, s.span_to, s.stated, {BOOKED_IN_SPAN.format("s")} AS booked
                    FROM (SELECT pos_id, make_date(%(year)s, 1, 1) AS span_from, %(start)s::date - 1 AS span_to,
                                 previous_rp AS stated FROM {stage}
                          UNION ALL
                          SELECT pos_id, %(start)s::date, %(end)s::date, current_rp FROM {stage}) s
                    WHERE EXISTS (SELECT 1 FROM budget_paymentline l WHERE l.pos_id = s.pos_id AND l.stage = 'paid'
                                  AND l.withdrawn_at IS NULL AND l.effect <> 'neutral'
                                  AND l.sp2d_on BETWEEN s.span_from AND s.span_to)
                ) t JOIN ledger_pos p ON p.id = t.pos_id WHERE t.stated <> t.booked
                ON CONFLICT DO NOTHING""",
            {
                "year": period.year,
                "start": period.replace(day=1),
                "end": period,
                "run": job.run.pk,
                "owner": OWNER_ROLE,
            },
        )
        return int(cursor.rowcount)


def open_for_lines(*, job: Job, year: int | None, spans: list[tuple[int, date, date, int]]) -> None:
    """Open a case where the lines do not add up to the total that they replaced.

    Args:
        spans: position, first and last day, and the rupiah that totals had posted there.
    """
    with connection.cursor() as cursor:
        cursor.executemany(
            f"""INSERT INTO budget_reconciliationcase (kind, status, fiscal_year, satker_id, pos_id, subject, span_from,
                    span_to, stated_rp, booked_rp, import_run_id, owner_role)
                SELECT 'lines-differ', 'open', %s, p.satker_id, p.id, '', t.span_from, t.span_to, t.stated, t.booked,
                       %s, %s
                FROM (SELECT s.*, {BOOKED_IN_SPAN.format("s")} AS booked
                      FROM (VALUES (%s::bigint, %s::date, %s::date, %s::bigint)) s(pos_id, span_from, span_to, stated)
                ) t JOIN ledger_pos p ON p.id = t.pos_id WHERE t.stated <> t.booked
                ON CONFLICT DO NOTHING""",
            [(year, job.run.pk, OWNER_ROLE, *span) for span in spans],
        )


def follow_book(*, table: str, import_id: int) -> None:
    """Tell open cases of a table's positions what the book says by now; where the figures meet they are resolved.

    Args:
        import_id: the import after which they meet, so that undoing it opens them again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE budget_reconciliationcase c
                SET booked_rp = t.booked, status = CASE WHEN t.met THEN 'resolved' ELSE c.status END,
                    resolved_at = CASE WHEN t.met THEN clock_timestamp() END,
                    resolved_by_import_id = CASE WHEN t.met THEN %s::bigint END
                FROM (SELECT id, booked, booked = stated_rp AS met FROM (
                          SELECT o.id, o.stated_rp, {BOOKED_IN_SPAN.format("o")} AS booked
                          FROM budget_reconciliationcase o WHERE o.status <> 'resolved' AND o.kind = ANY(%s)
                          AND o.pos_id IN (SELECT pos_id FROM {table})) now) t
                WHERE t.id = c.id AND (t.met OR t.booked <> c.booked_rp)""",
            [import_id, list(OF_TOTALS)],
        )


def open_again(*, import_id: int, now: datetime) -> None:
    """Undo what an import did to cases: those it opened are resolved, those it resolved are open again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE budget_reconciliationcase SET status = 'resolved', resolved_at = %s"
            " WHERE import_run_id = %s AND status <> 'resolved'",
            [now, import_id],
        )
        cursor.execute(
            """UPDATE budget_reconciliationcase c SET status = 'open', resolved_at = NULL, resolved_by_import_id = NULL
               WHERE resolved_by_import_id = %(run)s AND import_run_id <> %(run)s AND status = 'resolved'
                 AND NOT EXISTS (
                     SELECT 1 FROM budget_reconciliationcase o WHERE o.status <> 'resolved'
                     AND (o.kind, o.satker_id, o.subject, o.span_from, o.span_to)
                         = (c.kind, c.satker_id, c.subject, c.span_from, c.span_to)
                     AND o.pos_id IS NOT DISTINCT FROM c.pos_id)""",
            {"run": import_id},
        )


@transaction.atomic
def answer_case(*, actor: User, case_id: int, text: str, status: str, now: datetime) -> ReconciliationCase:
    """Say something about a case and move it on.

    Args:
        status: the status it has afterwards (`open`, `answered`, `resolved`).

    Raises:
        NotFound: no such case.
        Conflict: from where it stands it cannot go there.
        NotAllowed: the case belongs to another place, or who would close it has answered it.
    """
    case = ReconciliationCase.objects.select_for_update().select_related("satker").filter(pk=case_id).first()
    if case is None:
        raise NotFound("case-unknown", number=case_id)
    org.require(actor, step_of(case.status, status), matter_of_case(case))
    if status != case.status and CaseStatus(status) not in CASE_TRANSITIONS[CaseStatus(case.status)]:
        raise Conflict("case-cannot-move", number=case_id, status=case.get_status_display())
    before = case.status
    CaseNote.objects.create(case=case, author=actor, text=text, status=status)
    case.status = status
    case.owner = case.owner or _owner(actor)
    case.resolved_at = now if status == CaseStatus.RESOLVED else None
    case.save()
    audit.record(
        actor=actor, action="case-answered", subject_type="case", subject_id=case.pk, satker_code=case.satker.code,
        before={"status": before}, after={"status": status}, reason=text,
    )  # fmt: skip
    return case


def step_of(before: str, after: str) -> Action:
    """What it is to move a case so: answering, closing what was answered, opening it again."""
    if after == CaseStatus.RESOLVED:
        return Action.CLOSE_CASE
    if after == CaseStatus.OPEN and before != CaseStatus.OPEN:
        return Action.REOPEN_CASE
    return Action.ANSWER_CASE


def _owner(actor: User) -> User | None:
    """Whoever answers first owns the case, until it is handed over; nobody does for the command line."""
    return None if actor.username == org_selectors.SYSTEM_USER else actor
