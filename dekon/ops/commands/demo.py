"""`dekon demo`: load the synthetic demo year."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace

from dekon.ops.demo.load import load_demo
from dekon.ops.demo.people import PASSWORD
from dekon.ops.output import add_json, print_json


def add_arguments(parser: ArgumentParser) -> None:
    """Which year, and how large."""
    parser.add_argument("--year", type=int, default=2022, metavar="Y", help="fiscal year (default: 2022)")
    parser.add_argument(
        "--scale",
        type=int,
        default=1,
        metavar="N",
        help="split each payment line into N, totals unchanged (load tests)",
    )
    add_json(parser)


def show(label: str, done: int, total: int) -> None:
    """A line that follows the load on a terminal; nothing where nobody watches."""
    if sys.stderr.isatty():
        print(f"\r\033[K{done:>4}/{total} {label[:90]}", end="" if label else "\n", file=sys.stderr, flush=True)


def run(args: Namespace) -> int:
    """Loads the year and says how long it took."""
    started = time.monotonic()
    progress = load_demo(show, year=args.year, scale=max(1, args.scale))
    seconds = time.monotonic() - started
    if args.json:
        print_json({"year": args.year, "scale": args.scale, "done": progress.done, "total": progress.total})
    else:
        print(
            f"demo {args.year} × {args.scale}: {progress.done}/{progress.total}, {seconds:.0f} s, password {PASSWORD}"
        )
    return 0
