from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dekon.budget.imports.reading import ReadOptions
from tests.budget.imports.reading import errors, finding, read, warnings
from tests.builders.files import (
    SP2D_HEADER,
    detail_cells,
    sp2d_cells,
    write_detail_xlsx,
    write_sp2d_xlsx,
    write_table,
)

KPPN_HEADER = (
    "No",
    "Satker",
    "Nama Satker",
    "No. SP2D",
    "Tanggal Selesai SP2D",
    "Tgl SP2D",
    "Mata Uang",
    "Nilai SPM",
    "Potongan",
    "Nilai SP2D",
    "Nomor Invoice",
    "Status",
)
KPPN_ROW = (
    1,
    "119073",
    "DINAS CONTOH",
    "220290000000007",
    "04-03-2022",
    "03-03-2022",
    "IDR",
    5_000_000,
    250_000,
    4_750_000,
    "00007T/119073/2022",
    "PAID",
)
SPAN_HEADER = (
    "No.",
    "Nomor SP2D",
    "Tanggal Selesai SP2D",
    "Tanggal SP2D",
    "Nilai SP2D",
    "Nomor Invoice",
    "Tanggal Invoice",
    "Jenis SPM",
    "Jenis SP2D",
    "Description",
)
SPAN_ROW = (
    1,
    "220290000000007",
    "04-03-2022",
    "03-03-2022",
    "4.750.000",
    "00007T/119073/2022",
    "02-03-2022",
    "231",
    "NON GAJI",
    "Belanja",
)


@pytest.mark.parametrize("header_row", [1, 2, 3])
def test_the_list_is_read_wherever_its_header_stands(tmp_path: Path, header_row: int) -> None:
    parsed, rows = read(write_sp2d_xlsx(tmp_path / "f", [sp2d_cells(1), sp2d_cells(2)], header_row))
    assert parsed.findings == []
    first = rows[0]
    assert (first.satker, first.spp_no, first.spp_kind, first.spp_kind_name) == (
        "119073",
        "00001T",
        "311",
        "UANG PERSEDIAAN",
    )
    assert (first.sp2d_no, first.sp2d_on, first.spp_on) == ("220290000000001", date(2022, 3, 3), date(2022, 3, 1))
    assert (first.gross_rp, first.deduction_rp, first.net_rp) == (12_500_000, 500_000, 12_000_000)


def test_gross_less_deduction_must_be_net(tmp_path: Path) -> None:
    parsed, _ = read(write_sp2d_xlsx(tmp_path / "f", [sp2d_cells(1, net="12.000.001")]))
    assert finding(parsed, "sp2d-net-differs").cell == "K2"


def test_the_total_row_is_compared_and_is_no_payment(tmp_path: Path) -> None:
    total = ["JUMLAH", *[""] * 7, "25.000.000", "1.000.000", "24.000.001", ""]
    parsed, rows = read(write_table(tmp_path / "f", [SP2D_HEADER, sp2d_cells(1), sp2d_cells(2), total]))
    assert len(rows) == 2
    assert finding(parsed, "list-total-differs").cell == "K4"


def test_the_satker_can_be_told_by_the_user(tmp_path: Path) -> None:
    row = sp2d_cells(1)
    row[1] = "00001T"
    path = write_sp2d_xlsx(tmp_path / "f", [row])
    parsed, _ = read(path)
    assert errors(parsed) == ["sp2d-satker-missing"]
    parsed, rows = read(path, ReadOptions(satker="119073"))
    assert (errors(parsed), rows[0].satker) == ([], "119073")


def test_the_print_of_a_kppn_is_the_same_list(tmp_path: Path) -> None:
    parsed, rows = read(write_table(tmp_path / "f", [["DAFTAR SP2D SATKER"], KPPN_HEADER, KPPN_ROW]))
    assert parsed.kind == "myintress-sp2d"
    assert parsed.findings == []
    assert (rows[0].gross_rp, rows[0].net_rp, rows[0].spp_no, rows[0].sp2d_on) == (
        5_000_000,
        4_750_000,
        "00007T",
        date(2022, 3, 3),
    )
    assert parsed.satker_facts["119073"].name == "DINAS CONTOH"


def test_a_table_of_om_span_states_only_net_and_says_so(tmp_path: Path) -> None:
    parsed, rows = read(write_table(tmp_path / "f", [SPAN_HEADER, SPAN_ROW]))
    assert (errors(parsed), warnings(parsed)) == ([], ["sp2d-only-net"])
    assert (rows[0].satker, rows[0].net_rp) == ("119073", 4_750_000)


@pytest.mark.parametrize("two_lines", [False, True])
def test_details_carry_the_account(tmp_path: Path, two_lines: bool) -> None:
    rows = [detail_cells(), detail_cells(akun="", amount="", cut_akun="411121", cut="50.000")]
    parsed, lines = read(write_detail_xlsx(tmp_path / "f", rows, two_lines=two_lines))
    assert parsed.kind == "myintress-detail"
    assert parsed.findings == []
    assert (lines[0].akun, lines[0].amount_rp, lines[0].kro, lines[0].subkomponen) == ("521211", 1_250_000, "SCH", "0A")
    assert (lines[1].akun, lines[1].amount_rp, lines[1].deduction_akun, lines[1].deduction_rp) == (
        "",
        0,
        "411121",
        50_000,
    )


def test_the_account_must_be_that_of_the_coa(tmp_path: Path) -> None:
    parsed, _ = read(write_detail_xlsx(tmp_path / "f", [detail_cells(akun="524111")]))
    assert finding(parsed, "coa-differs").cell == "H6"


def test_foreign_currency_is_valued_at_its_rate(tmp_path: Path) -> None:
    parsed, rows = read(
        write_detail_xlsx(tmp_path / "f", [detail_cells(currency="USD", rate="14350.50", amount="100")])
    )
    assert rows[0].amount_rp == 1_435_050
    assert warnings(parsed) == ["amount-rounded"]
