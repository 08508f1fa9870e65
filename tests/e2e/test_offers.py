"""Grey actions with their reason in a real browser, both widths: accessible, nothing wider than the screen."""

from __future__ import annotations

from datetime import date

import pytest

from dekon.budget import services as budget
from dekon.budget.models import ImportRun, ReconciliationCase
from dekon.ledger.models import Pos
from dekon.org.models import Satker, User
from tests.builders.small_year import WEST_JAVA
from tests.e2e.conftest import Visit

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
DAY = date(2022, 11, 1)


def test_actions_that_are_not_possible_are_grey_and_say_why(visit: Visit) -> None:
    run = ImportRun.objects.filter(status="applied").earliest("pk")
    ImportRun.objects.filter(pk=run.pk).update(created_by=User.objects.get(username="operator-32"))
    case = ReconciliationCase.objects.create(
        kind="total-differs", fiscal_year=2022, satker=Satker.objects.get(code=WEST_JAVA), span_from="2022-01-01",
        span_to="2022-01-31", stated_rp=5, booked_rp=3, import_run=run, owner_role="ppk", status="resolved",
    )  # fmt: skip
    planner, pos = User.objects.get(username="perencana"), Pos.objects.filter(satker__code=WEST_JAVA).earliest("pk")
    block = budget.block_pagu(
        actor=planner, pos_id=pos.pk, amount_rp=5, kind="aa", letter_no="S-1", letter_on=DAY, on=DAY
    )
    budget.release_block(actor=planner, block_id=block.pk, letter_no="S-2", on=DAY)
    visit.sign_in("perencana")
    visit.open(f"/blokir/{block.pk}/")
    visit.page.get_by_text("Dibuka seluruhnya").wait_for()
    visit.look("blokir")
    visit.page.context.clear_cookies()
    visit.sign_in("operator-32")
    pages = {
        "impor": f"/impor/{run.pk}/", "lampiran": f"/lampiran/blokir/{block.pk}/", "kasus": f"/rekonsiliasi/{case.pk}/"
    }  # fmt: skip
    for step, address in pages.items():
        visit.open(address)
        if step != "kasus":
            visit.page.locator(".offer .why").first.wait_for()
        visit.look(step)
    visit.page.context.clear_cookies()
    visit.sign_in("admin")
    visit.open(f"/pengguna/{User.objects.get(username='admin').pk}/")
    visit.page.locator(".offer .why").wait_for()
    visit.look("orang")
