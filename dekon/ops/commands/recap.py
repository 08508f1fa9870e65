"""`dekon recap`: what may be spent, was spent and was planned."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from dekon.errors import RuleBroken
from dekon.history import selectors as history
from dekon.history.services import as_at
from dekon.lib.rupiah import round_half_up
from dekon.ops.output import add_json, print_json, print_table
from dekon.performance import selectors
from dekon.performance.selectors import Figures, Recap, RecapFilter

FILTERS = ("province", "unit", "satker", "authority", "theme")
RATIO_PLACES = 6
NUMBERS = frozenset(range(1, 8))


def add_arguments(parser: ArgumentParser) -> None:
    """Year, day, grouping and filters."""
    parser.add_argument("--year", type=int, required=True)
    parser.add_argument(
        "--as-of", type=date.fromisoformat, metavar="DATE", help="today or the year's last day if not given"
    )
    parser.add_argument("--by", choices=selectors.GROUPINGS, default="province")
    for name in FILTERS:
        parser.add_argument(f"--{name}", default="", metavar="NAME" if name == "theme" else "KODE")
    parser.add_argument(
        "--known-at", default="", metavar="TIME", help="as it was on record at this past moment, not as it is now"
    )
    add_json(parser)


def run(args: Namespace) -> int:
    """Print the recap."""
    with transaction.atomic(), as_at(moment_asked(args.known_at)):
        return _answer(args)


def moment_asked(text: str) -> datetime | None:
    """The moment of an argument; None where none is given.

    Raises:
        RuleBroken: `moment-not-a-time`.
    """
    moment = history.parsed(text) if text else None
    if text and moment is None:
        raise RuleBroken("moment-not-a-time", value=text)
    return moment


def _answer(args: Namespace) -> int:
    as_of = args.as_of or selectors.default_as_of(args.year)
    asked = RecapFilter(year=args.year, as_of=as_of, **{name: getattr(args, name) for name in FILTERS})
    result = selectors.recap(asked, args.by)
    if args.json:
        print_json(document(result))
    else:
        _print(result)
    return 0


def document(result: Recap) -> dict[str, object]:
    """The recap as its contract writes it."""
    rows = [{"key": row.key, "name": row.name, **figures(row.figures)} for row in result.rows]
    return {
        "year": result.year, "as_of": result.as_of, "synthetic": result.synthetic, "rows": rows,
        "total": figures(result.total),
    }  # fmt: skip


def figures(money: Figures) -> dict[str, int | Decimal | None]:
    """The money and ratios of one line; ratios are rounded half-up to six places."""
    return {
        "pagu_rp": money.pagu_rp, "blocked_rp": money.blocked_rp, "reserved_rp": money.reserved_rp,
        "realised_rp": money.realised_rp, "parked_rp": money.parked_rp, "effective_rp": money.effective_rp,
        "available_rp": money.available_rp, "planned_rp": money.planned_rp, "absorption": _ratio(money.absorption),
        "absorption_effective": _ratio(money.absorption_effective),
    }  # fmt: skip


def _ratio(value: Decimal | None) -> Decimal | None:
    return None if value is None else round_half_up(value, RATIO_PLACES)


def _print(result: Recap) -> None:
    headings = (result.by, "pagu", "blokir", "dicadangkan", "realisasi", "diparkir", "rencana", "%")
    lines = [(f"{row.key} {row.name}", *_cells(row.figures)) for row in result.rows]
    print_table(headings, [*lines, ("jumlah", *_cells(result.total))], right=NUMBERS)


def _cells(money: Figures) -> tuple[str, ...]:
    amounts = (
        money.pagu_rp, money.blocked_rp, money.reserved_rp, money.realised_rp, money.parked_rp, money.planned_rp,
    )  # fmt: skip
    share = "–" if money.absorption is None else str(round_half_up(money.absorption * 100, 1))
    return (*(f"{amount:,}".replace(",", ".") for amount in amounts), share)
