"""The presentation mode: live figures as slides, the share of each region, filters in the address."""

from __future__ import annotations

import re
from html import unescape

from django.test import Client

from dekon.budget.models import Policy, PolicyLink, PolicyTarget
from tests.builders.small_year import PAPUA, WEST_JAVA
from tests.web.conftest import SignIn


def words(client: Client, query: str = "", status: int = 200) -> str:
    answer = client.get(f"/paparan/?tahun=2022{query}")
    assert answer.status_code == status
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", unescape(answer.content.decode())))


def test_every_region_has_its_share_and_the_shares_add_up(planner: Client) -> None:
    seen = words(planner)
    region = seen[seen.index("Bagian tiap daerah") :]
    assert "Jawa Barat 32" in region
    assert "Papua 91" in region
    assert region.count("50,0 %") == 2
    assert "100,0 %" in region


def test_amounts_are_in_full_rupiah_and_the_day_is_said(planner: Client) -> None:
    seen = words(planner, "&per=2022-09-30")
    assert re.search(r"Rp\d{1,3}(\.\d{3}){2,}", seen)
    assert "Data per 30 September 2022" in seen
    assert "data sintetis" in seen


def test_a_policy_stands_on_a_slide_with_its_targets_and_its_money_once(planner: Client) -> None:
    policy = Policy.objects.create(fiscal_year=2022, code="K9", name="Pelatihan vokasi merata")
    PolicyTarget.objects.create(
        policy=policy, indicator="x", name="Lulusan terserap", unit="persen", low="60", high="70"
    )
    for code in ("", "2175"):
        PolicyLink.objects.create(policy=policy, program="DL", kegiatan=code)
    seen = words(planner)
    slide = seen[seen.index("Kebijakan K9") : seen.index("Anggaran menurut program")]
    assert "Lulusan terserap 60–70 persen" in slide
    assert "belum ada nilai" in slide
    assert slide.count("dari pagu yang ditampilkan") == 1, "the activity lies within the programme that is told whole"


def test_a_province_sees_its_own_satker_and_its_share_of_the_published_nation(sign_in: SignIn) -> None:
    seen = words(sign_in("operator-32"))
    assert WEST_JAVA in seen
    assert PAPUA not in seen
    assert "Bagian dari pagu nasional" in seen
    assert "50,0 %" in seen
    words(sign_in("operator-32"), "&provinsi=91", status=403)


def test_filters_of_the_address_narrow_all_slides(planner: Client) -> None:
    assert "Tidak ada anggaran pada saringan ini." in words(planner, "&program=ZZ")
    assert "Papua 91" not in words(planner, "&provinsi=32")


def test_the_page_needs_no_script(planner: Client) -> None:
    page = planner.get("/paparan/?tahun=2022").content.decode()
    assert 'class="deckbar"' in page
    assert re.search(r'<nav class="deckbar"[^>]* hidden>', page), "buttons appear only where a script moves the slides"
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert " style=" not in page
