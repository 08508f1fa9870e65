"""Long tables come in pages, and files say what they are."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from dekon.budget.models import ImportRun
from dekon.org import selectors as org
from dekon.web.about import FileFacts
from dekon.web.address import Address
from dekon.web.tables import ALL_ROWS, Column, Line, Table, arranged, cells, page_link, paged, whole
from tests.web.conftest import SignIn


def table(rows: int, **changes: object) -> Table:
    """A table of numbered rows with their sum."""
    lines = tuple(Line(cells(f"baris {number}", number)) for number in range(1, rows + 1))
    total = Line(cells("Jumlah", sum(range(1, rows + 1))))
    columns = (Column("nama", "Nama"), Column("nilai", "Nilai", "number"))
    return Table("t", "Tabel", columns, lines, total, **changes)  # type: ignore[arg-type]  # as the tests say


def numbers(shown: Table) -> list[object]:
    return [line.cells[1].value for line in shown.lines]


def at(**params: str) -> Address:
    return Address("/x/", {name.replace("_", "-"): value for name, value in params.items()})


def test_a_table_is_sorted_whole_before_it_is_cut_into_pages() -> None:
    second = paged(arranged(table(120), at(urut="t:-nilai", hal_t="2")))
    assert numbers(second) == list(range(70, 20, -1))
    assert (second.first, second.pages, second.matching) == (51, 3, 120)
    assert second.total == table(120).total


@pytest.mark.parametrize(
    ("rows", "page", "links"),
    [(50, 1, (1,)), (120, 1, (1, 2, 3)), (1000, 1, (1, 2, 0, 20)), (1000, 10, (1, 0, 9, 10, 11, 0, 20)),
     (1000, 20, (1, 0, 19, 20))],
)  # fmt: skip
def test_a_page_links_to_the_first_the_last_and_its_neighbours(rows: int, page: int, links: tuple[int, ...]) -> None:
    assert paged(arranged(table(rows), at(hal_t=str(page)))).page_numbers == links


def test_all_rows_stand_on_one_page_where_they_are_not_too_many() -> None:
    assert len(paged(arranged(table(ALL_ROWS), at(hal_t="semua"))).lines) == ALL_ROWS
    assert len(paged(arranged(table(ALL_ROWS + 1), at(hal_t="semua"))).lines) == 50


def test_a_file_of_a_page_holds_all_pages() -> None:
    assert len(list(whole(arranged(table(120), at(hal_t="2"))))) == 120


def test_words_narrow_all_pages_and_what_is_left_has_no_sum() -> None:
    shown = paged(arranged(table(120), at(cari_t="baris 11", hal_t="3")))
    assert numbers(shown) == [11, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119]
    assert (shown.page, shown.total, shown.whole) == (1, None, 120)


def test_the_first_page_needs_no_word_in_the_address() -> None:
    assert page_link(table(1), 1, at(hal_t="3", per="2022-01-01")) == "/x/?per=2022-01-01#h-t"
    assert page_link(table(1), 2, at()) == "/x/?hal-t=2#h-t"


def facts(**changes: object) -> FileFacts:
    known: dict[str, object] = {
        "title": "Baris SP2D", "year": 2022, "as_of": date(2022, 10, 7), "filters": (("satker", "Satker", "029108"),),
        "rows": 3, "made_at": datetime(2022, 10, 7, 3, 5, tzinfo=UTC), "made_by": "perencana", "synthetic": True,
    }  # fmt: skip
    return FileFacts(**{**known, **changes})  # type: ignore[arg-type]  # as the tests say


def test_the_name_of_a_file_says_what_it_is() -> None:
    assert facts().file_name("csv") == (
        "dekon-baris-sp2d-2022-per-20221007-satker-029108-dibuat-20221007t1005-oleh-perencana-data-sintetis.csv"
    )
    assert (
        facts(rows=0, synthetic=False, filters=(("cari", "kata", "a" * 300),))
        .file_name("xlsx")
        .endswith("-tanpa-baris.xlsx")
    )
    assert len(facts(filters=(("cari", "kata", "a" * 300),)).file_name("xlsx")) < 255


def test_a_file_that_is_cut_by_nothing_says_so() -> None:
    assert "Tanpa saringan" in facts(filters=()).lines()
    assert not any("sintetis" in line for line in facts(synthetic=False).lines())


def test_each_row_of_made_up_figures_says_so_in_a_csv(planner: Client) -> None:
    response = planner.get("/nasional/?unduh=provinsi.csv&per=2022-10-07")
    head, *rows = response.getvalue().decode("utf-8-sig").splitlines()
    assert head.endswith(";Keterangan data")
    assert rows
    assert all(row.endswith(";sintetis") for row in rows)
    assert re.search(r"provinsi-dan-unit-2022-per-20221007-.*oleh-perencana-data-sintetis\.csv", str(response.headers))


def test_a_file_of_a_province_names_it_although_the_address_does_not(sign_in: SignIn) -> None:
    response = sign_in("operator-32").get("/telusur/?unduh=rincian.csv")
    assert "provinsi-32" in response.headers["Content-Disposition"]


@pytest.fixture
def long_history(year: None) -> None:
    """Sixty more files on record."""
    for number in range(60):
        ImportRun.objects.create(
            file_name=f"berkas-lama-{number}.csv", sha256=f"{number:064x}", kind="fa-detail", status="refused",
            created_by=org.system_user(), rows_read=number, size_bytes=1,
        )  # fmt: skip


def test_the_history_of_imports_comes_in_pages_newest_first(planner: Client, long_history: None) -> None:
    newest = ImportRun.objects.order_by("-pk").first()
    assert newest
    first, second = (planner.get(f"/impor/?hal-riwayat={page}").content.decode() for page in (1, 2))
    assert f"#{newest.pk}<" in first
    assert first.count("berkas-lama") == second.count("berkas-lama") == 25
    assert "Baris 26–50 dari 64" in second


@pytest.mark.parametrize(("words", "found"), [("lama-33", 1), ("ditolak FA", 60), ("diterapkan", 4), ("zzz", 0)])
def test_the_history_is_sought_by_name_kind_and_result(
    planner: Client, long_history: None, words: str, found: int
) -> None:
    content = planner.get(f"/impor/?unduh=riwayat.csv&cari-riwayat={words}").getvalue().decode("utf-8-sig")
    assert len(content.splitlines()) == found + 1


@pytest.mark.parametrize("column", ["impor", "berkas", "jenis", "kapan", "oleh", "baris", "status"])
def test_the_history_sorts_by_every_column(planner: Client, long_history: None, column: str) -> None:
    for sort in (column, f"-{column}"):
        assert planner.get(f"/impor/?urut=riwayat:{sort}").status_code == 200
