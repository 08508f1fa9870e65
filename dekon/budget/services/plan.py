"""The monthly plan that counts: for each month that of the RPD version locked for its quarter."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from dekon.budget.models import Dipa, RpdVersion
from dekon.org import selectors as org_selectors
from dekon.rules.formulas.deadlines import rpd_lock_dates
from dekon.rules.formulas.rpd import locked_version


@transaction.atomic
def rebuild(*, dipa_id: int) -> None:
    """Work out anew which version counts for each quarter of a DIPA.

    Legal: PER-5/PB/2022 and PER-5/PB/2024 (RPD may be renewed to the 10th working day of February, April, July,
    October).
    """
    dipa = Dipa.objects.get(pk=dipa_id)
    versions = [
        (version.pk, version.valid_from)
        for version in RpdVersion.objects.filter(dipa=dipa, withdrawn_at__isnull=True).order_by(
            "valid_from", "sequence"
        )
    ]
    chosen = _chosen(dipa.fiscal_year, versions)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM budget_plannedmonth WHERE pos_id IN (SELECT id FROM ledger_pos WHERE"
            " fiscal_year = %s AND satker_id = %s)",
            [dipa.fiscal_year, dipa.satker_id],
        )
        for quarter, version_id in chosen.items():
            cursor.execute(
                """INSERT INTO budget_plannedmonth (pos_id, fiscal_year, month, planned_rp, version_id)
                   SELECT pos_id, %s, month, planned_rp, version_id FROM budget_rpdmonth
                   WHERE version_id = %s AND month BETWEEN %s AND %s""",
                [dipa.fiscal_year, version_id, quarter * 3 - 2, quarter * 3],
            )
        _add_up(cursor, dipa)


def _add_up(cursor: CursorWrapper, dipa: Dipa) -> None:
    """Keep the sums of the satker's plan, which the pages of the nation read."""
    of_satker = {"year": dipa.fiscal_year, "satker": dipa.satker_id}
    cursor.execute("DELETE FROM budget_plannedtotal WHERE fiscal_year = %(year)s AND satker_id = %(satker)s", of_satker)
    cursor.execute(
        """INSERT INTO budget_plannedtotal (satker_id, fiscal_year, month, planned_rp)
           SELECT p.satker_id, n.fiscal_year, n.month, sum(n.planned_rp)::bigint
           FROM budget_plannedmonth n JOIN ledger_pos p ON p.id = n.pos_id
           WHERE p.fiscal_year = %(year)s AND p.satker_id = %(satker)s GROUP BY 1, 2, 3""",
        of_satker,
    )


@transaction.atomic
def repeat_after(*, import_id: int) -> None:
    """Where a version came in late: the plan that stood until then goes on from the next budget that had repeated it.

    A budget whose plan was the one in force kept no version of its own; now that another one lies before it, it does.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT late.dipa_id, former.id, next.import_run_id, next.dated_on
               FROM budget_rpdversion late JOIN budget_dipa d ON d.id = late.dipa_id
               JOIN LATERAL (
                   SELECT t.import_run_id, t.dated_on FROM budget_statement t
                   WHERE t.satker_id = d.satker_id AND t.fiscal_year = d.fiscal_year AND t.origin = 'dataang'
                     AND t.withdrawn_at IS NULL AND t.dated_on > late.valid_from
                   ORDER BY t.dated_on, t.import_run_id LIMIT 1) next ON true
               JOIN LATERAL (
                   SELECT v.id FROM budget_rpdversion v WHERE v.dipa_id = d.id AND v.withdrawn_at IS NULL
                   AND v.id <> late.id AND v.valid_from <= late.valid_from
                   ORDER BY v.valid_from DESC, v.sequence DESC LIMIT 1) former ON true
               WHERE late.import_run_id = %s AND NOT EXISTS (
                   SELECT 1 FROM budget_rpdversion v WHERE v.dipa_id = d.id AND v.withdrawn_at IS NULL
                   AND v.valid_from > late.valid_from AND v.valid_from <= next.dated_on)""",
            [import_id],
        )
        for dipa_id, former_id, run_id, valid_from in cursor.fetchall():
            cursor.execute(
                """INSERT INTO budget_rpdversion (dipa_id, sequence, valid_from, import_run_id)
                   SELECT %s, max(sequence) + 1, %s, %s FROM budget_rpdversion WHERE dipa_id = %s RETURNING id""",
                [dipa_id, valid_from, run_id, dipa_id],
            )
            cursor.execute(
                """INSERT INTO budget_rpdmonth (version_id, pos_id, month, planned_rp)
                   SELECT %s, pos_id, month, planned_rp FROM budget_rpdmonth WHERE version_id = %s""",
                [cursor.fetchone()[0], former_id],
            )


def _chosen(year: int, versions: list[tuple[int, date]]) -> dict[int, int]:
    locks = rpd_lock_dates(year, org_selectors.working_calendar())
    found = {quarter: locked_version(versions, lock_on) for quarter, lock_on in locks.items()}
    return {quarter: version for quarter, version in found.items() if version is not None}
