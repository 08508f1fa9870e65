"""`dekon deadline`.

The day after a number of working days, by the calendar of national holidays and collective leave.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import date

from dekon.errors import RuleBroken
from dekon.ops.output import add_json, print_json
from dekon.org.selectors import working_calendar


def add_arguments(parser: ArgumentParser) -> None:
    """Start and length of the term."""
    parser.add_argument(
        "--after", type=date.fromisoformat, required=True, metavar="DATE", help="first day, not counted"
    )
    parser.add_argument("--working-days", type=int, required=True, metavar="N", help="working days to count")
    add_json(parser)


def run(args: Namespace) -> int:
    """Print the day."""
    if args.working_days < 0:
        raise RuleBroken("deadline-days-wrong", value=args.working_days)
    calendar = working_calendar()
    due_on = calendar.add_working_days(args.after, args.working_days)
    if args.json:
        print_json({"after": args.after, "working_days": args.working_days, "due_on": due_on})
    else:
        print(due_on.isoformat())
    return 0
