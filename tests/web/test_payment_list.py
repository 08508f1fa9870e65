"""The list of payment lines: paged, sought and added up by the database; a file has all lines, read as it is sent."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from dekon.budget import services
from dekon.budget.services import ImportOptions
from dekon.org import selectors as org
from dekon.performance import payments, selectors
from dekon.performance.selectors import PaymentOrder, RecapFilter
from dekon.web.recap.payments import PAGE_SIZE
from tests.builders.files import budget_record, payment_record, write_json
from tests.builders.small_year import WEST_JAVA

PATH = f"provinsi=32&satker={WEST_JAVA}&program=DL&kegiatan=2175"
COUNT = 120


@pytest.fixture
def many(year: None, tmp_path: Path) -> None:
    """120 more payments on one account: numbers and amounts that tell each of them, two of them with odd words."""
    words = {7: "=1+1 honor", 8: "100% hotel_bintang"}
    records = [budget_record(KDSATKER=WEST_JAVA, KODE_AKUN="522151", CONS_ITEM=400, TOTAL=900_000_000)]
    paid = [
        payment_record(
            KDSATKER=WEST_JAVA, KODE_AKUN="522151", NO_SPM=f"{n:05}B", NO_SP2D=f"22029009{n:07}", TGL_SP2D="2022-05-03",
            NILAI_RUPIAH=1_000 * n, URAIAN=words.get(n, f"Honorarium {n}"),
        )
        for n in range(1, COUNT + 1)
    ]  # fmt: skip
    for number, content in enumerate((records, paid)):
        path = write_json(tmp_path / f"banyak-{number}.json", content)
        run = services.import_file(
            actor=org.system_user(), path=path, file_name=path.name, options=ImportOptions(year=2022),
            now=timezone.now(),
        )  # fmt: skip
        assert run.status == "applied", run.findings


def shown(client: Client, query: str) -> list[str]:
    """The numbers of the payments on a page."""
    page = client.get(f"/telusur/?{PATH}&{query}").content.decode()
    table = page[page.index('id="t-sp2d"') : page.index("</tbody>", page.index('id="t-sp2d"'))]
    return re.findall(r'<span class="code">(22029\d+)</span></th>', table)


def test_pages_show_every_line_once(planner: Client, many: None) -> None:
    pages = [shown(planner, f"akun=522151&hal-sp2d={number}") for number in range(1, 6)]
    assert [len(page) for page in pages] == [PAGE_SIZE] * 4 + [COUNT - 4 * PAGE_SIZE]
    assert sorted(number for page in pages for number in page) == [f"22029009{n:07}" for n in range(1, COUNT + 1)]


@pytest.mark.parametrize("page", ["0", "99", "-1", "x", "²", "9" * 30])
def test_a_page_that_is_not_there_shows_one_that_is(planner: Client, many: None, page: str) -> None:
    assert shown(planner, f"akun=522151&hal-sp2d={page}")


def test_sorting_goes_over_all_lines(planner: Client, many: None) -> None:
    assert shown(planner, "akun=522151&urut=sp2d:-jumlah")[0] == f"22029009{COUNT:07}"
    assert shown(planner, "akun=522151&urut=sp2d:jumlah&hal-sp2d=5")[-1] == f"22029009{COUNT:07}"


@pytest.mark.parametrize("column", ["sp2d", "tanggal", "spm", "uraian", "jenis", "pengaruh", "jumlah", "dihitung"])
def test_every_column_sorts_both_ways_and_loses_none(planner: Client, many: None, column: str) -> None:
    for sort in (column, f"-{column}"):
        assert len(set(shown(planner, f"akun=522151&urut=sp2d:{sort}&hal-sp2d=semua"))) == COUNT


@pytest.mark.parametrize(
    ("words", "found"),
    [("honorarium 119", {119}), ("220290090000033", {33}), ("00044B", {44}), ("100%25 hotel_", {8}), ("honor =1", {7}),
     ("belanja 57000", {57}), ("pengembalian", set())],
)  # fmt: skip
def test_words_are_sought_in_all_lines(planner: Client, many: None, words: str, found: set[int]) -> None:
    page = planner.get(f"/telusur/?{PATH}&akun=522151&cari-sp2d={words.replace('+', '%2B')}").content.decode()
    numbers = set(re.findall(r">22029009(\d+)</span></th>", page))
    assert {int(number) for number in numbers} == found


def test_the_sum_is_of_all_lines_and_what_counts_agrees_with_the_recap(planner: Client, many: None) -> None:
    asked = RecapFilter(year=2022, as_of=selectors.default_as_of(2022), satker=WEST_JAVA)
    total = selectors.recap(asked, "akun").total
    sums = selectors.payment_sums(asked)
    assert (sums.count, sums.counted_rp) == (COUNT + 9, total.realised_rp + total.parked_rp)
    assert sums.amount_rp == sum(line.amount_rp for line in selectors.payment_lines(asked))
    page = planner.get(f"/telusur/?{PATH}&akun=522151&satuan=rupiah&hal-sp2d=2").content.decode()
    assert "Jumlah 120 baris" in page
    assert "7.260.000" in page[page.index("Jumlah 120 baris") :]


def test_sorting_begins_at_the_first_page_and_keeps_the_rest_of_the_address(planner: Client, many: None) -> None:
    page = planner.get(f"/telusur/?{PATH}&akun=522151&hal-sp2d=2&per=2022-12-31&cari-sp2d=honor").content.decode()
    heads = re.findall(r'<a href="([^"]*urut=sp2d[^"]*)"', page)
    assert heads
    assert all("hal-sp2d" not in href and "per=2022-12-31" in href and "cari-sp2d=honor" in href for href in heads)


@pytest.mark.parametrize("query", ["", "&cari-sp2d=honorarium", "&urut=sp2d:-jumlah&hal-sp2d=3"])
def test_a_file_holds_what_the_filters_say_on_all_pages(planner: Client, many: None, query: str) -> None:
    content = planner.get(f"/telusur/?{PATH}&akun=522151{query}&unduh=sp2d.csv").getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    kept = COUNT if "cari" not in query else COUNT - 2
    assert len(rows) == kept + 1
    assert {len(row) for row in rows} == {len(rows[0])}
    if "-jumlah" in query:
        assert [int(row[6]) for row in rows[1:]] == sorted((1_000 * n for n in range(1, COUNT + 1)), reverse=True)
    if not query:
        assert "'=1+1 honor" in {row[3] for row in rows}


def test_a_workbook_holds_the_same_rows_and_says_what_it_is(planner: Client, many: None) -> None:
    body = planner.get(f"/telusur/?{PATH}&akun=522151&unduh=sp2d.xlsx").getvalue()
    sheet = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
    above = [str(row[0].value or "") for row in sheet.iter_rows(max_row=8)]
    assert above[0] == "Baris SP2D"
    assert any("2022" in line and "31 Desember 2022" in line for line in above)
    assert any(f"Satker {WEST_JAVA}" in line and "Akun 522151" in line for line in above)
    assert any("120 baris" in line for line in above)
    assert any("oleh perencana" in line for line in above)
    assert any("Data sintetis" in line for line in above)
    assert sheet.max_row == above.index("Nomor SP2D") + 1 + COUNT


def test_lines_are_read_while_the_file_is_sent(planner: Client, many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The head goes out before the database is asked, and no line is taken before the file needs it."""
    taken: list[str] = []

    def watched(*args: object, **kwargs: object) -> Iterator[object]:
        taken.append("asked")
        for number, line in enumerate(payments.payment_lines(*args, **kwargs)):  # type: ignore[arg-type]  # handed on
            taken.append(f"line {number}")
            yield line

    monkeypatch.setattr(selectors, "payment_lines", watched)
    monkeypatch.setattr("dekon.lib.exports.LINES_PER_CHUNK", 10)
    response = planner.get(f"/telusur/?{PATH}&akun=522151&unduh=sp2d.csv")
    pieces = iter(response)
    assert next(pieces).startswith(b"\xef\xbb\xbfNomor SP2D;")
    assert taken == []
    assert next(pieces).count(b"\r\n") == 10
    assert taken == ["asked", *(f"line {number}" for number in range(10))]
    assert sum(piece.count(b"\r\n") for piece in pieces) == COUNT - 10


def test_the_database_hands_over_lines_in_portions(many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payments, "PORTION", 7)
    asked = RecapFilter(year=2022, as_of=selectors.default_as_of(2022), satker=WEST_JAVA)
    whole = [line.pk for line in selectors.payment_lines(asked, PaymentOrder(by="amount"))]
    assert len(whole) == COUNT + 9
    assert whole[20:50] == [
        line.pk for line in selectors.payment_lines(asked, PaymentOrder(by="amount"), start=20, limit=30)
    ]
