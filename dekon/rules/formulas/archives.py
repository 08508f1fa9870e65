"""When the time stamps that keep signatures checkable are renewed."""

from __future__ import annotations

from datetime import datetime, timedelta

from dekon.rules.parameter import Parameter

ARCHIVE_STAMP_MARGIN = Parameter[int]("documents/archive_stamp_margin")


def renewed_before(now: datetime) -> datetime:
    """Time stamps whose certificates run out before this moment get a successor now.

    Args:
        now: the present moment, aware.

    Legal: house rule, after ETSI EN 319 102-1 (a new time stamp while the last one can still be checked).
    """
    return now + timedelta(days=ARCHIVE_STAMP_MARGIN.at(now.date()))
