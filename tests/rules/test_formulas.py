from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dekon.errors import RuleBroken
from dekon.lib.workdays import Calendar, calendar_from_rows
from dekon.rules.explained import Explained, Step
from dekon.rules.formulas.absorption import absorption_class
from dekon.rules.formulas.deadlines import (
    QUARTER_DEADLINE_SATKER,
    RPD_LOCK_MONTHS,
    output_report_deadline,
    quarter_report_deadline,
    rpd_lock_dates,
)
from dekon.rules.formulas.rpd import locked_version
from tests.rules.seed import closed_days

LOCK = date(2022, 7, 14)
FIRST, SECOND = ("first", date(2022, 1, 3)), ("second", date(2022, 7, 14))


@pytest.mark.parametrize(
    ("valid_from", "counts"),
    [
        (date(2022, 7, 13), "second"),
        (date(2022, 7, 14), "second"),
        (date(2022, 7, 15), "first"),
    ],
)
def test_a_version_counts_if_it_held_on_the_day_of_the_lock(valid_from: date, counts: str) -> None:
    assert locked_version([FIRST, ("second", valid_from)], LOCK) == counts


def test_a_plan_first_made_after_the_lock_counts_from_its_first_version() -> None:
    late = [("b", date(2022, 9, 1)), ("a", date(2022, 8, 1))]
    assert locked_version(late, LOCK) == "a"


def test_a_lock_in_the_future_takes_the_newest_version() -> None:
    assert locked_version([FIRST, SECOND], date(2022, 10, 14)) == "second"


def test_of_two_versions_of_a_day_the_later_counts_and_without_versions_none() -> None:
    assert locked_version([SECOND, ("third", SECOND[1])], LOCK) == "third"
    assert locked_version([], LOCK) is None


def test_lock_dates_before_the_first_recorded_rule_are_refused() -> None:
    with pytest.raises(RuleBroken) as refused:
        rpd_lock_dates(2021, Calendar(frozenset({date(2021, 1, 1)}), "uji"))
    assert refused.value.code == "parameter-not-in-force"
    assert "2022-01-01" in refused.value.message()


def test_a_deadline_in_a_year_without_known_holidays_is_refused() -> None:
    calendar = Calendar(frozenset({date(2022, 1, 1)}), "uji")
    assert quarter_report_deadline(2022, 3, calendar) == date(2022, 10, 7)
    with pytest.raises(RuleBroken) as refused:
        quarter_report_deadline(2022, 4, calendar)
    assert (refused.value.code, refused.value.params) == ("calendar-year-unknown", {"year": 2023})
    with pytest.raises(RuleBroken):
        output_report_deadline(2022, 12, calendar)


@pytest.mark.parametrize(
    ("percent", "expected"),
    [("0", 0), ("69.99", 0), ("70", 1), ("84.99", 1), ("85", 2), ("94.99", 2), ("95", 3), ("101.99", 3), ("102", 4)],
)
def test_classes_of_absorption_begin_at_their_limit(percent: str, expected: int) -> None:
    assert absorption_class(Decimal(percent) / 100, date(2022, 6, 30)) == expected


def test_absorption_without_a_plan_has_no_class() -> None:
    assert absorption_class(None, date(2022, 6, 30)) is None


def test_a_result_names_its_regulations_and_whether_all_were_checked() -> None:
    sure, unsure = QUARTER_DEADLINE_SATKER.source_at(date(2022, 1, 1)), RPD_LOCK_MONTHS.source_for_year(2022)
    result = Explained(LOCK, (Step("hari kerja ke-10", LOCK),), (sure, unsure, sure))
    assert result.legal == ("PP 39/2006", "PER-5/PB/2022")
    assert (result.status, result.verified, Explained(LOCK, sources=(sure,)).verified) == ("estimate", False, True)


def test_lock_dates_are_the_same_under_both_rule_sets_for_their_years() -> None:
    calendar = calendar_from_rows(closed_days())
    assert {year: rpd_lock_dates(year, calendar)[4] for year in (2023, 2024)} == {
        2023: date(2023, 10, 13),
        2024: date(2024, 10, 14),
    }
