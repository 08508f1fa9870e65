"""Classes of absorption, for the map and for tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from dekon.rules.parameter import Parameter

ABSORPTION_LIMITS = Parameter[tuple[int, ...]]("budget/absorption_limits")


def absorption_class(share_of_plan: Decimal | None, on: date) -> int | None:
    """The class of what was realised against what was planned by then, 0 (far below) to 4 (above plan).

    Args:
        share_of_plan: realised ÷ planned, 1 where exactly on plan; None where nothing was planned.
        on: the day whose limits count.

    Returns:
        0 to 4, or None where there is nothing to compare with.

    Raises:
        RuleBroken: no limits are recorded for the day.

    Legal:
        house rule (display only).
    """
    if share_of_plan is None:
        return None
    return sum(share_of_plan * 100 >= limit for limit in ABSORPTION_LIMITS.at(on))
