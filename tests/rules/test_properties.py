"""Properties of the formulas: legal range, monotone by law, free of row order, equal to a slow reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from dekon.rules.formulas.ikpa import WEIGHTS, ikpa_total
from dekon.rules.formulas.ikpa_absorption import TypeAmount, quarter_absorption_2021, quarter_absorption_2024
from dekon.rules.formulas.ikpa_deviation import deviation_of_months, type_deviation
from dekon.rules.formulas.ikpa_revision import revision_2021, revision_2024
from dekon.rules.formulas.nka import SATKER_WEIGHTS, satker_nka_2018
from dekon.rules.formulas.nka_consistency import consistency_2018
from dekon.rules.formulas.nka_efficiency import Spent, efficiency_2018, efficiency_value_2018
from dekon.rules.formulas.nka_output import (
    OutputProgram,
    ProgramOutputs,
    Ratio,
    RoVolume,
    program_output_2021,
    ro_achievement_2021,
)
from tests.rules import slow

CLOSE = Fraction(1, 10**15)

points = st.decimals(0, 100, places=2)
money = st.integers(0, 10**13).map(Decimal)
some_money = st.integers(1, 10**13).map(Decimal)
ratios = st.decimals(0, 2, places=4)
percents = st.integers(1, 100).map(Decimal)
types = st.lists(
    st.builds(TypeAmount, st.sampled_from(["51", "52", "53", "57"]), some_money, money, percents),
    min_size=1, max_size=4, unique_by=lambda one: one.kind,
)  # fmt: skip
spendings = st.lists(
    st.builds(Spent, st.uuids().map(str), some_money, money, ratios), min_size=1, max_size=5
)  # fmt: skip


def close(value: Decimal, wanted: Fraction) -> bool:
    return abs(Fraction(value) - wanted) <= CLOSE * max(Fraction(1), abs(wanted))


def fractions(rows: Sequence[TypeAmount]) -> list[tuple[Fraction, Fraction, Fraction]]:
    return [(Fraction(one.pagu), Fraction(one.realised), Fraction(one.target)) for one in rows]


@given(st.sampled_from([2021, 2022, 2024]), st.data())
def test_the_total_is_the_weighted_mean_of_what_has_data_within_0_and_100(year: int, data: st.DataObject) -> None:
    weights = WEIGHTS.for_year(year)
    values = {name: data.draw(st.none() | points) for name in weights}
    assume(any(value is not None for value in values.values()))
    found = ikpa_total(values, year).value
    reference = {n: (None if v is None else Fraction(v), Fraction(weights[n])) for n, v in values.items()}
    assert close(found, slow.total(reference))
    assert 0 <= found <= 100
    turned = dict(reversed(list(values.items())))
    assert ikpa_total(turned, year).value == found
    name = data.draw(st.sampled_from([name for name, value in values.items() if value is not None]))
    assert ikpa_total({**values, name: Decimal(100)}, year).value >= found


@given(spendings)
def test_efficiency_equals_the_reference_and_falls_with_spending(rows: list[Spent]) -> None:
    assume(any(row.achieved for row in rows))
    found = efficiency_2018(rows, 2021).value
    assert close(found, slow.efficiency([(Fraction(r.pagu), Fraction(r.realised), Fraction(r.achieved)) for r in rows]))
    assert efficiency_2018(rows[::-1], 2021).value == found
    dearer = [replace(rows[0], realised=rows[0].realised + 1), *rows[1:]]
    assert efficiency_2018(dearer, 2021).value <= found
    value = efficiency_value_2018(found, 2021).value
    assert close(value, slow.efficiency_value(Fraction(found)))
    assert 0 <= value <= 100


@given(st.lists(st.tuples(money, money), min_size=1, max_size=12))
def test_consistency_equals_the_reference_within_0_and_100(months: list[tuple[Decimal, Decimal]]) -> None:
    planned = sorted(plan for plan, _ in months)
    realised = [real for _, real in months]
    found = consistency_2018(planned, realised, 2022).value
    assert close(found, slow.consistency([*map(Fraction, planned)], [*map(Fraction, realised)]))
    assert 0 <= found <= 100


@given(types)
def test_absorption_equals_the_reference_rises_with_spending_and_knows_no_order(rows: list[TypeAmount]) -> None:
    for formula, reference, year in (
        (quarter_absorption_2024, slow.absorption_2024, 2024),
        (quarter_absorption_2021, slow.absorption_2022, 2022),
    ):
        found = formula(rows, year).value
        assert close(found, reference(fractions(rows)))
        assert 0 <= found <= 100
        assert formula(rows[::-1], year).value == found
        more = [replace(rows[0], realised=rows[0].realised + 1000), *rows[1:]]
        assert formula(more, year).value >= found


@given(types)
def test_what_types_make_up_for_each_other_never_lowers_the_value_of_2022(rows: list[TypeAmount]) -> None:
    same = [replace(row, target=Decimal(50)) for row in rows]
    assert quarter_absorption_2021(same, 2022).value >= quarter_absorption_2024(same, 2024).value - Decimal("1e-18")


@given(st.lists(points, min_size=1, max_size=12), st.sampled_from([2022, 2024]))
def test_deviation_equals_the_reference_and_falls_with_straying(months: list[Decimal], year: int) -> None:
    found = deviation_of_months(months, year).value
    assert close(found, slow.deviation([*map(Fraction, months)]))
    assert 0 <= found <= 100
    assert deviation_of_months([Decimal(100), *months[1:]], year).value <= found


@given(money, money)
def test_the_deviation_of_a_type_lies_within_0_and_100(planned: Decimal, realised: Decimal) -> None:
    assert 0 <= type_deviation(planned, realised, 2024).value <= 100
    assert type_deviation(planned, planned, 2024).value == 0


@given(st.lists(st.integers(0, 20), min_size=1, max_size=2))
def test_more_revisions_never_raise_the_value(counts: list[int]) -> None:
    for formula, year in ((revision_2024, 2024), (revision_2021, 2022)):
        found = formula(counts, year).value
        assert 0 < found <= 100
        assert formula([counts[0] + 1, *counts[1:]], year).value <= found


@given(points, points, points, points)
def test_nka_of_a_satker_is_its_weighted_mean(cro: Decimal, ne: Decimal, even: Decimal, spent: Decimal) -> None:
    values = {"cro": cro, "ne": ne, "konsistensi": even, "penyerapan": spent}
    weights = SATKER_WEIGHTS.for_year(2021)
    found = satker_nka_2018(values, 2021).value
    assert close(found, sum((Fraction(values[name]) * Fraction(weights[name]) for name in values), Fraction(0)))
    assert min(values.values()) <= found <= max(values.values())


@given(st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 2000)), min_size=1, max_size=6))
def test_ro_and_output_programmes_stay_in_range_and_know_no_order(volumes: list[tuple[int, int]]) -> None:
    ros = [RoVolume(str(at), Decimal(t), Decimal(r)) for at, (t, r) in enumerate(volumes)]
    found = ro_achievement_2021(ros, 2021).value
    assert 0 <= found <= 100
    assert ro_achievement_2021(ros[::-1], 2021).value == found
    ratios_of = [Ratio(Decimal(t), Decimal(min(t, r))) for t, r in volumes]
    program = [ProgramOutputs("P", [OutputProgram("O", ratios_of)])]
    turned = [ProgramOutputs("P", [OutputProgram("O", ratios_of[::-1])])]
    value = program_output_2021(program).value
    assert 0 <= value <= 100
    assert abs(value - program_output_2021(turned).value) <= Decimal("1e-20")
