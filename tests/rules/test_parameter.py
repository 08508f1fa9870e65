from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dekon.errors import RuleBroken
from dekon.rules.files import ParameterProblems
from dekon.rules.parameter import Parameter, ParameterBook

GOOD = """
days:
  description: Days
  unit: working days
  type: int
  values:
    2024-05-02:
      {value: 7, legal: PMK 2/2024, published: , checked: 2026-01-05, checked_by: Biro Hukum, confidence: sourced,
       seen_in: JDIH}
    2020-01-01: {value: 5, legal: PMK 1/2020, published: 2020-01-01, checked: , confidence: known}
rate:
  description: Rate
  unit: share
  type: decimal
  applies_to: fiscal-year
  values:
    2022-01-01: {value: "0.75", legal: house rule, published: , checked: 2026-01-05, confidence: known}
weights:
  description: Weights
  unit: shares
  type: decimal-list
  values:
    2022-01-01: {value: ["0.4", "0.6"], legal: KMK 1/2022, published: , checked: , confidence: unsure}
"""


def book(folder: Path, text: str) -> ParameterBook:
    (folder / "area.yaml").write_text(text, "utf-8")
    return ParameterBook(folder)


@pytest.mark.parametrize(("on", "value"), [(date(2024, 5, 1), 5), (date(2024, 5, 2), 7), (date(2024, 5, 3), 7)])
def test_the_value_in_force_on_the_day_is_given(tmp_path: Path, on: date, value: int) -> None:
    days = Parameter[int]("area/days", book(tmp_path, GOOD))
    assert days.at(on) == value


def test_a_day_before_the_first_value_is_refused_and_the_first_day_is_not(tmp_path: Path) -> None:
    days = Parameter[int]("area/days", book(tmp_path, GOOD))
    assert days.at(date(2020, 1, 1)) == 5
    with pytest.raises(RuleBroken, match="area/days"):
        days.at(date(2019, 12, 31))


def test_an_entry_says_what_it_rests_on_and_whether_it_was_checked(tmp_path: Path) -> None:
    shelf = book(tmp_path, GOOD)
    days, rate = Parameter[int]("area/days", shelf), Parameter[Decimal]("area/rate", shelf)
    assert (days.source_at(date(2025, 1, 1)).legal, days.source_at(date(2025, 1, 1)).verified) == ("PMK 2/2024", True)
    assert not days.source_at(date(2021, 1, 1)).verified
    assert rate.source_for_year(2022).verified


def test_a_budget_year_parameter_holds_for_the_whole_year(tmp_path: Path) -> None:
    rate = Parameter[Decimal]("area/rate", book(tmp_path, GOOD))
    assert rate.for_year(2022) == rate.at(date(2022, 12, 31)) == Decimal("0.75")
    with pytest.raises(RuleBroken):
        rate.for_year(2021)


def test_a_parameter_that_changes_within_a_year_wants_a_day(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="ask for a day"):
        Parameter[int]("area/days", book(tmp_path, GOOD)).for_year(2024)


def test_handles_without_entry_of_the_wrong_type_and_unused_entries_are_found(tmp_path: Path) -> None:
    shelf = book(tmp_path, GOOD)
    Parameter[int]("area/rate", shelf)
    Parameter[int]("area/missing", shelf)
    weights = Parameter[tuple[Decimal, ...]]("area/weights", shelf)
    assert weights.at(date(2022, 1, 1)) == (Decimal("0.4"), Decimal("0.6"))
    assert shelf.unused() == {"area/days"}
    assert [problem.split(":")[0] for problem in shelf.problems_of_handles()] == ["area/missing", "area/rate"]


def test_a_second_handle_on_a_parameter_is_refused(tmp_path: Path) -> None:
    shelf = book(tmp_path, GOOD)
    Parameter[int]("area/days", shelf)
    with pytest.raises(ValueError, match="import that one"):
        Parameter[int]("area/days", shelf)


BAD = """
nothing:
  unit: days
  type: integer
  colour: red
  values: {}
days:
  description: Days
  unit: days
  type: int
  applies_to: fiscal-year
  values:
    2024-05-02: {value: 7, legal: PMK 2/2024, published: , checked: , confidence: sourced}
    2022-01-01: {value: 7.5, legal: PMK 2/2024, published: , checked: , confidence: sourced}
    2021-01-01: {value: true, legal: PMK 2/2024, published: , checked: , confidence: sourced}
    2020-01-01: {value: 7, legal: "", published: soon, checked: 2026-01-05, confidence: sure}
    2019-01-01: {value: 7}
rate:
  description: Rate
  unit: share
  type: decimal
  values:
    2022-01-01: {value: 0.75, legal: KMK 1/2022, published: , checked: , confidence: unsure}
text: only
"""


def test_all_problems_of_the_files_are_told_at_once_with_file_and_key(tmp_path: Path) -> None:
    with pytest.raises(ParameterProblems) as found:
        _ = book(tmp_path, BAD).definitions
    problems = found.value.problems
    for wanted in (
        "area.yaml: nothing: description is missing",
        "area.yaml: nothing: colour is unknown",
        "area.yaml: nothing: type must be one of int",
        "area.yaml: days, 2024-05-02: a budget-year value begins on 1 January",
        "area.yaml: days, 2022-01-01: 7.5 is no int",
        "area.yaml: days, 2021-01-01: True is no int",
        "area.yaml: days, 2020-01-01: legal is empty",
        "area.yaml: days, 2020-01-01: published must be a date or empty",
        "area.yaml: days, 2020-01-01: checked, but seen_in does not say",
        "area.yaml: days, 2020-01-01: confidence must be one of sourced",
        "area.yaml: days, 2019-01-01: legal is missing",
        "area.yaml: rate, 2022-01-01: 0.75 is no decimal in quotes",
        "area.yaml: text: not a parameter",
    ):
        assert any(problem.startswith(wanted) for problem in problems), wanted


