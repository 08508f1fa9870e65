"""In a real browser: files of a thing, personal data, two who change the same thing, what one may do to an account."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Browser

from dekon.audit import services as audit
from dekon.budget.choices import CaseKind
from dekon.budget.models import ImportRun, ReconciliationCase
from dekon.org.models import Satker, User
from tests.builders.accounts import PDF, code_now, deliver_mails, link_in, person, with_app
from tests.builders.small_year import WEST_JAVA
from tests.e2e.conftest import Visit
from tests.e2e.test_accounts import sign_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def case() -> int:
    """A disagreement of two sources about the satker of West Java."""
    made = ReconciliationCase.objects.create(
        satker=Satker.objects.get(code=WEST_JAVA), fiscal_year=2022, span_from=date(2022, 1, 1), subject="uji",
        span_to=date(2022, 3, 31), kind=CaseKind.values[0], stated_rp=2, booked_rp=1, owner_role="operator",
        import_run=ImportRun.objects.earliest("pk"),
    )  # fmt: skip
    return made.pk


def test_files_are_brought_and_listed_and_a_trap_is_refused(visit: Visit, tmp_path: Path) -> None:
    number, page = case(), visit.page
    letter, trap = tmp_path / "surat-jawaban-dinas-atas-selisih-realisasi-triwulan-pertama.pdf", tmp_path / "bukti.pdf"
    letter.write_bytes(PDF)
    trap.write_bytes(b"MZ\x90\x00 no pdf")
    visit.sign_in("operator-32")
    visit.open(f"/lampiran/kasus/{number}/")
    visit.look("no files")
    for file in (trap, letter):
        page.select_option("#i-kind", "surat")
        page.fill("#i-note", "Balasan atas surat Biro Perencanaan dan Manajemen Kinerja nomor 5 tahun 2022")
        page.set_input_files("#i-berkas", str(file))
        page.click("main form .primary")
        page.wait_for_selector("#masalah" if file is trap else "text=tersimpan")
        visit.complaints.clear()
        visit.look(f"file {file.name[:5]}")
    with page.expect_download() as brought:
        page.click("main table a")
    assert Path(brought.value.path()).read_bytes() == PDF
    visit.open(f"/rekonsiliasi/{number}/")
    visit.look("case with files")


def test_personal_data_are_shown_masked(visit: Visit) -> None:
    visit.sign_in("operator-32")
    visit.open("/data-pribadi/")
    visit.look("personal data")
    visit.page.fill("#i-nik", "123")
    visit.page.click("main form .primary")
    visit.page.wait_for_selector("#masalah")
    visit.complaints.clear()
    visit.look("personal data refused")
    visit.page.fill("#i-nik", "3204 1001 0190 0001")
    visit.page.click("main form .primary")
    visit.page.wait_for_selector("text=NIK tersimpan terenkripsi")
    visit.look("personal data kept")
    assert "3204100101900001" not in visit.page.content()


def test_who_saves_second_is_told_what_the_first_did(visit: Visit, browser: Browser) -> None:
    visit.sign_in("perencana")
    visit.open("/tema/tambah/")
    visit.page.fill("#i-name", "digital")
    visit.page.fill("#i-description", "Transformasi layanan ketenagakerjaan")
    visit.page.click("main form .primary")
    visit.page.wait_for_url(re.compile(r"/tema/\d+/$"))
    address = visit.page.url.removeprefix(visit.address) + "ubah/"
    visit.open(address)
    other = Visit(browser.new_context().new_page(), visit.address, "other")
    other.sign_in("perencana")
    other.open(address)
    other.page.fill("#i-description", "Transformasi digital layanan ketenagakerjaan di daerah")
    other.page.click("main form .primary")
    other.page.wait_for_url(re.compile(r"/tema/\d+/$"))
    other.page.context.close()
    visit.page.fill("#i-description", "Layanan daring")
    visit.page.click("main form .primary")
    visit.page.wait_for_selector("#masalah")
    visit.complaints.clear()
    visit.look("changed meanwhile")
    assert "Layanan daring" in visit.page.input_value("#i-description")


def test_own_ways_in_are_changed_after_a_proof(visit: Visit) -> None:
    user, page = person("perencana-uji", "perencana"), visit.page
    secret = with_app(user)
    sign_in(visit, "perencana-uji")
    page.fill("#k", code_now(secret))
    page.click("main form .primary")
    page.wait_for_url(lambda url: "/masuk/" not in url)
    visit.open("/akun/sandi/")
    visit.look("new password")
    visit.open("/akun/faktor/kode-cadangan/")
    visit.look("renew codes")
    page.click("main form .btn")
    page.wait_for_selector("ol.codes")
    visit.look("renewed codes")
    visit.open("/akun/faktor/")
    page.click("td >> text=Hapus")
    page.wait_for_url("**/hapus/")
    visit.look("remove factor")
    visit.open("/akun/kunci-api/")
    page.fill("#i-nama", "Unduhan bulanan dasbor Biro Perencanaan dan Manajemen Kinerja")
    page.click("main form .primary")
    page.wait_for_selector("text=dekon_")
    visit.look("key shown once")
    visit.open("/akun/kunci-api/")
    visit.look("keys listed")


def test_a_proof_is_asked_where_the_last_one_is_old(visit: Visit) -> None:
    person("operator-uji", "operator", "32")
    sign_in(visit, "operator-uji")
    visit.page.wait_for_url(lambda url: "/masuk/" not in url)
    visit.open("/akun/pastikan/?next=/akun/sandi/")
    visit.look("prove")
    visit.page.fill("main input[type=password]", "salah-sekali")
    visit.page.click("main form .primary")
    visit.page.wait_for_selector("#masalah")
    visit.complaints.clear()
    visit.look("prove wrong")


def test_accounts_are_closed_reopened_and_relieved_of_lost_factors(visit: Visit) -> None:
    user, page = User.objects.get(username="operator-32"), visit.page
    visit.sign_in("admin")
    visit.open(f"/akun/semua/{user.pk}/faktor/")
    visit.look("factors reset")
    visit.open(f"/akun/semua/{user.pk}/tutup/")
    visit.look("close")
    page.fill("#i-alasan", "pindah ke dinas lain")
    page.click("main form .danger")
    page.wait_for_url("**/akun/semua/")
    visit.look("closed")
    visit.open(f"/akun/semua/{user.pk}/buka/")
    visit.look("reopen")


def test_who_is_invited_by_mistake_and_who_is_refused(visit: Visit) -> None:
    page = visit.page
    visit.sign_in("admin")
    visit.open("/akun/undang/")
    page.click("main form .primary")
    page.wait_for_selector("#masalah")
    visit.complaints.clear()
    visit.look("invite refused")
    page.fill("#i-nama", "Analis Kebijakan Ahli Muda pada Bidang Pelatihan dan Produktivitas")
    page.fill("#i-surel", "analis.kebijakan.ahli.muda@dinas-tenaga-kerja.example")
    page.select_option("#i-peran", "operator")
    page.select_option("#i-provinsi", "32")
    page.click("main form .primary")
    page.wait_for_url("**/akun/pendaftaran/")
    visit.look("invited")
    sent = next(one for one in deliver_mails() if "/undangan/" in one.text)
    page.click("main >> text=Cabut")
    page.wait_for_url("**/cabut/")
    visit.look("withdraw")
    page.click("main form .danger")
    page.wait_for_url("**/akun/pendaftaran/")
    page.context.clear_cookies()
    visit.open(link_in(sent))
    visit.complaints.clear()
    visit.look("link no longer good")
    visit.open("/masuk/lupa/")
    visit.look("forgot")


def test_the_dossier_and_the_readings_of_an_auditor(visit: Visit) -> None:
    user = person("auditor-uji", "auditor")
    User.objects.filter(pk=user.pk).update(is_demo=True)
    with transaction.atomic():
        audit.record(
            actor=user, action="satker-created", subject_type="satker", subject_id=WEST_JAVA, satker_code=WEST_JAVA,
            subject_name="Dinas Tenaga Kerja " * 6,
        )  # fmt: skip
    sign_in(visit, "auditor-uji")
    visit.page.wait_for_url(lambda url: "/masuk/" not in url)
    for name, path in (
        ("dossier nation", "/dosir/?tahun=2022"),
        ("dossier province", "/dosir/?tahun=2022&provinsi=32"),
        ("trail all", "/jejak/"),
        ("trail in vain", "/jejak/?orang=tidak-ada-orang-begini"),
        ("readings in vain", "/jejak/pembacaan/?orang=tidak-ada"),
    ):
        visit.open(path)
        visit.look(name)
