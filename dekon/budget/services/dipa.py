"""DIPA, its versions, and blocks."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Max

from dekon.audit import services as audit
from dekon.budget.choices import BlockKind, BlockOrigin
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
                SELECT DISTINCT o.id, %(year)s::smallint,
                       CASE WHEN a.code IS NULL THEN ''
                            ELSE format('SP DIPA-%%s.%%s.%%s.%%s/%%s', u.ba_code, u.code, a.code, o.code,
                                %(year)s::text) END, ''
                FROM {table} s JOIN org_satker o ON o.id = s.satker_id JOIN org_unit u ON u.id = o.unit_id
                LEFT JOIN org_authority a ON a.id = o.authority_id
                ON CONFLICT (fiscal_year, satker_id) DO NOTHING""",
            {"year": fiscal_year},
        )


def note_statement(
    *,
    table: str,
    job: Job,
    fiscal_year: int,
    on: date,
    kind: str = "pernyataan",
    version: str = "",
    amount: str = "pagu_rp",
) -> None:
    """Keep a version of the DIPA for every satker whose pagu the file states otherwise than the last version."""
    ensure_dipa(table=table, fiscal_year=fiscal_year)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO budget_diparevision (dipa_id, sequence, kind, version_code, revision_code, authority,
                    dated_on,
                                                 pagu_before_rp, pagu_rp, reason, document, import_run_id)
                SELECT d.id, coalesce(r.last + 1, 0), %(kind)s, %(version)s, '', '', %(on)s, coalesce(r.pagu, 0),
                    s.pagu,
                       '', '', %(run)s
                FROM (SELECT satker_id, sum({amount}) AS pagu FROM {table} GROUP BY satker_id) s
                JOIN budget_dipa d ON d.satker_id = s.satker_id AND d.fiscal_year = %(year)s
                LEFT JOIN (SELECT dipa_id, max(sequence) AS last,
                                  (array_agg(pagu_rp ORDER BY sequence DESC) FILTER (WHERE withdrawn_at IS NULL))[1]
                                      AS pagu
                           FROM budget_diparevision GROUP BY dipa_id) r ON r.dipa_id = d.id
                WHERE %(version)s <> '' OR s.pagu IS DISTINCT FROM r.pagu""",
            {"kind": kind, "version": version, "on": on, "run": job.run.pk, "year": fiscal_year},
        )


def change_blocks(*, table: str, column: str, kind: BlockKind, origin: BlockOrigin, job: Job, on: date) -> None:
    """Keep the blocks of an origin in step with what a staged file states; the ledger entries are the caller's.

    Args:
        table, column: staged rows with `pos_id`, and the change of what is blocked in rupiah.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO budget_block (pos_id, kind, origin, amount_rp, letter_no, blocked_on, released_rp,
                                          release_letter_no, import_run_id)
                SELECT pos_id, %s, %s, {column}, '', %s, 0, '', %s FROM {table} WHERE {column} > 0""",
            [kind, origin, on, job.run.pk],
        )
        cursor.execute(f"SELECT pos_id, -{column} FROM {table} WHERE {column} < 0 ORDER BY pos_id")
        released = cursor.fetchall()
    for pos_id, amount_rp in released:
        _release_oldest(pos_id, origin, int(amount_rp), job, on)


def _release_oldest(pos_id: int, origin: BlockOrigin, amount_rp: int, job: Job, on: date) -> None:
    standing = Block.objects.filter(pos_id=pos_id, origin=origin, withdrawn_at__isnull=True)
    for block in standing.order_by("blocked_on", "id"):
        share = min(amount_rp, block.left_rp)
        if share:
            BlockRelease.objects.create(block=block, amount_rp=share, released_on=on, import_run=job.run)
            block.released_rp += share
            block.released_on = on
            block.save(update_fields=["released_rp", "released_on"])
            amount_rp -= share


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
