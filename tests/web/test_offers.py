"""What a page offers: an action, the same grey with its reason as text, or nothing where the role has no part in it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import timezone

from dekon.budget import services as budget
from dekon.budget.models import Block, ImportRun, ReconciliationCase, Reservation
from dekon.ledger.models import Pos
from dekon.org import services as org
from dekon.org.models import Registration, RoleAssignment, Satker, User
from dekon.org.selectors import system_user
from tests.builders.small_year import WEST_JAVA
from tests.web.conftest import SignIn

GREY = re.compile(
    r'<button class="btn[^"]*" type="button" disabled aria-describedby="([^"]+)">(.*?)</button>'
    r'<small class="why" id="([^"]+)">([^<]+)</small>',
    re.DOTALL,
)
DAY = date(2022, 11, 1)


def grey(page: str) -> dict[str, str]:
    """What is grey on a page, with its reason; each button is described by the text beneath it."""
    found = {}
    for described_by, words, number, reason in GREY.findall(page):
        assert described_by == number
        found[re.sub(r"<[^>]+>", "", words).strip()] = reason
    assert page.count(" disabled aria-describedby=") == len(found), page
    return found


def case_of(status: str) -> ReconciliationCase:
    return ReconciliationCase.objects.create(
        kind="total-differs", fiscal_year=2022, satker=Satker.objects.get(code=WEST_JAVA), span_from="2022-01-01",
        span_to="2022-01-31", stated_rp=5, booked_rp=3, import_run=ImportRun.objects.earliest("pk"), owner_role="ppk",
        status=status,
    )  # fmt: skip


def official(name: str, role: str, **place: str) -> None:
    org.add_user(
        actor=system_user(), username=name, password="", role=role, is_demo=True, decree_no="SK 1",
        decree_on=date(2021, 12, 20), **place,
    )  # fmt: skip


def test_a_case_that_waits_says_who_answers_it(sign_in: SignIn) -> None:
    official("pembina-uji", "pembina")
    page = sign_in("pembina-uji").get(f"/rekonsiliasi/{case_of('open').pk}/").content.decode()
    reason = grey(page)["Simpan tanggapan"]
    assert reason.startswith("Hanya ")
    assert "PPK" in reason
    assert "peran Anda: Pembina" in reason
    assert "<textarea" not in page


def test_whoever_answered_a_case_reads_why_another_closes_it(sign_in: SignIn) -> None:
    case = case_of("open")
    budget.answer_case(
        actor=User.objects.get(username="operator-32"), case_id=case.pk, text="menyusul", status="answered",
        now=timezone.now(),
    )  # fmt: skip
    own = sign_in("operator-32").get(f"/rekonsiliasi/{case.pk}/").content.decode()
    assert "orang lain yang harus melakukannya: menyelesaikan kasus" in own
    assert 'value="resolved"' not in own
    other = sign_in("perencana").get(f"/rekonsiliasi/{case.pk}/").content.decode()
    assert 'value="resolved"' in other
    assert "orang lain yang harus" not in other


def test_a_block_that_is_released_is_grey_and_who_has_no_part_in_it_sees_nothing(sign_in: SignIn) -> None:
    planner, pos = User.objects.get(username="perencana"), Pos.objects.filter(satker__code=WEST_JAVA).earliest("pk")
    block = budget.block_pagu(
        actor=planner, pos_id=pos.pk, amount_rp=5, kind="aa", letter_no="S-1", letter_on=DAY, on=DAY
    )
    assert not grey(sign_in("perencana").get(f"/blokir/{block.pk}/").content.decode())
    budget.release_block(actor=planner, block_id=block.pk, letter_no="S-2", on=DAY)
    page = sign_in("perencana").get(f"/blokir/{block.pk}/").content.decode()
    assert "Dibuka seluruhnya" in grey(page)["Buka blokir"]
    assert "Buka blokir" not in sign_in("operator-32").get(f"/blokir/{block.pk}/").content.decode()
    assert Block.objects.get(pk=block.pk).left_rp == 0


def test_a_ppk_of_a_sister_satker_reads_whose_reservation_it_is(sign_in: SignIn) -> None:
    planner, pos = User.objects.get(username="perencana"), Pos.objects.filter(satker__code=WEST_JAVA).earliest("pk")
    held = budget.reserve_pagu(actor=planner, pos_id=pos.pk, amount_rp=5, document="SPK-1", on=DAY)
    sister = Satker.objects.filter(province__code="32").exclude(code=WEST_JAVA).first()
    if sister is None:
        sister = Satker.objects.create(
            code="029199", name="Dinas Uji", unit=pos.satker.unit, province=pos.satker.province
        )  # fmt: skip
    official("ppk-lain", "ppk", satker=sister.code)
    page = sign_in("ppk-lain").get(f"/cadangan/{held.pk}/").content.decode()
    assert "peran Anda berlaku untuk tempat lain" in grey(page)["Lepas cadangan"]
    assert Reservation.objects.get(pk=held.pk).left_rp == 5


def test_an_operator_reads_who_can_undo_an_import(sign_in: SignIn) -> None:
    run = ImportRun.objects.filter(status="applied").earliest("pk")
    ImportRun.objects.filter(pk=run.pk).update(created_by=User.objects.get(username="operator-32"))
    page = sign_in("operator-32").get(f"/impor/{run.pk}/").content.decode()
    assert "Hanya Perencana, Keuangan yang berhak membatalkan impor" in grey(page)[f"Batalkan impor #{run.pk}"]


def test_attachments_say_who_may_add_one(sign_in: SignIn) -> None:
    official("pembina-uji", "pembina")
    page = sign_in("pembina-uji").get(f"/lampiran/kasus/{case_of('open').pk}/").content.decode()
    assert "peran Anda: Pembina" in grey(page)["Lampirkan berkas"]


def test_the_own_role_is_not_given_and_an_ended_one_says_so(sign_in: SignIn) -> None:
    admin = User.objects.get(username="admin")
    page = sign_in("admin").get(f"/pengguna/{admin.pk}/").content.decode()
    assert "orang lain yang harus melakukannya" in grey(page)["Beri peran atau jabatan"]
    row = RoleAssignment.objects.get(user__username="operator-32")
    org.end_assignment(
        actor=admin, number=row.pk, last_day=timezone.localdate(), reason="mutasi", now=timezone.now()
    )  # fmt: skip
    page = sign_in("admin").get(f"/pengguna/{row.user_id}/").content.decode()
    assert "Hari terakhirnya sudah ditetapkan" in page
    assert "Akhiri</a>" not in page


def test_the_own_registration_is_decided_by_another(sign_in: SignIn) -> None:
    User.objects.filter(username="admin").update(email="admin@example.go.id")
    number = org.register(
        applicant=org.Applicant("Calon", "admin@example.go.id", "Staf", "operator", "32"),
        letter=org.Letter("0" * 64, "surat.pdf", "application/pdf"), now=timezone.now(),
    ).pk  # fmt: skip
    page = sign_in("admin").get(f"/akun/pendaftaran/{number}/").content.decode()
    assert "orang lain yang harus melakukannya: memutus pendaftaran" in grey(page)["Setujui"]
    assert Registration.objects.get(pk=number).state == "waiting"


def test_the_own_account_is_closed_by_another(sign_in: SignIn) -> None:
    page = sign_in("admin").get("/akun/semua/").content.decode()
    own = User.objects.get(username="admin").pk
    assert f"/akun/semua/{own}/tutup/" not in page
    assert "akun sendiri: oleh admin lain" in page


def test_a_planner_who_is_represented_reads_on_the_policies_why_nothing_is_edited(sign_in: SignIn) -> None:
    own, today = User.objects.get(username="perencana"), timezone.localdate()
    RoleAssignment.objects.create(
        user=User.objects.get(username="admin"), role="perencana", standing="plt", for_user=own, valid_from=today,
        valid_to=today, decree_no="SK 2", decree_on=today,
    )  # fmt: skip
    page = sign_in("perencana").get("/kebijakan/?tahun=2022").content.decode()
    reasons = grey(page)
    assert set(reasons) == {"Tambah kebijakan", "Isi nilai TPT 2022"}
    assert "Admin" in reasons["Tambah kebijakan"]
    assert "/dasar-hukum/" not in page


@pytest.mark.parametrize(
    "address", ["/kebijakan/?tahun=2022", "/tema/", "/blokir/?tahun=2022", f"/satker/{WEST_JAVA}/dipa/?tahun=2022"]
)
def test_lists_show_their_button_to_whoever_holds_it_and_nothing_to_others(sign_in: SignIn, address: str) -> None:
    for name, shown in (("perencana", True), ("operator-32", False)):
        page = sign_in(name).get(address).content.decode()
        assert ('<div class="actions"><a class="btn primary"' in re.sub(r">\s+<", "><", page)) is shown, name
        assert not grey(page)


def test_the_matrix_page_says_statuses_in_words(sign_in: SignIn) -> None:
    page = re.sub(r"\s+", " ", sign_in("admin").get("/hak/").content.decode())
    assert "hanya dengan status: Diterapkan" in page
    assert "tidak oleh yang menyiapkan atau yang bersangkutan" in page


def test_a_page_of_the_past_offers_nothing(sign_in: SignIn) -> None:
    case = case_of("open")
    page = sign_in("perencana").get(f"/rekonsiliasi/{case.pk}/?tercatat={timezone.now():%Y-%m-%dT%H:%M:%S.%fZ}")
    assert "<textarea" not in page.content.decode()
