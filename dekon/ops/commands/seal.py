"""`dekon seal`: the seal of the trail, made now and mailed where asked."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from django.utils import timezone

from dekon.documents import selectors, services
from dekon.ops.output import add_json, print_json
from dekon.org.selectors import system_user


def add_arguments(parser: ArgumentParser) -> None:
    """Where the seal goes."""
    parser.add_argument("--newest", action="store_true", help="the newest seal instead of a new one")
    parser.add_argument("--mail", action="append", default=[], metavar="ADDRESS", help="mail it there (repeatable)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the PDF there")
    add_json(parser)


def run(args: Namespace) -> int:
    """Make a seal, or take the newest; hand it out."""
    actor = system_user()
    seal = (
        selectors.newest_seal()
        if args.newest
        else services.seal_trail(actor=actor, at=timezone.now().replace(microsecond=0))
    )
    if args.out:
        args.out.write_bytes(selectors.content(seal))
    mailed = services.send_document(document=seal, to=args.mail)
    if mailed:
        services.record_mailed(actor=actor, document=seal, mails=mailed)
    if args.json:
        print_json({"number": seal.number, "sha256": seal.sha256, "mailed": mailed})
    else:
        print(f"{seal.number} {seal.sha256}, mailed to {mailed}")
    return 0
