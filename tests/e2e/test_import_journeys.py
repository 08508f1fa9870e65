"""Files and what becomes of them, in a real browser, with a worker beside: with scripts and without."""

from __future__ import annotations

import base64
import re
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import Download, Page

from dekon.budget.models import ImportRun
from tests.builders.files import (
    Account,
    FaPrint,
    budget_record,
    payment_record,
    some_accounts,
    write_fa_xlsx,
    write_json,
)
from tests.builders.small_year import WEST_JAVA
from tests.e2e.conftest import Visit

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("worker"),
]

DROP = """(zone, files) => {
  const carried = new DataTransfer();
  for (const [name, content] of files) {
    carried.items.add(new File([Uint8Array.from(atob(content), (c) => c.charCodeAt(0))], name));
  }
  for (const kind of ["dragover", "drop"]) {
    zone.dispatchEvent(new DragEvent(kind, {dataTransfer: carried, bubbles: true, cancelable: true}));
  }
}"""


def october(folder: Path, name: str = "realisasi_oktober.json", number: int = 10) -> Path:
    record = payment_record(
        KDSATKER=WEST_JAVA, NO_SPM=f"000{number}A", NO_SP2D=f"2202900{WEST_JAVA}{number}", TGL_SP2D="2022-10-03",
        NILAI_RUPIAH=2_000_000,
    )  # fmt: skip
    return write_json(folder / name, [record])


def unknown_programme(folder: Path) -> Path:
    accounts = [*some_accounts(6), Account(("ZY", "9871", "SCH", "001", "051", "0A"), "521211", 1_000_000)]
    return write_fa_xlsx(
        folder / "fa_detail_desember.xlsx", FaPrint(accounts, satker=WEST_JAVA, period="Desember 2022")
    )


def drop(page: Page, *paths: Path) -> None:
    """Let files fall on the zone."""
    carried = [[path.name, base64.b64encode(path.read_bytes()).decode()] for path in paths]
    page.locator(".dropzone").evaluate(DROP, carried)


def workbook(download: Download) -> openpyxl.Workbook:
    """What came down."""
    assert download.suggested_filename.endswith("-bertanda.xlsx")
    return openpyxl.load_workbook(BytesIO(download.path().read_bytes()))


def undo(page: Page) -> None:
    page.click("summary:has-text('Batalkan impor')")
    page.fill("#u-alasan", "berkas bulan yang salah")
    page.click("form[action$='batalkan/'] button")
    page.wait_for_selector("text=berkas bulan yang salah")


