"""What counts, stated in rupiah on the loaded demo year: every special case through the same selectors as the pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from pytest_django import DjangoDbBlocker

from dekon.budget import selectors as budget
from dekon.budget.choices import ImportStatus
from dekon.budget.models import ImportRun, PaymentLine, ReconciliationCase
from dekon.ledger.selectors import prove_book
from dekon.ops.demo import cases
from dekon.ops.demo.cases import CasePos
from dekon.ops.demo.load import load_demo
from dekon.ops.models import LoadProgress
from dekon.org.models import Satker, User
from dekon.org.selectors.offices import office_books
from dekon.performance.selectors import Figures, RecapFilter, monthly_curve, recap
from tests.demo_database import in_demo

YEAR_END = date(2022, 12, 31)


@pytest.fixture(scope="module", autouse=True)
def demo_loaded(database_server: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), in_demo(database_server):
        yield


def figures(pos: CasePos, as_of: date = YEAR_END) -> Figures:
    asked = RecapFilter(
        year=2022, as_of=as_of, satker=pos.satker, kegiatan=pos.kegiatan, kro=pos.kro, komponen="052", subkomponen="0B",
        akun=pos.akun,
    )  # fmt: skip
    return recap(asked, "akun").total


def test_the_nation_has_128_9_billion_at_the_first_dipa_and_at_the_end_of_the_year() -> None:
    for day in (date(2022, 1, 3), date(2022, 6, 30), YEAR_END):
        total = recap(RecapFilter(year=2022, as_of=day), "province").total
        assert total.pagu_rp == 128_900_000_000


def test_the_year_is_labelled_synthetic_and_has_34_provinces_and_four_units() -> None:
    by_province = recap(RecapFilter(year=2022, as_of=YEAR_END), "province")
    assert by_province.synthetic
    assert len(by_province.rows) == 34
    assert {row.key[-2:] for row in recap(RecapFilter(year=2022, as_of=YEAR_END), "unit").rows} == {
        "04",
        "05",
        "08",
        "13",
    }


def test_realised_and_parked_together_are_what_the_treasury_paid() -> None:
    total = recap(RecapFilter(year=2022, as_of=YEAR_END), "province").total
    paid = PaymentLine.objects.filter(stage="paid", effect__in=["spending", "return"])
    assert total.realised_rp + total.parked_rp == sum(paid.values_list("amount_rp", flat=True))


def test_every_grouping_adds_up_to_the_same_total() -> None:
    asked = RecapFilter(year=2022, as_of=date(2022, 9, 30))
    totals = {recap(asked, by).total for by in ("province", "unit", "program", "kegiatan", "akun", "spending_type")}
    assert len(totals) == 1


def test_the_curve_ends_at_what_the_recap_says() -> None:
    asked = RecapFilter(year=2022, as_of=YEAR_END)
    last = monthly_curve(asked)[-1]
    total = recap(asked, "province").total
    assert (last.planned_rp, last.realised_rp) == (total.planned_rp, total.realised_rp)


def test_an_advance_is_a_balance_and_gup_ptup_and_gup_nihil_spend_it() -> None:
    assert figures(cases.ADVANCE_POS).realised_rp == 143_050_000
    assert figures(cases.ADVANCE_POS, date(2022, 4, 30)).realised_rp == 38_500_000
    assert figures(cases.ADVANCE_POS, date(2022, 7, 31)).realised_rp == 95_750_000
    lines = PaymentLine.objects.filter(satker__code="029104").exclude(advance_rp=0)
    for month, day, balance_rp in cases.ADVANCE_BALANCES_RP:
        until = lines.filter(sp2d_on__lte=date(2022, month, day))
        assert sum(until.values_list("advance_rp", flat=True)) == balance_rp


def test_no_satker_keeps_an_advance_at_the_end_of_the_year() -> None:
    assert not [one for one in budget.advance_balances(year=2022) if one.balance_rp]


def test_a_retur_and_its_replacement_change_nothing_on_any_day() -> None:
    for day in (date(2022, 5, 16), date(2022, 5, 20), date(2022, 5, 31), YEAR_END):
        assert figures(cases.RETUR_POS, day).realised_rp == 18_400_000


def test_a_correction_moves_the_account_and_leaves_the_total() -> None:
    assert figures(cases.CORRECTED_POS).realised_rp == 0
    assert figures(cases.CORRECTION_POS).realised_rp == 12_750_000


def test_equal_lines_of_one_file_are_added() -> None:
    assert figures(cases.EQUAL_POS).realised_rp == 450_000


def test_a_return_counts_in_its_year_and_one_of_january_leaves_the_year_alone() -> None:
    assert figures(cases.RETURN_POS, date(2022, 8, 31)).realised_rp == 28_600_000
    assert figures(cases.RETURN_POS).realised_rp == 25_000_000
    late = PaymentLine.objects.get(amount_rp=-2_100_000, satker__code="119113")
    assert late.effect == "revenue"


def test_a_payment_over_the_ceiling_was_parked_until_a_revision_made_room() -> None:
    healed = figures(cases.HEALED_POS)
    assert (healed.pagu_rp, healed.realised_rp, healed.parked_rp) == (60_000_000, 55_000_000, 0)
    assert figures(cases.HEALED_POS, date(2022, 9, 30)).pagu_rp == 40_000_000
    assert figures(cases.HEALING_POS).pagu_rp == 40_000_000


def test_a_payment_over_the_ceiling_stays_parked_whole_where_nothing_heals_it() -> None:
    parked = figures(cases.PARKED_POS)
    assert (parked.pagu_rp, parked.realised_rp, parked.parked_rp) == (35_750_000, 20_000_000, 22_500_000)


def test_blocks_take_room_until_their_release() -> None:
    before, after = figures(cases.BLOCKED_POS, date(2022, 8, 21)), figures(cases.BLOCKED_POS)
    assert (before.blocked_rp, before.effective_rp) == (23_000_000, 23_000_000)
    assert (after.blocked_rp, after.effective_rp, after.realised_rp) == (15_000_000, 31_000_000, 31_000_000)
    assert after.available_rp == 0
    assert figures(cases.NOTED_POS).effective_rp == 0
    assert figures(cases.SAVED_POS).blocked_rp == 10_000_000
    letters = {block.letter_no for block in budget.blocks(year=2022)}
    assert {"S-01/SINTETIS/2022", "S-03/SINTETIS/2022", "Catatan Halaman IV A DIPA"} <= letters


def test_a_reservation_ends_with_its_payment_and_another_stays() -> None:
    assert figures(cases.CONTRACT_POS, date(2022, 10, 31)).reserved_rp == 60_500_000
    contract, held = figures(cases.CONTRACT_POS), figures(cases.HELD_POS)
    assert (contract.reserved_rp, contract.realised_rp) == (0, 60_500_000)
    assert (held.reserved_rp, held.realised_rp, held.available_rp) == (12_000_000, 12_500_000, 500_000)


def test_a_request_on_its_way_counts_only_once_it_is_paid_and_a_voided_one_never() -> None:
    assert figures(cases.UNPAID_POS).realised_rp == 7_500_000
    assert figures(cases.UNPAID_POS).reserved_rp == 0


def test_figures_that_differ_open_one_case_with_both_figures_and_post_nothing() -> None:
    case = ReconciliationCase.objects.get()
    assert (case.kind, case.status, case.satker.code) == ("total-differs", "open", "129108")
    assert case.stated_rp - case.booked_rp == 1_350_000
    assert figures(cases.DIFFERING_POS).realised_rp == 30_650_000


def test_lines_have_replaced_the_totals_that_came_before_them() -> None:
    code, month = cases.TOTALS_FIRST
    runs = ImportRun.objects.filter(kind="fa-detail", satker_codes=[code], period__month=month)
    assert runs.get().status == ImportStatus.APPLIED
    total = recap(RecapFilter(year=2022, as_of=YEAR_END, satker=code), "akun").total
    lines = PaymentLine.objects.filter(satker__code=code, stage="paid", effect__in=["spending", "return"])
    assert total.realised_rp == sum(lines.values_list("amount_rp", flat=True))


def test_a_satker_has_spent_nothing_by_june() -> None:
    asked = RecapFilter(year=2022, as_of=date(2022, 6, 30), satker=cases.NOTHING_BY_JUNE)
    assert recap(asked, "satker").total.realised_rp == 0
    assert recap(asked.on(YEAR_END), "satker").total.realised_rp > 0


def test_payments_that_came_twice_are_in_the_book_once() -> None:
    second = ImportRun.objects.get(file_name="20230104-realisasi-08.json")
    assert second.rows_same > 1_000
    assert second.rows_new + second.rows_same == second.rows_read


def test_the_book_is_what_its_entries_add_up_to() -> None:
    assert prove_book().disagreement is None


def test_loading_again_changes_nothing_and_every_login_is_there() -> None:
    before = LoadProgress.objects.get(year=2022)
    load_demo(lambda _label, _done, _total: None)
    assert LoadProgress.objects.get(year=2022).finished_at == before.finished_at
    assert User.objects.filter(is_demo=True).count() == 10 + 34 * 8 + 3


def test_a_proposal_is_on_record_and_counts_nowhere() -> None:
    run = ImportRun.objects.get(file_name__contains="-A01")
    assert (run.status, run.satker_codes) == (ImportStatus.REFUSED, [cases.PROPOSAL_SATKER])
    assert "version-not-in-force" in [finding["code"] for finding in run.findings]
    (stated,) = run.versions
    assert (stated["version"], stated["counts"]) == ("A01", False)
    asked = RecapFilter(year=2022, as_of=YEAR_END, satker=cases.PROPOSAL_SATKER)
    assert 0 < recap(asked, "satker").total.pagu_rp < stated["pagu_rp"]


def test_every_satker_has_four_officials_by_decree_with_one_gap_and_one_plh() -> None:
    satker = list(Satker.objects.select_related("unit", "province"))
    books = office_books(satker, date(2022, 1, 1), date(2022, 12, 31))
    assert len(books) == 136
    gaps = [(book.satker.code, gap.office, gap.first, gap.last) for book in books for gap in book.gaps()]
    assert gaps == [("029108", "ppspm", date(2022, 10, 1), date(2022, 10, 2))]
    held = [one.held for book in books for one in book.tenures if one.held]
    assert all(row.decree_no and row.decree_on for row in held)
    assert sorted(row.standing for row in held if row.standing != "definitif") == ["plh", "plt"]
