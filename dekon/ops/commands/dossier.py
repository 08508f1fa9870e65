"""`dekon dossier`: everything official about a satker, a province or the nation in a year, as one ZIP."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from dekon.audit import services as audit
from dekon.audit.choices import Reading
from dekon.errors import NotFound
from dekon.history import selectors as history
from dekon.history.services import as_at
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.org.selectors import Place
from dekon.scope import scoped_transaction
from dekon.web.dossier import book

if TYPE_CHECKING:
    from dekon.org.models import User


def add_arguments(parser: ArgumentParser) -> None:
    """Year, place, file."""
    parser.add_argument("--year", type=int, required=True)
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--satker", default="", metavar="KODE")
    place.add_argument("--province", default="", metavar="KODE", help="Kemendagri code")
    place.add_argument("--national", action="store_true")
    parser.add_argument("--out", required=True, metavar="FILE.zip")
    parser.add_argument(
        "--user", default="", metavar="NAME", help="whose roles and letter bound it; without it nothing does"
    )


def run(args: Namespace) -> int:
    """Write the dossier; a file that is there is replaced only by a whole one.

    Raises:
        NotFound: no such place or account.
        NotAllowed: the account takes no dossier there.
        RuleBroken: no satker lies there.
    """
    place = Place(province=args.province, satker=args.satker)
    if not args.user:
        return take(org.system_user(), args, place)
    actor = account(args.user)
    with scoped_transaction(str(actor.pk), lambda: org.scope_of(actor)):
        place = org.narrowed(actor, Action.TAKE_DOSSIER, place)
    return take(actor, args, place)


def account(name: str) -> User:
    """The account whose dossier it is, found by its exact user name.

    Raises:
        NotFound: there is none.
    """
    found = org.user_by_name(name)
    if found is None or not found.is_active:
        raise NotFound("user-unknown", username=name)
    return found


def take(actor: User, args: Namespace, place: Place) -> int:
    """Record that somebody takes a dossier of a place, and write it."""
    out = Path(args.out)
    with reading_as(actor):
        asked = book.order(year=args.year, place=place, taken_by=str(actor), taken_at=history.present())
        audit.record_reading(
            actor=actor, kind=Reading.DOSSIER, subject_type="dossier", subject_id=asked.file_name,
            subject_name=f"{asked.title} {args.year}", satker_code=place.satker,
            place=audit.place_of(place.province, place.unit), facts={"satker": len(asked.wanted.satker)},
        )  # fmt: skip
    draft = out.with_name(f".{out.name}.part")
    try:
        with draft.open("wb") as file, reading_as(actor), as_at(asked.taken_at):
            for piece in book.pieces(asked):
                file.write(piece)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    print(f"{out}: {asked.title}, {out.stat().st_size:,} bytes", file=sys.stderr)
    return 0


def reading_as(actor: User) -> AbstractContextManager[None]:
    """A transaction that sees what the account may see; of the system, everything."""
    if actor.username == org.SYSTEM_USER:
        return transaction.atomic()
    return scoped_transaction(str(actor.pk), lambda: org.scope_of(actor))
