from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dekon.budget.imports.reading import ReadOptions
from tests.budget.imports.reading import errors, finding, read, warnings
from tests.builders.files import (
    budget_record,
    output_record,
    payment_record,
    satker_record,
    write_csv,
    write_json,
    write_records_xlsx,
)

type Writer = Callable[[Path, Sequence[dict[str, object]]], Path]

FORMS: dict[str, Writer] = {
    "json": write_json,
    "envelope": lambda path, records: write_json(path, {"status": 200, "data": records, "errors": []}),
    "with token": lambda path, records: write_json(path, [{"TOKEN": "abc"}, records]),
    "comma": write_csv,
    "semicolon": lambda path, records: write_csv(path, records, ";"),
    "tab": lambda path, records: write_csv(path, records, "\t", "utf-16"),
    "pipe": lambda path, records: write_csv(path, records, "|", "cp1252"),
    "xlsx": write_records_xlsx,
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_realisasi_says_the_same(tmp_path: Path, form: str) -> None:
    records = [payment_record(), payment_record(NO_SP2D="220290000000002", KODE_AKUN="524111", NILAI_RUPIAH=-5)]
    parsed, rows = read(FORMS[form](tmp_path / "file", records))
    assert parsed.findings == []
    assert parsed.kind == "monsakti-realisasi"
    assert [(row.sp2d_no, row.akun, row.amount_rp, row.sp2d_on) for row in rows] == [
        ("220290000000001", "521211", 1_250_000, date(2022, 3, 3)),
        ("220290000000002", "524111", -5, date(2022, 3, 3)),
    ]
    assert rows[0].authority == "3"
    assert parsed.satker_facts["119073"][:2] == ("026", "13")
    assert parsed.fiscal_year == 2022


@pytest.mark.parametrize(
    ("form", "cell"),
    [("json", "[1].NILAI_RUPIAH"), ("envelope", "data[1].NILAI_RUPIAH"), ("comma", "W3"), ("xlsx", "W3")],
)
def test_a_wrong_amount_is_named_with_its_place(tmp_path: Path, form: str, cell: str) -> None:
    parsed, _ = read(FORMS[form](tmp_path / "file", [payment_record(), payment_record(NILAI_RUPIAH="12x")]))
    found = finding(parsed, "value-not-a-number")
    assert (found.cell, found.value) == (cell, "12x")
    assert parsed.cell("amount_rp", 2 if "[" in cell else 3) == cell


def test_a_blank_amount_is_no_zero(tmp_path: Path) -> None:
    parsed, _ = read(write_json(tmp_path / "f", [payment_record(NILAI_RUPIAH=None)]))
    assert errors(parsed) == ["value-missing"]


def test_equal_lines_are_kept(tmp_path: Path) -> None:
    _, rows = read(write_json(tmp_path / "f", [payment_record(), payment_record()]))
    assert [row.amount_rp for row in rows] == [1_250_000, 1_250_000]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"KODE_AKUN": "524111"}, "KODE_AKUN"),
        ({"KODE_SUBOUTPUT": "002"}, "KODE_SUBOUTPUT"),
        ({"KDSATKER": "119074"}, "KDSATKER"),
    ],
)
def test_a_column_that_contradicts_the_coa_is_refused(tmp_path: Path, changes: dict[str, object], field: str) -> None:
    record = payment_record() | changes
    parsed, _ = read(write_csv(tmp_path / "f", [record]))
    assert finding(parsed, "coa-differs").column == field


def test_without_coa_the_columns_count(tmp_path: Path) -> None:
    record = payment_record(KODE_COA="", KODE_SUBKOMPONEN="A", KODE_SUBOUTPUT="1")
    parsed, rows = read(write_csv(tmp_path / "f", [record]))
    assert errors(parsed) == []
    assert (rows[0].subkomponen, rows[0].ro, rows[0].authority) == ("0A", "001", "")
    assert warnings(parsed) == ["code-zeros-restored"]


def test_a_broken_coa_is_refused(tmp_path: Path) -> None:
    parsed, _ = read(write_csv(tmp_path / "f", [payment_record(KODE_COA="119073.029.521211")]))
    assert "3 segmen" in finding(parsed, "coa-invalid").message()


def test_codes_that_lost_zeros_or_gained_apostrophes_are_put_right_and_counted(tmp_path: Path) -> None:
    record = payment_record(KDSATKER="007130")
    parsed, rows = read(
        write_records_xlsx(
            tmp_path / "f", [record | {"KDSATKER": 7130, "KODE_KOMPONEN": 51}, record | {"KDSATKER": "'007130"}]
        )
    )
    assert errors(parsed) == []
    assert {row.satker for row in rows} == {"007130"}
    restored = [one for one in parsed.findings if one.code == "code-zeros-restored"]
    assert [(one.column, one.params["count"]) for one in restored] == [("KODE_KOMPONEN", 1), ("KDSATKER", 1)]


