from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dekon.budget.imports.reading import ReadOptions
from dekon.budget.imports.rows import ParsedFile
from tests.budget.imports.reading import errors, finding, read, warnings
from tests.builders.files import (
    FaPrint,
    Grid,
    fa_grid,
    some_accounts,
    write_fa_csv,
    write_fa_xlsx,
    write_grid,
)

REAL = Path(__file__).parents[4] / "shared/data/contoh/fa_detail_16_segmen_akun_maret_2026.xlsx"


def small() -> FaPrint:
    return FaPrint(some_accounts(14), page_rows=9)


def broken(
    tmp_path: Path, row: int, column: str, value: str | float | None, fa: FaPrint | None = None
) -> tuple[ParsedFile[Any], list[Any]]:
    """A print with one cell changed."""
    grid = fa_grid(fa or FaPrint(some_accounts(14), page_rows=1000))
    if value is None:
        del grid[row][column]
    else:
        grid[row][column] = value
    return read(write_grid(tmp_path / "fa.xlsx", grid))


def first_account_row(grid: Grid) -> int:
    return next(row for row, cells in grid.items() if "H" in cells)


@pytest.mark.skipif(
    not REAL.exists(),
    reason="the real print lies beside the repository in ../shared/data/contoh and is never copied here",
)
def test_the_real_print_of_march_2026_adds_up_to_its_total() -> None:
    parsed, rows = read(REAL)
    assert not parsed.findings
    assert len(rows) == 296
    assert sum(row.pagu_rp for row in rows) == 52_738_349_000 == parsed.declared_totals_rp["pagu_rp"]
    assert sum(row.cumulative_rp for row in rows) == 5_841_454_998
    assert parsed.counts["footnotes"] == 17
    assert (parsed.fiscal_year, parsed.period) == (2026, date(2026, 3, 31))
    assert parsed.satker_facts["637372"].name == "DITJEN AMERIKA DAN EROPA"


