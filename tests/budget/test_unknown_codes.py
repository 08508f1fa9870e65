"""A code that no list has is told once, at the cell where the file writes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dekon.budget.models import ImportRun
from tests.budget.conftest import Bring
from tests.builders.files import (
    SP2D_HEADER,
    Account,
    FaPrint,
    detail_cells,
    fa_grid,
    output_record,
    payment_record,
    some_accounts,
    sp2d_cells,
    write_detail_xlsx,
    write_fa_xlsx,
    write_sp2d_xlsx,
    write_table,
)

pytestmark = pytest.mark.django_db

NOWHERE = ("ZY", "9871", "ZZZ", "001", "051", "0A")
type Told = list[tuple[str, str, int | None, str, str]]


def told(run: ImportRun) -> Told:
    """Code, cell, row, column and value of each error."""
    found = [f for f in run.findings if f["severity"] == "error"]
    return [(f["code"], f["cell"], f["row"], f["column"], f["value"]) for f in found]


def test_codes_of_a_print_are_told_at_their_own_rows_of_the_tree(bring: Bring, tmp_path: Path) -> None:
    fa = FaPrint([*some_accounts(6), *(Account(NOWHERE, akun, 1_000_000) for akun in ("521211", "599999"))])
    grid = fa_grid(fa)
    place = {code: row for row, cells in grid.items() for code in cells.values()}
    run = bring(path=write_fa_xlsx(tmp_path / "fa.xlsx", fa), year=None, create_missing=False)
    assert told(run) == [
        ("unknown-program", f"B{place['ZY']}", place["ZY"], "B", "ZY"),
        ("unknown-kegiatan", f"B{place['ZY.9871']}", place["ZY.9871"], "B", "ZY.9871"),
        ("unknown-kro", f"C{place['ZZZ']}", place["ZZZ"], "C", "ZZZ"),
        ("unknown-akun", f"H{place['599999']}", place["599999"], "H", "599999"),
    ]
    assert {f["sheet"] for f in run.findings} == {"GLP039_LAPORAN REALISASI SUPER "}


def test_an_unknown_satker_of_a_print_is_told_at_its_heading(bring: Bring, tmp_path: Path) -> None:
    fa = FaPrint(some_accounts(6), satker="998877")
    run = bring(path=write_fa_xlsx(tmp_path / "fa.xlsx", fa), year=None, create_missing=False)
    assert told(run) == [("unknown-satker-known", "N6", 6, "N", "998877")]


def test_a_satker_that_the_user_named_has_no_cell(bring: Bring, tmp_path: Path) -> None:
    path = write_fa_xlsx(tmp_path / "fa.xlsx", FaPrint(some_accounts(6), satker=""))
    run = bring(path=path, year=None, create_missing=False, satker="998877")
    assert told(run) == [("unknown-satker-known", "", None, "", "998877")]


def test_codes_inside_a_coa_are_told_at_the_coa(bring: Bring, tmp_path: Path) -> None:
    record = payment_record(KODE_PROGRAM="ZY", KODE_KEGIATAN="9871")
    path = write_detail_xlsx(tmp_path / "detail.xlsx", [detail_cells(coa=record["KODE_COA"])])
    run = bring(path=path, create_missing=False)
    assert told(run) == [("unknown-program", "E6", 6, "E", "ZY"), ("unknown-kegiatan", "E6", 6, "E", "9871")]


def test_a_satker_inside_an_invoice_or_above_a_list_is_told_there(bring: Bring, tmp_path: Path) -> None:
    cells = sp2d_cells()
    cells[1] = "00001T/998877/2022"
    run = bring(path=write_sp2d_xlsx(tmp_path / "list.xlsx", [cells]), create_missing=False)
    assert told(run) == [("unknown-satker", "B2", 2, "B", "998877")]
    cells[1] = "00001T"
    above = [["MONITORING"], ["Satuan Kerja :", "998877 - DINAS CONTOH"], SP2D_HEADER, cells]
    run = bring(path=write_table(tmp_path / "above.xlsx", above), create_missing=False)
    assert told(run) == [("unknown-satker", "B2", 2, "B", "998877 - DINAS CONTOH")]


def test_records_name_their_key(bring: Bring) -> None:
    run = bring(output_record(KDSATKER="998877"), create_missing=False)
    assert told(run) == [("unknown-satker-known", "[0].KDSATKER", 1, "KDSATKER", "998877")]
