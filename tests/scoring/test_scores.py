"""Scores from figures: each indicator equals a count by hand, what is missing is named, sums come before scores."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dekon.org.selectors import Place
from dekon.rules.formulas.ikpa_revision import Revision
from dekon.scoring import selectors
from dekon.scoring.actions import gains_of
from dekon.scoring.figures import OutputFigures, SatkerFigures, TypeMonths, together
from dekon.scoring.ikpa import ikpa_of, ikpa_together
from dekon.scoring.nka import nka_of, nka_together
from dekon.scoring.results import Score

PLAN = [0, 50, 80, 100, 100, 150, 100, 120, 100]
SPENT = [0, 44, 65, 75, 69, 129, 78, 96, 84]
PAGU = 1110


def months(plan: list[int], spent: list[int], pagu: int = PAGU, blocked: int = 0) -> TypeMonths:
    count = len(plan)
    running = [sum(spent[: at + 1]) for at in range(count)]
    return TypeMonths([pagu] * count, [blocked] * count, running, plan, spent)


def satker(code: str = "029108", *, year: int = 2022, kind: str = "52", **more: int) -> SatkerFigures:
    figures = SatkerFigures(code, "Dinas", "32", "08", year, len(PLAN), {kind: months(PLAN, SPENT, **more)})
    figures.outputs = [
        OutputFigures("2197.BIH.001", 600, 400, Decimal(10), Decimal(8)),
        OutputFigures("2199.BIH.001", 510, 240, Decimal(4), None),
    ]
    return figures


def value(score: Score, name: str) -> Decimal | None:
    return next(one.value for one in score.indicators if one.name == name)


def test_the_deviation_is_a_hundred_less_the_mean_of_the_months() -> None:
    by_hand = [abs(s - p) * Decimal(100) / p if p else Decimal(0) for p, s in zip(PLAN, SPENT, strict=True)]
    mean = sum(by_hand, Decimal(0)) / len(by_hand)
    found = value(ikpa_of(satker()), "deviasi_hal_iii")
    assert found is not None
    assert abs(found - (100 - mean)) < Decimal("1e-9")


def test_each_quarter_is_held_against_its_target_over_the_pagu_without_blocks() -> None:
    free = Decimal(PAGU - 110)
    quarters = [
        min(Decimal(100), sum(SPENT[:end]) * Decimal(10_000) / (free * target))
        for end, target in ((3, 15), (6, 50), (9, 70))
    ]
    found = value(ikpa_of(satker(blocked=110)), "penyerapan")
    assert found is not None
    assert abs(found - sum(quarters, Decimal(0)) / 3) < Decimal("1e-9")


def test_only_listed_revisions_that_keep_the_pagu_count_and_those_that_were_said_to() -> None:
    figures = satker()
    assert value(ikpa_of(figures), "revisi_dipa") == 100
    figures.revisions = [
        Revision(date(2022, 4, 1), "219", pagu_unchanged=True),
        Revision(date(2022, 5, 1), "201", pagu_unchanged=False),
    ]
    assert value(ikpa_of(figures), "revisi_dipa") == 100
    figures.counted_by_hand = [date(2022, 4, 2), date(2022, 4, 3)]
    counted = value(ikpa_of(figures), "revisi_dipa")
    assert counted is not None
    assert abs(counted - (Decimal(100) + 50 + 100) / 3) < Decimal("1e-9")


def test_what_the_books_do_not_hold_is_named_and_its_weight_converted() -> None:
    score = ikpa_of(satker())
    missing = {one.name: one.missing.code for one in score.indicators if one.missing}
    assert missing == {
        "belanja_kontraktual": "score-no-contracts", "penyelesaian_tagihan": "score-no-bills",
        "up_tup": "score-no-advances", "capaian_output": "score-no-output-reports",
    }  # fmt: skip
    assert score.active_weight == 45
    assert score.value is not None
    points = [score.contribution(one) for one in score.indicators]
    assert abs(sum(filter(None, points), Decimal(0)) - score.value) < Decimal("1e-9")


def test_without_a_plan_there_is_no_deviation_and_no_silent_number() -> None:
    figures = satker()
    figures.types["52"].planned_rp = [0] * len(PLAN)
    score = ikpa_of(figures)
    assert {one.missing.code for one in score.indicators if one.name == "deviasi_hal_iii" and one.missing} == {
        "score-no-plan"
    }
    assert score.active_weight == 35
    nka = nka_of(figures, score)
    assert nka.total is None
    assert nka.missing is not None
    assert nka.missing.code == "score-incomplete"
    assert "konsistensi" in str(nka.missing.params["names"])


def test_the_first_nka_weighs_four_variables_and_the_newer_one_takes_ikpa_as_its_half() -> None:
    figures = satker()
    nka = nka_of(figures, ikpa_of(figures))
    assert value(nka, "cro") == 40  # 80 and nothing reported
    absorbed = value(nka, "penyerapan")
    assert absorbed is not None
    assert abs(absorbed - Decimal(sum(SPENT) * 100) / PAGU) < Decimal("1e-9")
    weights = {one.name: one.weight for one in nka.indicators}
    by_hand = sum(((one.value or Decimal(0)) * one.weight for one in nka.indicators), Decimal(0)) / 100
    assert sum(weights.values()) == 100
    assert nka.value is not None
    assert abs(nka.value - by_hand) < Decimal("1e-9")
    newer = satker(year=2024)
    ikpa = ikpa_of(newer)
    later = nka_of(newer, ikpa)
    assert value(later, "pelaksanaan") == ikpa.value


def test_several_satker_are_added_up_first_and_one_alone_is_itself() -> None:
    one, other = satker(), satker("039108")
    other.types["52"].spent_rp = [2 * p - s for p, s in zip(PLAN, SPENT, strict=True)]
    alone = ikpa_together(together([one], code="32", name="Jawa Barat"), [one])
    assert alone.value == ikpa_of(one).value
    both = ikpa_together(together([one, other], code="", name="Nasional"), [one, other])
    assert value(both, "deviasi_hal_iii") == 100  # what one spent too little the other spent too much
    assert (both.satker, both.name) == (2, "Nasional")


def test_nka_above_the_satker_is_the_mean_of_those_that_have_one() -> None:
    one, empty = satker(), satker("039108")
    empty.types["52"].planned_rp = [0] * len(PLAN)
    scores = [nka_of(figures, ikpa_of(figures)) for figures in (one, empty)]
    whole = nka_together("Nasional", "", scores)
    assert whole.value == scores[0].value
    none = nka_together("Nasional", "", scores[1:])
    assert none.total is None
    assert none.missing is not None


@given(
    moved=st.lists(st.tuples(st.integers(0, 10**12), st.integers(-(10**11), 10**12)), min_size=1, max_size=12),
    pagu=st.integers(0, 10**13),
    year=st.sampled_from([2021, 2022, 2023, 2024, 2026]),
)
@settings(suppress_health_check=[HealthCheck.too_slow])  # the first example reads all parameters
def test_scores_stay_in_their_range_whatever_the_books_hold(moved: list[tuple[int, int]], pagu: int, year: int) -> None:
    count = len(moved)
    plan, spent = [plan for plan, _ in moved], [spent for _, spent in moved]
    figures = SatkerFigures("029108", "Dinas", "32", "08", year, count, {"52": months(plan, spent, pagu)})
    ikpa = ikpa_of(figures)
    nka = nka_of(figures, ikpa)
    for score in (ikpa, nka):
        for number in (score.value, *(one.value for one in score.indicators)):
            assert number is None or 0 <= number <= 100
        assert all((one.result is None) == (one.missing is not None) for one in score.indicators)


def test_a_place_without_satker_has_no_scores(db: None) -> None:
    assert selectors.of_satker(year=2031, month=3, place=Place(province="32")) == []
    assert selectors.of_place([], "ikpa", code="32", name="Jawa Barat") is None


def test_reaching_the_target_of_the_next_quarter_raises_ikpa_by_what_its_formula_says() -> None:
    figures = satker()
    score = ikpa_of(figures)
    (gain,) = gains_of(figures, score)
    assert (gain.kind, gain.by) == ("spend", date(2022, 12, 31))
    assert gain.amount_rp == PAGU * 90 // 100 - sum(SPENT)
    now = value(score, "penyerapan")
    assert now is not None
    assert abs(gain.after - (now * 3 + 100) / 4) < Decimal("1e-9")
    assert abs(gain.points - (gain.after - now) * 20 / 45) < Decimal("1e-9")


def test_an_ro_that_is_behind_raises_nka_when_it_is_delivered_and_the_strongest_comes_first() -> None:
    figures = satker()
    score = nka_of(figures, ikpa_of(figures))
    gains = gains_of(figures, score)
    assert {gain.output: gain.volume for gain in gains} == {"2199.BIH.001": 4, "2197.BIH.001": 2}
    assert [gain.points for gain in gains] == sorted((gain.points for gain in gains), reverse=True)
    assert all(gain.after > gain.before for gain in gains)


def test_at_the_end_of_the_year_and_without_a_value_nothing_can_be_raised() -> None:
    year = satker()
    year.month = 12
    year.types = {"52": months([*PLAN, 0, 0, 0], [*SPENT, 0, 0, 0])}
    assert gains_of(year, ikpa_of(year)) == []
    empty = satker()
    empty.outputs = []
    assert gains_of(empty, nka_of(empty, ikpa_of(empty))) == []


def test_what_the_treasury_set_for_a_quarter_counts_in_the_waterfall_as_in_the_total() -> None:
    early = satker(year=2025)
    early.month = 3
    early.types = {"52": months(PLAN[:3], [0, 1, 2])}
    score = ikpa_of(early)
    assert score.value == 100
    points = [score.contribution(one) for one in score.indicators]
    assert abs(sum(filter(None, points), Decimal(0)) - score.value) < Decimal("1e-9")
    deviation = next(one for one in score.indicators if one.name == "deviasi_hal_iii")
    assert deviation.value == 100
    assert deviation.computed is not None
    assert deviation.computed < 50
    assert deviation.override is not None
    assert "Inpres 1/2025" in deviation.override.reason
    later = satker(year=2025)
    assert all(one.override is None for one in ikpa_of(later).indicators)


def test_a_year_without_rules_says_from_when_there_are_some() -> None:
    figures = satker(year=2020)
    ikpa = ikpa_of(figures)
    assert (ikpa.value, ikpa.indicators) == (None, ())
    assert ikpa.missing is not None
    assert (ikpa.missing.code, ikpa.missing.params["first"]) == ("score-no-rules", 2021)
    assert nka_of(figures, ikpa).value is not None  # its rules begin with 2018
    whole = ikpa_together(together([figures], code="32", name="Jawa Barat"), [figures])
    assert (whole.missing and whole.missing.code, whole.satker) == ("score-no-rules", 1)
    old = satker(year=2017)
    nka = nka_of(old, ikpa_of(old))
    together_ = nka_together("Nasional", "", [nka, nka])
    assert together_.missing is not None
    assert (together_.missing.code, together_.satker) == ("score-no-rules", 2)
