from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dekon.errors import RuleBroken
from dekon.lib.workdays import Calendar, calendar_as_known_on, calendar_from_rows
from tests.rules.seed import Closed, closed_days

SEED = calendar_from_rows(closed_days())
DAYS = st.dates(min_value=date(2022, 1, 1), max_value=date(2026, 12, 31))


def test_the_shipped_days_are_those_of_the_holidays_package() -> None:
    expected = holidays.country_holidays("ID", categories=("public", "government"), years=range(2022, 2028))
    assert SEED.holidays == frozenset(expected)


def test_every_day_of_the_list_says_where_it_comes_from_or_that_nobody_knows() -> None:
    unknown = [row.day for row in closed_days() if row.published_on is None]
    assert {day.year for day in unknown} == {2024, 2027}


@given(DAYS, st.integers(min_value=0, max_value=60))
def test_counting_forward_and_between_agree(after: date, count: int) -> None:
    due = SEED.add_working_days(after, count)
    assert SEED.working_days_between(after, due) == count
    assert SEED.working_days_between(due, after) == -count
    assert count == 0 or SEED.is_working_day(due)


@given(DAYS)
def test_the_next_working_day_is_the_first_one_later(day: date) -> None:
    later = SEED.next_working_day(day)
    assert later > day
    assert not any(SEED.is_working_day(day + timedelta(days=step)) for step in range(1, (later - day).days))
    assert SEED.working_day_on_or_after(day) == (day if SEED.is_working_day(day) else later)


def test_working_days_of_a_month_are_numbered_from_one() -> None:
    assert SEED.nth_working_day(2022, 5, 1) == date(2022, 5, 9)
    assert SEED.nth_working_day(2022, 5, 15) == date(2022, 5, 31)
    for number in (0, 16):
        with pytest.raises(RuleBroken) as refused:
            SEED.nth_working_day(2022, 5, number)
        assert refused.value.code == "working-day-not-in-month"
        assert refused.value.params["count"] == 15


@pytest.mark.parametrize("day", [date(2021, 12, 31), date(2028, 1, 3)])
def test_days_outside_the_known_years_are_refused(day: date) -> None:
    with pytest.raises(RuleBroken) as refused:
        SEED.is_working_day(day)
    assert refused.value.code == "calendar-year-unknown"
    assert str(day.year) in refused.value.message("en")


def test_counting_backwards_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="forward"):
        SEED.add_working_days(date(2022, 1, 3), -1)


def test_the_version_names_the_days_and_nothing_else() -> None:
    rows = [Closed(date(2022, 1, 1), "libur_nasional"), Closed(date(2022, 2, 1), "libur_nasional")]
    calendar = calendar_from_rows(rows)
    assert calendar.version == calendar_from_rows(reversed(rows)).version
    assert calendar.version != calendar_from_rows(rows[:1]).version
    assert calendar.version.startswith("2022-2022/")


def test_a_calendar_of_an_earlier_day_has_another_version_and_not_the_later_years() -> None:
    early = calendar_as_known_on(closed_days(), date(2022, 4, 1))
    assert early.version != SEED.version
    assert 2022 in early.years
    assert 2023 not in early.years
    with pytest.raises(RuleBroken):
        early.is_working_day(date(2023, 1, 2))


@pytest.mark.parametrize(("on", "closed"), [(date(2023, 3, 28), True), (date(2023, 3, 29), False)])
def test_a_withdrawn_day_is_closed_until_the_day_before_its_withdrawal(on: date, closed: bool) -> None:
    known = calendar_as_known_on(closed_days(), on)
    assert known.is_working_day(date(2023, 4, 26)) is not closed


def test_a_year_of_which_only_collective_leave_is_left_out_stays_known() -> None:
    rows = [Closed(date(2022, 4, 29), "cuti_bersama")]
    assert calendar_from_rows(rows, collective_leave=False).is_working_day(date(2022, 4, 29))


def test_years_may_be_named_apart_from_their_days() -> None:
    assert Calendar(frozenset(), "kosong", frozenset({2022})).is_working_day(date(2022, 8, 17))
