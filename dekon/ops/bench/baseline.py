"""The baselines: the usual Django import, and the barest chain that could carry the same rows.

The table of the usual import is made in the bench database only; no migration of the product knows it.
"""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import ClassVar

import tablib
from django.db import connection, models
from import_export.resources import ModelResource
from python_calamine import CalamineWorkbook

from dekon.ops.bench.material import FLAT_HEADERS


class FlatLine(models.Model):
    """One account row in one flat table, as a first attempt would store it."""

    satker = models.CharField(max_length=6)
    program = models.CharField(max_length=2)
    kegiatan = models.CharField(max_length=4)
    kro = models.CharField(max_length=3)
    ro = models.CharField(max_length=3)
    komponen = models.CharField(max_length=3)
    subkomponen = models.CharField(max_length=2)
    akun = models.CharField(max_length=6)
    pagu_rp = models.BigIntegerField()
    previous_rp = models.BigIntegerField()
    current_rp = models.BigIntegerField()

    class Meta:
        app_label = "ops"  # known to Django only where this module is imported, so no migration sees it
        db_table = "bench_flatline"

    def __str__(self) -> str:
        return f"{self.satker} {self.akun}"


class FlatResource(ModelResource):  # type: ignore[misc]  # the library has no types
    """django-import-export with its defaults."""

    class Meta:
        model = FlatLine
        fields: ClassVar = list(FLAT_HEADERS)


def make_flat_table() -> None:
    """An empty table for the usual import."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {FlatLine._meta.db_table}")
    with connection.schema_editor() as editor:
        editor.create_model(FlatLine)


def usual_import(path: FilePath) -> int:
    """Reads a flat workbook and stores its rows the usual way; says how many."""
    data = tablib.Dataset().load(path.read_bytes(), format="xlsx")
    result = FlatResource().import_data(data, dry_run=False, raise_errors=True)
    return int(result.total_rows)


def bare_chain(path: FilePath) -> int:
    """Reads a flat workbook and copies its rows into a table without any index, checking nothing; says how many."""
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1:]
    types = ["text"] * 8 + ["int8"] * 3
    columns = ", ".join(f"{name} {kind}" for name, kind in zip(FLAT_HEADERS[1:], types, strict=True))
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_bare")
        cursor.execute(f"CREATE TABLE bench_bare ({columns})")
        with cursor.copy("COPY bench_bare FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row((*map(str, row[1:9]), *(int(float(str(cell))) for cell in row[9:12])))
    return len(rows)
