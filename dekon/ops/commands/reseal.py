"""`dekon reseal`: encrypted columns go over to the newest key."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from django.conf import settings

from dekon.ops.output import add_json, print_json
from dekon.org.selectors import system_user
from dekon.org.services import reseal_niks


def add_arguments(parser: ArgumentParser) -> None:
    """Nothing but the form of the answer."""
    add_json(parser)


def run(args: Namespace) -> int:
    """Reseal; say how many values there were."""
    count = reseal_niks(actor=system_user())
    if args.json:
        print_json({"resealed": count, "key": settings.FIELD_KEYS[0].name})
    else:
        print(f"{count} values are now sealed by the key {settings.FIELD_KEYS[0].name}")
    return 0
