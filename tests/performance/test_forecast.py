"""The year-end forecast: its method by hand, its bounds whatever the books hold, its error on a year that is over."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from dekon.performance.forecast import errors_of, forecast_of
from dekon.performance.selectors import forecasts
from dekon.performance.stands import SatkerStand, on_month

PLAN = [0, 50, 100, 100, 100, 100, 100, 100, 100, 100, 100, 50]


def running(spent: list[int]) -> list[int]:
    return [sum(spent[: at + 1]) for at in range(len(spent))]


def stand(spent: list[int], *, plan: list[int] = PLAN, pagu: int = 1_000, on: date = date(2022, 6, 30)) -> SatkerStand:
    """A satker that spent so much each month, looked at on a day; what came later is not in it."""
    known = spent + [0] * (12 - len(spent))
    whole = SatkerStand(
        1, "029108", "Dinas", "32", "13", 2022, date(2022, 12, 31), [pagu] * 12, [0] * 12, running(known), plan
    )
    month = on.month if on != date(2022, 12, 31) else 12
    return whole if month == 12 else on_month(whole, month)


def test_the_rest_of_the_plan_is_taken_at_the_rate_at_which_it_was_kept_so_far() -> None:
    found = forecast_of(stand([0, 40, 80, 80, 80, 80]))
    assert found is not None
    assert (found.month, found.realised_rp, found.remaining_plan_rp) == (6, 360, 550)
    assert found.kept == Decimal("0.8")
    assert found.expected_rp == 360 + 440
    assert found.share == Decimal("0.8")


def test_never_more_than_the_effective_ceiling_and_never_less_than_what_is_realised() -> None:
    fast = forecast_of(stand([200, 200, 200, 200]))
    assert fast is not None
    assert fast.expected_rp == 1_000
    over = forecast_of(stand([600, 600]))
    assert over is not None
    assert over.expected_rp == 1_200


def test_without_a_plan_the_pace_so_far_goes_on() -> None:
    found = forecast_of(stand([30, 30, 30, 30, 30, 30], plan=[0] * 12))
    assert found is not None
    assert (found.kept, found.expected_rp) == (None, 360)


def test_while_no_month_has_ended_there_is_none() -> None:
    january = stand([10], on=date(2022, 1, 31))
    january.as_of = date(2022, 1, 30)
    assert forecast_of(january) is None
    january.as_of = date(2022, 1, 31)
    assert forecast_of(january) is not None


def test_the_error_is_what_was_forecast_less_what_came_in_points_of_the_effective_ceiling() -> None:
    whole = stand([0, 40, 80, 80, 80, 80, 100, 100, 100, 100, 100, 50], on=date(2022, 12, 31))
    (june,) = errors_of([whole], [6])
    assert (june.satker, june.mean, june.bias) == (1, Decimal(11), Decimal(-11))  # 800 forecast, 910 came, of 1,000
    exact = stand(PLAN, on=date(2022, 12, 31))
    assert [error.mean for error in errors_of([exact], [3, 6, 9, 11])] == [0, 0, 0, 0]
    both = errors_of([whole, exact], [6])
    assert (both[0].mean, both[0].worst) == (Decimal("5.5"), Decimal(11))


def test_a_year_that_still_runs_is_not_tried(db: None) -> None:
    assert forecasts.backtest(year=2022, today=date(2022, 12, 31)) == []
    assert forecasts.backtest(year=2022, today=date(2023, 1, 1)) == []  # over, and without satker


@given(
    spent=st.lists(st.integers(-(10**9), 10**11), min_size=1, max_size=11),
    plan=st.lists(st.integers(0, 10**11), min_size=12, max_size=12),
    pagu=st.integers(0, 10**12),
)
def test_whatever_the_books_hold_the_forecast_stays_within_its_bounds(
    spent: list[int], plan: list[int], pagu: int
) -> None:
    at = stand(spent, plan=plan, pagu=pagu, on=date(2022, len(spent), 28))
    at.as_of = date(2022, len(spent) + 1, 1)
    found = forecast_of(at)
    assert found is not None
    assert found.realised_rp <= found.expected_rp <= max(found.realised_rp, pagu)