def test_an_sp2d_number_in_scientific_form_is_refused_with_advice(tmp_path: Path) -> None:
    parsed, _ = read(write_csv(tmp_path / "f", [payment_record(NO_SP2D="2.20290E+14")]))
    assert "sebagai teks" in finding(parsed, "sp2d-number-scientific").message()


def test_an_sp2d_number_kept_as_a_whole_number_by_excel_is_good(tmp_path: Path) -> None:
    parsed, rows = read(write_records_xlsx(tmp_path / "f", [payment_record(NO_SP2D=220290000000001)]))
    assert errors(parsed) == []
    assert rows[0].sp2d_no == "220290000000001"


def test_a_paid_line_needs_number_and_date_an_earlier_state_does_not(tmp_path: Path) -> None:
    blank: dict[str, object] = {"NO_SP2D": "", "TGL_SP2D": ""}
    parsed, _ = read(write_csv(tmp_path / "f", [payment_record(**blank)]))
    assert errors(parsed) == ["sp2d-missing", "sp2d-date-missing"]
    parsed, rows = read(write_csv(tmp_path / "g", [payment_record(**blank, STATUS_DATA="Setuju SPM")]))
    assert errors(parsed) == []
    assert (rows[0].sp2d_no, rows[0].sp2d_on) == ("", None)


def test_the_rupiah_value_counts_for_foreign_currency(tmp_path: Path) -> None:
    parsed, rows = read(write_csv(tmp_path / "f", [payment_record(MATA_UANG="USD", NILAI_RUPIAH="1543210.50")]))
    assert rows[0].amount_rp == 1_543_211
    assert warnings(parsed) == ["amount-rounded"]
    parsed, _ = read(write_csv(tmp_path / "g", [payment_record(NILAI_RUPIAH="1543210.50")]))
    assert errors(parsed) == ["amount-not-whole"]


@pytest.mark.parametrize(
    "text",
    [
        "03/03/2022",
        "03-03-2022",
        "2022-03-03",
        "03 Maret 2022",
        "2022-03-03T00:00:00",
        "44623",
        "03-Mar-22",
        "'03/03/2022",
    ],
)
def test_dates_of_every_kind(tmp_path: Path, text: str) -> None:
    parsed, rows = read(write_csv(tmp_path / "f", [payment_record(TGL_SP2D=text)]))
    assert parsed.findings == []
    assert rows[0].sp2d_on == date(2022, 3, 3)


def test_a_row_with_an_unquoted_separator_is_named(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f", [payment_record(), payment_record()])
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1].replace("bahan pelatihan", "bahan, pelatihan")]), "utf-8")
    parsed, rows = read(path)
    assert len(rows) == 2
    assert finding(parsed, "row-too-long").row == 4


