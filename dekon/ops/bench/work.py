"""What is measured. Each function does one piece of work and returns its seconds."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path as FilePath
from typing import cast

from django.test import Client
from django.utils import timezone

from dekon.budget import services as budget
from dekon.budget.choices import ImportStatus
from dekon.budget.models import ImportRun
from dekon.lib.findings import Finding
from dekon.ops.bench.baseline import bare_chain, make_flat_table, usual_import
from dekon.ops.bench.material import BENCH_YEAR
from dekon.ops.demo.load import load_demo
from dekon.ops.static import ensure_collected
from dekon.org.models import User
from dekon.org.selectors import system_user

type Result = dict[str, float]

PAGE_ROUNDS = 25
NATIONAL_PAGE = "/nasional/?tahun=2022&tanggal=2022-12-31"
EXPORT = "/api/v1/payments?year=2022&format=csv&as_of=2022-12-31"
EXPORTED_LINES = 100_000


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


def signed_in() -> Client:
    """A browser of the planner."""
    ensure_collected()
    client = Client()
    client.force_login(User.objects.get(username="perencana"))
    return client


def page() -> Result:
    """Server time of the national recap page, median of several; the first request warms the process."""
    client = signed_in()
    times = []
    for _round in range(PAGE_ROUNDS + 1):
        started = time.perf_counter()
        response = client.get(NATIONAL_PAGE)
        times.append(time.perf_counter() - started)
        if response.status_code != 200:
            raise SystemExit(f"bench: {NATIONAL_PAGE} answered {response.status_code}")
    return {"seconds": statistics.median(times[1:]), "worst_seconds": max(times[1:])}


def export() -> Result:
    """The first 100,000 lines of the CSV of payments: time to the first piece and in all."""
    client = signed_in()
    client.get(NATIONAL_PAGE)
    started = time.perf_counter()
    response = client.get(EXPORT)
    lines, first = 0, 0.0
    for piece in cast("Iterable[bytes]", response.streaming_content):  # type: ignore[attr-defined]  # a streaming response
        first = first or time.perf_counter() - started
        lines += piece.count(b"\n")
        if lines >= EXPORTED_LINES:
            break
    response.close()
    return {"seconds": time.perf_counter() - started, "first_seconds": first, "rows": lines}


WORK: dict[str, Callable[..., Result]] = {
    "import": import_once,
    "preview": import_with_preview,
    "usual": usual,
    "bare": bare,
    "demo": demo,
    "page": page,
    "export": export,
}
