"""`make bench`: measures and prints the table. `--quick` leaves out the hundredfold demo year."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath

from dekon.ops import postgres
from dekon.ops.bench import material
from dekon.ops.bench.databases import Database, database, drop, exists, rename, server
from dekon.ops.bench.start import second_start_seconds

ROWS = 20_000
FEW_LINES, MANY_LINES = 20_000, 200_000
POSITIONS = 2_000
LARGE = 100

type Result = dict[str, float]


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table: what was done, what came out, the goal, and whether it is met (None: no goal)."""

    work: str
    result: str
    goal: str
    met: bool | None


def measure(where: Database, name: str, *words: object) -> Result:
    """One measurement in a process of its own on a database."""
    done = subprocess.run(
        [sys.executable, "-m", "dekon.ops.bench.measure", name, *map(str, words)],
        env=where.environment(), check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    result: Result = json.loads(done.stdout.splitlines()[-1])
    return result


def workbook_figures(use: postgres.Use, folder: FilePath) -> Iterator[Figure]:
    """The import of 20,000 account rows against the usual import and against the bare chain."""
    drop(use, "dekon_bench")
    where = database(use, "dekon_bench")
    flat, first, second = folder / "flat.xlsx", folder / "first.xlsx", folder / "second.xlsx"
    material.write_flat(flat, material.bench_satker("900001"), ROWS)
    material.write_print(first, material.bench_satker("900001"), ROWS)
    material.write_print(second, material.bench_satker("900002"), ROWS)
    bare, ours = measure(where.as_owner(), "bare", flat), measure(where, "import", first)
    previewed, usual = measure(where, "preview", second), measure(where.as_owner(), "usual", flat)
    ratio, preview_ratio = usual["seconds"] / ours["seconds"], usual["seconds"] / previewed["seconds"]
    yield Figure("import 20,000 rows of xlsx (FA Detail), one pass", _seconds(ours), "", None)
    yield Figure("… checked, previewed, applied (read twice)", _seconds(previewed), "", None)
    yield Figure("… django-import-export, flat workbook", _seconds(usual), "", None)
    yield Figure("… bare chain, flat workbook", _seconds(bare), "", None)
    yield Figure("… × django-import-export, one pass", f"{ratio:.1f}", ">= 15", ratio >= 15)
    yield Figure("… × django-import-export, with preview", f"{preview_ratio:.1f}", "", None)
    share = bare["seconds"] / ours["seconds"]
    yield Figure("… share of the bare chain", f"{share:.2f}", ">= 0.2", share >= 0.2)


def payment_figures(use: postgres.Use, folder: FilePath) -> Iterator[Figure]:
    """200,000 payment lines against 20,000."""
    where = database(use, "dekon_bench")
    satker = material.bench_satker("900003")
    budget, few, many = folder / "dataang.json", folder / "few.csv", folder / "many.csv"
    material.write_budget(budget, satker, POSITIONS)
    material.write_payments(few, satker, FEW_LINES, POSITIONS, 1)
    material.write_payments(many, satker, MANY_LINES, POSITIONS, 2)
    material.write_master(folder / "master.json", satker)
    measure(where, "import", folder / "master.json")
    measure(where, "import", budget)
    small, large = measure(where, "import", few), measure(where, "import", many)
    cost = (large["seconds"] / MANY_LINES) / (small["seconds"] / FEW_LINES)
    memory = large["peak_mb"]
    yield Figure("import 20,000 SP2D lines (MonSAKTI CSV)", _seconds(small), "", None)
    yield Figure("import 200,000 SP2D lines", _seconds(large), "", None)
    yield Figure("… peak memory", f"{memory:.0f} MB", "< 400 MB", memory < 400)
    yield Figure("… cost per line × that of 20,000", f"{cost:.2f}", "<= 1.3", cost <= 1.3)


def demo_database(use: postgres.Use, scale: int) -> Database:
    """The demo year at a scale, built once and kept."""
    name = f"dekon_bench_demo_{scale}"
    if not exists(use, name):
        draft = f"{name}_loading"
        drop(use, draft)
        built = measure(database(use, draft), "demo", scale)
        print(f"demo × {scale} built in {built['seconds']:.0f} s", file=sys.stderr)
        rename(use, draft, name)
    return database(use, name)


def page_figures(use: postgres.Use, scale: int) -> Iterator[Figure]:
    """The national page and the export, at × 1 and at the large scale."""
    small = measure(demo_database(use, 1), "page")
    yield Figure("national page, demo × 1", _milliseconds(small), "", None)
    if scale > 1:
        where = demo_database(use, scale)
        large, export = measure(where, "page"), measure(where, "export")
        ratio = large["seconds"] / small["seconds"]
        first = export["first_seconds"]
        yield Figure(f"national page, demo × {scale}", _milliseconds(large), "< 50 ms", large["seconds"] < 0.05)
        yield Figure(f"… × {scale} against × 1", f"{ratio:.2f}", "<= 1.5", ratio <= 1.5)
        yield Figure("CSV of 100,000 lines, first byte", f"{first * 1000:.0f} ms", "< 200 ms", first < 0.2)
        yield Figure("… in all", _seconds(export), "", None)
        yield Figure("… memory grown", f"{export['grown_mb']:.0f} MB", "flat", None)


def _seconds(result: Result) -> str:
    return f"{result['seconds']:.2f} s, {result['peak_mb']:.0f} MB"


def _milliseconds(result: Result) -> str:
    return f"{result['seconds'] * 1000:.0f} ms (worst {result['worst_seconds'] * 1000:.0f})"


def show(figure: Figure) -> None:
    """Prints one line of the table."""
    met = {True: "met", False: "MISSED", None: ""}[figure.met]
    print(f"{figure.work:<52} {figure.result:>24}  {figure.goal:<9} {met}", flush=True)


def main() -> None:
    """Measures everything; timings never fail a build."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--quick", action="store_true", help="without the hundredfold demo year and the second start")
    parser.add_argument("--scale", type=int, default=LARGE, help="scale of the large demo year (default: 100)")
    args = parser.parse_args()
    with server() as use, tempfile.TemporaryDirectory() as folder:
        for figure in workbook_figures(use, FilePath(folder)):
            show(figure)
        for figure in payment_figures(use, FilePath(folder)):
            show(figure)
        for figure in page_figures(use, 1 if args.quick else args.scale):
            show(figure)
    if not args.quick:
        seconds = second_start_seconds()
        show(Figure("second `make run` until the page answers", f"{seconds:.1f} s", "<= 5 s", seconds <= 5))


if __name__ == "__main__":
    main()
