"""A person's way with files: bring, look, apply, stop, discard, mend; the worker does the work."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from pytest_django import Settings

from dekon.audit.models import Event
from dekon.budget.models import ImportRun, Kegiatan
from dekon.web.imports import waiting
from tests.builders.files import budget_record, payment_record, write_json
from tests.builders.small_year import WEST_JAVA
from tests.builders.worker import work_off
from tests.web.conftest import SignIn

OCTOBER = payment_record(
    KDSATKER=WEST_JAVA, NO_SPM="00010A", NO_SP2D=f"2202900{WEST_JAVA}10", TGL_SP2D="2022-10-03", NILAI_RUPIAH=2_000_000
)


@pytest.fixture(autouse=True)
def _hurried(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = tmp_path / "store"
    monkeypatch.setattr(waiting, "LOOK_SECONDS", 0)
    monkeypatch.setattr(waiting, "PATIENCE", timedelta(0))


def bring(client: Client, *paths: Path, **said: str) -> str:
    """Upload; gives where the answer leads."""
    files = [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths]
    response = client.post("/impor/unggah/", {"berkas": files, **said})
    assert response.status_code == 302, response.content
    return str(response.headers["Location"])


def seen(client: Client, path: str, headers: dict[str, str] | None = None) -> str:
    """A page."""
    response = client.get(path, headers=headers)
    assert response.status_code == 200, response.content
    return str(response.content.decode())


def newest() -> ImportRun:
    return ImportRun.objects.latest("pk")


def realised(client: Client) -> int:
    """What the year has realised."""
    total: dict[str, Any] = client.get("/api/v1/recap?year=2022&as_of=2022-12-31").json()["total"]
    return int(total["realised_rp"])


def test_an_upload_is_answered_before_the_file_is_read(planner: Client, tmp_path: Path) -> None:
    path = bring(planner, write_json(tmp_path / "oktober.json", [OCTOBER]))
    page = seen(planner, path)
    assert newest().status == "checking"
    assert "Menunggu giliran" in page
    assert 'http-equiv="refresh"' in page
    assert "hx-get" in page
    assert "Menunggu giliran" in seen(planner, path, {"HX-Request": "true"})
    assert f"#{newest().pk} oktober.json" in seen(planner, "/impor/")
    work_off()
    assert planner.get(path, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    page = seen(planner, path)
    assert "Siap diterapkan" in page
    assert 'http-equiv="refresh"' not in page


def test_a_small_file_is_waited_for(planner: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PATIENCE", timedelta(seconds=30))
    monkeypatch.setattr("dekon.web.imports.waiting.time.sleep", lambda _seconds: work_off())
    assert "Siap diterapkan" in seen(planner, bring(planner, write_json(tmp_path / "o.json", [OCTOBER])))


def test_applying_twice_applies_once_and_shows_its_result(planner: Client, tmp_path: Path) -> None:
    path = bring(planner, write_json(tmp_path / "oktober.json", [OCTOBER]))
    work_off()
    before = realised(planner)
    for _click in range(2):
        assert planner.post(f"{path}terapkan/").headers["Location"] == path
    assert "Sedang diterapkan" in seen(planner, path)
    assert realised(planner) == before
    tasks = work_off()
    assert planner.post(f"{path}terapkan/").headers["Location"] == path
    assert [task.status for task in tasks] == ["SUCCESSFUL", "SUCCESSFUL"]
    assert "Diterapkan" in seen(planner, path)
    assert realised(planner) == before + 2_000_000
    assert Event.objects.filter(action="import-applied", subject_id=str(newest().pk)).count() == 1


def test_the_wish_to_apply_can_be_taken_back(planner: Client, tmp_path: Path) -> None:
    path = bring(planner, write_json(tmp_path / "oktober.json", [OCTOBER]))
    work_off()
    before = realised(planner)
    planner.post(f"{path}terapkan/")
    planner.post(f"{path}hentikan/")
    work_off()
    assert newest().status == "checked"
    assert realised(planner) == before
    assert planner.post(f"{path}hentikan/").status_code == 409


def test_a_checked_file_is_discarded_and_its_record_stays(planner: Client, tmp_path: Path) -> None:
    path = bring(planner, write_json(tmp_path / "oktober.json", [OCTOBER]))
    work_off()
    planner.post(f"{path}buang/")
    page = seen(planner, path)
    assert "Dibuang" in page
    assert "Terapkan" not in page.partition('id="h-act"')[2]
    assert "oktober.json" in seen(planner, "/impor/")
    assert planner.post(f"{path}terapkan/").status_code == 409
    assert planner.post(f"{path}buang/").status_code == 409
    assert Event.objects.filter(action="import-discarded", subject_id=str(newest().pk)).count() == 1


def test_a_file_that_is_still_being_checked_can_be_dropped(planner: Client, tmp_path: Path) -> None:
    path = bring(planner, write_json(tmp_path / "oktober.json", [OCTOBER]))
    planner.post(f"{path}buang/")
    work_off()
    assert newest().status == "discarded"


def test_an_applied_file_is_undone_and_not_discarded(planner: Client, tmp_path: Path) -> None:
    path = bring(planner, write_json(tmp_path / "oktober.json", [OCTOBER]))
    work_off()
    planner.post(f"{path}terapkan/")
    work_off()
    assert planner.post(f"{path}buang/").status_code == 409
    number = f"2202900{WEST_JAVA}10"
    assert number in seen(planner, path).partition('id="t-baris"')[2]
    assert planner.post(f"{path}batalkan/", {"alasan": "berkas bulan yang salah"}).status_code == 302
    assert newest().status == "undone"
    lines = seen(planner, path).partition('id="t-baris"')[2]
    assert number in lines
    assert "Ditarik" in lines
    assert number in planner.get(f"{path}?unduh=baris.csv").getvalue().decode("utf-8-sig")
    assert number not in seen(planner, f"/cari/?q={number}").partition("</form>")[2].partition("<table")[2]


def test_several_files_are_taken_and_a_bad_one_keeps_no_other_back(planner: Client, tmp_path: Path) -> None:
    good = write_json(tmp_path / "oktober.json", [OCTOBER])
    bad = tmp_path / "catatan.xlsx"
    bad.write_bytes(b"not a workbook")
    assert bring(planner, bad, good) == "/impor/"
    work_off()
    found = {run.file_name: run.status for run in ImportRun.objects.order_by("-pk")[:2]}
    assert found == {"catatan.xlsx": "refused", "oktober.json": "checked"}


def test_a_file_beyond_the_limit_is_named_and_the_others_are_taken(
    planner: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dekon.gateways.files.keep.__kwdefaults__", {"shelf": "imports", "limit_bytes": 2000})
    big = tmp_path / "besar.csv"
    big.write_bytes(b"x" * 3000)
    assert bring(planner, big, write_json(tmp_path / "oktober.json", [OCTOBER])) == "/impor/"
    page = seen(planner, "/impor/")
    assert "besar.csv: " in page
    assert newest().file_name == "oktober.json"
    assert planner.post("/impor/unggah/", {"berkas": SimpleUploadedFile("besar.csv", b"x" * 3000)}).status_code == 422


def test_codes_that_the_file_knows_are_offered_and_made_with_it(planner: Client, tmp_path: Path) -> None:
    record = budget_record(KDSATKER=WEST_JAVA, KODE_KEGIATAN="9871")
    path = bring(planner, write_json(tmp_path / "dataang.json", [record]), tahun="2022", periode="2022-12")
    work_off()
    page = seen(planner, path)
    assert "Kegiatan 9871" in page
    assert "Buat kode itu dan periksa lagi" in page
    again = planner.post(f"{path}periksa-lagi/", {"buat": "ya"}).headers["Location"]
    work_off()
    assert newest().options["period"] == "2022-12-31"
    assert "Siap diterapkan" in seen(planner, again)
    assert not Kegiatan.objects.filter(code="9871").exists()
    planner.post(f"{again}terapkan/")
    work_off()
    assert Kegiatan.objects.filter(code="9871").exists()


def test_no_offer_where_a_list_must_be_imported_first(planner: Client, tmp_path: Path) -> None:
    record = payment_record(KDSATKER="998877", KODE_COA="")
    path = bring(planner, write_json(tmp_path / "realisasi.json", [record]))
    work_off()
    page = seen(planner, path)
    assert "refAdmin" in page
    assert "Buat kode itu" not in page


@pytest.mark.parametrize("version", ["A01", "H01"])
def test_a_version_that_is_not_in_force_needs_an_explicit_word(planner: Client, tmp_path: Path, version: str) -> None:
    record = budget_record(KDSATKER=WEST_JAVA, KODE_STS_HISTORY=version, TOTAL="13000000.00")
    path = bring(planner, write_json(tmp_path / "dataang.json", [record]), tahun="2022", periode="2022-12")
    work_off()
    assert newest().status == "refused"
    page = seen(planner, path)
    assert f'name="versi" value="{version}"' in page
    assert planner.post(f"{path}periksa-lagi/", {"versi": version}).status_code == 422
    again = planner.post(f"{path}periksa-lagi/", {"versi": version, "tegas": "ya"}).headers["Location"]
    work_off()
    assert newest().status == "checked"
    assert "karena Anda menegaskannya" in seen(planner, again)


def test_a_person_sees_and_moves_only_the_own_files(sign_in: SignIn, planner: Client, tmp_path: Path) -> None:
    path = bring(planner, write_json(tmp_path / "oktober.json", [OCTOBER]))
    work_off()
    operator = sign_in("operator-32")
    for action in ("terapkan", "hentikan", "buang", "periksa-lagi"):
        assert operator.post(f"{path}{action}/").status_code in {403, 404}
    assert newest().status == "checked"


def test_the_work_is_done_as_the_app_in_the_scope_of_who_asked(
    planner: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def look(*_args: object, **_said: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, current_setting('dekon.user'), current_setting('dekon.scope')")
            asked.append(cursor.fetchone())

    monkeypatch.setattr("dekon.budget.services.runs._load", look)
    bring(planner, write_json(tmp_path / "oktober.json", [OCTOBER]))
    work_off()
    assert asked == [("dekon_app", str(newest().created_by_id), "*")]


def test_a_fault_of_ours_is_told_with_the_number_and_changes_nothing(
    planner: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = bring(planner, write_json(tmp_path / "oktober.json", [OCTOBER]))
    work_off()
    planner.post(f"{path}terapkan/")
    monkeypatch.setattr("dekon.budget.services.payments._post", lambda *_: 1 / 0)
    work_off()
    page = seen(planner, path)
    assert newest().status == "checked"
    assert f"Pekerjaan atas impor {newest().pk} berhenti karena kesalahan pada Dekon" in page
    assert "Traceback" not in page
