"""The shipped list of holidays, as rows that a calendar is made from."""

from __future__ import annotations

from dekon.ops.holidays import ClosedDay, shipped_holidays

Closed = ClosedDay


def closed_days() -> tuple[ClosedDay, ...]:
    return shipped_holidays()
