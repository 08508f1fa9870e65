"""An undone import leaves the book as it was before; what it had brought stays to be read and can come again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from dekon.budget import selectors, services
from dekon.budget.models import Block, ImportRun, PaymentLine, ReconciliationCase
from dekon.errors import Conflict
from dekon.ledger.selectors import prove_book
from dekon.org import selectors as org
from dekon.performance import selectors as performance
from dekon.performance.selectors import RecapFilter
from tests.budget.conftest import NOW, Bring, recap_total
from tests.builders.files import Account, FaPrint, budget_record, payment_record, write_fa_xlsx

pytestmark = pytest.mark.django_db

PATH = ("DL", "2175", "SCH", "001", "051", "0A")
STANDING = {
    "positions": "SELECT id, pagu_rp, blocked_rp, reserved_rp, realised_rp, parked_rp FROM ledger_pos"
    " WHERE (pagu_rp, blocked_rp, reserved_rp, realised_rp, parked_rp) <> (0, 0, 0, 0, 0)",
    "days": "SELECT pos_id, effective_on, pagu_rp, blocked_rp, reserved_rp, realised_rp FROM ledger_dailysum"
    " WHERE (pagu_rp, blocked_rp, reserved_rp, realised_rp) <> (0, 0, 0, 0)",
    "totals": "SELECT pos_id, span_from, span_to, signed_rp FROM budget_statementposting WHERE replaced_at IS NULL",
    "lines": "SELECT identity, stage, effect FROM budget_paymentline WHERE withdrawn_at IS NULL",
    "blocks": "SELECT pos_id, origin, amount_rp - released_rp FROM budget_block"
    " WHERE withdrawn_at IS NULL AND amount_rp > released_rp",
    "cases": "SELECT kind, pos_id, span_from, span_to, stated_rp, booked_rp FROM budget_reconciliationcase"
    " WHERE status <> 'resolved'",
    "plan": "SELECT pos_id, month, planned_rp FROM budget_plannedmonth",
}


def standing() -> dict[str, list[tuple[object, ...]]]:
    """All that counts now."""
    with connection.cursor() as cursor:
        found = {}
        for name, query in STANDING.items():
            cursor.execute(query)
            found[name] = sorted(cursor.fetchall(), key=str)
        return found


def undo(run: ImportRun) -> None:
    services.undo_import(actor=org.system_user(), import_id=run.pk, reason="berkas keliru", now=NOW)


@pytest.fixture
def statement(bring: Bring, tmp_path: Path) -> Callable[..., ImportRun]:
    """Import an FA Detail of the one account."""
    count = iter(range(100))

    def make(period: str, previous: int, current: int, *, pagu: int = 12_000_000, lock: int = 0) -> ImportRun:
        fa = FaPrint([Account(PATH, "521211", pagu, lock, previous, current)], period=period)
        return bring(path=write_fa_xlsx(tmp_path / f"fa{next(count)}.xlsx", fa), year=None)

    return make


def paid(number: int, amount: int, day: str, **changes: object) -> dict[str, object]:
    return payment_record(NO_SP2D=f"2202900000000{number:02}", TGL_SP2D=day, NILAI_RUPIAH=amount, **changes)


def moved(number: int, amount: int, akun: str, day: str) -> dict[str, object]:
    """A correction: part of a payment goes to another account under the same number."""
    return paid(number, amount, day, KD_JNS_SPP="516", KODE_AKUN=akun)


def test_the_book_is_at_each_step_back_what_it_was_before_and_all_of_it_can_come_again(
    bring: Bring, statement: Callable[..., ImportRun]
) -> None:
    on_its_way = {"STATUS_DATA": "SPM disetujui", "NO_SP2D": "", "TGL_SP2D": "", "NO_SPP": "00077T"}
    budget = [budget_record(), budget_record(KODE_AKUN="522151", CONS_ITEM=302)]
    steps: list[Callable[[], ImportRun]] = [
        lambda: bring(*budget),
        lambda: statement("Februari 2022", 100_000, 200_000, lock=500_000),
        lambda: statement("Maret 2022", 300_000, 1_250_000, lock=200_000),
        lambda: bring(paid(1, 1_000_000, "2022-03-03"), paid(2, 250_000, "2022-03-04")),
        lambda: bring(moved(1, -400_000, "521211", "2022-03-03"), moved(1, 400_000, "522151", "2022-03-03")),
        lambda: bring(payment_record(NILAI_RUPIAH=700_000, **on_its_way)),
        lambda: bring(paid(3, 700_000, "2022-04-05", NO_SPP="00077T")),
        lambda: bring(paid(4, 30_000_000, "2022-04-06")),
        lambda: bring(moved(4, -5_000_000, "521211", "2022-04-06"), moved(4, 5_000_000, "522151", "2022-04-06")),
        lambda: statement("April 2022", 1_600_000, 9_000_000),
        lambda: bring(paid(5, 60_000, "2022-02-10"), paid(6, 700_000, "2022-01-11")),
        lambda: bring(budget_record(KODE_STS_HISTORY="B01", TOTAL="60000000.00"), budget[1]),
    ]  # fmt: skip
    states, done = [standing()], []
    for step in steps:
        done.append(step())
        assert done[-1].status == "applied", (len(done), done[-1].status, done[-1].findings)
        states.append(standing())
    for run in reversed(done):
        assert standing() == states.pop()
        undo(run)
        assert prove_book().disagreement is None
    assert standing() == states.pop()
    after = []
    for step in steps:
        assert step().status == "applied"
        after.append(standing()["positions"])
    assert prove_book().disagreement is None
    assert recap_total().pagu_rp == 60_000_000


def test_withdrawn_lines_stay_and_count_nowhere(bring: Bring) -> None:
    bring(budget_record())
    run = bring(
        paid(1, 1_000_000, "2022-03-03"), paid(2, 5_000_000, "2022-03-04", KD_JNS_SPP="311", KODE_AKUN="825111")
    )
    undo(run)
    assert PaymentLine.objects.filter(first_import=run, withdrawn_at__isnull=False).count() == 2
    year = RecapFilter(year=2022, as_of=performance.default_as_of(2022))
    assert recap_total().realised_rp == 0
    assert list(performance.payment_lines(year)) == []
    assert selectors.advance_balances(year=2022) == []
    assert selectors.find_payments("22029") == []
    again = bring(paid(1, 1_000_000, "2022-03-03"))
    assert (again.status, again.rows_new) == ("applied", 1)
    assert [line.generation for line in PaymentLine.objects.filter(first_import=again)] == [1]
    assert bring(paid(1, 1_000_000, "2022-03-03")).status == "unchanged"


def test_totals_that_lines_had_replaced_count_again(bring: Bring, statement: Callable[..., ImportRun]) -> None:
    statement("Maret 2022", 0, 1_250_000)
    lines = bring(paid(1, 1_000_000, "2022-03-03"))
    assert recap_total().realised_rp == 1_000_000
    case = ReconciliationCase.objects.get()
    undo(lines)
    case.refresh_from_db()
    assert (recap_total().realised_rp, case.status) == (1_250_000, "resolved")
    bring(paid(1, 1_000_000, "2022-03-03"))
    assert recap_total().realised_rp == 1_000_000


def test_a_case_that_an_import_had_settled_is_open_again(bring: Bring, statement: Callable[..., ImportRun]) -> None:
    bring(budget_record())
    bring(paid(1, 1_000_000, "2022-03-03"))
    statement("Maret 2022", 0, 1_250_000)
    second = bring(paid(2, 250_000, "2022-03-04"))
    case = ReconciliationCase.objects.get()
    assert (case.status, case.resolved_by_import) == ("resolved", second)
    undo(second)
    case.refresh_from_db()
    assert (case.status, case.booked_rp) == ("open", 1_000_000)


def test_a_lock_that_a_print_had_lifted_holds_again(statement: Callable[..., ImportRun]) -> None:
    statement("Februari 2022", 0, 0, lock=500_000)
    lifted = statement("Maret 2022", 0, 0, lock=0)
    assert recap_total().blocked_rp == 0
    undo(lifted)
    block = Block.objects.get()
    assert (recap_total().blocked_rp, block.left_rp, block.released_on) == (500_000, 500_000, None)


@pytest.mark.parametrize("later", ["statement", "budget", "lines", "correction"])
def test_what_a_later_import_rests_on_is_undone_after_it(
    bring: Bring, statement: Callable[..., ImportRun], later: str
) -> None:
    if later == "correction":
        bring(budget_record(), budget_record(KODE_AKUN="522151", CONS_ITEM=302))
    before = standing()
    first = {
        "lines": lambda: statement("Maret 2022", 0, 1_250_000),
        "correction": lambda: bring(paid(1, 1_250_000, "2022-03-03")),
    }.get(later, lambda: bring(budget_record()))()
    second = {
        "statement": lambda: statement("Maret 2022", 0, 0, pagu=13_000_000),
        "budget": lambda: bring(budget_record(KODE_STS_HISTORY="B01", TOTAL="13000000.00")),
        "lines": lambda: bring(paid(1, 1_250_000, "2022-03-03")),
        "correction": lambda: bring(
            moved(1, -50_000, "521211", "2022-03-03"), moved(1, 50_000, "522151", "2022-03-03")
        ),
    }[later]()
    with pytest.raises(Conflict) as refused:
        undo(first)
    assert (refused.value.code, refused.value.params["later"]) == ("import-carries-later", second.pk)
    undo(second)
    undo(first)
    assert standing() == before
