"""Files that are no imports, brought by the page: refused in words that say what to do, in little memory."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from dekon.budget.models import ImportRun
from dekon.ledger.models import Entry
from tests.budget.imports.test_refused_files import changed, sheet_with, workbook
from tests.builders.files import payment_record, write_csv, write_json, write_table
from tests.builders.small_year import WEST_JAVA
from tests.builders.worker import work_off
from tests.web.test_imports import bring, seen

BODY = b"".join(b'<row r="%d"/>' % number for number in range(1, 400_000)) + b"</sheetData>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
MEMORY_BYTES = 120_000_000


def holding(content: bytes) -> Callable[[Path], Path]:
    """A file of these bytes."""

    def make(folder: Path) -> Path:
        path = folder / "berkas.xlsx"
        path.write_bytes(content)
        return path

    return make


def million_rows(folder: Path) -> Path:
    path = workbook(folder)
    return changed(path, "xl/worksheets/sheet1.xml", lambda old: old.replace(b"</sheetData>", BODY))


def archive(folder: Path) -> Path:
    path = folder / "semua.zip"
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("realisasi.csv", "a,b")
    return path


def twice(folder: Path) -> Path:
    """The same key twice in one record, with two amounts."""
    path = write_json(folder / "ganda.json", [payment_record(KDSATKER=WEST_JAVA)])
    text = path.read_text("utf-8").replace('"NILAI_RUPIAH": 1250000', '"NILAI_RUPIAH": 1, "NILAI_RUPIAH": 1250000')
    path.write_text(text, "utf-8")
    return path


TRAPS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "encrypted": (holding(OLE + "EncryptedPackage".encode("utf-16-le")), "sandi"),
    "old excel": (holding(OLE + "Workbook".encode("utf-16-le")), ".xls"),
    "zip bomb": (lambda folder: changed(workbook(folder), "xl/worksheets/sheet1.xml", b" " * 120_000_000), "berkas"),
    "a million rows": (million_rows, "baris"),
    "far cells": (
        lambda folder: changed(workbook(folder), "xl/worksheets/sheet1.xml", sheet_with(b"A1", b"XFD1048576")), "",
    ),
    "wrong sheet": (lambda folder: write_table(folder / "t.xlsx", [["a", "b"], [1, 2]], "Lembar Lain"), "Lembar Lain"),
    "macro": (lambda folder: changed(workbook(folder), "xl/vbaProject.bin", b"x"), "makro"),
    "truncated": (holding(b"PK\x03\x04 and then nothing"), "terpotong"),
    "pdf": (holding(b"%PDF-1.7 ..."), ""),
    "empty": (holding(b""), "kosong"),
    "another archive": (archive, ""),
    "not a number": (
        lambda folder: write_json(folder / "nan.json", [payment_record(NILAI_RUPIAH=float("nan"))]), "NILAI_RUPIAH",
    ),
    "twice the same key": (twice, "NILAI_RUPIAH"),
    "wrong types": (
        lambda folder: write_json(folder / "t.json", [payment_record(NILAI_RUPIAH=["1"], NO_SP2D={"a": 1})]), "NO_SP2D",
    ),
    "endless list": (holding(b"[" * 200_000), ""),
    "text that is none": (holding(bytes(range(256)) * 4), ""),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _own_store(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "store"


@pytest.fixture
def memory() -> Iterator[Callable[[], int]]:
    """The most that was taken since the start, in bytes."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()


@pytest.mark.parametrize("trap", TRAPS)
def test_the_page_says_what_is_wrong_and_nothing_changes(
    planner: Client, tmp_path: Path, trap: str, memory: Callable[[], int]
) -> None:
    make, word = TRAPS[trap]
    path, before = make(tmp_path), Entry.objects.count()
    tracemalloc.reset_peak()
    page_path = bring(planner, path)
    (task, *_) = reversed(work_off())
    page = seen(planner, page_path)
    assert memory() < MEMORY_BYTES
    run = ImportRun.objects.latest("pk")
    assert (task.status, run.status, run.findings != []) == ("SUCCESSFUL", "refused", True)
    assert "Belum dapat diterapkan" in page
    assert word in page.partition('id="t-temuan"')[2]
    for ours in ("Traceback", "Exception", "import-broke", str(tmp_path)):
        assert ours not in page
    assert run.sha256 not in page.partition('id="t-temuan"')[2]  # a file is named as its owner calls it
    assert Entry.objects.count() == before


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_encodings_and_separators_are_read(
    planner: Client, tmp_path: Path, encoding: str, delimiter: str
) -> None:
    record = payment_record(KDSATKER=WEST_JAVA, NO_SP2D="220290000009901", TGL_SP2D="2022-10-03", URAIAN="Pelatihan é")
    path = bring(planner, write_csv(tmp_path / "realisasi.csv", [record], delimiter, encoding))
    work_off()
    assert "Siap diterapkan" in seen(planner, path)
