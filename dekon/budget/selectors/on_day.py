"""What bound money on a day: what began by its end, less what was given free by then, by all that is on record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from dekon.budget.models import Block, BlockRelease, Reservation


def blocks_on(found: Iterable[Block], day: date) -> list[Block]:
    """Blocks as they stood at the end of a day; those that began later are left out.

    Args:
        found: any blocks.
        day: the day.

    Returns: the same rows with `released_rp`, `released_on` and the letter of that day; not for saving.
    """
    begun = [one for one in found if one.blocked_on <= day]
    rows = BlockRelease.objects.filter(block__in=begun, withdrawn_at__isnull=True, released_on__lte=day)
    by_block: dict[int, list[BlockRelease]] = defaultdict(list)
    for row in rows.order_by("released_on", "id"):
        by_block[row.block_id].append(row)
    for one in begun:
        releases = by_block[one.pk]
        one.released_rp = sum(release.amount_rp for release in releases)
        one.released_on = releases[-1].released_on if releases else None
        one.release_letter_no = releases[-1].letter_no if releases else ""
    return begun


def reservations_on(found: Iterable[Reservation], day: date) -> list[Reservation]:
    """Reservations as they stood at the end of a day; those that began later are left out.

    Args:
        found: any reservations, with their releases at hand.
        day: the day.

    Returns: the same rows with `released_rp` of that day; not for saving.
    """
    begun = [one for one in found if one.reserved_on <= day]
    for one in begun:
        one.released_rp = sum(release.amount_rp for release in one.releases.all() if release.released_on <= day)
    return begun
