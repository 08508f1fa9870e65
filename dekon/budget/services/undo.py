"""Taking an import back: its entries are reversed, what it had replaced holds again, its record stays readable."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction

from dekon.audit import services as audit
from dekon.budget.choices import ImportStatus
from dekon.budget.models import ImportDependency, ImportRun, RpdVersion
from dekon.budget.selectors.matters import matter_of_import
from dekon.budget.services import cases, dipa, plan, record_lists, settling
from dekon.errors import Conflict, NotFound
from dekon.ledger import services as ledger
from dekon.org import services as org
from dekon.org.choices import Action

if TYPE_CHECKING:
    from dekon.org.models import User

STATED = (
    "budget_diparevision", "budget_rpdversion", "budget_sp2dheader", "budget_roprogress", "budget_statement",
    "budget_statementfigure",
)  # fmt: skip
"""Tables of what files state; a withdrawn row is kept and counts nowhere."""


@transaction.atomic
def undo_import(*, actor: User, import_id: int, reason: str, now: datetime) -> ImportRun:
    """Take an applied import back by reversing entries; its record and what it had posted stay readable.

    Raises:
        NotFound: no such import.
        Conflict: it is not applied, a later import rests on it, or its room is used by now.
        NotAllowed: the actor does not undo imports.
    """
    run = ImportRun.objects.select_for_update().filter(pk=import_id).first()
    if run is None:
        raise NotFound("import-unknown", number=import_id)
    org.require(actor, Action.UNDO_IMPORT, matter_of_import(run))
    later = ImportDependency.objects.filter(depends_on=run, import_run__status=ImportStatus.APPLIED)
    if first := later.order_by("-import_run_id").first():
        raise Conflict("import-carries-later", number=import_id, later=first.import_run_id)
    _take_back(run, now)
    run.status, run.undone_by, run.undone_at, run.undo_reason = ImportStatus.UNDONE, actor, now, reason
    run.save()
    audit.record(
        actor=actor, action="import-undone", subject_type="import", subject_id=run.pk, subject_name=run.file_name,
        reason=reason, before=run.totals_rp, each_satker=run.satker_codes,
    )  # fmt: skip
    return run


def _take_back(run: ImportRun, now: datetime) -> None:
    """Reverse what it posted, and put in its place what the statements and lines that stand without it say."""
    settling.touch(
        """SELECT pos_id FROM budget_statementfigure WHERE import_run_id = %(run)s
           UNION SELECT p.id FROM ledger_pos p JOIN budget_statement t ON t.satker_id = p.satker_id
                 AND t.fiscal_year = p.fiscal_year AND t.complete WHERE t.import_run_id = %(run)s
           UNION SELECT pos_id FROM budget_paymentline
                 WHERE pos_id IS NOT NULL AND (first_import_id = %(run)s OR settled_by_id = %(run)s)
           UNION SELECT pos_id FROM ledger_entry WHERE batch = %(run)s""",
        {"run": run.pk},
    )
    ledger.lock_pos(table="stage_touched")
    reopened = _parked_before(run)
    ledger.create_batch_table("stage_batch")
    ledger.add_batch_reversals(table="stage_batch", batch=run.pk, prefix=f"undo:{run.pk}", for_good=("replaced",))
    _withdraw(run, now)
    settling.settle(prefix=f"undo:{run.pk}", import_id=run.pk)
    ledger.post_batch(table="stage_batch")
    if waiting := ledger.wait_again(sources=reopened):
        ledger.settle_parked(pos_ids=waiting)
    cases.open_again(import_id=run.pk, now=now)
    cases.follow_book(table="stage_touched", import_id=run.pk)
    dipa.tell_what_stood_before(import_id=run.pk)
    for dipa_id in RpdVersion.objects.filter(import_run=run).values_list("dipa_id", flat=True).distinct():
        plan.rebuild(dipa_id=dipa_id)


def _parked_before(run: ImportRun) -> list[str]:
    """Parked payments of lines that the import had corrected: they wait again."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT k.source FROM budget_paymentline l JOIN ledger_parked k
                 ON split_part(k.source, '~', 1) = 'line:' || l.id
               WHERE l.settled_by_id = %s AND l.effect = 'corrected' AND k.state = 'withdrawn'""",
            [run.pk],
        )
        return [row[0] for row in cursor.fetchall()]


def _withdraw(run: ImportRun, now: datetime) -> None:
    """Mark all that the import had stated as withdrawn; what it had replaced, corrected or closed holds again."""
    with connection.cursor() as cursor:
        for table in STATED:
            cursor.execute(f"UPDATE {table} SET withdrawn_at = %s WHERE import_run_id = %s", [now, run.pk])
        cursor.execute(
            """UPDATE budget_paymentline SET settled_by_id = NULL, effect_before = '',
                   effect = CASE effect WHEN 'corrected' THEN effect_before ELSE effect END,
                   unmatched_rp = CASE WHEN effect <> 'corrected' AND stage = 'paid' THEN abs(amount_rp) ELSE 0 END,
                   stage = CASE stage WHEN 'closed' THEN 'reserving' ELSE stage END
               WHERE settled_by_id = %s""",
            [run.pk],
        )
        cursor.execute("UPDATE budget_paymentline SET withdrawn_at = %s WHERE first_import_id = %s", [now, run.pk])
        cursor.execute(
            """UPDATE budget_statementposting p SET replaced_at = %s WHERE replaced_at IS NULL AND source IN (
                   SELECT split_part(source, '~', 1) FROM ledger_entry WHERE batch = %s AND kind <> 'reverse'
                   UNION SELECT split_part(source, '~', 1) FROM ledger_parked WHERE batch = %s)""",
            [now, run.pk, run.pk],
        )
    record_lists.take_back(run.pk, now)
    dipa.withdraw_blocks(run_id=run.pk, now=now)
