"""The promise board: limits just below, at and above; the worst measure counts; a source plugs in by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dekon.ledger.models import Parked
from dekon.performance.board import execution
from dekon.performance.board.execution import OutputStand
from dekon.performance.board.measures import BoardFilter, Found, Item, Source
from dekon.performance.board.registry import SOURCES
from dekon.performance.selectors.promises import board, tally
from dekon.rules.formulas.promises import (
    DIFFERENCE_DAYS,
    DIFFERENCES_LIMITS,
    OUTPUTS_LIMITS,
    PAGU_MINUS_LIMITS,
    State,
    count_state,
    difference_state,
    share_state,
    worst_state,
)
from tests.builders import small_year

YEAR = BoardFilter(2022, date(2022, 9, 30))


@pytest.mark.parametrize(
    ("percent", "state"),
    [("94.999", "watch"), ("95", "met"), ("130", "met"), ("85", "watch"), ("84.999", "unmet"), ("0", "unmet")],
)
def test_a_share_is_kept_from_the_upper_limit_on_and_broken_below_the_lower(percent: str, state: State) -> None:
    assert OUTPUTS_LIMITS.for_year(2022) == (95, 85)
    assert share_state(Decimal(percent) / 100, OUTPUTS_LIMITS.for_year(2022)) == state


@pytest.mark.parametrize(("count", "state"), [(0, "met"), (1, "watch"), (4, "watch"), (5, "unmet")])
def test_a_count_is_kept_up_to_the_first_limit_and_broken_from_the_second_on(count: int, state: State) -> None:
    assert count_state(count, DIFFERENCES_LIMITS.for_year(2022)) == state
    assert count_state(1, PAGU_MINUS_LIMITS.for_year(2022)) == "unmet"


def test_one_difference_that_waited_too_long_breaks_the_promise_by_itself() -> None:
    days = DIFFERENCE_DAYS.for_year(2022)
    assert difference_state(1, days - 1, 2022) == "watch"
    assert difference_state(1, days, 2022) == "unmet"
    assert difference_state(0, days, 2022) == "met"


@given(st.permutations(["met", "watch", "unmet", "none"]))
def test_a_promise_stands_as_its_worst_measure_in_whatever_order(states: list[State]) -> None:
    assert worst_state(states) == "unmet"
    assert worst_state([one for one in states if one != "unmet"]) == "watch"
    assert worst_state([one for one in states if one in {"met", "none"}]) == "met"
    assert worst_state([]) == worst_state(["none"]) == "none"


def stand(**changes: object) -> OutputStand:
    made = OutputStand(
        "32", "029108", "13", "DL", "2143", "QEI", "001", "Pelatihan", 1_000, 500, 600, 1_000, Decimal(10), Decimal(6),
        Decimal(60), 9,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]  # any field


def test_an_output_is_held_against_the_share_of_the_plan_of_its_money() -> None:
    found = execution._of_outputs(2022, [stand()])
    assert found is not None
    assert (found.value, found.state, found.items) == (Decimal(1), "met", ())
    behind = execution._of_outputs(2022, [stand(progress=Decimal(30))])
    assert behind is not None
    assert (behind.value, behind.state) == (Decimal("0.5"), "unmet")
    assert [item.path for item in behind.items] == [{"program": "DL", "kegiatan": "2143", "kro": "QEI", "ro": "001"}]


def test_what_one_ro_is_ahead_does_not_hide_that_another_is_behind() -> None:
    found = execution._of_outputs(2022, [stand(progress=Decimal(100)), stand(ro="002", progress=Decimal(0))])
    assert found is not None
    assert found.value == Decimal("0.5")
    assert [item.words for item in found.items] == ["2143.QEI.002 Pelatihan"]


def test_without_a_report_or_a_plan_there_is_no_number() -> None:
    assert execution._of_outputs(2022, []) is None
    assert execution._of_outputs(2022, [stand(month=None, progress=None, volume=None)]) is None
    assert execution._of_outputs(2022, [stand(year_rp=0, planned_rp=0)]) is None


def test_volume_counts_where_no_progress_is_reported() -> None:
    assert stand(progress=None).achieved == Decimal("0.6")
    assert stand(progress=None, volume=Decimal(99)).achieved == 1
    assert stand(progress=None, volume=None).achieved == 0


def extra(asked: BoardFilter, provinces: Sequence[str]) -> Mapping[str, Found]:
    """A measure of the second promise that one province has data for."""
    return {provinces[0]: Found(0, "unmet", "0 dari 4", (Item("case", "029108", "Kunjungan 1", "", "unmet"),))}


@pytest.mark.django_db
def test_a_source_that_is_registered_appears_on_the_board_without_a_change_to_it(tmp_path: Path) -> None:
    small_year.build(tmp_path)
    plain = board(YEAR)
    assert [row.code for row in plain] == ["32", "91"]
    assert [cell.state for row in plain for cell in row.cells if cell.promise == 2] == ["none", "none"]
    visits = Source("visits-new", 2, lambda: "Kunjungan", lambda _: "", lambda: "belum ada", extra)
    then = board(YEAR, (*SOURCES, visits))
    assert [cell.state for row in then for cell in row.cells if cell.promise == 2] == ["unmet", "none"]
    first = then[0].cells[1]
    assert first.leading is not None
    assert (first.leading.key, len(first.items)) == ("visits-new", 1)
    assert tally(then)["unmet"] == tally(plain)["unmet"] + 1
    assert sum(tally(then).values()) == 6


@pytest.mark.django_db
def test_what_is_parked_is_behind_the_cell_by_the_day_of_the_board(tmp_path: Path) -> None:
    small_year.build(tmp_path)
    papua = next(row for row in board(YEAR) if row.code == "91")
    assert Parked.objects.filter(state="open").count() == len(papua.cells[0].items) == 1
    early = next(row for row in board(BoardFilter(2022, date(2022, 1, 2))) if row.code == "91")
    assert early.cells[0].items == ()


def test_every_source_says_what_is_missing_and_of_which_promise_it_is() -> None:
    assert len({one.key for one in SOURCES}) == len(SOURCES)
    assert {one.promise for one in SOURCES} == {1, 2, 3}
    assert all(one.missing().endswith(".") and one.name() for one in SOURCES)
    assert all(one.limits(2022) for one in SOURCES if one.measure)
