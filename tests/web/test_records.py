"""The page of execution records: what is recorded, added by form, withdrawn with its reason; the score follows."""

from __future__ import annotations

from django.test import Client

from dekon.budget.models import ExecutionRecord
from tests.builders.small_year import PAPUA, WEST_JAVA
from tests.web.conftest import SignIn

PAGE = f"/satker/{WEST_JAVA}/catatan/?tahun=2022"
ADD = f"/satker/{WEST_JAVA}/catatan/kontrak/tambah/?tahun=2022"
CONTRACT = {
    "kunci": "k1", "number": "SPK-1", "akun": "522191", "amount_rp": "75.000.000", "dated_on": "2022-03-01",
    "arrived_on": "2022-03-04", "paid_on": "",
}  # fmt: skip


def test_a_contract_is_recorded_once_and_moves_the_score(planner: Client) -> None:
    before = planner.get(f"/skor/{WEST_JAVA}/?tahun=2022&bulan=9").content.decode()
    assert "Kontrak satker ini belum dicatat" in before
    for _ in range(2):  # sent twice it counts once
        answer = planner.post(ADD, CONTRACT)
        assert (answer.status_code, ExecutionRecord.objects.count()) == (302, 1)
    page = planner.get(PAGE).content.decode()
    assert "SPK-1" in page
    assert "75.000.000" in page
    after = planner.get(f"/skor/{WEST_JAVA}/?tahun=2022&bulan=9").content.decode()
    assert "Kontrak satker ini belum dicatat" not in after
    assert "Belanja kontraktual = 100,00" in after


def test_what_is_wrong_stands_beside_its_field(planner: Client) -> None:
    answer = planner.post(ADD, {**CONTRACT, "akun": "52x", "arrived_on": "2022-02-01"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "bukan enam angka" in page
    assert "mendahului" in page
    assert 'value="SPK-1"' in page
    assert planner.get(f"/satker/{WEST_JAVA}/catatan/lainnya/tambah/?tahun=2022").status_code == 404


def test_a_record_is_withdrawn_with_its_reason_and_stays_to_be_read(planner: Client) -> None:
    planner.post(ADD, CONTRACT)
    number = ExecutionRecord.objects.get().pk
    answer = planner.post(f"/catatan/{number}/tarik/", {"kunci": "k2", "reason": "nilai keliru", "pasti": "ya"})
    assert answer.status_code == 302
    page = planner.get(PAGE).content.decode()
    assert "nilai keliru" in page
    assert f"/catatan/{number}/tarik/" not in page


def test_who_only_looks_gets_no_button_and_the_other_province_nothing(planner: Client, sign_in: SignIn) -> None:
    planner.post(ADD, CONTRACT)
    number = ExecutionRecord.objects.get().pk
    foreign = sign_in("operator-91")
    assert foreign.get(PAGE).status_code == 403
    assert foreign.get(ADD).status_code == 403
    assert foreign.get(f"/catatan/{number}/tarik/").status_code == 404  # row-level security: not there
    own = sign_in("operator-32")
    assert "/catatan/kontrak/tambah/" in own.get(PAGE).content.decode()
    assert own.get(f"/satker/{PAPUA}/catatan/?tahun=2022").status_code == 403