def test_several_files_fall_in_one_of_them_bad_and_the_good_one_is_applied_and_undone(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit.page
    visit.sign_in("perencana")
    visit.open("/impor/")
    bad = tmp_path / "bukan_berkas.xlsx"
    bad.write_bytes(b"Kementerian")
    drop(page, october(tmp_path), bad, october(tmp_path, "realisasi_kedua.json", 11))
    page.wait_for_selector("#t-riwayat >> text=bukan_berkas.xlsx")
    page.wait_for_selector("#h-busy", state="detached")
    rows = page.locator("#t-riwayat tbody tr").all_inner_texts()[:3]
    assert [bool(re.search("Siap diterapkan", row)) for row in rows] == [True, False, True]
    visit.look("impor-tiga-berkas")
    page.click("#t-riwayat tr:has-text('bukan_berkas.xlsx') a")
    page.wait_for_selector("text=Belum dapat diterapkan")
    visit.look("impor-ditolak")
    visit.open("/impor/")
    page.click("#t-riwayat tr:has-text('realisasi_oktober.json') a")
    page.click("section[aria-labelledby=h-act] button:has-text('Terapkan')")
    page.dblclick("dialog .btn.primary")
    page.wait_for_selector("text=Diterapkan ")
    visit.look("impor-diterapkan")
    undo(page)
    visit.look("impor-dibatalkan")
    visit.open(f"/cari/?q=2202900{WEST_JAVA}10")
    assert f"2202900{WEST_JAVA}10" not in page.locator("main table").all_inner_texts()


def test_missing_codes_are_offered_and_the_own_workbook_comes_back_marked(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    visit.sign_in("perencana")
    visit.open("/impor/")
    drop(page, unknown_programme(tmp_path))
    page.wait_for_selector("text=Kode yang belum ada dapat dibuat")
    visit.look("impor-kode-baru")
    with page.expect_download() as download:
        page.click("text=Unduh berkas bertanda")
    book = workbook(download.value)
    todo, sheet = book.worksheets
    assert todo.title == "Yang harus diperbaiki"
    cells = [str(todo.cell(row, 4).value) for row in range(2, todo.max_row + 1)]
    bad = [sheet[f"{cell}:{cell}"][0][0] for cell in cells]
    assert [cell.value for cell in bad] == ["ZY", "ZY.9871"]
    assert {cell.fill.fgColor.rgb for cell in bad} == {"00F8C9C4"}
    page.click("text=Buat kode itu dan periksa lagi")
    page.wait_for_selector("text=Siap diterapkan")
    visit.look("impor-siap")
    page.click("text=Buang berkas ini")
    page.wait_for_selector("text=Dibuang ")
    visit.look("impor-dibuang")


def test_a_proposal_counts_once_it_is_confirmed(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    visit.sign_in("perencana")
    visit.open("/impor/")
    record = budget_record(KDSATKER=WEST_JAVA, KODE_STS_HISTORY="A01", TOTAL="14000000.00")
    page.click("summary:has-text('Bila berkas tidak')")
    page.fill("#o-periode", "2022-12")
    page.fill("#o-tahun", "2022")
    drop(page, write_json(tmp_path / "usulan.json", [record]))
    page.wait_for_selector("text=Pilih versi yang berlaku")
    visit.look("impor-usulan")
    page.check("input[name=versi][value=A01]")
    page.check("input[name=tegas]")
    page.click("text=Periksa lagi dengan versi ini")
    page.wait_for_selector("text=Siap diterapkan")
    assert "karena Anda menegaskannya" in page.content()


def test_progress_is_shown_while_the_worker_is_busy(visit: Visit) -> None:
    """As it stands in the record; a worker that is busy would be through before anybody looked."""
    busy = ImportRun.objects.filter(file_name="berkas-1.json")
    busy.update(status="applying", phase="reading", rows_read=9, rows_done=4, applied_at=None)
    visit.sign_in("perencana")
    visit.open("/impor/")
    assert visit.page.locator("#h-busy").count() == 1
    assert "Membaca baris: 4 dari 9 baris" in visit.page.locator("main").inner_text()
    visit.look("impor-sibuk")
    visit.page.click("a:has-text('berkas-1.json')")
    visit.page.wait_for_selector("progress[value='4']")
    visit.look("impor-sedang-diterapkan")
    busy.update(status="applied", applied_at=timezone.now())
    visit.page.wait_for_selector("text=Diterapkan ")


def test_everything_works_without_scripts(visit: Visit, tmp_path: Path) -> None:
    context = visit.page.context.browser.new_context(  # type: ignore[union-attr]  # launched
        java_script_enabled=False, accept_downloads=True
    )
    page = visit.page = context.new_page()
    visit.sign_in("perencana")
    visit.open("/impor/")
    page.set_input_files("input[name=berkas]", [october(tmp_path), unknown_programme(tmp_path)])
    page.click("text=Unggah dan periksa")
    page.wait_for_selector("#t-riwayat tr:has-text('fa_detail_desember.xlsx'):has-text('Ditolak')")
    page.wait_for_selector("#t-riwayat tr:has-text('realisasi_oktober.json'):has-text('Siap diterapkan')")
    page.click("#t-riwayat tr:has-text('realisasi_oktober.json') a")
    page.click("section[aria-labelledby=h-act] > .stack > form button:has-text('Terapkan')")
    page.wait_for_selector("text=Diterapkan ")
    undo(page)
    visit.open("/impor/")
    page.click("#t-riwayat tr:has-text('fa_detail_desember.xlsx') a")
    with page.expect_download() as download:
        page.click("text=Unduh berkas bertanda")
    assert workbook(download.value).worksheets[0].title == "Yang harus diperbaiki"
    page.click("text=Buat kode itu dan periksa lagi")
    page.wait_for_selector("text=Siap diterapkan")
    page.click("text=Buang berkas ini")
    page.wait_for_selector("text=Dibuang ")
    context.close()
