"""Minutes that save themselves while two write, and the pages of decisions, issues and tasks, in a real browser."""

from __future__ import annotations

from datetime import date

import pytest

from dekon.coordination import selectors, services
from dekon.coordination.choices import MeetingState
from dekon.coordination.services import DecisionFacts
from dekon.org.models import User
from tests.builders.meetings import BEGINS, rakor
from tests.e2e.conftest import Visit

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LONG = (
    "Menyampaikan rencana penarikan dana triwulan II yang sudah disesuaikan dengan revisi DIPA kepada Biro Perencanaan"
)


def test_what_two_writers_type_at_once_is_kept(visit: Visit) -> None:
    planner = User.objects.get(username="perencana")
    meeting, _session = rakor(planner)
    services.move_meeting(actor=planner, meeting_id=meeting.pk, to=MeetingState.RUNNING, at=BEGINS)
    block = services.add_block(actor=planner, meeting_id=meeting.pk, heading="Pembukaan")
    services.save_text(actor=planner, block_id=block.pk, base=0, text="Uang rakyat.", at=BEGINS)
    page = visit.page
    visit.sign_in("perencana")
    visit.open(f"/rapat/{meeting.pk}/notula/")
    page.fill("textarea", "Semua uang rakyat.")
    page.wait_for_selector("output:has-text('Tersimpan.')")
    visit.look("notula")
    assert selectors.paragraph(block.pk).text == "Semua uang rakyat."
    services.save_text(actor=planner, block_id=block.pk, base=2, text="Semua uang negara.", at=BEGINS)
    page.fill("textarea", "Semua uang publik.")
    page.wait_for_selector("output:has-text('disimpan terpisah')")
    page.click("text=Bandingkan kedua naskah")
    visit.look("bandingkan")
    assert page.locator("ins").inner_text() == "publik."
    page.fill("#naskah", "Semua uang negara dan publik.")
    page.click("text=Simpan naskah akhir")
    page.wait_for_url("**/notula/**")
    found = selectors.paragraph(block.pk)
    assert (found.text, found.aside) == ("Semua uang negara dan publik.", ())


def test_decisions_issues_and_tasks_are_read_and_reported(visit: Visit) -> None:
    planner, operator = User.objects.get(username="perencana"), User.objects.get(username="operator-32")
    meeting, _session = rakor(planner)
    services.move_meeting(actor=planner, meeting_id=meeting.pk, to=MeetingState.RUNNING, at=BEGINS)
    facts = DecisionFacts(LONG, "kadis", date(2022, 4, 15), "32", path="DL.2175.SCH.001")
    services.record_decision(actor=planner, meeting_id=meeting.pk, facts=facts, at=BEGINS)
    services.raise_issue(
        actor=operator, meeting_id=meeting.pk, province="32", category="anggaran", text=LONG, unit="13", at=BEGINS
    )
    page = visit.page
    visit.sign_in("operator-32")
    visit.open(f"/rapat/{meeting.pk}/")
    visit.look("rapat-hasil")
    for name in ("keputusan", "persoalan"):
        visit.open(f"/rapat/{name}/")
        visit.look(name)
    page.click("#t-persoalan tbody a >> nth=0")
    visit.look("satu-persoalan")
    visit.open("/tugas/")
    visit.look("tugas")
    page.click("#t-tugas tbody a >> nth=0")
    visit.look("satu-keputusan")
    page.click("text=Laporkan selesai")
    page.fill("textarea", "Sudah dikirim dengan surat nomor 12.")
    visit.look("lapor")
    page.click("main form .primary")
    page.wait_for_selector("text=Dilaporkan selesai")
