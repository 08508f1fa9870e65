"""Year-end forecasts of satker, and how far the method was wrong on a year that is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dekon.lib.periods import MONTHS, year_end
from dekon.performance.forecast import Forecast, MonthError, errors_of, forecast_of
from dekon.performance.stands import SatkerStand, stands_on

__all__ = ["Forecast", "MonthError", "SatkerStand", "backtest", "forecasts", "stands_on"]


def forecasts(stands: Sequence[SatkerStand]) -> dict[str, Forecast]:
    """The forecast of each satker by its code; none while no month has ended.

    Args:
        stands: satker on a day.
    """
    found = [forecast_of(one) for one in stands]
    return {one.satker: one for one in found if one}


def backtest(*, year: int, today: date, province: str = "", unit: str = "", satker: str = "") -> list[MonthError]:
    """The errors of forecasts from the end of each month of a year that is over; none of a year that still runs.

    Args:
        year: fiscal year; today: the day on which it is asked.
        province, unit, satker: codes; empty for all.
    """
    if today <= year_end(year):
        return []
    stands = stands_on(year=year, as_of=year_end(year), province=province, unit=unit, satker=satker)
    return errors_of(stands, MONTHS[:-1])
