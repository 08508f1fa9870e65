"""A year beside the year before: same day, same cut, also where a place was in one of the two years only."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from dekon.budget import services
from dekon.budget.services import ImportOptions
from dekon.lib.periods import same_day_last_year
from dekon.org import selectors as org
from dekon.org.models import Province, Satker, Unit
from dekon.performance import selectors
from dekon.performance.selectors import Figures, RecapFilter
from dekon.web.recap import comparison
from tests.builders.files import budget_record, payment_record, write_json
from tests.builders.small_year import NOW, PAPUA, WEST_JAVA
from tests.web.conftest import SignIn

SOUTH_PAPUA = "269101"
"""A satker of a province that the year before did not know."""


def bring(folder: Path, name: str, content: list[dict[str, object]]) -> None:
    """One file of 2023, applied."""
    path = write_json(folder / name, content)
    run = services.import_file(
        actor=org.system_user(), path=path, file_name=name, options=ImportOptions(year=2023), now=NOW
    )
    assert run.status == "applied", run.findings


@pytest.fixture
def two_years(year: None, tmp_path: Path) -> None:
    """The small year 2022, and 2023 with West Java (30 million) and a new province (20 million), Papua no more."""
    Satker.objects.create(
        code=SOUTH_PAPUA, name="Dinas Tenaga Kerja Papua Selatan", unit=Unit.objects.get(ba_code="026", code="13"),
        province=Province.objects.get(code="93"),
    )  # fmt: skip
    ceilings = ((WEST_JAVA, 30_000_000), (SOUTH_PAPUA, 20_000_000))
    bring(tmp_path, "pagu-2023.json", [budget_record(KDSATKER=code, TOTAL=total) for code, total in ceilings])
    bring(
        tmp_path,
        "sp2d-2023.json",
        [
            payment_record(
                KDSATKER=WEST_JAVA, NO_SPM=f"{month:05}A/{WEST_JAVA}/2023", NO_SP2D=f"2302900{WEST_JAVA}{month:02}",
                TGL_SPP=f"2023-{month:02}-01", TGL_SPM=f"2023-{month:02}-02", TGL_SP2D=f"2023-{month:02}-03",
                NILAI_RUPIAH=2_000_000,
            )
            for month in range(1, 13)
        ],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2023, 10, 7), date(2022, 10, 7)),
        (date(2023, 12, 31), date(2022, 12, 31)),
        (date(2024, 2, 29), date(2023, 2, 28)),
        (date(2024, 2, 28), date(2023, 2, 28)),
        (date(2025, 2, 28), date(2024, 2, 29)),
        (date(2025, 2, 27), date(2024, 2, 27)),
        (date(2023, 4, 30), date(2022, 4, 30)),
    ],
)
def test_the_same_day_last_year_keeps_the_end_of_a_month(day: date, before: date) -> None:
    assert same_day_last_year(day) == before


def west_java(day: date) -> comparison.Compared:
    asked = RecapFilter(year=2023, as_of=day, satker=WEST_JAVA)
    found = comparison.compared(asked, selectors.totals(asked))
    assert found
    return found


def test_each_year_counts_up_to_the_same_day(two_years: None) -> None:
    """By 3 May each year has paid five months; by 2 May four."""
    for day, months in ((date(2023, 5, 3), 5), (date(2023, 5, 2), 4)):
        found = west_java(day)
        assert found.as_of == day.replace(year=2022)
        assert (found.now.realised_rp, found.before.realised_rp) == (months * 2_000_000, months * 1_000_000)
    assert (found.now.pagu_rp, found.before.pagu_rp, found.pagu_rp) == (30_000_000, 24_000_000, 6_000_000)
    assert found.realised_rp == 4_000_000


def test_a_cut_without_a_year_before_is_not_compared(two_years: None) -> None:
    asked = RecapFilter(year=2023, as_of=date(2023, 12, 31), province="93")
    assert comparison.compared(asked, selectors.totals(asked)) is None
    assert comparison.compared(RecapFilter(year=2022, as_of=date(2022, 12, 31)), Figures()) is None


def table(client: Client, query: str) -> dict[str, list[str]]:
    """The rows of the page's file by their names."""
    content = client.get(f"/banding/?{query}&unduh=banding.csv").getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))[1:]
    return {row[0]: row[1:] for row in rows}


def test_provinces_of_both_years_stand_side_by_side(two_years: None, planner: Client) -> None:
    rows = table(planner, "tahun=2023&per=2023-12-31")
    assert rows["Jawa Barat"][:4] == ["30000000", "24000000", "24000000", "9000000"]
    assert (rows["Papua Selatan"][:2], rows["Papua Selatan"][7]) == (["20000000", ""], "Baru pada 2023")
    assert (rows["Papua"][:2], rows["Papua"][7]) == (["", "24000000"], "Hanya pada 2022")
    assert rows["Jawa Barat"][4:7] == ["0,8", "0,375", "0,425"]


def test_the_page_goes_down_with_the_same_filters(two_years: None, planner: Client) -> None:
    page = planner.get("/banding/?tahun=2023&per=2023-12-31&jenis=52").content.decode()
    assert "/banding/?" in page
    assert "jenis=52" in page
    rows = table(planner, "tahun=2023&per=2023-12-31&jenis=52&provinsi=32")
    assert [row[1:5] for row in rows.values()] == [["30000000", "24000000", "24000000", "9000000"]]


def test_a_year_with_nothing_before_says_so(two_years: None, planner: Client) -> None:
    page = planner.get("/banding/?tahun=2021").content.decode()
    assert "Tidak ada angka tahun 2021 maupun 2020" in page


def test_beside_a_year_without_figures_nothing_is_called_new(two_years: None, planner: Client) -> None:
    page = planner.get("/banding/?tahun=2022&per=2022-12-31").content.decode()
    assert "Tahun 2021 belum berisi angka" in page
    assert "Baru pada 2022" not in page


def test_nation_and_province_show_both_years_and_lead_to_the_rows(two_years: None, planner: Client) -> None:
    for path in ("/nasional/", "/provinsi/32/"):
        page = planner.get(f"{path}?tahun=2023&per=2023-12-31").content.decode()
        assert "Dibandingkan dengan 2022 pada tanggal yang sama" in page, path
        assert "/banding/?" in page, path
    assert "Dibandingkan dengan" not in planner.get("/provinsi/93/?tahun=2023").content.decode()


def test_an_operator_compares_the_own_province_only(two_years: None, sign_in: SignIn) -> None:
    operator = sign_in("operator-32")
    assert operator.get("/banding/?tahun=2023&provinsi=93").status_code == 403
    assert PAPUA not in operator.get("/banding/?tahun=2023").content.decode()