@pytest.mark.parametrize("text", ["days: {}\ndays: {}\n", "- a\n", "a: [\n", ""])
def test_a_file_that_is_no_list_of_parameters_or_repeats_a_key_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ParameterProblems, match=r"area\.yaml"):
        _ = book(tmp_path, text).definitions


BROKEN = """
gap:
  {description: Days, unit: working days, type: int, values: {
    2024-01-01: {value: 7, legal: PMK 2/2024, published: , checked: , confidence: known},
    2022-01-01: {value: 5, until: 2022-12-31, legal: PMK 1/2022, published: , checked: , confidence: known}}}
overlap:
  {description: Days, unit: working days, type: int, values: {
    2024-01-01: {value: 7, legal: PMK 2/2024, published: , checked: , confidence: known},
    2022-01-01: {value: 5, until: 2024-01-01, legal: PMK 1/2022, published: , checked: , confidence: known}}}
upside_down:
  {description: Days, unit: working days, type: int, values: {
    2022-01-01: {value: 5, legal: PMK 1/2022, published: , checked: , confidence: known},
    2024-01-01: {value: 7, legal: PMK 2/2024, published: , checked: , confidence: known}}}
odd_unit:
  {description: Days, unit: fortnights, type: int, values: {
    2022-01-01: {value: 5, legal: PMK 1/2022, published: , checked: , confidence: known}}}
text_of_days:
  {description: Days, unit: working days, type: text, values: {
    2022-01-01: {value: five, legal: PMK 1/2022, published: , checked: , confidence: known}}}
thirteenth_month:
  {description: Months, unit: months (1 to 12), type: int-list, values: {
    2022-01-01: {value: [1, 13], legal: PMK 1/2022, published: , checked: , confidence: known}}}
weights:
  {description: Weights, unit: shares that sum to 1, type: decimal-table, values: {
    2022-01-01: {value: {a: "0.5", b: "0.4"}, legal: PMK 1/2022, published: , checked: , confidence: known}}}
not_finite:
  {description: Rate, unit: share, type: decimal, values: {
    2022-01-01: {value: "NaN", legal: PMK 1/2022, published: , checked: , confidence: known}}}
nobody_looked:
  {description: Days, unit: working days, type: int, values: {
    2022-01-01: {value: 5, legal: PMK 1/2022, published: , checked: , confidence: sourced}}}
somebody_looked:
  {description: Days, unit: working days, type: int, values: {
    2022-01-01: {value: 5, legal: PMK 1/2022, published: , checked: 2026-01-05, seen_in: JDIH, confidence: known}}}
"""


def test_gaps_overlaps_wrong_units_and_missing_sources_are_told_with_file_key_and_remedy(tmp_path: Path) -> None:
    with pytest.raises(ParameterProblems) as found:
        _ = book(tmp_path, BROKEN).definitions
    for start, remedy in (
        ("area.yaml: gap, 2022-01-01: ends on 2022-12-31, a gap before", "leave `until` out or add the value"),
        ("area.yaml: overlap, 2022-01-01: holds until 2024-01-01 and overlaps", "end it on 2023-12-31"),
        ("area.yaml: upside_down, 2022-01-01: stands above 2024-01-01", "write the newest value first"),
        ("area.yaml: odd_unit: unit 'fortnights' is unknown", "use one of working days"),
        ("area.yaml: text_of_days: type text does not fit the unit working days", "it takes int"),
        ("area.yaml: thirteenth_month, 2022-01-01: 13 is no months (1 to 12)", "between 1 and 12"),
        ("area.yaml: weights, 2022-01-01: the values sum to 0.9 instead of 1", "mend the one that is wrong"),
        ("area.yaml: not_finite, 2022-01-01: 'NaN' is no decimal in quotes", "write it as one"),
        ("area.yaml: nobody_looked, 2022-01-01: sourced, but nobody checked it", "or write known or unsure"),
        ("area.yaml: somebody_looked, 2022-01-01: checked, but checked_by does not say who", "name the office"),
    ):
        lines = [problem for problem in found.value.problems if problem.startswith(start)]
        assert lines, start
        assert remedy in lines[0]
    assert len(found.value.problems) == 10


def test_a_value_that_ended_without_a_successor_is_refused_after_its_last_day(tmp_path: Path) -> None:
    text = GOOD.replace("{value: 5, legal", "{value: 5, until: 2024-05-01, legal").replace(
        "{value: 7,", "{value: 7, until: 2024-12-31,"
    )
    days = Parameter[int]("area/days", book(tmp_path, text))
    assert [days.at(date(2024, 5, 1)), days.at(date(2024, 12, 31))] == [5, 7]
    with pytest.raises(RuleBroken) as refused:
        days.at(date(2025, 1, 1))
    assert refused.value.code == "parameter-ended"
