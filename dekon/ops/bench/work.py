"""What is measured. Each function does one piece of work and returns its seconds."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path as FilePath

from django.utils import timezone

from dekon.budget import services as budget
from dekon.budget.choices import ImportStatus
from dekon.budget.imports.options import ReadOptions
from dekon.budget.imports.reading import read_file
from dekon.budget.models import ImportRun
from dekon.lib.findings import Finding
from dekon.lib.sheets.book import open_table
from dekon.lib.sheets.container import check_workbook
from dekon.ops.bench import dossier, guarded, pages, signatures, trail
from dekon.ops.bench.baseline import bare_chain, make_flat_table, usual_import
from dekon.ops.bench.material import BENCH_YEAR
from dekon.ops.demo.load import load_demo
from dekon.org.selectors import system_user

type Result = dict[str, float]


def moment() -> datetime:
    """The moment at which the measurements import."""
    return timezone.make_aware(datetime(BENCH_YEAR, 12, 31, 12))  # noqa: DTZ001 - made aware here


def refuse_failure(run: ImportRun) -> None:
    """A measurement of a refused file would be worth nothing."""
    if run.status not in {ImportStatus.APPLIED, ImportStatus.CHECKED}:
        reasons = [Finding.from_record(record).message() for record in run.findings[:3]]
        raise SystemExit(f"bench: {run.file_name} was {run.status}: {reasons}")


def import_once(path: FilePath) -> Result:
    """Read, check and post in one go, as the command line does."""
    started = time.perf_counter()
    run = budget.import_file(actor=system_user(), path=path, file_name=path.name, options=options(), now=moment())
    seconds = time.perf_counter() - started
    refuse_failure(run)
    return {"seconds": seconds, "rows": run.rows_read}


def reading(path: FilePath) -> Result:
    """The part of an import that touches no database: is the file safe, what stands in its cells, what do they mean."""
    started = time.perf_counter()
    check_workbook(path)
    safe = time.perf_counter()
    book = open_table(path)
    for name in book.sheet_names:
        deque(book.rows(name), maxlen=0)
    seen = time.perf_counter()
    deque(read_file(path, ReadOptions(fiscal_year=BENCH_YEAR)).rows, maxlen=0)
    look, done = safe - started, time.perf_counter() - seen
    cells = seen - safe - look
    return {"look": look, "cells": cells, "meaning": done - look - cells}


def import_with_preview(path: FilePath) -> Result:
    """Read, check, preview, then read again and post, as the page does."""
    actor = system_user()
    started = time.perf_counter()
    run = budget.check_file(actor=actor, path=path, file_name=path.name, options=options(), now=moment())
    seen = time.perf_counter()
    refuse_failure(run)
    run = budget.apply_import(actor=actor, import_id=run.pk, path=path, now=moment())
    refuse_failure(run)
    return {"seconds": time.perf_counter() - started, "preview_seconds": seen - started, "rows": run.rows_read}


def options() -> budget.ImportOptions:
    """What the importer of the measurements says: the year, and that new satker may be made."""
    return budget.ImportOptions(year=BENCH_YEAR, create_missing=True)


def usual(path: FilePath) -> Result:
    """django-import-export with its defaults."""
    make_flat_table()
    started = time.perf_counter()
    rows = usual_import(path)
    return {"seconds": time.perf_counter() - started, "rows": rows}


def bare(path: FilePath) -> Result:
    """Calamine and binary COPY, nothing checked."""
    started = time.perf_counter()
    rows = bare_chain(path)
    return {"seconds": time.perf_counter() - started, "rows": rows}


def demo(scale: FilePath) -> Result:
    """The demo year with each line split."""
    started = time.perf_counter()
    load_demo(lambda _label, _done, _total: None, scale=int(str(scale)))
    return {"seconds": time.perf_counter() - started}


WORK: dict[str, Callable[..., Result]] = {
    "import": import_once,
    "reading": reading,
    "preview": import_with_preview,
    "usual": usual,
    "bare": bare,
    "demo": demo,
    "page": pages.page,
    "export": pages.export,
    "copy": pages.copy,
    "guarded": guarded.guarded,
    "post": trail.posting,
    "post-one-satker": trail.posting_one_satker,
    "link": trail.linking,
    "verify": trail.verifying,
    "dossier": dossier.dossier,
    "past": dossier.past,
    "signatures": signatures.signing,
}
