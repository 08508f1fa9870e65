"""Which version of a withdrawal plan counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date


def locked_version[V](versions: Sequence[tuple[V, date]], lock_on: date) -> V | None:
    """The version of a plan that counts for a quarter.

    The latest that held by the day of the lock, that day included; a plan that was first made later counts from its
    first version, since without a plan there would be nothing to compare with. A lock that still lies ahead takes the
    newest version.

    Args:
        versions: version and the first day on which it held; of two with the same day the later in the list wins.
        lock_on: last day on which the plan of the quarter may be updated (`deadlines.rpd_lock_dates`).

    Returns:
        The version, or None where there is none at all.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024 Pasal 7; for a plan first made after the lock: house rule.
    """
    if not versions:
        return None
    ordered = sorted(versions, key=lambda version: version[1])
    in_time = [version for version, valid_from in ordered if valid_from <= lock_on]
    return in_time[-1] if in_time else ordered[0][0]
