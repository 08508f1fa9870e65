from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from dekon.budget.imports.marked import write_marked_workbook
from dekon.errors import RuleBroken
from tests.budget.imports.reading import read
from tests.builders.files import (
    SHEET,
    FaPrint,
    fa_grid,
    payment_record,
    some_accounts,
    write_csv,
    write_grid,
    write_json,
    write_records_xlsx,
)

TITLE = "Yang harus diperbaiki"


def marked(tmp_path: Path, source: Path, language: str = "id") -> Path:
    parsed, _ = read(source)
    target = tmp_path / "marked.xlsx"
    write_marked_workbook(source, parsed.findings, target, language)
    return target


def test_bad_cells_are_coloured_and_explained_and_listed_in_front(tmp_path: Path) -> None:
    grid = fa_grid(FaPrint(some_accounts(8), page_rows=1000))
    row = next(row for row, cells in grid.items() if "H" in cells)
    grid[row]["AD"] = float(grid[row]["AD"]) + 7
    book = load_workbook(marked(tmp_path, write_grid(tmp_path / "fa.xlsx", grid)))
    assert book.sheetnames == [TITLE, SHEET]
    cell = book[SHEET][f"AD{row}"]
    assert str(cell.fill.fgColor.rgb).endswith("F8C9C4")
    assert cell.comment is not None
    assert "Rp7" in cell.comment.text
    front = list(book[TITLE].iter_rows())
    assert [c.value for c in front[0]] == ["No", "Tingkat", "Lembar", "Sel", "Isi", "Masalah", "Cara memperbaiki"]
    line = next(cells for cells in front[1:] if cells[3].value == f"AD{row}")
    assert line[1].value == "Kesalahan"
    assert str(line[5].value).startswith("Sisa anggaran baris")
    assert str(line[6].value).startswith("Perbaiki")
    assert line[3].hyperlink is not None


def test_a_csv_comes_back_as_a_workbook_without_formulas(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "f.csv", [payment_record(URAIAN="=HYPERLINK(1)", NILAI_RUPIAH="+cmd|x")])
    book = load_workbook(marked(tmp_path, source))
    assert book.sheetnames == [TITLE, "Data"]
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if str(cell.value).startswith(("=", "+", "@"))]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert book["Data"]["W2"].comment is not None


def test_json_comes_back_as_a_list(tmp_path: Path) -> None:
    source = write_json(tmp_path / "f.json", [payment_record(NILAI_RUPIAH="x")])
    book = load_workbook(marked(tmp_path, source, "en"))
    assert book.sheetnames == ["What to mend"]
    assert book["What to mend"]["D2"].value == "[0].NILAI_RUPIAH"


def test_a_user_sheet_with_the_name_of_the_list_keeps_it(tmp_path: Path) -> None:
    source = write_records_xlsx(tmp_path / "f.xlsx", [payment_record(NILAI_RUPIAH="x")])
    book = load_workbook(source)
    book["Worksheet"].title = TITLE
    book.save(source)
    assert load_workbook(marked(tmp_path, source)).sheetnames == [f"{TITLE} 2", TITLE]


def test_a_file_that_cannot_be_opened_has_nothing_to_mark(tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"%PDF")
    with pytest.raises(RuleBroken):
        write_marked_workbook(path, [], tmp_path / "out.xlsx")


def test_a_big_workbook_comes_back_with_its_cells_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dekon.lib.sheets.marking.MAX_COPIED_BYTES", 10)
    source = write_records_xlsx(tmp_path / "f.xlsx", [payment_record(NILAI_RUPIAH="x", NO_SPM="-1+1|x")])
    book = load_workbook(marked(tmp_path, source))
    assert book["Worksheet"]["A2"].value == "119073"
    assert book["Worksheet"]["W2"].comment is not None
    assert book["Worksheet"]["F2"].value == "'-1+1|x"
