from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dekon.lib import periods


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 12, 31)))
def test_a_day_lies_in_its_quarter_and_month(day: date) -> None:
    quarter = periods.quarter_of(day)
    assert periods.quarter_start(day.year, quarter) <= day <= periods.quarter_end(day.year, quarter)
    assert periods.month_start(day.year, day.month) <= day <= periods.month_end(day.year, day.month)
    assert day.month in periods.months_of_quarter(quarter)


def test_ends_of_months_and_years_are_known() -> None:
    assert periods.month_end(2024, 2) == date(2024, 2, 29)
    assert periods.previous_month_end(2022, 1) == date(2021, 12, 31)
    assert periods.previous_month_end(2022, 3) == date(2022, 2, 28)
    assert (periods.year_start(2022), periods.year_end(2022)) == (date(2022, 1, 1), date(2022, 12, 31))
    assert periods.fiscal_year(date(2022, 12, 31)) == 2022
    assert [periods.quarter_end(2022, quarter).day for quarter in periods.QUARTERS] == [31, 30, 30, 31]


@pytest.mark.parametrize("number", [0, 5, -1])
def test_a_quarter_that_does_not_exist_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="quarter"):
        periods.months_of_quarter(number)
    with pytest.raises(ValueError, match="month"):
        periods.quarter_of_month(number * 13)


def test_dates_are_written_as_official_indonesian_does() -> None:
    day = date(2022, 10, 7)
    assert periods.format_date_long(day) == "Jumat, 7 Oktober 2022"
    assert periods.format_date(day) == "7 Oktober 2022"
    assert periods.format_date_short(day) == "7 Okt 2022"
    assert periods.format_date_long(day, "en") == "Friday, 7 October 2022"
    assert periods.format_month(2022, 10) == "Oktober 2022"
    assert periods.format_date(None) == periods.format_moment(None) == "–"


def test_times_carry_their_zone() -> None:
    moment = datetime(2022, 10, 7, 9, 40, tzinfo=UTC)
    assert periods.format_time(moment) == "16.40\u00a0WIB"
    assert periods.format_time(moment, "en") == "16:40\u00a0WIB"
    assert periods.format_time(moment, zone=timezone(timedelta(hours=9))) == "18.40\u00a0WIT"
    assert periods.format_time(moment, zone=UTC) == "09.40\u00a0UTC"
    assert periods.format_moment(datetime(2022, 10, 7, 20, 0, tzinfo=UTC)) == "8 Okt 2022 03.00\u00a0WIB"
    with pytest.raises(ValueError, match="without zone"):
        periods.format_time(datetime(2022, 10, 7, 9, 40))  # noqa: DTZ001  # naive on purpose


@pytest.mark.parametrize(
    ("title", "year", "month"),
    [
        ("Periode Maret 2026", 2026, 3),
        ("Sampai Dengan : SEPTEMBER  ", None, 9),
        ("LAPORAN KETERSEDIAAN DANA DETAIL TA 2026", 2026, None),
        ("Periode Januari s.d. Maret 2026", 2026, 3),
        ("bulan pebruari 2022", 2022, 2),
        ("NOPEMBER 2022", 2022, 11),
        ("31 Des 2022", 2022, 12),
        ("Agt 2022", 2022, 8),
        ("August 2022", 2022, 8),
        ("Nomor 120221", None, None),
        ("", None, None),
    ],
)
def test_titles_tell_year_and_month(title: str, year: int | None, month: int | None) -> None:
    assert periods.period_in_title(title) == periods.TitlePeriod(year, month)


def test_every_name_of_a_month_reads_back() -> None:
    for month in periods.MONTHS:
        for language in ("id", "en"):
            assert periods.parse_month(periods.month_name(month, language)) == month
            assert periods.parse_month(periods.month_short(month, language).upper() + ".") == month
    assert periods.parse_month("bulan") is None
