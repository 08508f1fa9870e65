"""The lines of the table: what is measured on which database, against what, and whether the goal is met."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath

from dekon.ops import postgres
from dekon.ops.bench import material, scores, start
from dekon.ops.bench.databases import Database, copied, database, drop, exists, prepared, rename

ROWS = 20_000
FEW_LINES, MANY_LINES = 20_000, 200_000
POSITIONS = 2_000
PAGE_GOAL_SECONDS, BELOW_GOAL_SECONDS, FIRST_GOAL_SECONDS = 0.05, 0.2, 0.2
FLAT_MB = 8
GUARD_GOAL_SHARE = 0.15
WRITERS, TRAIL_GOAL, LINK_GOAL, VERIFY_GOAL = 16, 0.2, 0.3, 100_000

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
    """The import of 20,000 account rows against the usual import and against the bare chain, in turns."""
    drop(use, "dekon_bench")
    where = database(use, "dekon_bench")
    flat = folder / "flat.xlsx"
    material.write_flat(flat, material.bench_satker("900001"), ROWS)
    prints = [folder / f"{code}.xlsx" for code in ("900001", "900002", "900003")]
    for path in prints:
        material.write_print(path, material.bench_satker(path.stem), ROWS)
    turns = [
        (
            measure(where.as_owner(), "bare", flat),
            measure(where, "import", path),
            measure(where.as_owner(), "usual", flat),
        )
        for path in prints[:2]
    ]
    bare, ours, usual = (min(results, key=_time) for results in zip(*turns, strict=True))
    previewed = measure(where, "preview", prints[2])
    ratio, preview_ratio = usual["seconds"] / ours["seconds"], usual["seconds"] / previewed["seconds"]
    yield Figure("import 20,000 rows of xlsx (FA Detail), one pass", _seconds(ours), "", None)
    yield Figure("… checked, previewed, applied (read twice)", _seconds(previewed), "", None)
    yield Figure("… django-import-export, flat workbook", _seconds(usual), "", None)
    yield Figure("… bare chain, flat workbook", _seconds(bare), "", None)
    yield Figure("… × django-import-export, one pass", f"{ratio:.1f}", ">= 15", ratio >= 15)
    yield Figure("… × django-import-export, with preview", f"{preview_ratio:.1f}", "", None)
    share = bare["seconds"] / ours["seconds"]
    yield Figure("… share of the bare chain", f"{share:.2f}", ">= 0.2", share >= 0.2)
    read = measure(where, "reading", prints[0])
    rest = ours["seconds"] - sum(read[part] for part in ("look", "cells", "meaning"))
    yield Figure("… of one pass: is the file safe", f"{read['look']:.2f} s", "", None)
    yield Figure("… of one pass: cells (calamine)", f"{read['cells']:.2f} s", "", None)
    yield Figure("… of one pass: codes, sums, findings", f"{read['meaning']:.2f} s", "", None)
    yield Figure("… of one pass: checks against the books, posting", f"{rest:.2f} s", "", None)


def payment_figures(use: postgres.Use, folder: FilePath) -> Iterator[Figure]:
    """200,000 payment lines against 20,000."""
    where = database(use, "dekon_bench")
    satker = material.bench_satker("900004")
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
    """The demo year at a scale, built once and kept.

    A kept one gets the tables of today; where those do not fit what it holds, it is built anew.
    """
    name = f"dekon_bench_demo_{scale}"
    if exists(use, name):
        try:
            return prepared(use, name)
        except subprocess.CalledProcessError:
            print(f"the kept demo × {scale} does not take today's tables: built anew", file=sys.stderr)
            drop(use, name)
    draft = f"{name}_loading"
    drop(use, draft)
    built = measure(database(use, draft), "demo", scale)
    print(f"demo × {scale} built in {built['seconds']:.0f} s", file=sys.stderr)
    rename(use, draft, name)
    return database(use, name)


def page_figures(use: postgres.Use, scale: int) -> Iterator[Figure]:
    """The national page at × 1 and at the large scale, and the pages below it at the large scale."""
    single = demo_database(use, 1)
    if scale == 1:
        yield _page("national page, demo × 1", measure(single, "page", "nation"), PAGE_GOAL_SECONDS)
        return
    where = demo_database(use, scale)
    small, large = _in_turns(single, where)
    ratio = large["seconds"] / small["seconds"]
    yield _page("national page, demo × 1", small, PAGE_GOAL_SECONDS)
    yield _page(f"national page, demo × {scale}", large, PAGE_GOAL_SECONDS)
    yield Figure(f"… × {scale} against × 1", f"{ratio:.2f}", "<= 1.5", ratio <= 1.5)
    for name, words in (("province", "province page"), ("satker", "satker page"), ("payments", "SP2D lines of a pos")):
        yield _page(f"{words}, demo × {scale}", measure(where, "page", name), BELOW_GOAL_SECONDS)


def guarded_figures(use: postgres.Use, scale: int) -> Iterator[Figure]:
    """What row-level security adds to the recap pages, for whoever sees everything and for a province."""
    for size in dict.fromkeys((1, scale)):
        where = demo_database(use, size).as_owner()
        for name, login, words in (
            ("nation", "perencana", "national page"),
            ("province", "kadis-32", "province page of the province"),
            ("satker", "kadis-32", "satker page of the province"),
        ):
            cost = measure(where, "guarded", name, login)
            shown = f"{cost['seconds'] * 1000:.1f} ms, without {cost['without_seconds'] * 1000:.1f} ms"
            work = f"row-level security on the {words}, demo × {size}"
            shares = cost["share"], cost["cpu_share"]  # a busy machine lengthens the wait, not the work
            result = "{}: {:+.1%}, CPU {:+.1%}".format(shown, *shares)
            yield Figure(work, result, "<= +15 %", min(shares) <= GUARD_GOAL_SHARE)


def trail_figures(use: postgres.Use) -> Iterator[Figure]:
    """What the trail adds to a posting, what its link adds to a row, and how fast it is verified."""
    where = copied(use, demo_database(use, 1), "dekon_bench_trail")
    try:
        for writers in (1, WRITERS):
            yield _added(f"posting with trail, writers: {writers}", measure(where, "post", writers), TRAIL_GOAL)
        yield _added(f"… {WRITERS} writers of one satker", measure(where, "post-one-satker", WRITERS), None)
        linked = measure(where.as_owner(), "link")
        yield _added("insert of one row, linked", linked, LINK_GOAL)
        many = {"seconds": linked["many_seconds"], "bare_seconds": linked["many_bare_seconds"]}
        yield _added("insert of a thousand rows at once, linked", many, None)
        verified = measure(where.as_owner(), "verify")
        speed = verified["rows"] / verified["seconds"]
        words = f"{speed:,.0f} rows/s of {verified['rows']:,.0f}"
        yield Figure("verify audit", words, ">= 100,000", speed >= VERIFY_GOAL)
    finally:
        drop(use, "dekon_bench_trail")


def _added(work: str, result: Result, goal: float | None) -> Figure:
    added = result["seconds"] / result["bare_seconds"] - 1
    words = f"{result['seconds'] * 1000:.2f} ms, bare {result['bare_seconds'] * 1000:.2f} ms, {added:+.1%}"
    return Figure(work, words, "" if goal is None else f"<= {goal:.0%}", None if goal is None else added <= goal)


def _in_turns(one: Database, other: Database) -> tuple[Result, Result]:
    """The national page of two databases in turns, of each the better of two runs: a busy moment favours neither."""
    runs = [(measure(one, "page", "nation"), measure(other, "page", "nation")) for _turn in range(2)]
    return min((run[0] for run in runs), key=_time), min((run[1] for run in runs), key=_time)


def _time(result: Result) -> float:
    return result["seconds"]


def _page(work: str, result: Result, goal_seconds: float) -> Figure:
    words = {"seconds": "median", "best_seconds": "best", "app_seconds": "app CPU", "database_seconds": "db CPU"}
    shown = ", ".join(f"{label} {result[name] * 1000:.0f}" for name, label in words.items())
    return Figure(work, f"{shown} ms", f"< {goal_seconds * 1000:.0f} ms", result["seconds"] < goal_seconds)


def export_figures(use: postgres.Use, scale: int) -> Iterator[Figure]:
    """The export of payment lines against a bare COPY of the same lines."""
    where = demo_database(use, scale)
    export, copy = measure(where, "export"), measure(where, "copy")
    first, line, grown = export["first_seconds"], export["first_line_seconds"], export["grown_mb"]
    work = f"CSV of {export['rows']:,.0f} of the lines of demo × {scale}"
    yield Figure(f"{work}, first byte", f"{first * 1000:.0f} ms", "< 200 ms", first < FIRST_GOAL_SECONDS)
    yield Figure("… first line", f"{line * 1000:.0f} ms", "< 200 ms", line < FIRST_GOAL_SECONDS)
    yield Figure("… memory grown after 5,000 lines", f"{grown:.1f} MB", "< 8 MB", grown < FLAT_MB)
    yield Figure("… in all", _seconds(export), "", None)
    yield Figure("… bare COPY of the same lines", f"{copy['seconds']:.2f} s", "", None)
    yield Figure("… × bare COPY", f"{export['seconds'] / copy['seconds']:.1f}", "", None)


def dossier_figures(use: postgres.Use) -> Iterator[Figure]:
    """The dossier of the demo nation: first byte and memory."""
    made = measure(demo_database(use, 1), "dossier")
    first, grown = made["first_seconds"], made["grown_mb"]
    yield Figure("dossier of the demo nation, first byte", f"{first * 1000:.0f} ms", "< 1 s", first < 1)
    yield Figure("… memory grown after 2 MB", f"{grown:.1f} MB", "< 8 MB", grown < FLAT_MB)
    yield Figure("… in all", f"{_seconds(made)}, ZIP of {made['size'] / 1e6:.1f} MB", "", None)


def past_figures(use: postgres.Use) -> Iterator[Figure]:
    """The recap of the nation as at a past moment against that of now."""
    made = measure(demo_database(use, 1), "past")
    yield Figure("recap of the nation, now", f"{made['now_seconds'] * 1000:.0f} ms", "", None)
    for name, words in (("recent", "as at a moment ago"), ("oldest", "as at the first moment on record")):
        seconds = made[f"{name}_seconds"]
        yield Figure(f"… {words}", f"{seconds * 1000:.0f} ms", "< 1 s", seconds < 1)


def signature_figures(use: postgres.Use) -> Iterator[Figure]:
    """One signature more on a document that 38 have signed, and looking at all of them once and again."""
    drop(use, "dekon_bench_signatures")
    made = measure(database(use, "dekon_bench_signatures"), "signatures")
    drop(use, "dekon_bench_signatures")
    many = made["signatures"]
    for work, seconds, goal in (
        (f"signature number {many:.0f}", made["seconds"], 0.5),
        (f"full look at {many:.0f} signatures, the first time", made["first_seconds"], 6),
        ("… again, from the stored result", made["again_seconds"], 0.2),
    ):
        yield Figure(work, f"{seconds:.2f} s", f"<= {goal} s", seconds <= goal)
    words = f"{made['grown_kb']:.1f} KB, to {made['size_kb']:.0f} KB"
    yield Figure(f"… what signature number {many:.0f} adds to the file", words, "<= 40 KB", made["grown_kb"] <= 40)


def score_figures() -> Iterator[Figure]:
    """10,000 worked cases in this process, which needs no database."""
    times = scores.score_many()
    seconds = times.score_seconds
    yield Figure("score 10,000 cases, explained, as JSON", f"{seconds:.2f} s", "<= 5 s", seconds <= 5)
    yield Figure("… reading the file", f"{times.read_seconds:.2f} s", "", None)


def start_figures() -> Iterator[Figure]:
    """The second `make run` against PostgreSQL alone."""
    times = start.second_start()
    yield Figure("second `make run` until the page answers", f"{times.seconds:.1f} s", "<= 5 s", times.seconds <= 5)
    yield Figure("… PostgreSQL alone", f"{times.postgres_seconds:.1f} s", "", None)


def _seconds(result: Result) -> str:
    return f"{result['seconds']:.2f} s, {result['peak_mb']:.0f} MB"
