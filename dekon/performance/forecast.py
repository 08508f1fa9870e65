"""Where a satker will end the year: a plain method, and how far it was wrong on a year that is over.

The method: what is realised so far, plus what the plan still has for the months to come, taken at the rate at which the
plan was kept so far (realised ÷ planned); never more than the effective ceiling, never less than is realised. Without a
plan: the pace of the months so far goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dekon.lib.rupiah import round_half_up
from dekon.performance.stands import YEAR, SatkerStand, on_month

FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a satker is expected to have realised at the end of the year, from what stood at the end of a month.

    `kept` is realised ÷ planned so far; None where the plan has nothing by then and the pace was taken.
    """

    satker: str
    month: int
    realised_rp: int
    remaining_plan_rp: int
    kept: Decimal | None
    effective_rp: int
    expected_rp: int

    @property
    def share(self) -> Decimal | None:
        """Expected over the effective ceiling; None without one."""
        return Decimal(self.expected_rp) / self.effective_rp if self.effective_rp > 0 else None


@dataclass(frozen=True, slots=True)
class MonthError:
    """How far forecasts from the end of one month were wrong, in points of the effective ceiling of the year's end.

    `mean` is the mean of the absolute errors, `bias` that of the errors with their sign (positive: too high).
    """

    month: int
    satker: int
    mean: Decimal
    bias: Decimal
    worst: Decimal


def forecast_of(stand: SatkerStand) -> Forecast | None:
    """The forecast from the last month that has ended; None while none has.

    Args:
        stand: the satker on a day.
    """
    month = stand.ended
    if month == 0:
        return None
    realised, effective = stand.realised_rp[month - 1], stand.effective_rp(YEAR)
    planned, remaining = stand.planned_by_rp(month), sum(stand.planned_rp[month:])
    if planned > 0:
        kept = Decimal(realised) / planned
        expected = realised + int(round_half_up(remaining * kept, 0))
    else:
        kept, expected = None, int(round_half_up(Decimal(realised) * YEAR / month, 0))
    most = max(realised, effective)
    return Forecast(stand.satker, month, realised, remaining, kept, effective, max(realised, min(expected, most)))


def errors_of(stands: Sequence[SatkerStand], months: Iterable[int]) -> list[MonthError]:
    """The method tried on a year that is over: forecast at the end of each month against what was realised in the end.

    The plan of the months to come is the one that was locked in the end, which nobody knew by then: the error without
    that knowledge is somewhat larger.

    Args:
        stands: satker of the year as of its last day.
        months: from the ends of which to forecast, 1 to 11.
    """
    return [error for month in months if (error := _error(stands, month))]


def _error(stands: Sequence[SatkerStand], month: int) -> MonthError | None:
    found: list[Decimal] = []
    for stand in stands:
        effective = stand.effective_rp(YEAR)
        forecast = forecast_of(on_month(stand, month))
        if effective > 0 and forecast:
            found.append(Decimal(forecast.expected_rp - stand.realised_rp[-1]) * FULL / effective)
    if not found:
        return None
    sizes = [abs(error) for error in found]
    return MonthError(
        month, len(found), sum(sizes, Decimal(0)) / len(found), sum(found, Decimal(0)) / len(found), max(sizes)
    )
