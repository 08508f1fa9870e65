"""`make bench`: measures and prints the table. `--quick` leaves out the hundredfold demo year."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path as FilePath

from dekon.ops.bench import rows
from dekon.ops.bench.databases import server
from dekon.ops.bench.rows import Figure

LARGE = 100
PARTS = (
    "workbook",
    "payments",
    "pages",
    "rls",
    "export",
    "audit",
    "moments",
    "dossier",
    "signatures",
    "scores",
    "start",
)
MET = {True: "met", False: "MISSED", None: ""}


def machine() -> str:
    """What it is measured on, and whether others keep it busy."""
    cores, load = os.cpu_count() or 1, os.getloadavg()[0]
    busy = "; BUSY: times are longer than they would be alone, CPU is what counts" if load > cores / 2 else ""
    return f"{platform.machine()}, {cores} cores, load {load:.1f}, Python {platform.python_version()}{busy}"


def show(figure: Figure) -> None:
    """Prints one line of the table."""
    print(f"{figure.work:<58} {figure.result:>52}  {figure.goal:<9} {MET[figure.met]}".rstrip(), flush=True)


def figures(chosen: Iterable[str], scale: int, *, quick: bool) -> Iterator[Figure]:
    """The lines of the chosen parts, in the order of `PARTS`."""
    with ExitStack() as held:
        use = held.enter_context(server()) if {*chosen} - {"start", "scores"} else None
        folder = FilePath(held.enter_context(tempfile.TemporaryDirectory()))
        large = 1 if quick else scale
        if use:
            made: dict[str, Callable[[], Iterator[Figure]]] = {
                "workbook": lambda: rows.workbook_figures(use, folder),
                "payments": lambda: rows.payment_figures(use, folder),
                "pages": lambda: rows.page_figures(use, large),
                "rls": lambda: rows.guarded_figures(use, large),
                "export": lambda: rows.export_figures(use, large),
                "audit": lambda: rows.trail_figures(use),
                "moments": lambda: rows.past_figures(use),
                "dossier": lambda: rows.dossier_figures(use),
                "signatures": lambda: rows.signature_figures(use),
            }
            for part in [part for part in PARTS if part in chosen and part in made]:
                yield from made[part]()
    if "scores" in chosen:
        yield from rows.score_figures()
    if "start" in chosen and not quick:
        yield from rows.start_figures()


def main() -> None:
    """Measures everything; timings never fail a build."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--quick", action="store_true", help="without the hundredfold demo year and the second start")
    parser.add_argument("--scale", type=int, default=LARGE, help="scale of the large demo year (default: 100)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="these parts only")
    args = parser.parse_args()
    print(machine(), flush=True)
    judged = []
    for figure in figures(args.only, args.scale, quick=args.quick):
        show(figure)
        judged += [figure.met] if figure.met is not None else []
    print(f"{machine()}\n{sum(judged)} of {len(judged)} goals met")


if __name__ == "__main__":
    main()
