"""The solver: its answer, fed back to the formulas, reaches the target; one step or one rupiah less does not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dekon.errors import RuleBroken
from dekon.lib.workdays import Calendar
from dekon.rules.formulas.ikpa_revision import REVISION_CODES
from dekon.scoring.ahead import Cells, ikpa_value, months_ahead, planned_ahead, quarter_ahead, rooms_of, supposed
from dekon.scoring.figures import SatkerFigures, TypeMonths
from dekon.scoring.preflight import Change, expected_ahead, preflight
from dekon.scoring.whatif import STEPS, Answer, solve

QUIET = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=25)
CALENDAR = Calendar(frozenset(), "", frozenset({2022, 2025}))


def of_type(pagu: int, planned: list[int], spent: list[int]) -> TypeMonths:
    running = [sum(spent[: at + 1]) for at in range(len(spent))]
    return TypeMonths([pagu] * len(spent), [0] * len(spent), running, planned, spent)


def satker(types: dict[str, TypeMonths], *, year: int = 2022) -> SatkerFigures:
    month = len(next(iter(types.values())).spent_rp)
    return SatkerFigures("029108", "Dinas", "32", "08", year, month, types)


def value(figures: SatkerFigures, planned: Cells, spent: Cells) -> Decimal:
    return ikpa_value(supposed(figures, months_ahead(figures.month)[-1], planned, spent)) or Decimal(0)


def usual(year: int = 2022) -> tuple[SatkerFigures, dict[tuple[str, int], int]]:
    """Half a year kept well enough; the plan of the third quarter reaches its target."""
    spent = [40, 50, 70, 90, 120, 130]
    figures = satker({"52": of_type(1_000, [40, 50, 70, 90, 120, 130], spent)}, year=year)
    return figures, {("52", 7): 80, ("52", 8): 80, ("52", 9): 80}


def test_the_quarter_ahead_is_the_running_one_or_the_next_where_one_has_just_ended() -> None:
    assert [(quarter_ahead(m), months_ahead(m)) for m in (1, 3, 7, 11, 12)] == [
        (1, (2, 3)), (2, (4, 5, 6)), (3, (8, 9)), (4, (12,)), (4, ()),
    ]  # fmt: skip


def test_where_the_plan_is_enough_the_answer_is_the_least_share_of_it() -> None:
    figures, planned = usual()
    answer = solve(figures, planned, Decimal(95))
    assert answer.reached
    assert 0 < answer.share < 1
    assert answer.above_rp == 0
    assert value(figures, planned, answer.spent) == answer.value >= 95
    assert answer.best >= answer.value


def test_a_target_out_of_reach_is_called_so_with_the_best_that_is_left() -> None:
    figures = satker({"52": of_type(1_000, [100] * 6, [0] * 6)})
    planned = {("52", month): 100 for month in (7, 8, 9)}
    answer = solve(figures, planned, Decimal(95))
    assert not answer.reached
    assert answer.value == answer.best < 95
    assert value(figures, planned, answer.spent) == answer.best


def test_a_plan_that_is_too_small_is_exceeded_as_far_as_it_helps() -> None:
    figures = satker({"52": of_type(1_000, [0, 50, 100, 100, 125, 125], [0, 50, 100, 100, 125, 125])})
    planned = {("52", 7): 60, ("52", 8): 60, ("52", 9): 60}
    answer = solve(figures, planned, Decimal("99.6"))
    assert answer.above_rp > 0
    assert answer.reached
    assert value(figures, planned, answer.spent) >= Decimal("99.6")


@pytest.mark.parametrize("target", ["-0.01", "100.01"])
def test_a_target_that_is_no_score_is_refused(target: str) -> None:
    figures, planned = usual()
    with pytest.raises(RuleBroken, match=r"."):
        solve(figures, planned, Decimal(target))


def test_at_the_end_of_the_year_and_without_a_ceiling_there_is_nothing_to_solve() -> None:
    with pytest.raises(RuleBroken):
        solve(satker({"52": of_type(10, [1] * 12, [1] * 12)}), {}, Decimal(95))
    with pytest.raises(RuleBroken):
        solve(satker({"52": of_type(0, [0] * 6, [0] * 6)}), {}, Decimal(95))


amounts = st.integers(0, 400)


@st.composite
def situations(draw: st.DrawFn) -> tuple[SatkerFigures, dict[tuple[str, int], int]]:
    """One to three spending types in some month of a year under either regulation."""
    year, month = draw(st.sampled_from([2022, 2025])), draw(st.integers(1, 11))
    kinds = draw(st.lists(st.sampled_from(["51", "52", "53"]), min_size=1, max_size=3, unique=True))
    types = {}
    for kind in kinds:
        spent = draw(st.lists(amounts, min_size=month, max_size=month))
        planned = draw(st.lists(amounts, min_size=month, max_size=month))
        types[kind] = of_type(max(1, sum(spent) + draw(st.integers(0, 1_500))), planned, spent)
    figures = satker(types, year=year)
    return figures, {(kind, ahead): draw(amounts) for kind in kinds for ahead in months_ahead(month)}


def less(answer: Answer, figures: SatkerFigures, planned: Cells, target: Decimal) -> bool:
    """Whether the point of the path just before the answer misses the target."""
    if answer.above_rp:
        cell = max(answer.spent, key=lambda one: answer.spent[one] - planned.get(one, 0))
        fewer = {**answer.spent, cell: answer.spent[cell] - 1}
        return value(figures, planned, fewer) < target
    step = int(answer.share * STEPS)
    if step == 0:
        return True
    path = {cell: rp * (step - 1) // STEPS for cell, rp in planned.items()}
    rooms = rooms_of(figures)
    fits = all(sum(rp for (k, _m), rp in path.items() if k == kind) <= room for kind, room in rooms.items())
    return not fits or value(figures, planned, path) < target


@QUIET
@given(situations(), st.integers(0, 10_000))
def test_the_answer_reaches_the_target_and_one_less_does_not(
    given_: tuple[SatkerFigures, dict[tuple[str, int], int]], hundredths: int
) -> None:
    figures, planned = given_
    target = Decimal(hundredths) / 100
    try:
        answer = solve(figures, planned, target)
    except RuleBroken:
        assert ikpa_value(supposed(figures, months_ahead(figures.month)[-1], planned, {})) is None or not any(
            one.effective_rp(figures.month) for one in figures.types.values()
        )
        return
    rooms = rooms_of(figures)
    assert all(rp >= 0 for rp in answer.spent.values())
    for kind, room in rooms.items():
        assert sum(rp for (k, _month), rp in answer.spent.items() if k == kind) <= room
    assert value(figures, planned, answer.spent) == answer.value
    assert answer.reached == (answer.value >= target) == (answer.best >= target)
    if answer.reached:
        assert less(answer, figures, planned, target)


@QUIET
@given(situations(), st.data())
def test_no_other_way_to_spend_ends_higher_than_the_best(
    given_: tuple[SatkerFigures, dict[tuple[str, int], int]], data: st.DataObject
) -> None:
    figures, planned = given_
    try:
        answer = solve(figures, planned, Decimal(100))
    except RuleBroken:
        return
    for _try in range(8):
        left, other = dict(rooms_of(figures)), {}
        for kind, month in data.draw(st.permutations(sorted(planned))):
            around = min(left.get(kind, 0), data.draw(st.sampled_from([0, 1, 2])) * planned[kind, month])
            taken = data.draw(st.one_of(st.just(around), st.integers(0, left.get(kind, 0))))
            other[kind, month] = taken
            left[kind] = left.get(kind, 0) - taken
        assert value(figures, planned, other) <= answer.best + Decimal("1e-9")


def test_a_new_plan_that_meets_the_spending_takes_the_deviation_away_while_it_is_not_locked() -> None:
    figures, planned = usual()
    spent = {cell: rp // 2 for cell, rp in planned.items()}
    locks = {3: date(2022, 7, 14)}
    change = Change(planned=spent)
    done = preflight(figures, planned, spent, change, on=date(2022, 7, 14), locks=locks, calendar=CALENDAR)
    effects = {one.name: one for one in done.effects}
    deviation = effects["deviasi_hal_iii"]
    assert deviation.after == 100
    assert deviation.points is not None
    assert deviation.points > 0
    assert effects["penyerapan"].points == 0
    assert (done.locked, done.plan_by) == ((), date(2022, 7, 14))
    late = preflight(figures, planned, spent, change, on=date(2022, 7, 15), locks=locks, calendar=CALENDAR)
    assert late.locked == (7, 8, 9)
    assert all(one.points in {0, None} for one in late.effects)


def test_a_revision_counts_by_its_code_and_by_whether_the_ceiling_stays() -> None:
    figures, planned = usual()
    code = REVISION_CODES.for_year(2022)[0]
    figures.revisions = []

    def effects(*, revision: str, pagu: dict[str, int], already: int = 0) -> tuple[bool, Decimal | None]:
        figures.counted_by_hand = [date(2022, 8, 1)] * already
        done = preflight(
            figures, planned, planned, Change({}, pagu, revision), on=date(2022, 8, 10), locks={}, calendar=CALENDAR
        )
        assert done.revise_by == date(2022, 9, 30)
        return done.counts, next(one.points for one in done.effects if one.name == "revisi_dipa")

    first, free = effects(revision=code, pagu={})
    assert first
    assert free == 0  # the first of a quarter costs nothing
    counts, points = effects(revision=code, pagu={}, already=1)
    assert counts
    assert points is not None
    assert points < 0
    for revision, pagu in ((code, {"52": 100}), ("219", {})):
        counts, points = effects(revision=revision, pagu=pagu, already=1)
        assert not counts
        assert points == 0


def test_more_ceiling_lowers_absorption_and_half_years_count_since_2024() -> None:
    figures, planned = usual(2025)
    done = preflight(
        figures, planned, planned, Change({}, {"52": 500}), on=date(2025, 8, 10), locks={}, calendar=CALENDAR
    )
    absorbed = next(one for one in done.effects if one.name == "penyerapan")
    assert absorbed.points is not None
    assert absorbed.points < 0
    assert done.revise_by == date(2025, 12, 31)


def test_expected_spending_keeps_the_rate_so_far_within_the_room() -> None:
    figures = satker({"52": of_type(700, [100] * 6, [50] * 6)})
    planned = {("52", 7): 300, ("52", 8): 300, ("52", 9): 300}
    assert expected_ahead(figures, planned, rooms_of(figures)) == {("52", 7): 150, ("52", 8): 150, ("52", 9): 100}


def test_the_plan_ahead_is_taken_from_figures_that_reach_further() -> None:
    longer = satker({"52": of_type(9, [1, 2, 3], [0, 0, 0])})
    assert planned_ahead(longer, (2, 3)) == {("52", 2): 2, ("52", 3): 3}
