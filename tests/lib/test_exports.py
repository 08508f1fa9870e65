from __future__ import annotations

import csv
import io
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dekon.lib.exports import About, Cell, Column, csv_stream, neutral, write_xlsx, xlsx_stream

COLUMNS = (Column("Kode"), Column("Nilai", "money"), Column("Serapan", "percent"), Column("Tanggal", "date"))
ABOUT = About("Rekap nasional", ("Per 7 Oktober 2022", "Data sintetis"))


def many(count: int) -> Iterator[tuple[str, int]]:
    return ((f"baris {number}", number) for number in range(count))


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\tx", "\rx", "\nx", "\uff1d1", "-", "+62 812", "-1,000.5x"]
)
def test_a_text_that_would_act_as_a_formula_gets_an_apostrophe(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("value", ["Belanja", "", "1-2", "'=1", "-14", "-14.5", "-14,5", -14, Decimal("-1.5"), None])
def test_numbers_and_harmless_texts_stay_as_they_are(value: object) -> None:
    assert neutral(value) is value


def test_csv_is_written_as_indonesian_excel_reads_it() -> None:
    rows: list[tuple[Cell, ...]] = [
        ("=1", Decimal("-1.5"), date(2022, 10, 7)),
        ('a;"b"', -5, datetime(2022, 1, 1, tzinfo=UTC)),
        (None, True, 0),
    ]
    text = b"".join(csv_stream(("Kode", "Nilai", "Hari"), rows)).decode()
    assert text == ('\ufeffKode;Nilai;Hari\r\n\'=1;-1,5;2022-10-07\r\n"a;""b""";-5;2022-01-01 07:00:00\r\n;True;0\r\n')


def test_csv_for_programs_has_commas_points_and_no_mark() -> None:
    content = b"".join(csv_stream(("a", "b"), [("x", Decimal("0.25"))], separator=",", bom=False))
    assert content == b"a,b\r\nx,0.25\r\n"


@given(st.lists(st.tuples(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), st.integers()), max_size=5))
def test_csv_reads_back_as_it_was(rows: list[tuple[str, int]]) -> None:
    text = b"".join(csv_stream(("a", "b"), rows, bom=False)).decode()
    back = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1:]
    assert back == [[str(neutral(first)), str(second)] for first, second in rows]


def test_the_head_of_a_csv_is_sent_before_any_row_is_read() -> None:
    rows = many(3)
    assert next(csv_stream(("a", "b"), rows)).endswith(b"a;b\r\n")
    assert next(rows) == ("baris 0", 0)


def test_a_csv_of_100_000_lines_begins_at_once_and_keeps_memory_flat() -> None:
    begin = time.perf_counter()
    stream = csv_stream(("a", "b"), many(100_000))
    next(stream)
    first_byte_seconds = time.perf_counter() - begin
    tracemalloc.start()
    sizes = [len(chunk) for chunk in stream]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert first_byte_seconds < 0.2
    assert sum(sizes) > 1_500_000
    assert peak < 1_000_000


def test_a_workbook_says_what_it_is_and_keeps_the_kind_of_each_cell(tmp_path: Path) -> None:
    path = tmp_path / "rekap.xlsx"
    write_xlsx(path, COLUMNS, [("007", 128_900_000_000, Decimal("0.631"), date(2022, 10, 7))], ABOUT, "Rekap: [1]")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet.title == "Rekap 1"
    assert [sheet.cell(row, 1).value for row in (1, 2, 3)] == ["Rekap nasional", "Per 7 Oktober 2022", "Data sintetis"]
    assert [cell.value for cell in sheet[5]] == ["Kode", "Nilai", "Serapan", "Tanggal"]
    assert sheet["A5"].font.bold
    assert [cell.value for cell in sheet[6]] == ["007", 128_900_000_000, 0.631, datetime(2022, 10, 7)]  # noqa: DTZ001  # Excel
    assert [cell.number_format for cell in sheet[6]] == ["@", "#,##0", "0.0%", "d mmm yyyy"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A6", "A5:D6")


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "http://contoh.id", "a\x00b", "x" * 40_000])
def test_a_text_in_a_workbook_stays_a_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "teks.xlsx"
    write_xlsx(path, (Column("Uraian"),), [(text,)], About(text[:50]))
    cell = openpyxl.load_workbook(path).worksheets[0]["A4"]
    assert cell.data_type == "s"
    assert cell.value == text.replace("\x00", "")[:32_767]


def test_a_workbook_without_rows_or_into_memory_can_be_opened() -> None:
    target = io.BytesIO()
    write_xlsx(target, COLUMNS, [], ABOUT)
    assert openpyxl.load_workbook(target).worksheets[0]["B5"].value == "Nilai"


def test_columns_of_the_same_name_and_rows_of_another_length_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="same head"):
        write_xlsx(tmp_path / "a.xlsx", (Column("x"), Column("x")), [], ABOUT)
    with pytest.raises(ValueError, match="zip"):
        write_xlsx(tmp_path / "b.xlsx", (Column("x"), Column("y")), [("1",)], ABOUT)


def test_a_streamed_workbook_is_whole() -> None:
    content = b"".join(xlsx_stream((Column("a"), Column("b", "money")), many(1_000), ABOUT))
    assert openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].max_row == 1_005
