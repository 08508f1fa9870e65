"""DIPA, its versions, and blocks."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Max

from dekon.audit import services as audit
from dekon.budget.models import Block, BlockRelease, Dipa
from dekon.budget.services.outcome import Job
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.choices import Action

if TYPE_CHECKING:
    from dekon.org.models import User


def ensure_dipa(*, table: str, fiscal_year: int) -> None:
    """A DIPA for every satker of a staged file; its number follows from the codes where the authority is known."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO budget_dipa (satker_id, fiscal_year, number, legal_basis)
                SELECT o.id, %(year)s::smallint,
                       CASE WHEN a.code IS NULL THEN ''
                            ELSE format('SP DIPA-%%s.%%s.%%s.%%s/%%s', u.ba_code, u.code, a.code, o.code,
                                %(year)s::text) END, ''
                FROM org_satker o JOIN org_unit u ON u.id = o.unit_id
                LEFT JOIN org_authority a ON a.id = o.authority_id
                WHERE o.id IN (SELECT satker_id FROM {table})
                ON CONFLICT (fiscal_year, satker_id) DO NOTHING""",
            {"year": fiscal_year},
        )


def note_statement(
    *, table: str, job: Job, fiscal_year: int, kind: str = "pernyataan", version: str = "", amount: str = "pagu_rp"
) -> None:
    """Keep a version of the DIPA for every satker whose pagu the file states otherwise than the version before it.

    Dated as the statement of the import is. Where it arrives late, later versions are told what stood before them.
    """
    ensure_dipa(table=table, fiscal_year=fiscal_year)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO budget_diparevision (dipa_id, sequence, kind, version_code, revision_code, authority,
                    dated_on, pagu_before_rp, pagu_rp, reason, document, import_run_id)
                SELECT d.id,
                       coalesce((SELECT max(r.sequence) + 1 FROM budget_diparevision r WHERE r.dipa_id = d.id), 0),
                       %(kind)s, %(version)s, '', '', t.dated_on, coalesce(b.pagu_rp, 0), s.pagu, '', '', %(run)s
                FROM (SELECT satker_id, sum({amount}) AS pagu FROM {table} GROUP BY satker_id) s
                JOIN budget_statement t ON t.satker_id = s.satker_id AND t.import_run_id = %(run)s
                JOIN budget_dipa d ON d.satker_id = s.satker_id AND d.fiscal_year = %(year)s
                LEFT JOIN LATERAL (SELECT r.pagu_rp FROM budget_diparevision r WHERE r.dipa_id = d.id
                                   AND r.withdrawn_at IS NULL AND r.dated_on <= t.dated_on
                                   ORDER BY r.dated_on DESC, r.sequence DESC LIMIT 1) b ON true
                WHERE %(version)s <> '' OR s.pagu IS DISTINCT FROM b.pagu_rp""",
            {"kind": kind, "version": version, "run": job.run.pk, "year": fiscal_year},
        )
    tell_what_stood_before(import_id=job.run.pk)


def tell_what_stood_before(*, import_id: int) -> None:
    """Work out anew the pagu before each version of the DIPA that an import had a part in."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE budget_diparevision r SET pagu_before_rp = t.before_rp FROM (
                   SELECT id, coalesce(lag(pagu_rp) OVER (PARTITION BY dipa_id ORDER BY dated_on, sequence), 0)
                          AS before_rp
                   FROM budget_diparevision WHERE withdrawn_at IS NULL AND dipa_id IN (
                       SELECT dipa_id FROM budget_diparevision WHERE import_run_id = %s)) t
               WHERE t.id = r.id AND t.before_rp <> r.pagu_before_rp""",
            [import_id],
        )


def withdraw_blocks(*, run_id: int, now: datetime) -> None:
    """The blocks that an undone import stated count no longer, and those that it released hold again."""
    Block.objects.filter(import_run_id=run_id).update(withdrawn_at=now)
    released = BlockRelease.objects.filter(import_run_id=run_id, withdrawn_at__isnull=True).select_related("block")
    for release in released.order_by("pk"):
        block = Block.objects.get(pk=release.block_id)
        block.released_rp -= release.amount_rp
        others = block.releases.filter(withdrawn_at__isnull=True).exclude(pk=release.pk)
        block.released_on = others.aggregate(last=Max("released_on"))["last"]
        block.save(update_fields=["released_rp", "released_on"])
        release.withdrawn_at = now
        release.save(update_fields=["withdrawn_at"])


@transaction.atomic
def record_dipa(
    *, actor: User, satker_code: str, fiscal_year: int, number: str, dated_on: date, legal_basis: str
) -> Dipa:
    """State number, date and legal basis of a satker's DIPA.

    Raises:
        NotFound: no such satker.
        NotAllowed: the actor does not edit the plan.
    """
    org.require(actor, Action.EDIT_PLAN)
    satker = org_selectors.satker_or_none(satker_code)
    dipa, _ = Dipa.objects.update_or_create(
        satker=satker,
        fiscal_year=fiscal_year,
        defaults={"number": number, "dated_on": dated_on, "legal_basis": legal_basis},
    )
    audit.record(
        actor=actor, action="dipa-recorded", subject_type="dipa", subject_id=dipa.pk, subject_name=number,
        satker_code=satker_code, after={"dated_on": dated_on.isoformat(), "legal_basis": legal_basis},
    )  # fmt: skip
    return dipa
