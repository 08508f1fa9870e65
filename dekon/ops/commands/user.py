"""`dekon user add|list|disable`: people with accounts."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import date
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from dekon.errors import RuleBroken
from dekon.ops.output import add_json, print_json, print_table
from dekon.org.choices import Role
from dekon.org.selectors import system_user, users
from dekon.org.services import add_user, disable_user


def add_arguments(parser: ArgumentParser) -> None:
    """One word says what to do; a person is known by the login name."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="add|list|disable")
    add = verbs.add_parser("add", help="a new person with one role")
    add.add_argument("name", help="login name")
    add.add_argument("--role", required=True, choices=Role.values, metavar="ROLE", help=", ".join(Role.values))
    add.add_argument("--display-name", default="", help="name on the screen")
    add.add_argument("--province", default="", metavar="KODE", help="Kemendagri code where the role holds")
    add.add_argument("--unit", default="", metavar="KODE", help="unit eselon I where the role holds")
    add.add_argument("--satker", default="", metavar="KODE", help="satker where the role holds")
    add.add_argument("--decree", default="", metavar="NUMBER", help="decree that appoints an official of a satker")
    add.add_argument("--decree-on", type=date.fromisoformat, metavar="DATE", help="day of the decree")
    add.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    disable = verbs.add_parser("disable", help="the person can no longer sign in; what they did stays")
    disable.add_argument("name", help="login name")
    for verb in (add, disable, verbs.add_parser("list", help="all accounts")):
        add_json(verb)


def ask_password(*, from_stdin: bool) -> str:
    """A password that is strong enough, typed twice or read from standard input.

    Raises:
        RuleBroken: `user-passwords-differ`, `user-password-weak`.
    """
    if from_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = getpass("Password: ")
        if getpass("Again: ") != password:
            raise RuleBroken("user-passwords-differ")
    try:
        validate_password(password)
    except ValidationError as error:
        raise RuleBroken("user-password-weak", reason=" ".join(error.messages)) from error
    return password


def run(args: Namespace) -> int:
    """Do what the word says."""
    if args.verb == "list":
        return list_users(as_json=args.json)
    if args.verb == "add":
        user = add_user(
            actor=system_user(), username=args.name, password=ask_password(from_stdin=args.password_stdin),
            role=args.role, display_name=args.display_name, province=args.province, unit=args.unit, satker=args.satker,
            decree_no=args.decree, decree_on=args.decree_on,
        )  # fmt: skip
    else:
        user = disable_user(actor=system_user(), username=args.name)
    if args.json:
        print_json({"user": user.username, "done": args.verb})
    else:
        print(f"{user.username}: {args.verb}")
    return 0


def list_users(*, as_json: bool) -> int:
    """All accounts with their roles."""
    rows: list[dict[str, Any]] = [
        {
            "user": user.username, "name": user.display_name, "active": user.is_active,
            "roles": [assignment.role for assignment in user.assignments.all()],
        }
        for user in users()
    ]  # fmt: skip
    if as_json:
        print_json({"users": rows})
    else:
        cells = [
            (row["user"], row["name"], ", ".join(row["roles"]), "" if row["active"] else "disabled") for row in rows
        ]
        print_table(("USER", "NAME", "ROLES", ""), cells)
    return 0
