"""Taking an import back: its entries are reversed, what it had replaced holds again, its record stays readable."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction

from dekon.audit import services as audit
from dekon.budget.choices import ImportStatus
from dekon.budget.models import ImportDependency, ImportRun, RpdVersion
from dekon.budget.services import dipa, payments, plan
from dekon.errors import Conflict, NotFound
from dekon.ledger import services as ledger
from dekon.org import services as org
from dekon.org.choices import Action

if TYPE_CHECKING:
    from dekon.org.models import User

STATED = (
    "budget_diparevision", "budget_rpdversion", "budget_sp2dheader", "budget_roprogress", "budget_statementfigure",
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
    org.require(actor, Action.UNDO_IMPORT)
    run = ImportRun.objects.select_for_update().filter(pk=import_id).first()
    if run is None:
        raise NotFound("import-unknown", number=import_id)
    if run.status != ImportStatus.APPLIED:
        raise Conflict("import-not-applied", number=import_id, status=run.get_status_display())
    later = ImportDependency.objects.filter(depends_on=run, import_run__status=ImportStatus.APPLIED)
    if first := later.order_by("-import_run_id").first():
        raise Conflict("import-carries-later", number=import_id, later=first.import_run_id)
    ledger.reverse_batch(batch=run.pk, on_behalf_of=f"undo:{run.pk}", reopened=_parked_before(run))
    _withdraw(run, now)
    run.status, run.undone_by, run.undone_at, run.undo_reason = ImportStatus.UNDONE, actor, now, reason
    run.save()
    audit.record(
        actor=actor, action="import-undone", subject_type="import", subject_id=run.pk, subject_name=run.file_name,
        reason=reason, before=run.totals_rp,
    )  # fmt: skip
    return run


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
                   stage = CASE stage WHEN 'closed' THEN 'reserving' ELSE stage END
               WHERE settled_by_id = %s""",
            [run.pk],
        )
        cursor.execute("UPDATE budget_paymentline SET withdrawn_at = %s WHERE first_import_id = %s", [now, run.pk])
        cursor.execute(
            "UPDATE budget_statementposting p SET replaced_at = %s FROM ledger_entry e"
            " WHERE e.id = p.entry_id AND e.batch = %s AND p.replaced_at IS NULL", [now, run.pk],
        )  # fmt: skip
        cursor.execute(
            """INSERT INTO budget_statementposting (entry_id, pos_id, span_from, span_to, signed_rp)
               SELECT n.id, p.pos_id, p.span_from, p.span_to, p.signed_rp
               FROM ledger_entry r JOIN ledger_entry e ON e.id = r.reverses_id
               JOIN budget_statementposting p ON p.entry_id = e.id
               JOIN ledger_entry n ON n.source = e.source || '~' || r.id
               WHERE r.batch = %s AND r.kind = 'reverse'""",
            [run.pk],
        )
        cursor.execute(
            "UPDATE budget_reconciliationcase SET status = 'resolved', resolved_at = %s"
            " WHERE import_run_id = %s AND status <> 'resolved'", [now, run.pk],
        )  # fmt: skip
    dipa.withdraw_blocks(run_id=run.pk, now=now)
    payments.open_unmet_cases(run_id=run.pk)
    for dipa_id in RpdVersion.objects.filter(import_run=run).values_list("dipa_id", flat=True).distinct():
        plan.rebuild(dipa_id=dipa_id)
