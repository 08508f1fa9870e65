"""Reconciliation cases: opened where two sources differ, answered by people, closed when the figures meet."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction

from dekon.audit import services as audit
from dekon.budget.choices import CASE_TRANSITIONS, CaseStatus
from dekon.budget.models import CaseNote, ReconciliationCase
from dekon.budget.services.outcome import Job
from dekon.errors import Conflict, NotFound
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.choices import Action

if TYPE_CHECKING:
    from dekon.org.models import User

OWNER_ROLE = "ppk"


def open_for_totals(*, job: Job, period: date) -> int:
    """Open a case for each total of `stage_difference` that disagrees with lines. Returns how many are new."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO budget_reconciliationcase (kind, status, fiscal_year, satker_id, pos_id, subject,
                    span_from, span_to,
                                                      stated_rp, booked_rp, import_run_id, owner_role)
               SELECT 'total-differs', 'open', %(year)s, p.satker_id, p.id, '', t.span_from, t.span_to, t.stated,
                      t.stated - t.change, %(run)s, %(owner)s
               FROM (SELECT pos_id, make_date(%(year)s, 1, 1) AS span_from, %(start)s::date - 1 AS span_to,
                            previous_rp AS stated, previous_change AS change
                     FROM stage_difference WHERE previous_by_lines AND previous_change <> 0
                     UNION ALL
                     SELECT pos_id, %(start)s::date, %(end)s::date, current_rp, current_change
                     FROM stage_difference WHERE current_by_lines AND current_change <> 0) t
               JOIN ledger_pos p ON p.id = t.pos_id
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


@transaction.atomic
def answer_case(*, actor: User, case_id: int, text: str, status: str, now: datetime) -> ReconciliationCase:
    """Say something about a case and move it on.

    Args:
        status: the status it has afterwards (`open`, `answered`, `resolved`).

    Raises:
        NotFound: no such case.
        Conflict: from where it stands it cannot go there.
        NotAllowed: the case belongs to another place.
    """
    case = ReconciliationCase.objects.select_for_update().select_related("satker").filter(pk=case_id).first()
    if case is None:
        raise NotFound("case-unknown", number=case_id)
    org.require(actor, Action.ANSWER_CASE, org_selectors.satker_place(case.satker))
    if status != case.status and CaseStatus(status) not in CASE_TRANSITIONS[CaseStatus(case.status)]:
        raise Conflict("case-cannot-move", number=case_id, status=case.get_status_display())
    before = case.status
    CaseNote.objects.create(case=case, author=actor, text=text, status=status)
    case.status = status
    case.resolved_at = now if status == CaseStatus.RESOLVED else None
    case.save()
    audit.record(
        actor=actor, action="case-answered", subject_type="case", subject_id=case.pk, satker_code=case.satker.code,
        before={"status": before}, after={"status": status}, reason=text,
    )  # fmt: skip
    return case
