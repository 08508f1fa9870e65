"""Files that cannot or must not be read: a clear message in both languages, nothing else."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from dekon.budget.imports.reading import ReadOptions, read_file
from dekon.errors import DekonError, RuleBroken
from tests.budget.imports.reading import errors, read
from tests.builders.files import (
    FaPrint,
    payment_record,
    some_accounts,
    write_csv,
    write_fa_xlsx,
    write_json,
    write_records_xlsx,
    write_table,
)

CELL = b'<c r="%s"><v>1</v></c>'


def workbook(tmp_path: Path) -> Path:
    return write_fa_xlsx(tmp_path / "fa.xlsx", FaPrint(some_accounts(5)))


def changed(path: Path, name: str, content: bytes | Callable[[bytes], bytes], *, flag: int = 0) -> Path:
    """A copy of a workbook with one part replaced or added."""
    target = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content(old.read(name)) if callable(content) else content)
    if flag:
        data = bytearray(target.read_bytes())
        place = data.find(b"PK\x01\x02")
        data[place + 8] |= flag
        target.write_bytes(data)
    return target


def sheet_with(*cells: bytes) -> Callable[[bytes], bytes]:
    rows = b"".join(b'<row r="%d">%s</row>' % (n, CELL % cell) for n, cell in enumerate(cells, 1))
    return lambda _: (
        b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + rows
        + b"</sheetData></worksheet>"
    )


def refusal(path: Path, options: ReadOptions | None = None) -> str:
    with pytest.raises(RuleBroken) as caught:
        list(read_file(path, options).rows)
    assert caught.value.message("id") != caught.value.message("en")
    assert str(path.parent) not in caught.value.message("id")
    return caught.value.code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"\xef\xbb\xbf \r\n", "file-empty"),
        (b"%PDF-1.7 ...", "file-form-unsupported"),
        (b"\x89PNG\r\n\x1a\n", "file-form-unsupported"),
        (b"\xff\xd8\xff\xe0 JFIF", "file-form-unsupported"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "file-markup"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "file-markup"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le"), "file-old-excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "file-encrypted"),
        (b"PK\x03\x04 and then nothing", "file-truncated"),
        (bytes(range(256)) * 4, "file-not-text"),
        (b"hello\nworld\n", "file-not-recognised"),
        (b"[]", "file-not-recognised"),
        (b'{"a": 1}', "file-not-recognised"),
        (b"[1, 2]", "file-json-no-record"),
        (b'[{"a": ', "file-json-broken"),
        (b"[" * 200_000, "file-json-broken"),
        (b'[{"a": ' + b"[" * 200_000, "file-json-broken"),
        (b"[" + b"1" * 10_000 + b"]", "file-json-broken"),
    ],
)
def test_what_is_no_table_is_refused_by_name(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "data.xlsx"
    path.write_bytes(content)
    assert refusal(path) == code


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_workbook_is_refused(tmp_path: Path, share: float) -> None:
    path = workbook(tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    assert refusal(path) == "file-truncated"


def test_a_workbook_with_flipped_bytes_is_refused_or_read_with_findings(tmp_path: Path) -> None:
    data = workbook(tmp_path).read_bytes()
    for place in range(0, len(data), 97):
        path = tmp_path / "flipped.xlsx"
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x55]) + data[place + 1 :])
        with suppress(DekonError):
            list(read_file(path).rows)


def test_macros_are_refused(tmp_path: Path) -> None:
    assert refusal(changed(workbook(tmp_path), "xl/vbaProject.bin", b"x")) == "file-macros"


def test_a_workbook_that_only_claims_macros_is_refused(tmp_path: Path) -> None:
    path = changed(
        workbook(tmp_path),
        "[Content_Types].xml",
        lambda old: old.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml"),
    )
    assert refusal(path) == "file-macros"


def test_an_encrypted_part_is_refused(tmp_path: Path) -> None:
    assert refusal(changed(workbook(tmp_path), "x.xml", b"<x/>", flag=1)) == "file-encrypted"


def test_another_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("realisasi.csv", "a,b")
    assert refusal(path) == "file-not-a-workbook"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
def test_a_zip_bomb_is_refused_in_little_memory(tmp_path: Path, part: str) -> None:
    path = changed(workbook(tmp_path), part, b" " * 120_000_000)
    tracemalloc.start()
    assert refusal(path) == "file-bomb"
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()


def test_a_part_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = changed(workbook(tmp_path), "xl/styles.xml", b" " * 5_000_000)
    data = path.read_bytes()
    path.write_bytes(data.replace((5_000_000).to_bytes(4, "little"), (50).to_bytes(4, "little")))
    assert refusal(path) == "file-truncated"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ((b"A1", b"A1048576"), "file-too-many-rows"),
        ((b"A1", b"XFD2"), "file-too-wide"),
        ((b"A1", b"DA2"), "file-too-wide"),
        ((b"A1", b"BB150000"), "file-too-many-rows"),
        ((b"A1048576", b"A2"), "file-too-many-rows"),
    ],
)
def test_two_cells_far_apart_do_not_fill_the_memory(tmp_path: Path, cells: tuple[bytes, ...], code: str) -> None:
    assert refusal(changed(workbook(tmp_path), "xl/worksheets/sheet1.xml", sheet_with(*cells))) == code


@pytest.mark.parametrize("written", [b"r='XFD1048576'", b'r = "XFD1048576"', b'\nr="XFD1048576"', b'r=\t"XFD1048576"'])
def test_places_written_in_another_way_are_seen_too(tmp_path: Path, written: bytes) -> None:
    content = sheet_with(b"A1", b"B2")(b"").replace(b'r="B2"', written)
    assert refusal(changed(workbook(tmp_path), "xl/worksheets/sheet1.xml", content)) in {
        "file-too-many-rows",
        "file-too-wide",
    }


def test_a_wrong_dimension_alone_does_no_harm(tmp_path: Path) -> None:
    path = changed(
        workbook(tmp_path),
        "xl/worksheets/sheet1.xml",
        lambda old: old.replace(b"<dimension ref=", b'<dimension ref="A1:XFD1048576" x='),
    )
    parsed, rows = read(path)
    assert (errors(parsed), len(rows)) == ([], 5)


def test_long_texts_repeated_in_many_cells_are_refused(tmp_path: Path) -> None:
    path = write_table(tmp_path / "t.xlsx", [["x" * 30_000] * 20] * 2_000)
    assert refusal(path) == "file-bomb"


def test_more_than_a_million_rows_are_refused(tmp_path: Path) -> None:
    body = b"".join(b'<row r="%d"/>' % number for number in range(1, 400_000))
    content = sheet_with(b"A1")(b"").replace(b"</sheetData>", body + b"</sheetData>")
    assert refusal(changed(workbook(tmp_path), "xl/worksheets/sheet1.xml", content)) == "file-too-many-rows"


def test_a_line_without_end_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f", [payment_record()])
    with path.open("a", encoding="utf-8") as stream:
        stream.write("x" * 5_000_000)
    parsed, _ = read(path)
    assert errors(parsed) == ["file-csv-broken"]


def test_another_kind_than_named_says_what_the_file_is(tmp_path: Path) -> None:
    assert (
        refusal(write_csv(tmp_path / "f", [payment_record()]), ReadOptions(kind="monsakti-dataang"))
        == "file-other-kind"
    )


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    record = payment_record()
    del record["NILAI_RUPIAH"]
    with pytest.raises(RuleBroken) as caught:
        read_file(write_csv(tmp_path / "f", [record]))
    assert caught.value.code == "file-columns-missing"
    assert caught.value.params["missing"] == "NILAI_RUPIAH"
    assert caught.value.params["kind"] == "monsakti-realisasi"


def test_two_sheets_of_the_same_kind_are_refused(tmp_path: Path) -> None:
    source = write_records_xlsx(tmp_path / "one.xlsx", [payment_record()])
    with zipfile.ZipFile(source) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        names = archive.read("xl/workbook.xml").replace(
            b"</sheets>", b'<sheet name="Dua" sheetId="2" r:id="rId99"/></sheets>'
        )
        links = archive.read("xl/_rels/workbook.xml.rels").replace(
            b"</Relationships>",
            b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            b'worksheet" Target="worksheets/sheet2.xml"/></Relationships>',
        )
    path = changed(source, "xl/workbook.xml", names)
    path = path.replace(tmp_path / "two.xlsx")
    path = changed(path, "xl/_rels/workbook.xml.rels", links).replace(tmp_path / "three.xlsx")
    assert refusal(changed(path, "xl/worksheets/sheet2.xml", sheet)) == "file-several-tables"


def test_the_sheets_found_are_named_when_none_fits(tmp_path: Path) -> None:
    with pytest.raises(RuleBroken) as caught:
        read_file(write_table(tmp_path / "t.xlsx", [["a", "b"], [1, 2]], "Lembar Lain"))
    assert "Lembar Lain" in caught.value.message()


def test_personal_data_of_officials_is_not_taken(tmp_path: Path) -> None:
    record: dict[str, object] = {"KDSATKER": "119073", "NAMA": "X", "NIP": "1", "JABATAN": "KPA"}
    assert refusal(write_json(tmp_path / "f", [record])) == "file-personal-data"
    assert refusal(write_csv(tmp_path / "g", [record])) == "file-personal-data"


def test_an_ikpa_report_is_recognised_and_declined(tmp_path: Path) -> None:
    assert refusal(write_table(tmp_path / "t.xlsx", [["INDIKATOR PELAKSANAAN ANGGARAN"], ["No"]])) == "file-ikpa"


def test_the_name_of_a_file_means_nothing(tmp_path: Path) -> None:
    parsed, rows = read(write_json(tmp_path / "foto.xls", [payment_record()]))
    assert (parsed.kind, len(rows)) == ("monsakti-realisasi", 1)


def test_an_empty_workbook_is_not_recognised(tmp_path: Path) -> None:
    assert refusal(write_table(tmp_path / "t.xlsx", [])) == "file-not-recognised"


def test_bytes_of_a_workbook_are_never_shown(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(io.BytesIO(b"\x01\x02;\x03\n" * 50).getvalue())
    assert refusal(path) in {"file-not-recognised", "file-columns-missing"}
