"""`dekon demo`: load the synthetic demo year."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, Namespace

from dekon.errors import NotFound, RuleBroken
from dekon.ops.demo.load import load_demo
from dekon.ops.demo.people import PASSWORD
from dekon.ops.output import add_json, print_json
from dekon.org.selectors.sign_in import user_by_name
from dekon.org.services import demo_code


def add_arguments(parser: ArgumentParser) -> None:
    """Which year, and how large; or the code of a person's second factor."""
    parser.add_argument(
        "what", nargs="*", metavar="code USER", help="show the code of the second factor of a demo login, nothing else"
    )
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
    """Loads the year and says how long it took; or shows a code.

    Raises:
        RuleBroken: the words make no sense, or it is no login of the demo.
        NotFound: no such login.
    """
    if args.what:
        return show_code(args.what, as_json=args.json)
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


def show_code(words: list[str], *, as_json: bool) -> int:
    """The six digits that the app of a demo login shows now."""
    if len(words) != 2 or words[0] != "code":
        raise RuleBroken("demo-words", words=" ".join(words))
    user = user_by_name(words[1])
    if user is None:
        raise NotFound("user-unknown", username=words[1])
    code = demo_code(user=user)
    if as_json:
        print_json({"user": user.username, "code": code})
    else:
        print(code)
    return 0
