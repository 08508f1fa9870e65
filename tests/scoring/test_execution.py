"""Indicators from what was recorded: counted by hand, at their borders, and never before they happened."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dekon.errors import RuleBroken
from dekon.lib.workdays import Calendar, calendar_from_rows
from dekon.scoring import execution
from dekon.scoring.figures import OutputFigures, RecordFigures, SatkerFigures, TypeMonths
from dekon.scoring.ikpa import ikpa_of, ikpa_together
from tests.rules.seed import closed_days


def calendar() -> Calendar:
    return calendar_from_rows(closed_days())


def figures(*records: RecordFigures, year: int = 2022, month: int = 9) -> SatkerFigures:
    return SatkerFigures(
        "029108", "Dinas", "32", "08", year, month, records=list(records), calendar=calendar()
    )  # fmt: skip


def contract(number: str, signed: date, arrived: date | None, **more: object) -> RecordFigures:
    facts = {"akun": "522191", "amount_rp": 60_000_000, **more}
    return RecordFigures("kontrak", number, dated_on=signed, arrived_on=arrived, **facts)  # type: ignore[arg-type]  # as the table says


def test_contracts_of_2022_weigh_registration_early_signature_and_capital_paid_at_once() -> None:
    known = [
        contract("1", date(2021, 12, 20), date(2022, 1, 7)),  # the fifth working day of the year
        contract("2", date(2022, 3, 1), date(2022, 3, 9)),  # 3 March is Nyepi, so that the fifth is the 9th
        contract("3", date(2022, 5, 10), None, akun="532111", paid_on=date(2022, 6, 30)),
    ]
    by_hand = Decimal(200) / 3 * Decimal("0.4") + Decimal(110) * Decimal("0.3") + Decimal(90) * Decimal("0.3")
    assert abs(execution.contracts(figures(*known)).value - by_hand) < Decimal("1e-9")
    assert execution.contracts(figures(known[0])).value == 100  # 40 × 100 + 30 × 120 over 70, at most 100


@pytest.mark.parametrize(
    ("arrived", "points"), [(date(2022, 8, 9), 100), (date(2022, 8, 10), 100), (date(2022, 8, 11), 0)]
)
def test_a_contract_is_registered_in_time_until_the_fifth_working_day(arrived: date, points: int) -> None:
    result = execution.contracts(figures(contract("1", date(2022, 8, 3), arrived)))
    assert [step.value for step in result.steps if step.about == "1"] == [points]


def test_contracts_of_2024_are_judged_by_distribution_and_early_signature() -> None:
    known = [contract("1", date(2024, 2, 1), None), contract("2", date(2024, 7, 1), None)]
    result = execution.contracts(figures(*known, year=2024))
    by_hand = (Decimal("0.2") * 60 + Decimal("0.4") * 110) / Decimal("0.6")  # half signed by 30 June gives 60
    assert abs(result.value - by_hand) < Decimal("1e-9")


def bill(number: str, handed: date, arrived: date | None) -> RecordFigures:
    return RecordFigures("tagihan", number, dated_on=handed, arrived_on=arrived)


def test_a_bill_counts_once_it_is_there_or_due_and_seventeen_working_days_are_in_time() -> None:
    start = date(2022, 8, 1)
    due = calendar().add_working_days(start, 17)
    late = calendar().next_working_day(due)
    assert execution.bills(figures(bill("1", start, due))).value == 100
    assert execution.bills(figures(bill("1", start, late))).value == 0
    both = figures(bill("1", start, due), bill("2", start, None))
    assert execution.bills(both).value == 50
    not_due = figures(bill("1", start, due), bill("2", date(2022, 9, 29), None))
    assert execution.bills(not_due).value == 100
    with pytest.raises(RuleBroken) as nothing:
        execution.bills(figures(bill("1", date(2022, 10, 3), None)))  # after the month
    assert nothing.value.code == "score-no-bills"


def move(kind: str, day: date, amount_rp: int) -> RecordFigures:
    return RecordFigures("up-tup", f"{kind}-{day}", kind, amount_rp=amount_rp, dated_on=day)


def test_advances_weigh_months_between_accountings_their_size_and_what_was_paid_back() -> None:
    known = [
        move("up", date(2022, 1, 31), 100), move("gup", date(2022, 2, 28), 50), move("gup", date(2022, 4, 1), 100),
        move("tup", date(2022, 5, 2), 80), move("ptup", date(2022, 6, 2), 60), move("setoran", date(2022, 6, 3), 20),
    ]  # fmt: skip
    result = execution.advances(figures(*known))
    sizes = [
        min(Decimal(100), Decimal(50 * 28 * 100) / (100 * 28)),
        min(Decimal(100), Decimal(100 * 30 * 100) / (100 * 32)),
    ]
    timely, size, back = Decimal(200) / 3, sum(sizes, Decimal(0)) / 2, Decimal(75)
    assert abs(result.value - (timely / 2 + size / 4 + back / 4)) < Decimal("1e-9")
    with pytest.raises(RuleBroken):
        execution.advances(figures(known[0]))  # nothing accounted for yet


def test_dispensations_give_full_points_before_the_last_quarter_and_steps_after_it() -> None:
    assert execution.dispensation(figures()).value == 100
    assert execution.dispensation(figures(year=2024)).value == 0  # a deduction
    year = figures(RecordFigures("dispensasi-spm", "SPM-1", dated_on=date(2022, 12, 27)), month=12)
    year.orders = [date(2022, 11, 1)] * 10
    assert execution.dispensation(year).value == 80
    nobody = figures(month=12)
    nobody.orders = year.orders
    with pytest.raises(RuleBroken) as unknown:
        execution.dispensation(nobody)
    assert unknown.value.code == "score-no-dispensations"


def test_a_deduction_of_2024_lowers_the_total_and_stands_apart() -> None:
    year = figures(RecordFigures("dispensasi-spm", "SPM-1", dated_on=date(2024, 12, 27)), year=2024, month=12)
    year.orders = [date(2024, 11, 1)] * 10
    score = ikpa_of(year)
    assert score.deduction is not None
    assert score.deduction.value == 1
    assert score.value == 99  # of the revisions alone, which were none


def report(month: int, day: date) -> RecordFigures:
    return RecordFigures("laporan-capaian", month=month, dated_on=day)


def target(month: int, percent: int) -> RecordFigures:
    return RecordFigures("target-ro", ro="2197.BIH.001", month=month, percent=Decimal(percent))


def test_output_weighs_reports_in_time_and_progress_against_the_newest_target() -> None:
    known = [report(1, date(2022, 2, 7)), report(2, date(2022, 3, 30)), target(1, 10), target(2, 40), target(5, 90)]
    of = figures(*known, month=3)
    of.outputs = [OutputFigures("2197.BIH.001", 10, 5, Decimal(8), Decimal(2), Decimal(20))]
    result = execution.outputs(of)
    assert abs(result.value - (Decimal(50) * Decimal("0.3") + Decimal(50) * Decimal("0.7"))) < Decimal("1e-9")
    of.records.append(report(3, date(2022, 4, 1)))
    assert execution.outputs(of).value > result.value  # the report of the month itself counts once it is there
    of.outputs.append(OutputFigures("2199.BIH.001", 10, 5, Decimal(8), Decimal(2), Decimal(20)))
    with pytest.raises(RuleBroken) as lacking:
        execution.outputs(of)
    assert (lacking.value.code, lacking.value.params["count"]) == ("score-no-progress-targets", 1)


def test_with_everything_recorded_the_whole_weight_is_in_use_and_advances_are_a_mean_above_the_satker() -> None:
    one, other = (
        figures(
            contract("1", date(2022, 2, 1), date(2022, 2, 3)), bill("1", date(2022, 8, 1), date(2022, 8, 2)),
            move("up", date(2022, 1, 31), 100), move("gup", date(2022, 2, day), 100),
            *(report(month, date(2022, month + 1, 3)) for month in range(1, 10)), target(1, 50),
        )
        for day in (14, 28)
    )  # fmt: skip
    for of in (one, other):
        of.types = {"52": TypeMonths([100] * 9, [0] * 9, list(range(10, 100, 10)), [10] * 9, [10] * 9)}
        of.outputs = [OutputFigures("2197.BIH.001", 10, 5, Decimal(8), Decimal(2), Decimal(50))]
    assert ikpa_of(one).active_weight == 100
    whole = ikpa_together(one, [one, other])
    advance = next(item for item in whole.indicators if item.name == "up_tup")
    each = [execution.advances(of).value for of in (one, other)]
    assert advance.value is not None
    assert abs(advance.value - sum(each, Decimal(0)) / 2) < Decimal("1e-9")
