"""What-if and pre-flight on the page: an answer or the best that is left, effects of a change, bad input in words."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.builders.small_year import PAPUA, WEST_JAVA
from tests.web.conftest import SignIn

PAGE = f"/skor/{WEST_JAVA}/andai/?tahun=2022&bulan=8"


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_the_page_answers_or_names_the_best_that_is_left(planner: Client) -> None:
    page = text(planner, PAGE)
    assert "Nilai tertinggi yang masih terjangkau" in page
    low = text(planner, f"{PAGE}&sasaran=1")
    assert "Paling sedikit 0,00 % dari RPD" in low.replace("\xa0", " ").replace("\u202f", " ")
    assert "tidak terjangkau" in text(planner, f"{PAGE}&sasaran=100")


def test_the_month_that_is_left_has_its_row_and_form(planner: Client) -> None:
    page = text(planner, PAGE)
    assert 'name="rpd-52-9"' in page
    assert 'name="real-52-9"' in page
    assert 'name="rpd-52-8"' not in page


def test_a_change_is_computed_and_says_until_when_it_counts(planner: Client) -> None:
    page = text(planner, f"{PAGE}&uji=1&rpd-52-9=1.000.000&real-52-9=1000000&revisi=219&kirim=2022-09-01")
    assert "Perubahan RPD September tidak dihitung: sudah terkunci." in page
    assert "paling lambat 14 Juli 2022" in page
    assert "Revisi ini tidak termasuk yang dihitung" in page
    early = text(planner, f"/skor/{WEST_JAVA}/andai/?tahun=2022&bulan=6&uji=1&rpd-52-9=1&kirim=2022-07-14")
    assert "sudah terkunci" not in early
    late = text(planner, f"/skor/{WEST_JAVA}/andai/?tahun=2022&bulan=6&uji=1&rpd-52-9=1&kirim=2022-07-15")
    assert "sudah terkunci" in late


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("sasaran=101", "bukan nilai"),
        ("sasaran=NaN", "bukan nilai"),
        ("sasaran=empat", "bukan nilai"),
        ("uji=1&rpd-52-9=banyak", "bukan jumlah rupiah"),
        ("uji=1&rpd-52-9=-5", "bukan jumlah rupiah"),
        ("uji=1&kirim=kemarin", "Tanggal"),
    ],
)
def test_what_cannot_be_computed_is_told(planner: Client, query: str, words: str) -> None:
    answer = planner.get(f"{PAGE}&{query}")
    assert answer.status_code in {400, 422}
    assert words.lower() in answer.content.decode().lower()


def test_at_the_end_of_the_year_nothing_is_left_and_the_page_says_so(planner: Client) -> None:
    assert "tidak ada bulan yang tersisa" in text(planner, f"/skor/{WEST_JAVA}/andai/?tahun=2022&bulan=12")


def test_a_foreign_satker_is_refused_and_the_score_leads_here(sign_in: SignIn) -> None:
    own = sign_in("operator-32")
    assert own.get(f"/skor/{PAPUA}/andai/?tahun=2022").status_code == 403
    assert f"/skor/{WEST_JAVA}/andai/" in text(own, f"/skor/{WEST_JAVA}/?tahun=2022&bulan=9")
    text(own, "/skor/999999/andai/?tahun=2022", 404)
