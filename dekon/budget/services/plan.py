"""The monthly plan that counts: for each month that of the RPD version locked for its quarter."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

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


def _chosen(year: int, versions: list[tuple[int, date]]) -> dict[int, int]:
    locks = rpd_lock_dates(year, org_selectors.working_calendar())
    found = {quarter: locked_version(versions, lock_on) for quarter, lock_on in locks.items()}
    return {quarter: version for quarter, version in found.items() if version is not None}
