"""The pages of scores: the list of those one may see, and one score with where each point comes from."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from dekon.scoring import selectors
from dekon.scoring.figures import SatkerFigures, TypeMonths
from tests.builders.small_year import PAPUA, WEST_JAVA
from tests.web.conftest import SignIn


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_the_planner_sees_every_satker_and_an_operator_only_those_of_the_province(
    planner: Client, sign_in: SignIn
) -> None:
    assert {WEST_JAVA, PAPUA} <= set(text(planner, "/skor/?tahun=2022&bulan=9").replace("/", " ").split())
    own = text(sign_in("operator-32"), "/skor/?tahun=2022&bulan=9")
    assert WEST_JAVA in own
    assert PAPUA not in own
    text(sign_in("operator-32"), "/skor/?tahun=2022&bulan=9&provinsi=91", 403)


def test_a_foreign_satker_is_refused(sign_in: SignIn) -> None:
    assert sign_in("operator-32").get(f"/skor/{PAPUA}/?tahun=2022").status_code == 403


def test_the_page_of_a_score_names_every_indicator_its_value_and_what_is_missing(planner: Client) -> None:
    page = text(planner, f"/skor/{WEST_JAVA}/?tahun=2022&bulan=9")
    for words in (
        "Revisi DIPA = 100,00", "Deviasi Halaman III DIPA", "Kontrak satker ini belum dicatat", "PER-5/PB/2022",
        "Perkiraan",
    ):  # fmt: skip
        assert words in page, words
    nka = text(planner, f"/skor/{WEST_JAVA}/?tahun=2022&bulan=9&skor=nka")
    assert "Capaian RO" in nka
    assert "PMK 22/PMK.02/2021" in nka


def test_the_month_follows_the_day_of_the_address_where_none_is_said(planner: Client) -> None:
    assert "IKPA September 2022" in text(planner, f"/skor/{WEST_JAVA}/?tahun=2022&per=2022-10-15")
    assert "IKPA Oktober 2022" in text(planner, f"/skor/{WEST_JAVA}/?tahun=2022&per=2022-10-31")


@pytest.mark.parametrize("month", ["0", "13", "mei", "9" * 40, "-1", "٣"])
def test_a_month_that_is_none_is_told(planner: Client, month: str) -> None:
    answer = planner.get("/skor/", {"tahun": "2022", "bulan": month})
    assert answer.status_code in {400, 422}
    assert "Isi 1 sampai 12" in answer.content.decode()


def test_a_satker_without_budget_that_year_is_told(planner: Client) -> None:
    assert "Tidak ada satker beranggaran" in text(planner, f"/skor/{WEST_JAVA}/?tahun=2031", 404)


def test_the_table_comes_as_a_file_with_the_numbers_of_the_page(planner: Client) -> None:
    answer = planner.get("/skor/?tahun=2022&bulan=9&unduh-skor=csv")
    page = text(planner, "/skor/?tahun=2022&bulan=9")
    content = b"".join(answer).decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(content), delimiter=";") if WEST_JAVA in " ".join(row)]
    if not rows:
        pytest.fail(content[:500])
    assert any(cell and cell[:5].replace(".", ",") in page for cell in rows[0])


def test_a_year_without_rules_shows_the_list_and_says_why(planner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = SatkerFigures(WEST_JAVA, "Disnaker", "32", "08", 2020, 9, {"52": TypeMonths.empty(9)})
    monkeypatch.setattr(selectors, "figures_of", lambda **_: [figures])
    for path in ("/skor/?tahun=2020&bulan=9", f"/skor/{WEST_JAVA}/?tahun=2020&bulan=9"):
        page = text(planner, path)
        assert "Belum ada aturan IKPA untuk TA 2020" in page
        assert "mulai TA 2021" in page


def test_the_steps_of_a_score_are_in_english_where_english_is_asked_for(planner: Client) -> None:
    planner.post("/bahasa/", {"language": "en"})
    page = text(planner, f"/skor/{WEST_JAVA}/?tahun=2022&bulan=9")
    for words in ("at most 100", "mean deviation", "absorption of the quarter"):
        assert words in page, words
    for words in ("paling tinggi", "rata-rata", "terhadap", "bobot dikonversi"):
        assert words not in page, words


def test_points_that_the_treasury_set_are_shown_with_what_was_computed(
    planner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent = TypeMonths([1000] * 3, [0] * 3, [0, 10, 20], [100, 100, 100], [0, 10, 10])
    figures = SatkerFigures(WEST_JAVA, "Disnaker", "32", "08", 2025, 3, {"52": spent})
    monkeypatch.setattr(selectors, "figures_of", lambda **_: [figures])
    page = text(planner, f"/skor/{WEST_JAVA}/?tahun=2025&bulan=3")
    assert "Ditetapkan 100,00 untuk triwulan ini" in page
    assert "Inpres 1/2025" in page
    assert page.count("<b>33,33</b>") + page.count("<b>44,44</b>") + page.count("<b>22,22</b>") == 3
