"""`dekon token create`: a key for the API, shown once."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from dekon.ops.output import add_json, print_json
from dekon.org.choices import TokenScope
from dekon.org.selectors import system_user
from dekon.org.services import create_token


def add_arguments(parser: ArgumentParser) -> None:
    """Whose key it is and what it may do."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="create")
    create = verbs.add_parser("create", help="a new key; it is shown once and kept as a hash")
    create.add_argument("--user", required=True, metavar="NAME", help="whose rights the key has")
    create.add_argument("--scope", required=True, choices=TokenScope.values, help="read, or read and write")
    create.add_argument("--name", default="", help="what the key is for")
    add_json(create)


def run(args: Namespace) -> int:
    """Make the key and print it."""
    key = create_token(actor=system_user(), username=args.user, scope=args.scope, name=args.name)
    if args.json:
        print_json({"user": args.user, "scope": args.scope, "token": key})
    else:
        print(key)
    return 0
