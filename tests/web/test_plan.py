"""The planner's pages: policies, outcomes, themes, DIPA, blocks and reservations, by forms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from dekon.budget.models import Block, Dipa, DipaRevision, FiscalYear, Outcome, Policy, Reservation, RpdVersion, Theme
from dekon.ledger.models import Pos
from dekon.org import services as org
from dekon.org.selectors import system_user
from tests.builders.small_year import PAPUA, WEST_JAVA
from tests.web.conftest import SignIn, StrictClient
from tests.web.test_reference import send

EDITING = (
    "/tahun/2022/dasar-hukum/", "/kebijakan/tambah/2022/", "/hasil/2022/", "/tema/tambah/",
    f"/satker/{WEST_JAVA}/dipa/catat/?tahun=2022", "/blokir/tambah/?tahun=2022",
    f"/blokir/tambah/?tahun=2022&satker={WEST_JAVA}", "/cadangan/tambah/?tahun=2022",
    f"/cadangan/tambah/?tahun=2022&satker={WEST_JAVA}",
)  # fmt: skip
POLICY = {"code": "K9", "name": "Pelatihan untuk pemulihan", "description": "", "source": "Renja 2022"}


@pytest.fixture
def pos(year: None) -> Pos:
    return Pos.objects.filter(satker__code=WEST_JAVA).earliest("pk")


@pytest.fixture
def ppk(year: None) -> Client:
    user = org.add_user(
        actor=system_user(), username="ppk-32", password="", role="ppk", satker=WEST_JAVA, decree_no="SK 1",
        decree_on=date(2021, 12, 20),
    )  # fmt: skip
    client = StrictClient()
    client.force_login(user)
    return client


def free(pos: Pos) -> int:
    pos.refresh_from_db()
    return pos.pagu_rp - pos.blocked_rp - pos.reserved_rp - pos.realised_rp


def test_the_planner_opens_every_form_and_an_operator_none(planner: Client, sign_in: SignIn) -> None:
    operator = sign_in("operator-32")
    for path in EDITING:
        assert planner.get(path).status_code == 200, path
        assert operator.get(path).status_code == 403, path
        assert operator.post(path, {"pasti": "ya", "kunci": "x"}).status_code == 403, path
    for path in ("/kebijakan/", "/tema/", "/blokir/", "/cadangan/", f"/satker/{WEST_JAVA}/dipa/"):
        assert "btn primary" not in operator.get(f"{path}?tahun=2022").content.decode(), path


def test_a_policy_gets_a_target_and_the_money_that_serves_it_and_goes_again(planner: Client) -> None:
    made = send(planner, "/kebijakan/tambah/2022/", POLICY)
    page = made.headers["Location"]
    policy = Policy.objects.get(code="K9")
    target = {"indicator": "tpt", "name": "TPT Agustus", "unit": "persen", "low": "5,5", "high": "6,3"}
    assert send(planner, f"{page}target/", {**target, "lower_is_better": "on"}).headers["Location"] == page
    assert policy.targets.get().low == Decimal("5.5")
    assert send(planner, f"{page}anggaran/", {"code": "DN.2175"}).headers["Location"] == page
    text = planner.get("/kebijakan/?tahun=2022").content.decode()
    assert "Pelatihan untuk pemulihan" in text
    assert "DN.2175" in text
    assert send(planner, f"{page}hapus/", {}).status_code == 409
    send(planner, f"{page}target/hapus/?indikator=tpt", {})
    send(planner, f"{page}anggaran/lepas/?kode=DN.2175", {})
    send(planner, f"{page}hapus/", {})
    assert not Policy.objects.filter(code="K9").exists()


def test_a_range_that_runs_backwards_and_a_taken_code_are_told_at_the_form(planner: Client) -> None:
    page = send(planner, "/kebijakan/tambah/2022/", POLICY).headers["Location"]
    wrong = {"indicator": "tpt", "name": "TPT", "unit": "persen", "low": "7", "high": "6"}
    answer = send(planner, f"{page}target/", wrong)
    assert answer.status_code == 422
    assert 'href="#i-high"' in answer.content.decode()
    assert send(planner, "/kebijakan/tambah/2022/", POLICY).status_code == 422


def test_outcomes_are_pasted_or_typed_and_only_what_changed_is_kept(planner: Client) -> None:
    before = Outcome.objects.filter(indicator="tpt", year=2021).count()
    entry = {"source": "BPS", "pasted": "Jawa Barat\t9,99\n33;5,01\n", "v-nasional": "6,49", "v-31": "8,5"}
    asked = send(planner, "/hasil/2021/", entry)
    assert "→ 9,99" in asked.content.decode()
    assert send(planner, "/hasil/2021/", entry, pasti="ya").status_code == 302
    found = {one.province.code if one.province else "": one.value for one in Outcome.objects.filter(year=2021)}
    assert (found["32"], found["33"], found["31"]) == (Decimal("9.99"), Decimal("5.01"), Decimal("8.5"))
    assert Outcome.objects.filter(indicator="tpt", year=2021).count() >= before
    wrong = send(planner, "/hasil/2021/", {"source": "BPS", "pasted": "Atlantis\t5", "v-32": "lima"})
    assert wrong.status_code == 422
    assert {"Baris 1 tidak terbaca", "Bukan angka"} <= {
        words for words in ("Baris 1 tidak terbaca", "Bukan angka") if words in wrong.content.decode()
    }
    assert "Belum ada nilai yang berubah" in send(planner, "/hasil/2021/", {"source": "BPS"}).content.decode()


def test_a_theme_tags_a_kegiatan_and_an_ro_and_the_recap_is_cut_by_it(planner: Client) -> None:
    page = send(planner, "/tema/tambah/", {"name": "Padat karya", "description": ""}).headers["Location"]
    theme = Theme.objects.get(name="Padat karya")
    assert send(planner, f"{page}2022/tandai/", {"kegiatan": "2175", "kro": "", "ro": ""}).headers["Location"] == page
    assert send(planner, f"{page}2022/tandai/", {"kegiatan": "2175", "kro": "SCH", "ro": ""}).status_code == 422
    send(planner, f"{page}2022/tandai/", {"kegiatan": "2175", "kro": "sch", "ro": "001"})
    assert {str(tag.ro) for tag in theme.tags.all()} == {"", "001"}
    assert "Padat karya" in planner.get("/tema/?tahun=2022").content.decode()
    assert send(planner, "/tema/tambah/", {"name": "Padat karya", "description": ""}).status_code == 422
    send(planner, f"{page}ubah/", {"description": "Kerja singkat"})
    for code in ("2175", "2175.SCH.001"):
        send(planner, f"{page}2022/lepas/?kode={code}", {})
    send(planner, f"{page}hapus/", {})
    assert not Theme.objects.filter(name="Padat karya").exists()


def test_a_block_takes_room_and_is_released_in_parts(planner: Client, pos: Pos) -> None:
    room = free(pos)
    path = f"/blokir/tambah/?tahun=2022&satker={WEST_JAVA}"
    entry = {
        "pos": str(pos.pk), "kind": "aa", "amount_rp": "Rp1.000.000", "letter_no": "S-1/2022",
        "letter_on": "2022-10-01", "on": "2022-12-01",
    }  # fmt: skip
    asked = send(planner, path, entry)
    assert "Rp1.000.000" in asked.content.decode()
    assert free(pos) == room
    page = send(planner, path, entry, pasti="ya").headers["Location"]
    assert free(pos) == room - 1_000_000
    part = {"amount_rp": "400000", "letter_no": "S-2/2022", "letter_on": "", "on": "2022-12-05"}
    assert send(planner, f"{page}buka/", part, pasti="ya").headers["Location"] == page
    assert (free(pos), Block.objects.latest("pk").left_rp) == (room - 600_000, 600_000)
    too_much = send(planner, f"{page}buka/", {**part, "amount_rp": "600001"}, pasti="ya")
    assert too_much.status_code == 409
    assert 'href="#i-amount_rp"' in too_much.content.decode()
    above = send(planner, path, {**entry, "amount_rp": str(10**12)}, pasti="ya")
    assert above.status_code == 409
    assert 'id="i-amount_rp-m"' in above.content.decode()
    assert "S-2/2022" in planner.get(page).content.decode()


def test_a_ppk_reserves_in_the_own_province_and_nowhere_else(ppk: Client, pos: Pos, sign_in: SignIn) -> None:
    room = free(pos)
    assert WEST_JAVA in ppk.get("/cadangan/tambah/?tahun=2022").content.decode()
    assert PAPUA not in ppk.get("/cadangan/tambah/?tahun=2022").content.decode()
    assert ppk.get(f"/cadangan/tambah/?tahun=2022&satker={PAPUA}").status_code == 403
    entry = {
        "pos": str(pos.pk), "document": "SPK-7/2022", "description": "Instruktur", "amount_rp": "250000",
        "on": "2022-12-01",
    }  # fmt: skip
    path = f"/cadangan/tambah/?tahun=2022&satker={WEST_JAVA}"
    page = send(ppk, path, entry, pasti="ya").headers["Location"]
    assert free(pos) == room - 250_000
    assert send(ppk, path, entry, pasti="ya", kunci="d" * 32).status_code == 409
    assert "SPK-7/2022" in ppk.get("/cadangan/?tahun=2022").content.decode()
    assert sign_in("operator-91").get(page).status_code == 404
    part = {"amount_rp": "250000", "on": "2022-12-20", "reason": "SP2D 22029000001"}
    assert send(ppk, f"{page}lepas/", part, pasti="ya").headers["Location"] == page
    assert (free(pos), Reservation.objects.get().left_rp) == (room, 0)
    assert ppk.get("/blokir/tambah/?tahun=2022").status_code == 403


def test_a_dipa_gets_number_date_and_basis_and_its_version_a_letter(planner: Client) -> None:
    path = f"/satker/{WEST_JAVA}/dipa/catat/?tahun=2022"
    entry = {"number": "SP DIPA-026.13.3.029108/2022", "dated_on": "2021-11-17", "legal_basis": "Permenaker 24/2021"}
    assert send(planner, path, entry, pasti="ya").headers["Location"] == f"/satker/{WEST_JAVA}/dipa/?tahun=2022"
    assert Dipa.objects.get(satker__code=WEST_JAVA).dated_on == date(2021, 11, 17)
    version = DipaRevision.objects.filter(dipa__satker__code=WEST_JAVA).earliest("pk")
    pagu = version.pagu_rp
    letter = {"document": "S-9/AG/2022", "authority": "DJA", "revision_code": "201", "reason": "Refocusing"}
    send(planner, f"/dipa/versi/{version.pk}/", letter, pasti="ya")
    version.refresh_from_db()
    assert (version.document, version.authority, version.pagu_rp) == ("S-9/AG/2022", "DJA", pagu)
    text = planner.get(f"/satker/{WEST_JAVA}/dipa/?tahun=2022").content.decode()
    assert "S-9/AG/2022" in text
    assert "Permenaker 24/2021" in text


def test_a_version_of_the_rpd_shows_its_months(planner: Client, sign_in: SignIn) -> None:
    version = RpdVersion.objects.filter(dipa__satker__code=WEST_JAVA).first()
    assert version
    page = f"/rpd/{version.pk}/"
    assert page in planner.get(f"/satker/{WEST_JAVA}/dipa/?tahun=2022").content.decode()
    assert "Setahun" in planner.get(page).content.decode()
    assert sign_in("operator-91").get(page).status_code == 404


def test_the_year_states_what_it_rests_on(planner: Client) -> None:
    entry = {"legal_basis": "Permenaker 24 Tahun 2021", "note": ""}
    send(planner, "/tahun/2022/dasar-hukum/", entry, pasti="ya")
    year = FiscalYear.objects.get(year=2022)
    assert (year.legal_basis, year.synthetic) == ("Permenaker 24 Tahun 2021", True)
    assert "Permenaker 24 Tahun 2021" in planner.get("/kebijakan/?tahun=2022").content.decode()
