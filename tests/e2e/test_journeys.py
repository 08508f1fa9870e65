"""What people come for, from the sign-in to the end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders.files import payment_record, write_json
from tests.builders.small_year import PAPUA, WEST_JAVA
from tests.e2e.conftest import Visit

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def payments_of_october(folder: Path) -> Path:
    """A file as MonSAKTI gives it, with one more payment."""
    record = payment_record(
        KDSATKER=WEST_JAVA, NO_SPM=f"00010A/{WEST_JAVA}/2022", NO_SP2D=f"2202900{WEST_JAVA}10",
        TGL_SP2D="2022-10-03", NILAI_RUPIAH=2_000_000,
    )  # fmt: skip
    return write_json(folder / "realisasi_oktober_2022_seluruh_satker_jawa_barat.json", [record])


@pytest.mark.usefixtures("worker")
def test_a_planner_brings_a_file_and_follows_it_down_to_the_payment(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    visit.open("/masuk/")
    visit.look("masuk")
    visit.sign_in("perencana")
    visit.look("nasional-sebelum")
    visit.open("/impor/")
    visit.look("impor")
    page.set_input_files("input[name=berkas]", payments_of_october(tmp_path))
    page.wait_for_selector("#h-act")
    visit.look("pratinjau")
    page.click("section[aria-labelledby=h-act] > .stack > form .btn.primary")
    page.click("dialog .btn.primary")
    page.wait_for_selector("text=Diterapkan")
    visit.look("diterapkan")
    visit.open("/nasional/?tahun=2022&per=2022-12-31")
    visit.look("nasional")
    page.click("#t-provinsi a:has-text('Jawa Barat')")
    visit.look("provinsi")
    page.click(f"#t-satker a:has-text('{WEST_JAVA}')")
    while not page.locator("#t-sp2d").count():
        with page.expect_navigation():
            page.locator("#t-rincian tbody a").first.click()
    visit.look("akun")
    assert f"2202900{WEST_JAVA}10" in page.locator("#t-sp2d").inner_text()
    with page.expect_download() as download:
        page.locator("section:has(#t-sp2d) >> text=Unduh .csv").click()
    assert f"2202900{WEST_JAVA}10" in download.value.path().read_text("utf-8-sig")


def test_an_operator_sees_what_is_next_in_the_own_province_only(visit: Visit) -> None:
    page = visit.page
    visit.open("/gaya/")
    visit.look("gaya")
    visit.sign_in("operator-32")
    assert "/provinsi/32/" in page.url
    visit.open("/provinsi/32/?tahun=2022&per=2022-09-30")
    visit.look("provinsi-sendiri")
    assert page.locator("#h-todo").is_visible()
    assert page.locator("#h-ddl").is_visible()
    assert page.goto(f"{visit.address}/provinsi/91/").status == 403  # type: ignore[union-attr]  # a page answers
    visit.complaints.clear()
    visit.look("ditolak")
    visit.open("/telusur/?tahun=2022")
    assert PAPUA not in page.content()
    visit.open("/skor/?tahun=2022&bulan=9")
    visit.look("skor")
    page.click(f"#t-skor a:has-text('{WEST_JAVA}')")
    page.click("text=Penyerapan anggaran =")
    visit.look("skor-satker")


def test_an_administrator_changes_a_code_from_a_day_on(visit: Visit) -> None:
    page = visit.page
    visit.sign_in("admin")
    visit.open("/rujukan/")
    visit.look("rujukan")
    page.click("text=Satker")
    visit.look("daftar-satker")
    page.click(f"#t-satker a:has-text('{WEST_JAVA}')")
    visit.look("kode")
    page.click("text=Ubah mulai suatu tanggal")
    page.keyboard.press("Tab")
    page.fill("#i-name", "")
    page.click("main .btn.primary")
    page.wait_for_selector("#masalah")
    visit.complaints.clear()
    visit.look("isian-bermasalah")
    page.click("#masalah a >> nth=0")
    assert page.evaluate("document.activeElement.id") == "i-valid_from"
    page.fill("#i-valid_from", "2024-01-01")
    page.fill("#i-name", "Dinas Tenaga Kerja dan Transmigrasi Jawa Barat")
    page.fill("#i-reason", "Perda 5/2023")
    page.press("#i-reason", "Enter")
    page.wait_for_selector("text=Kembali mengubah")
    visit.look("tanya-lagi")
    page.click("text=Kembali mengubah")
    assert page.input_value("#i-reason") == "Perda 5/2023"
    page.click("main .btn.primary")
    page.click("button[name=pasti]")
    page.wait_for_selector("text=Perubahan tersimpan")
    visit.look("riwayat-kode")
    visit.open("/rujukan/libur/?tahun=2022")
    visit.look("libur")
    visit.open("/rujukan/libur/tambah/")
    visit.look("tambah-libur")
    for path in ("/rujukan/kegiatan/2175/ubah/", "/rujukan/kppn/022/akhiri/", "/rujukan/kppn/022/0/koreksi/"):
        visit.open(path)
        visit.look(path.strip("/").replace("/", "-"))


def test_a_planner_writes_the_plan_down(visit: Visit) -> None:
    page = visit.page
    visit.sign_in("perencana")
    visit.open("/kebijakan/tambah/2022/")
    visit.look("tambah-kebijakan")
    page.fill("#i-code", "K9")
    page.fill("#i-name", "Pelatihan untuk pemulihan ekonomi")
    page.click("main .btn.primary")
    page.wait_for_selector("#h-target")
    visit.look("kebijakan-kosong")
    page.click("text=Tambah target")
    for name, value in {
        "indicator": "tpt",
        "name": "TPT Agustus",
        "unit": "persen",
        "low": "5,5",
        "high": "6,3",
    }.items():
        page.fill(f"#i-{name}", value)
    page.click("main .btn.primary")
    page.click("section >> text=Kaitkan anggaran")
    page.select_option("#i-code", "DN.2175")
    page.click("main .btn.primary")
    page.wait_for_selector("text=Anggaran dikaitkan")
    visit.look("kebijakan")
    visit.open("/kebijakan/?tahun=2022")
    visit.look("daftar-kebijakan")
    visit.open("/hasil/2022/")
    visit.look("isi-hasil")
    page.fill("#i-pasted", "Jawa Barat\t8,31")
    page.fill("#i-v-31", "7")
    page.click("main .btn.primary")
    page.wait_for_selector("text=Kembali mengubah")
    visit.look("tanya-hasil")
    visit.open("/tema/tambah/")
    page.fill("#i-name", "Padat karya")
    page.click("main .btn.primary")
    page.click("text=Tandai pada 2022")
    visit.look("tandai")
    page.select_option("#i-kegiatan", "2175")
    page.click("main .btn.primary")
    page.wait_for_selector("text=Penanda tersimpan")
    visit.look("tema")


def test_a_planner_binds_money_and_gives_it_free(visit: Visit) -> None:
    page = visit.page
    visit.sign_in("perencana")
    for area in ("blokir", "cadangan"):
        visit.open(f"/{area}/tambah/?tahun=2022")
        visit.look(f"{area}-pilih-satker")
        page.select_option("#i-satker", WEST_JAVA)
        page.click("main .btn.primary")
        page.wait_for_selector("#i-pos")
        page.select_option("#i-pos", index=1)
        page.fill("#i-amount_rp", "Rp999.999.999.999")
        page.fill("#i-on", "2022-12-01")
        first = {
            "blokir": {"letter_no": "S-1/MK.02/2022", "letter_on": "2022-11-30"},
            "cadangan": {"document": "SPK-7"},
        }
        for name, value in first[area].items():
            page.fill(f"#i-{name}", value)
        page.click("main .btn.primary")
        page.wait_for_selector("#masalah")
        visit.complaints.clear()
        visit.look(f"{area}-tidak-cukup")
        page.fill("#i-amount_rp", "1000")
        page.click("main .btn.primary")
        page.wait_for_selector("text=Kembali mengubah")
        visit.look(f"{area}-tanya")
        page.click("button[name=pasti]")
        page.wait_for_selector(".page-head .btn.primary")
        visit.look(area)
        page.click(".page-head .btn.primary")
        visit.look(f"{area}-lepas")
        visit.open(f"/{area}/?tahun=2022")
        visit.look(f"{area}-daftar")
    visit.open(f"/satker/{WEST_JAVA}/dipa/?tahun=2022")
    visit.look("dipa")
    page.click("#t-revisi >> text=Lengkapi")
    visit.look("versi-dipa")
    visit.open(f"/satker/{WEST_JAVA}/dipa/catat/?tahun=2022")
    visit.look("catat-dipa")
    visit.open(f"/satker/{WEST_JAVA}/dipa/?tahun=2022")
    page.click("#t-rpd tbody a >> nth=0")
    visit.look("rpd")


def test_pages_serve_without_javascript(visit: Visit) -> None:
    context = visit.page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]  # launched
    visit.page = context.new_page()
    visit.sign_in("perencana")
    visit.open("/provinsi/?tahun=2022&urut=provinsi:-pagu&cari-provinsi=jawa")
    assert visit.page.locator("#t-provinsi tbody tr").count() == 1
    visit.open("/provinsi/91/?tahun=2022")
    assert "diparkir" in visit.page.content()
    context.close()


def test_a_form_serves_without_javascript(visit: Visit) -> None:
    context = visit.page.context.browser.new_context(java_script_enabled=False)  # type: ignore[union-attr]  # launched
    visit.page = context.new_page()
    visit.sign_in("admin")
    visit.open("/rujukan/kppn/022/ubah/")
    visit.page.fill("#i-valid_from", "2024-01-01")
    visit.page.fill("#i-name", "KPPN Bandung Baru")
    visit.page.fill("#i-reason", "KMK 12/2024")
    visit.page.click("main .btn.primary")
    visit.page.click("button[name=pasti]")
    assert visit.page.url.endswith("/rujukan/kppn/022/")
    assert "KPPN Bandung Baru" in visit.page.locator("#t-riwayat").inner_text()
    context.close()