@pytest.mark.parametrize("item_level", [False, True])
@pytest.mark.parametrize("blank_cells", [False, True])
def test_a_print_yields_every_account_once_whatever_its_columns(
    tmp_path: Path, item_level: bool, blank_cells: bool
) -> None:
    fa = FaPrint(some_accounts(40), page_rows=7, item_level=item_level)
    parsed, rows = read(write_fa_xlsx(tmp_path / "fa.xlsx", fa, blank_cells=blank_cells))
    assert parsed.findings == []
    assert [(row.pagu_rp, row.cumulative_rp) for row in rows] == [(a.pagu, a.previous + a.current) for a in fa.accounts]
    assert [(*row[2:9],) for row in rows] == [(*a.path, a.akun) for a in fa.accounts]
    assert parsed.counts["page_doubles"] > 0
    assert parsed.counts["items"] == (80 if item_level else 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("item_level", [False, True])
def test_the_csv_print_says_the_same_as_the_workbook(tmp_path: Path, encoding: str, item_level: bool) -> None:
    fa = FaPrint(some_accounts(40), item_level=item_level)
    parsed, rows = read(write_fa_csv(tmp_path / "fa.csv", fa, encoding))
    _, same = read(write_fa_xlsx(tmp_path / "fa.xlsx", fa))
    assert parsed.findings == []
    assert [row[1:] for row in rows] == [row[1:] for row in same]
    assert parsed.period == date(2022, 3, 31)


def test_a_name_that_crosses_a_page_is_joined_and_counted_once(tmp_path: Path) -> None:
    fa = FaPrint(some_accounts(4), page_rows=2, names={"DL.2175": "Pelatihan vokasi dan pemagangan tahun 2022"})
    parsed, rows = read(write_fa_xlsx(tmp_path / "fa.xlsx", fa))
    assert parsed.findings == []
    assert len(rows) == 4
    assert "Pelatihan vokasi dan pemagangan tahun 2022" in parsed.names.values()


def test_an_account_that_crosses_a_page_is_counted_once(tmp_path: Path) -> None:
    fa = FaPrint(some_accounts(4), page_rows=7)
    parsed, rows = read(write_fa_xlsx(tmp_path / "fa.xlsx", fa))
    assert parsed.counts["page_doubles"] == 1
    assert parsed.findings == []
    assert sum(row.pagu_rp for row in rows) == sum(account.pagu for account in fa.accounts)


def test_any_two_letters_are_a_programme(tmp_path: Path) -> None:
    accounts = [
        a._replace(path=("GG", *a.path[1:])) if n < 4 else a._replace(path=("WA", *a.path[1:]))
        for n, a in enumerate(some_accounts(8))
    ]
    parsed, rows = read(write_fa_xlsx(tmp_path / "fa.xlsx", FaPrint(accounts)))
    assert parsed.findings == []
    assert {row.program for row in rows} == {"GG", "WA"}


def test_heading_gives_satker_unit_section_and_period(tmp_path: Path) -> None:
    parsed, _ = read(
        write_fa_xlsx(tmp_path / "x.xlsx", FaPrint(some_accounts(3), period="Januari s.d. Februari 2024", year=2024))
    )
    assert parsed.period == date(2024, 2, 29)
    assert parsed.satker_facts["119073"][:4] == (
        "026",
        "13",
        "Ditjen Binalavotas",
        "DINAS TENAGA KERJA PROVINSI CONTOH",
    )


def test_an_account_one_rupiah_off_is_refused_at_every_sum_it_breaks(tmp_path: Path) -> None:
    grid = fa_grid(FaPrint(some_accounts(14), page_rows=1000))
    row = first_account_row(grid)
    grid[row]["P"] = float(grid[row]["P"]) + 1
    parsed, _ = read(write_grid(tmp_path / "fa.xlsx", grid))
    cells = {(one.code, one.cell) for one in parsed.findings}
    assert ("fa-remaining-differs", f"AD{row}") in cells
    assert ("fa-total-differs", "P9") in cells
    assert {code for code, _ in cells} == {"fa-remaining-differs", "fa-subtotal-differs", "fa-total-differs"}
    assert "Rp1" in finding(parsed, "fa-remaining-differs").message("en")


def test_previous_plus_current_must_be_the_cumulative_figure(tmp_path: Path) -> None:
    grid = fa_grid(FaPrint(some_accounts(14), page_rows=1000))
    row = first_account_row(grid) + 1
    parsed, _ = broken(tmp_path, row, "V", float(grid[row]["V"]) - 1)
    assert finding(parsed, "fa-cumulative-differs").cell == f"Y{row}"


def test_a_wrong_subtotal_is_named_with_its_cell(tmp_path: Path) -> None:
    parsed, _ = broken(tmp_path, 12, "P", 1.0)
    assert finding(parsed, "fa-subtotal-differs").cell == "P12"


def test_a_removed_line_is_found(tmp_path: Path) -> None:
    grid = fa_grid(FaPrint(some_accounts(14), page_rows=1000))
    del grid[first_account_row(grid)]
    parsed, _ = read(write_grid(tmp_path / "fa.xlsx", grid))
    assert "fa-total-differs" in errors(parsed)


@pytest.mark.parametrize("column", ["P", "R", "V", "W", "Y", "AD"])
def test_a_blank_is_not_taken_for_zero(tmp_path: Path, column: str) -> None:
    row = first_account_row(fa_grid(FaPrint(some_accounts(14), page_rows=1000))) + 2
    parsed, _ = broken(tmp_path, row, column, None)
    assert finding(parsed, "fa-figure-blank").cell == f"{column}{row}"


def test_text_amounts_and_numeric_codes_are_understood(tmp_path: Path) -> None:
    grid = fa_grid(FaPrint(some_accounts(14), page_rows=1000))
    for row, cells in grid.items():
        if row > 9 and "P" in cells:
            grid[row] = {
                c: f"{int(v):,}".replace(",", ".") if c in ("P", "V") and isinstance(v, float) else v
                for c, v in cells.items()
            }
            for column in ("H", "E"):
                if column in cells:
                    grid[row][column] = float(str(cells[column]))
    parsed, rows = read(write_grid(tmp_path / "fa.xlsx", grid))
    assert errors(parsed) == []
    assert len(rows) == 14
    assert {row.komponen for row in rows} == {"051", "052"}
    assert set(warnings(parsed)) == {"code-zeros-restored"}


def test_greek_letters_in_a_kro_become_latin_with_a_word(tmp_path: Path) -> None:
    grid = fa_grid(FaPrint(some_accounts(6), page_rows=1000))
    row = next(row for row, cells in grid.items() if cells.get("C") == "BDC" or cells.get("C") == "SCH")
    grid[row]["C"] = str(grid[row]["C"]).replace("S", "Ѕ").replace("B", "Β")  # noqa: RUF001  the point of the test
    parsed, rows = read(write_grid(tmp_path / "fa.xlsx", grid))
    assert errors(parsed) == []
    assert warnings(parsed) == ["code-letters-latin"]
    assert {r.kro for r in rows} <= {"SCH", "BDC"}


def test_a_print_without_accounts_says_how_to_print_it(tmp_path: Path) -> None:
    grid = {row: cells for row, cells in fa_grid(small()).items() if "H" not in cells}
    parsed, rows = read(write_grid(tmp_path / "fa.xlsx", grid))
    assert rows == []
    assert "fa-no-accounts" in errors(parsed)


def test_a_print_without_total_is_refused(tmp_path: Path) -> None:
    grid = fa_grid(small())
    del grid[9]
    parsed, _ = read(write_grid(tmp_path / "fa.xlsx", grid))
    assert errors(parsed) == ["fa-total-missing"]


def test_what_the_file_says_and_what_the_user_says_must_agree(tmp_path: Path) -> None:
    path = write_fa_xlsx(tmp_path / "fa.xlsx", small())
    parsed, _ = read(path, ReadOptions(satker="119074", fiscal_year=2023, period=date(2022, 4, 30)))
    assert set(errors(parsed)) == {"file-satker-differs", "file-year-differs", "file-period-differs"}


def test_missing_satker_and_period_can_be_answered_by_the_user(tmp_path: Path) -> None:
    grid = fa_grid(small())
    del grid[3], grid[6]
    path = write_grid(tmp_path / "fa.xlsx", grid)
    parsed, _ = read(path)
    assert set(errors(parsed)) == {"fa-satker-missing", "period-missing"}
    parsed, rows = read(path, ReadOptions(satker="119073", period=date(2022, 3, 31)))
    assert errors(parsed) == []
    assert rows[0].satker == "119073"


def test_cells_can_be_found_again(tmp_path: Path) -> None:
    parsed, rows = read(write_fa_xlsx(tmp_path / "fa.xlsx", small()))
    assert parsed.cell("pagu_rp", rows[0].row) == f"P{rows[0].row}"
    assert parsed.cell("akun", rows[0].row) == f"H{rows[0].row}"
