"""What the figures mean (product.md), in rupiah, through the real importers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dekon.budget import selectors, services
from dekon.budget.models import ImportRun, PathName, PaymentLine, PlannedMonth, ReconciliationCase, Ro
from dekon.errors import Conflict
from dekon.ledger.selectors import prove_book
from dekon.org import selectors as org
from dekon.org.models import Satker
from tests.budget.conftest import NOW, Bring, recap_total
from tests.builders.files import Account, FaPrint, budget_record, payment_record, write_fa_xlsx, write_json

PATH = ("DL", "2175", "SCH", "001", "051", "0A")


@pytest.fixture
def budget(bring: Bring) -> ImportRun:
    """Twelve million on 521211 and on 522151, a million planned a month on each."""
    return bring(budget_record(), budget_record(KODE_AKUN="522151", CONS_ITEM=302))


def pay(bring: Bring, *changes: dict[str, object]) -> ImportRun:
    """Import payment lines, each the usual one with changes."""
    return bring(*(payment_record(**change) for change in changes))


@pytest.mark.usefixtures("budget")
def test_the_budget_states_pagu_and_plan() -> None:
    total = recap_total()
    assert (total.pagu_rp, total.planned_rp, total.realised_rp) == (24_000_000, 24_000_000, 0)


@pytest.mark.usefixtures("budget")
def test_equal_lines_of_one_file_are_added_and_overlapping_files_are_not(bring: Bring) -> None:
    first = pay(bring, {}, {})
    again = pay(bring, {}, {})
    third = pay(bring, {}, {}, {})
    assert (first.rows_new, again.status, third.rows_new) == (2, "unchanged", 1)
    assert recap_total().realised_rp == 3 * 1_250_000


@pytest.mark.usefixtures("budget")
def test_a_correction_moves_the_account_and_leaves_the_total(bring: Bring) -> None:
    pay(bring, {})
    pay(bring, {"KD_JNS_SPP": "515", "KODE_AKUN": "522151"})
    assert recap_total(akun="521211").realised_rp == 0
    assert recap_total(akun="522151").realised_rp == 1_250_000
    assert recap_total().realised_rp == 1_250_000


@pytest.mark.usefixtures("budget")
def test_a_correction_of_a_part_with_its_taking_back_leaves_the_rest(bring: Bring) -> None:
    pay(bring, {})
    pay(
        bring,
        {"KD_JNS_SPP": "516", "NILAI_RUPIAH": -250_000},
        {"KD_JNS_SPP": "516", "NILAI_RUPIAH": 250_000, "KODE_AKUN": "522151"},
    )
    assert recap_total(akun="521211").realised_rp == 1_000_000
    assert recap_total(akun="522151").realised_rp == 250_000


@pytest.mark.usefixtures("budget")
def test_an_advance_is_a_balance_and_not_spending(bring: Bring) -> None:
    pay(bring, {"KD_JNS_SPP": "311", "KODE_AKUN": "825111", "NILAI_RUPIAH": 5_000_000})
    assert recap_total().realised_rp == 0
    assert [b.balance_rp for b in selectors.advance_balances(year=2022)] == [5_000_000]
    pay(bring, {"KD_JNS_SPP": "313", "NO_SP2D": "220290000000002", "NILAI_RUPIAH": 2_000_000})
    assert [b.balance_rp for b in selectors.advance_balances(year=2022)] == [5_000_000]
    pay(bring, {"KD_JNS_SPP": "314", "NO_SP2D": "220290000000003", "NILAI_RUPIAH": 5_000_000})
    assert selectors.advance_balances(year=2022) == []
    assert recap_total().realised_rp == 7_000_000


@pytest.mark.usefixtures("budget")
def test_a_return_counts_in_its_own_year_only(bring: Bring) -> None:
    pay(bring, {})
    pay(bring, {"KD_JNS_SPP": "611", "NO_SP2D": "220290000000009", "NILAI_RUPIAH": -50_000, "TGL_SP2D": "2022-05-02"})
    assert recap_total().realised_rp == 1_200_000
    pay(bring, {"KD_JNS_SPP": "611", "NO_SP2D": "230290000000001", "NILAI_RUPIAH": -70_000, "TGL_SP2D": "2023-01-10"})
    assert recap_total().realised_rp == 1_200_000


@pytest.mark.usefixtures("budget")
def test_a_payment_over_the_ceiling_is_parked_until_a_revision_makes_room(bring: Bring) -> None:
    run = pay(bring, {}, {"NO_SP2D": "220290000000002", "NILAI_RUPIAH": 11_000_000})
    total = recap_total(akun="521211")
    assert (total.realised_rp, total.parked_rp) == (1_250_000, 11_000_000)
    assert run.findings[0]["code"] == "payments-parked"
    bring(budget_record(KODE_STS_HISTORY="B01", TOTAL="13000000.00"), budget_record(KODE_AKUN="522151", CONS_ITEM=302))
    total = recap_total(akun="521211")
    assert (total.pagu_rp, total.realised_rp, total.parked_rp) == (13_000_000, 12_250_000, 0)


def test_a_statement_posts_only_its_difference_and_lines_replace_it(bring: Bring, tmp_path: Path) -> None:
    def statement(name: str, period: str, previous: int, current: int) -> ImportRun:
        account = Account(PATH, "521211", 12_000_000, 0, previous, current)
        return bring(path=write_fa_xlsx(tmp_path / name, FaPrint([account], period=period)))

    assert statement("feb.xlsx", "Februari 2022", 100_000, 200_000).status == "applied"
    assert statement("mar.xlsx", "Maret 2022", 300_000, 1_250_000).status == "applied"
    assert statement("mar2.xlsx", "Maret 2022", 300_000, 1_250_000).status == "unchanged"
    assert recap_total().realised_rp == 1_550_000
    pay(bring, {})  # the lines of March
    assert recap_total().realised_rp == 1_550_000
    assert ReconciliationCase.objects.count() == 0
    later = statement("apr.xlsx", "April 2022", 1_600_000, 0)
    assert recap_total().realised_rp == 1_550_000
    case = ReconciliationCase.objects.get()
    assert (case.kind, case.stated_rp, case.booked_rp, case.import_run) == (
        "total-differs",
        1_600_000,
        1_550_000,
        later,
    )


@pytest.mark.usefixtures("budget")
def test_a_proposal_is_no_budget_until_somebody_confirms_it(bring: Bring) -> None:
    run = bring(budget_record(KODE_STS_HISTORY="A01", KODE_AKUN="524111"))
    assert (run.status, run.findings[0]["code"]) == ("refused", "versions-proposal-only")
    assert recap_total().pagu_rp == 24_000_000


@pytest.mark.usefixtures("budget")
def test_undo_takes_everything_back_and_the_file_can_come_again(bring: Bring) -> None:
    run = pay(bring, {})
    services.undo_import(actor=org.system_user(), import_id=run.pk, reason="berkas keliru", now=NOW)
    assert recap_total().realised_rp == 0
    assert pay(bring, {}).status == "applied"
    assert recap_total().realised_rp == 1_250_000
    assert prove_book().disagreement is None


@pytest.mark.usefixtures("budget")
def test_an_import_that_carries_a_later_one_is_undone_after_it(bring: Bring) -> None:
    first = pay(bring, {})
    pay(bring, {}, {})
    with pytest.raises(Conflict) as refused:
        services.undo_import(actor=org.system_user(), import_id=first.pk, reason="", now=NOW)
    assert refused.value.code == "import-carries-later"


def test_an_unknown_satker_is_refused_and_leaves_only_the_record(bring: Bring) -> None:
    run = bring(budget_record(KDSATKER="999999"), create_missing=False)
    assert (run.status, run.findings[0]["code"]) == ("refused", "unknown-satker")
    assert recap_total().pagu_rp == 0


@pytest.mark.usefixtures("budget")
def test_a_plan_changed_after_the_lock_does_not_rewrite_the_quarter(bring: Bring) -> None:
    changed = {"POK_NILAI_1": "0.00", "POK_NILAI_12": "2000000.00"}
    late = NOW.replace(month=7, day=20)
    bring(budget_record(**changed), budget_record(KODE_AKUN="522151", CONS_ITEM=302), now=late)
    months = dict(PlannedMonth.objects.filter(pos__akun="521211").values_list("month", "planned_rp"))
    assert (months[1], months[9], months[12]) == (1_000_000, 1_000_000, 2_000_000)


@pytest.mark.usefixtures("budget")
def test_an_spp_in_process_is_set_aside_and_released_when_it_is_paid(bring: Bring) -> None:
    pay(bring, {"NO_SP2D": "", "TGL_SP2D": "", "STATUS_DATA": "Setuju SPM"})
    assert (recap_total().reserved_rp, recap_total().realised_rp) == (1_250_000, 0)
    pay(bring, {})
    assert (recap_total().reserved_rp, recap_total().realised_rp) == (0, 1_250_000)


@pytest.mark.usefixtures("budget")
def test_an_spp_without_room_is_not_set_aside_and_the_import_says_so(bring: Bring) -> None:
    run = pay(bring, {"NO_SP2D": "", "TGL_SP2D": "", "STATUS_DATA": "Setuju SPM", "NILAI_RUPIAH": 12_000_001})
    assert (run.status, [f["code"] for f in run.findings]) == ("applied", ["reservations-without-room"])
    assert recap_total().reserved_rp == 0


KILLED = """
import os, sys, time, threading, django
os.environ["DATABASE_URL"] = os.environ["DATABASE_APP_URL"] = sys.argv[1]
django.setup()
from dekon.budget import services
from dekon.budget.services import ImportOptions
from dekon.ledger import services as ledger
from dekon.org import selectors as org
from dekon.org.models import Satker
from django.utils import timezone
import subprocess
import sys
from pathlib import Path
posted = ledger.post_batch
def post_and_hang(**asked):
    posted(**asked)
    print("posted", flush=True)
    time.sleep(60)
