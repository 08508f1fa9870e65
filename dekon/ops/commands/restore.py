"""`dekon restore`: a backup into this installation."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from django.utils import timezone

from dekon.errors import RuleBroken
from dekon.ops.backup import restore
from dekon.ops.backup.archive import read_manifest, refuse_damaged
from dekon.ops.backup.drill import prove
from dekon.ops.output import add_json, print_json


def add_arguments(parser: ArgumentParser) -> None:
    """Which file, and whether what is here gives way."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a file that dekon backup wrote")
    parser.add_argument(
        "--replace", action="store_true", help="although this installation holds data; they are kept aside"
    )
    add_json(parser)


def run(args: Namespace) -> int:
    """Check the file, restore it aside, prove it, and only then put it in place.

    Raises:
        RuleBroken: the file is no whole backup, or the installation holds data and --replace was not said.
    """
    manifest = read_manifest(args.file)
    refuse_damaged(args.file, manifest)
    if restore.holds_data() and not args.replace:
        raise RuleBroken("backup-place-taken")
    aside = f"dekon_aside_{timezone.now():%Y%m%d_%H%M%S}"
    with restore.scratch_database("dekon_restored") as scratch:
        restore.load_dump(args.file, scratch)
        proof = prove(scratch, manifest)
        if not proof.holds:
            raise RuleBroken("backup-proof-failed", what=proof.complaint)
        restore.put_in_place(scratch, aside)
    put = restore.put_files(args.file, manifest)
    result = {
        "restored": str(args.file), "made_at": manifest.made_at, "rows": sum(manifest.rows.values()), "files": put,
        "kept_aside": aside,
    }  # fmt: skip
    if args.json:
        print_json(result)
    else:
        print(f"restored as of {manifest.made_at:%Y-%m-%d %H:%M %Z}; the former database is kept as {aside}")
    return 0
