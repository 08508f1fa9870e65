"""`dekon backup`: everything in one file."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from django.utils import timezone

from dekon.errors import RuleBroken
from dekon.ops.backup.make import make_backup
from dekon.ops.output import add_json, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator


def add_arguments(parser: ArgumentParser) -> None:
    """Where it goes."""
    parser.add_argument("--out", required=True, metavar="FILE", help="the new file, or - for standard output")
    parser.add_argument("--with-keys", action="store_true", help="with the keys of the local authority: keep it secret")
    add_json(parser)


def run(args: Namespace) -> int:
    """Write it whole or not at all.

    Raises:
        RuleBroken: `backup-exists`.
    """
    if args.out == "-":
        make_backup(sys.stdout.buffer, now=timezone.now(), with_keys=args.with_keys)
        return 0
    path = Path(args.out)
    with whole_file(path) as stream:
        made = make_backup(stream, now=timezone.now(), with_keys=args.with_keys)
    size = path.stat().st_size
    if args.json:
        print_json({"file": str(path), "bytes": size, "parts": made.parts, "rows": made.rows, "made_at": made.made_at})
    else:
        print(f"{path}: {size:,} bytes, {made.parts} parts, {made.rows:,} rows")
    return 0


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A new file that only its owner reads and that bears its name once it is whole and on the disk.

    Raises:
        RuleBroken: `backup-exists`.
    """
    if path.exists():
        raise RuleBroken("backup-exists", file=str(path))
    draft = path.with_name(f".{path.name}.draft")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