ledger.post_batch = post_and_hang
services.import_file(
    actor=org.system_user(), path=Path(sys.argv[2]), file_name="a.json", options=ImportOptions(year=2022),
    now=timezone.now(),
)
"""


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_in_the_middle_of_an_import_leaves_nothing_half_done(
    budget: ImportRun, bring: Bring, database_url: str, tmp_path: Path
) -> None:
    file = write_json(tmp_path / "a.json", [payment_record()])
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, database_url, str(file)], stdout=subprocess.PIPE, text=True
    ) as importing:  # fmt: skip
        assert importing.stdout is not None
        assert importing.stdout.readline() == "posted\n"
        importing.kill()
    assert (recap_total().realised_rp, PaymentLine.objects.count()) == (0, 0)
    assert prove_book().disagreement is None
    assert pay(bring, {}).status == "applied"
    assert recap_total().realised_rp == 1_250_000


@pytest.mark.usefixtures("budget")
@pytest.mark.parametrize(
    ("day", "status"),
    [("2021-12-31", "refused"), ("2022-01-01", "applied"), ("2022-12-31", "applied"), ("2023-01-02", "refused")],
)
def test_a_payment_counts_in_the_year_in_which_it_is_made(bring: Bring, day: str, status: str) -> None:
    run = pay(bring, {"TGL_SP2D": day, "TGL_SPP": "2022-03-01"}, {"NO_SP2D": "220290000000077", "NILAI_RUPIAH": 5})
    assert run.status == status
    assert recap_total().realised_rp == (1_250_005 if status == "applied" else 0)
    assert ("payment-outside-year" in [f["code"] for f in run.findings]) == (status == "refused")


@pytest.mark.usefixtures("budget")
def test_a_correction_recorded_after_the_end_of_the_year_belongs_to_the_year(bring: Bring) -> None:
    pay(bring, {})
    pay(bring, {"KD_JNS_SPP": "515", "KODE_AKUN": "522151", "TGL_SP2D": "2023-01-05"})
    assert (recap_total(akun="521211").realised_rp, recap_total(akun="522151").realised_rp) == (0, 1_250_000)


@pytest.mark.usefixtures("budget")
def test_a_correction_that_comes_before_its_payment_moves_the_account_all_the_same(bring: Bring) -> None:
    first = pay(bring, {"KD_JNS_SPP": "515", "KODE_AKUN": "522151"})
    assert [f["code"] for f in first.findings] == ["correction-without-origin"]
    late = pay(bring, {})
    assert (recap_total(akun="521211").realised_rp, recap_total(akun="522151").realised_rp) == (0, 1_250_000)
    services.undo_import(actor=org.system_user(), import_id=late.pk, reason="keliru", now=NOW)
    assert recap_total().realised_rp == 1_250_000
    pay(bring, {})
    assert recap_total().realised_rp == 1_250_000
    assert prove_book().disagreement is None


@pytest.mark.usefixtures("budget")
def test_a_corrected_line_can_be_corrected_again(bring: Bring) -> None:
    bring(*(budget_record(KODE_AKUN=akun, CONS_ITEM=300 + n, KODE_STS_HISTORY="B01")
            for n, akun in enumerate(("521211", "522151", "524111"))))  # fmt: skip
    pay(bring, {}, {})
    pay(bring, {"KD_JNS_SPP": "515", "KODE_AKUN": "522151", "NILAI_RUPIAH": 2_500_000})
    pay(bring, {"KD_JNS_SPP": "516", "KODE_AKUN": "522151", "NILAI_RUPIAH": -500_000},
        {"KD_JNS_SPP": "516", "KODE_AKUN": "524111", "NILAI_RUPIAH": 500_000})  # fmt: skip
    paid = {akun: recap_total(akun=akun).realised_rp for akun in ("521211", "522151", "524111")}
    assert paid == {"521211": 0, "522151": 2_000_000, "524111": 500_000}


def test_an_ro_is_called_as_the_file_that_knows_it_calls_it_in_its_year(bring: Bring, tmp_path: Path) -> None:
    bring(budget_record())
    assert selectors.codes_below("ro", ["SCH.001"], 2022, "", ("DL", "2175", "", "", "")) == {}
    Ro.objects.update_or_create(
        fiscal_year=2022, satker=Satker.objects.get(code="119073"), program="DL", kegiatan="2175", kro="SCH", ro="001",
        defaults={"name": "Pelatihan menurut daftar"},
    )  # fmt: skip
    assert selectors.codes_below("ro", ["SCH.001"], 2022, "", ("DL", "2175", "", "", "")) == {
        "SCH.001": "Pelatihan menurut daftar"
    }
    fa = FaPrint([Account(PATH, "521211", 12_000_000)], names={"SCH.001": "Pelatihan menurut FA Detail"})
    bring(path=write_fa_xlsx(tmp_path / "fa.xlsx", fa))
    assert selectors.path_names(2022, "119073", *PATH[:5], "")["ro"] == "Pelatihan menurut FA Detail"
    assert selectors.codes_below("ro", ["SCH.001"], 2021, "", ("DL", "2175", "", "", "")) == {}
    assert PathName.objects.get(level="subkomponen").name == "Uraian subkomponen 051.0A"


def test_dataang_names_the_parts_that_it_alone_knows(bring: Bring) -> None:
    bring(budget_record())
    assert PathName.objects.get().path == "DL.2175.SCH.001.051.0A"
    assert PathName.objects.get().name == "Pelatihan"
