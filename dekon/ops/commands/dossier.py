"""`dekon dossier`: everything official about a satker, a province or the nation in a year, as one ZIP."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from django.db import transaction

from dekon.audit import services as audit
from dekon.audit.choices import Reading
from dekon.history import selectors as history
from dekon.history.services import as_at
from dekon.org import selectors as org
from dekon.org.selectors import Place
from dekon.web.dossier import book


def add_arguments(parser: ArgumentParser) -> None:
    """Year, place, file."""
    parser.add_argument("--year", type=int, required=True)
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--satker", default="", metavar="KODE")
    place.add_argument("--province", default="", metavar="KODE", help="Kemendagri code")
    place.add_argument("--national", action="store_true")
    parser.add_argument("--out", required=True, metavar="FILE.zip")


def run(args: Namespace) -> int:
    """Write the dossier; a file that is there is replaced only by a whole one."""
    actor, out = org.system_user(), Path(args.out)
    place = Place(province=args.province, satker=args.satker)
    asked = book.order(year=args.year, place=place, taken_by=actor.get_username(), taken_at=history.present())
    with transaction.atomic():
        audit.record_reading(
            actor=actor, kind=Reading.DOSSIER, subject_type="dossier", subject_id=asked.file_name,
            subject_name=f"{asked.title} {args.year}", satker_code=args.satker,
            place=audit.place_of(args.province, ""), facts={"satker": len(asked.wanted.satker)},
        )  # fmt: skip
    draft = out.with_name(f".{out.name}.part")
    try:
        with draft.open("wb") as file, transaction.atomic(), as_at(asked.taken_at):
            for piece in book.pieces(asked):
                file.write(piece)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    print(f"{out}: {out.stat().st_size:,} bytes", file=sys.stderr)
    return 0
