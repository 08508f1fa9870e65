"""The reference pages: reading a list on any day, and editing it by forms."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from dekon.budget.services import DATED_LISTS
from dekon.org.models import CodeVersion, Holiday, Kppn, Submission
from dekon.performance.selectors import RecapFilter, overview, recap
from tests.builders.small_year import WEST_JAVA
from tests.web.conftest import SignIn

CHANGE = "/rujukan/kppn/022/ubah/"
FORMS = (
    "/rujukan/kppn/tambah/", "/rujukan/satker/tambah/", "/rujukan/kro/tambah/", CHANGE,
    f"/rujukan/satker/{WEST_JAVA}/ubah/", "/rujukan/provinsi/32/ubah/", "/rujukan/kegiatan/2175/ubah/",
    "/rujukan/kppn/022/akhiri/", "/rujukan/kppn/022/0/koreksi/", "/rujukan/kppn/022/0/batalkan/",
    "/rujukan/libur/tambah/",
)  # fmt: skip
READ = (
    "/rujukan/", "/rujukan/libur/", "/rujukan/libur/?tahun=2022",
    *(f"/rujukan/{name}/" for name in DATED_LISTS), "/rujukan/provinsi/?per=2022-12-08", "/rujukan/kppn/022/",
)  # fmt: skip
ENTRY = {"valid_from": "2024-01-01", "name": "KPPN Bandung Baru", "reason": "KMK 12/2024", "seen": "0"}


@pytest.fixture
def admin(sign_in: SignIn) -> Client:
    return sign_in("admin")


def key_of(page: Any) -> str:  # noqa: ANN401  the test client gives no type
    found = re.search(r'name="kunci" value="(\w+)"', page.content.decode())
    assert found
    return found.group(1)


def send(client: Client, path: str, entry: dict[str, str], **more: str) -> Any:  # noqa: ANN401  as above
    kunci = more.pop("kunci", "") or key_of(client.get(path))
    return client.post(path, {**entry, "kunci": kunci, **more})


@pytest.mark.parametrize("role", ["perencana", "operator-32"])
def test_only_the_administrator_opens_them(sign_in: SignIn, admin: Client, role: str) -> None:
    other = sign_in(role)
    for path in (*READ, *FORMS):
        assert admin.get(path).status_code == 200, path
        assert other.get(path).status_code == 403, path
        assert other.post(path, {**ENTRY, "pasti": "ya", "kunci": "x"}).status_code in {403, 405}, path


def test_a_list_reads_as_of_a_day(admin: Client) -> None:
    assert "Papua Barat Daya" not in admin.get("/rujukan/provinsi/?per=2022-12-08").content.decode()
    assert "Papua Barat Daya" in admin.get("/rujukan/provinsi/?per=2022-12-09").content.decode()


@pytest.mark.parametrize("name", [*DATED_LISTS, "libur"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_list_comes_as_a_file(admin: Client, name: str, form: str) -> None:
    answer = admin.get(f"/rujukan/{name}/?unduh={name}.{form}")
    assert f".{form}" in answer.headers["Content-Disposition"]
    assert len(answer.getvalue()) > 50


def test_a_change_is_asked_about_once_more_and_then_kept(admin: Client) -> None:
    asked = send(admin, CHANGE, ENTRY)
    assert asked.status_code == 200
    assert "→ KPPN Bandung Baru" in asked.content.decode()
    assert not CodeVersion.objects.exists()
    kept = send(admin, CHANGE, ENTRY, pasti="ya", kunci=key_of(asked))
    assert kept.headers["Location"] == "/rujukan/kppn/022/"
    page = admin.get("/rujukan/kppn/022/").content.decode()
    assert Kppn.objects.get(code="022").name == "KPPN Bandung Baru"
    assert "Perubahan tersimpan" in page
    assert "KMK 12/2024" in page
    assert "berlaku sekarang" in page


def test_the_way_back_keeps_what_was_entered(admin: Client) -> None:
    back = send(admin, CHANGE, ENTRY, kembali="ya").content.decode()
    assert 'value="KPPN Bandung Baru"' in back
    assert 'role="alert"' not in back


def test_each_problem_stands_at_its_field_and_in_the_summary_and_entries_stay(admin: Client) -> None:
    page = send(admin, CHANGE, {**ENTRY, "valid_from": "kemarin", "name": "", "reason": "x"})
    text = page.content.decode()
    assert page.status_code == 422
    assert {'href="#i-valid_from"', 'href="#i-name"'} <= set(re.findall(r'href="#i-\w+"', text))
    assert 'value="kemarin"' in text
    assert text.count('aria-invalid="true"') == 2
    page = send(admin, CHANGE, {**ENTRY, "reason": "x"})
    assert re.search(r'id="i-reason-m">.*?Alasan belum cukup jelas', page.content.decode(), re.DOTALL)
    assert 'href="#i-reason"' in page.content.decode()


def test_a_double_submit_is_harmless(admin: Client) -> None:
    first = send(admin, CHANGE, ENTRY, pasti="ya", kunci="a" * 32)
    second = send(admin, CHANGE, ENTRY, pasti="ya", kunci="a" * 32)
    assert first.headers["Location"] == second.headers["Location"]
    assert CodeVersion.objects.filter(recorded_by__isnull=False).count() == 1
    other = send(admin, CHANGE, {**ENTRY, "valid_from": "2025-01-01"}, pasti="ya", kunci="a" * 32)
    assert other.status_code == 409
    assert Submission.objects.count() == 1


def test_the_second_administrator_is_told_and_nothing_is_lost(admin: Client) -> None:
    send(admin, CHANGE, ENTRY, pasti="ya")
    page = send(admin, CHANGE, {**ENTRY, "name": "KPPN Lain", "valid_from": "2025-01-01"}, pasti="ya")
    assert page.status_code == 409
    told = page.content.decode()
    assert "hal ini sudah diubah" in told
    assert "Admin" in told.split("hal ini sudah diubah")[1][:300]
    assert 'value="KPPN Lain"' in page.content.decode()


def test_a_code_is_added_ended_corrected_and_taken_back(admin: Client) -> None:
    new = {"code": "998", "valid_from": "2024-01-01", "name": "KPPN Percobaan", "reason": "KMK 1/2024"}
    assert send(admin, "/rujukan/kppn/tambah/", new, pasti="ya").status_code == 302
    end = {"valid_from": "2024-12-31", "reason": "dilebur ke KPPN lain"}
    assert send(admin, "/rujukan/kppn/998/akhiri/", end, pasti="ya").status_code == 302
    ended = CodeVersion.objects.get(code="998", kind="end")
    gone = admin.get("/rujukan/kppn/?per=2025-01-01&cari-kppn=percobaan").content.decode()
    assert "KPPN Percobaan" not in gone
    void = f"/rujukan/kppn/998/{ended.pk}/batalkan/"
    assert send(admin, void, {"reason": "tidak jadi dilebur"}, pasti="ya").status_code == 302
    first = CodeVersion.objects.get(code="998", kind="facts")
    right = {"valid_from": "2024-02-01", "name": "KPPN Uji", "reason": "salah tanggal"}
    assert send(admin, f"/rujukan/kppn/998/{first.pk}/koreksi/", right, pasti="ya").status_code == 302
    assert Kppn.objects.get(code="998").name == "KPPN Uji"
    page = admin.get("/rujukan/kppn/998/").content.decode()
    assert "tidak dihitung lagi" in page
    then = admin.get("/rujukan/kppn/998/?per=2024-02-01").content.decode()
    assert ("berlaku sekarang" in page, "berlaku sekarang" in then) == (True, False)
    assert "berlaku waktu itu" in then
    again = send(admin, f"/rujukan/kppn/998/{first.pk}/koreksi/", right, pasti="ya", kunci="b" * 32)
    assert again.status_code == 409


def test_holidays_come_by_the_line_and_wrong_lines_are_named(admin: Client) -> None:
    path = "/rujukan/libur/tambah/"
    entry = {"decree": "SKB 1/2026", "published_on": "2026-09-15", "days": "2027-12-30; cuti; Cuti percobaan\nbesok"}
    page = send(admin, path, entry)
    assert page.status_code == 422
    assert "Baris 2 tidak terbaca" in page.content.decode()
    entry["days"] = "2027-12-30; cuti; Cuti percobaan\n\n2027-12-29\tlibur\tLibur percobaan"
    asked = send(admin, path, entry)
    assert "Cuti percobaan" in asked.content.decode()
    assert send(admin, path, entry, pasti="ya").headers["Location"] == "/rujukan/libur/?tahun=2027"
    made = Holiday.objects.get(name="Cuti percobaan")
    withdraw = f"/rujukan/libur/{made.pk}/cabut/"
    gone = send(admin, withdraw, {"withdrawn_on": "2026-10-01", "reason": "SKB 2/2026"}, pasti="ya")
    assert gone.status_code == 302
    again = send(admin, withdraw, {"withdrawn_on": "2026-10-02", "reason": "SKB 2/2026"}, pasti="ya")
    assert again.status_code == 409


def test_unknown_lists_codes_and_days_are_not_found(admin: Client) -> None:
    for path in ("/rujukan/tiada/", "/rujukan/kppn/zzz/", "/rujukan/libur/9999999/cabut/", "/rujukan/kppn/zzz/ubah/"):
        assert admin.get(path).status_code == 404, path
    assert admin.get("/rujukan/kppn/?per=besok").status_code == 422


def test_the_recap_of_a_year_calls_things_as_they_were_called_then(admin: Client, year: None) -> None:
    asked = RecapFilter(year=2022, as_of=date(2022, 9, 30))
    old = {row.name for row in recap(asked, "kegiatan").rows} | {row.name for row in recap(asked, "satker").rows}
    kegiatan = {
        "valid_from": "2022-12-01",
        "name": "Kegiatan bernama baru",
        "unit": "04",
        "program": "DN",
        "reason": "Renja 2023",
    }
    satker = {
        "valid_from": "2022-12-01",
        "name": "Dinas bernama baru",
        "unit": "13",
        "province": "32",
        "reason": "Perda 1/2022",
    }
    assert send(admin, "/rujukan/kegiatan/2175/ubah/", kegiatan, pasti="ya").status_code == 302
    assert send(admin, f"/rujukan/satker/{WEST_JAVA}/ubah/", satker, pasti="ya").status_code == 302
    names = {row.name for row in recap(asked, "kegiatan").rows} | {row.name for row in recap(asked, "satker").rows}
    assert names == old
    then = RecapFilter(year=2022, as_of=date(2022, 12, 31))
    assert "Kegiatan bernama baru" in {row.name for row in recap(then, "kegiatan").rows}
    assert "Dinas bernama baru" in {gap.name for gap in overview(then, gaps=10).gaps}
    assert "Dinas bernama baru" not in {gap.name for gap in overview(asked, gaps=10).gaps}
