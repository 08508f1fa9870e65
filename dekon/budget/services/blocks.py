"""Blocks by letter: part of a position may not be used, until letters release it in parts or whole."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from dekon.audit import services as audit
from dekon.budget.choices import BlockKind, BlockOrigin
from dekon.budget.models import Block, BlockRelease, StatementFigure
from dekon.budget.selectors.matters import matter_of_hold
from dekon.budget.services import settling
from dekon.errors import Conflict, NotFound, RuleBroken
from dekon.ledger import selectors as ledger_selectors
from dekon.ledger import services as ledger
from dekon.ledger.choices import EntryKind
from dekon.ledger.services import NewEntry
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.choices import Action

if TYPE_CHECKING:
    from dekon.org.models import User


@transaction.atomic
def block_pagu(
    *, actor: User, pos_id: int, amount_rp: int, kind: str, letter_no: str, letter_on: date, on: date
) -> Block:
    """Block part of a position by letter.

    Args:
        amount_rp: whole rupiah, positive; kind: a code of `BlockKind`.
        on: day from which it holds, within the fiscal year.

    Raises:
        NotFound: no such position or kind.
        RuleBroken: amount or letter is missing, or the day lies outside the year.
        Conflict: the position has not that much free on that day or later.
        NotAllowed: the actor does not manage blocks there.
    """
    pos = ledger_selectors.pos_by_id(pos_id)
    org.require(actor, Action.MANAGE_BLOCKS, org_selectors.satker_place(pos.satker))
    if kind not in BlockKind.values:
        raise NotFound("block-kind-unknown", kind=kind, known=", ".join(BlockKind.values))
    if amount_rp <= 0 or not letter_no.strip():
        raise RuleBroken("block-incomplete")
    block = Block.objects.create(
        pos_id=pos_id, kind=kind, origin=BlockOrigin.LETTER, amount_rp=amount_rp, letter_no=letter_no,
        letter_on=letter_on, blocked_on=on,
    )  # fmt: skip
    if _files_speak_of(pos_id):
        _settle(pos_id, f"block:{block.pk}")
    else:
        ledger.bind(pos_id=pos_id, kind=EntryKind.BLOCK, amount_rp=amount_rp, on=on, source=f"block:{block.pk}")
    audit.record(
        actor=actor, action="pagu-blocked", subject_type="block", subject_id=block.pk, subject_name=letter_no,
        satker_code=pos.satker.code, after={"amount_rp": amount_rp, "kind": kind, "on": on.isoformat()},
    )  # fmt: skip
    return block


@transaction.atomic
def release_block(
    *, actor: User, block_id: int, letter_no: str, on: date, amount_rp: int | None = None,
    letter_on: date | None = None,
) -> Block:  # fmt: skip
    """Release a block by letter, whole or in part; payments that waited for room are posted.

    Args:
        on: day from which it no longer holds, not before the block.
        amount_rp: whole rupiah; all that is left where not said.
        letter_on: date of the releasing letter, as far as known.

    Raises:
        NotFound: no such block.
        RuleBroken: the letter is missing, or the day lies before the block or outside its year.
        Conflict: it is released already, or not that much is left.
        NotAllowed: the actor does not release blocks there.
    """
    found = Block.objects.select_for_update(of=("self",)).select_related("pos__satker__unit")
    block = found.filter(pk=block_id, withdrawn_at__isnull=True).first()
    if block is None:
        raise NotFound("block-unknown", number=block_id)
    org.require(actor, Action.RELEASE_BLOCK, matter_of_hold(block))
    released_rp = block.left_rp if amount_rp is None else amount_rp
    if not 0 < released_rp <= block.left_rp:
        raise Conflict("block-not-that-much", number=block_id, left=block.left_rp, amount=released_rp)
    if not block.blocked_on <= on <= date(block.pos.fiscal_year, 12, 31) or not letter_no.strip():
        raise RuleBroken("release-incomplete", since=block.blocked_on.isoformat(), year=block.pos.fiscal_year)
    _release(block, BlockRelease(amount_rp=released_rp, released_on=on, letter_no=letter_no, letter_on=letter_on))
    audit.record(
        actor=actor, action="block-released", subject_type="block", subject_id=block.pk, subject_name=letter_no,
        satker_code=block.pos.satker.code,
        after={"amount_rp": released_rp, "left_rp": block.left_rp, "on": on.isoformat()},
    )  # fmt: skip
    return block


def _release(block: Block, release: BlockRelease) -> None:
    release.block = block
    release.save()
    block.released_rp += release.amount_rp
    block.released_on = max(block.released_on or release.released_on, release.released_on)
    block.release_letter_no = release.letter_no
    block.save(update_fields=["released_rp", "released_on", "release_letter_no"])
    source = f"block-release:{release.pk}"
    if _files_speak_of(block.pos_id):
        _settle(block.pos_id, source)
        return
    ledger.post(entries=[NewEntry(block.pos_id, EntryKind.UNBLOCK, release.amount_rp, release.released_on, source)])


def _files_speak_of(pos_id: int) -> bool:
    """Whether a file states something blocked there: what letters say has to be set against it then."""
    return StatementFigure.objects.filter(pos_id=pos_id, blocked_rp__gt=0).exists()


def _settle(pos_id: int, prefix: str) -> None:
    settling.touch("SELECT %s::bigint AS pos_id", [pos_id])
    ledger.lock_pos(table="stage_touched")
    ledger.create_batch_table("stage_batch")
    settling.settle(prefix=prefix, import_id=None)
    ledger.post_batch(table="stage_batch", positions_held=True)