def test_an_open_quote_ends_the_file_with_its_row_and_swallows_nothing(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f", [payment_record()] * 3)
    lines = path.read_text("utf-8").splitlines()
    lines[2] = lines[2].replace("Pembayaran bahan", '"Pembayaran bahan')
    path.write_text("\n".join(lines), "utf-8")
    parsed, rows = read(path)
    assert len(rows) == 1
    assert finding(parsed, "file-csv-broken").row == 3


def test_payments_of_several_years_are_pointed_out(tmp_path: Path) -> None:
    parsed, _ = read(write_csv(tmp_path / "f", [payment_record(), payment_record(TGL_SP2D="2023-01-09")]))
    assert "2022 (1), 2023 (1)" in finding(parsed, "payments-several-years").message()


def test_headers_of_a_budget_would_double_it_and_are_left_out(tmp_path: Path) -> None:
    records = [budget_record(HEADER1=1), budget_record(HEADER2="1"), budget_record(), budget_record(CONS_ITEM=302)]
    parsed, rows = read(write_json(tmp_path / "f", records))
    assert parsed.findings == []
    assert parsed.counts == {"read": 4, "header_rows": 2, "rpd_differs": 0}
    assert sum(row.total_rp for row in rows) == 24_000_000 == parsed.version_totals_rp["119073", "B00"]
    assert rows[0].rpd_rp == (1_000_000,) * 12
    assert rows[0].volume == Decimal("12.5")
    assert rows[0].item_code == "000301"


def test_mixed_versions_are_told_apart(tmp_path: Path) -> None:
    records = [budget_record(), budget_record(KODE_STS_HISTORY="A01", TOTAL="13000000")]
    parsed, _ = read(write_csv(tmp_path / "f", records))
    assert parsed.version_totals_rp == {("119073", "B00"): 12_000_000, ("119073", "A01"): 13_000_000}
    assert warnings(parsed) == ["rpd-differs-from-total", "versions-mixed"]


@pytest.mark.parametrize(
    ("version", "code"),
    [("A01", "versions-proposal-only"), ("D00", "versions-before-dipa"), ("Z01", "version-letter-unknown")],
)
def test_versions_that_are_no_dipa_in_force_are_pointed_out(tmp_path: Path, version: str, code: str) -> None:
    parsed, _ = read(write_csv(tmp_path / "f", [budget_record(KODE_STS_HISTORY=version)]))
    assert errors(parsed) == []
    assert code in warnings(parsed)


@pytest.mark.parametrize(
    ("path", "program"),
    [
        ("2175.SCH.001", ""),
        ("DL.2175.SCH.001", "DL"),
        ("026.13.DL.2175.SCH.001", "DL"),
        ("02613DL2175SCH001", "DL"),
        ("2175SCH001", ""),
    ],
)
def test_the_path_of_an_ro_is_read_in_all_its_forms(tmp_path: Path, path: str, program: str) -> None:
    parsed, rows = read(write_csv(tmp_path / "f", [output_record(SUB_OUTPUT_KODE=path)]))
    assert parsed.findings == []
    assert rows[0][3:7] == (program, "2175", "SCH", "001")


def test_volumes_keep_their_four_decimals(tmp_path: Path) -> None:
    parsed, rows = read(write_csv(tmp_path / "f", [output_record(TOTAL_REALISASI_SUB_OUTPUT="1.2345")], ";"))
    assert rows[0].total_volume == Decimal("1.2345")
    assert (rows[0].period, parsed.fiscal_year) == ("2022-03", 2022)


def test_the_same_ro_twice_in_a_month_is_refused(tmp_path: Path) -> None:
    parsed, _ = read(write_csv(tmp_path / "f", [output_record(), output_record()]))
    assert errors(parsed) == ["row-repeated"]


def test_the_master_list_ties_satker_to_unit_authority_and_place(tmp_path: Path) -> None:
    parsed, rows = read(write_json(tmp_path / "f", [satker_record()]))
    assert parsed.findings == []
    assert rows[0][1:] == (
        "026",
        "13",
        "119073",
        "DINAS CONTOH",
        "1151",
        "KOTA CONTOH",
        "3",
        "DEKONSENTRASI",
        "029",
        "C O N T O H",
    )


def test_wrong_types_in_json_are_named(tmp_path: Path) -> None:
    parsed, _ = read(write_json(tmp_path / "f", [payment_record(KODE_AKUN=["x"]), payment_record(NILAI_RUPIAH=True)]))
    assert {one.cell for one in parsed.findings if one.code == "value-wrong-type"} == {
        "[0].KODE_AKUN",
        "[1].NILAI_RUPIAH",
    }


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e999999999"])
def test_numbers_that_are_none_are_refused(tmp_path: Path, word: str) -> None:
    text = json.dumps([payment_record()]).replace("1250000", word)
    path = tmp_path / "f"
    path.write_text(text, "utf-8")
    parsed, _ = read(path)
    assert errors(parsed)
    assert {one.cell for one in parsed.findings} <= {"[0].NILAI_RUPIAH"}


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_text(json.dumps([payment_record()]).replace('"KDSATKER"', '"NO_SPP": "9", "KDSATKER"', 1), "utf-8")
    parsed, _ = read(path)
    assert finding(parsed, "file-json-key-repeated").cell == "[0].NO_SPP"


def test_json_cut_off_in_the_middle_says_where(tmp_path: Path) -> None:
    path = write_json(tmp_path / "f", [payment_record()] * 400)
    path.write_text(path.read_text("utf-8")[:200_000], "utf-8")
    parsed, rows = read(path)
    assert rows
    assert finding(parsed, "file-json-broken").params["place"]


def test_thousands_of_wrong_rows_give_a_bounded_list_and_a_count(tmp_path: Path) -> None:
    parsed, _ = read(write_csv(tmp_path / "f", [payment_record(NILAI_RUPIAH="x")] * 3_000))
    assert len(parsed.findings) < 600
    assert finding(parsed, "findings-more").params["count"] == 2_500


def test_a_satker_asked_for_is_compared_with_every_row(tmp_path: Path) -> None:
    parsed, _ = read(write_csv(tmp_path / "f", [payment_record()]), ReadOptions(satker="119074"))
    assert errors(parsed) == ["row-satker-differs"]


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f"
    with path.open("w", encoding="utf-8", newline="") as stream:
        record = payment_record()
        csv.writer(stream).writerows([[*record, "NILAI_RUPIAH"], [*record.values(), 5]])
    parsed, _ = read(path)
    assert errors(parsed) == ["header-twice"]
