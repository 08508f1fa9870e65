"""Copies of the ends of the trail's chains, kept where the database cannot reach: a file that only grows, and the log.

One line for each copy: `{"at": "2026-11-24T08:00:00+00:00", "heads": {"069011": [12, "<hash>"], "": [90, "<hash>"]}}`.
The log bears the SHA-256 of that line, so that who keeps the log knows whether the file is still what it was.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from dekon.errors import RuleBroken

type Ends = Mapping[str, tuple[int, str]]

log = logging.getLogger("dekon.heads")


def file() -> Path:
    """Where the copies of this installation lie."""
    return Path(settings.HEADS_FILE)


def keep(ends: Ends, at: datetime) -> bool:
    """Append a copy, on the disk when this returns, and vouch for it in the log. Returns whether anything was new.

    Args:
        ends: chain → number of its rows and the hash up to the last, hexadecimal.
        at: the moment of the copy.
    """
    path = file()
    kept = list(_lines(path))
    if kept and {chain: tuple(end) for chain, end in kept[-1]["heads"].items()} == dict(ends):
        return False
    line = json.dumps({"at": at.isoformat(), "heads": dict(ends)}, sort_keys=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as stream:
        stream.write(line + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    rows = sum(seq for seq, _digest in ends.values())
    log.info("trail: %d chains, %d rows, copy %s", len(ends), rows, hashlib.sha256(line.encode()).hexdigest())
    return True


def newest_line() -> str:
    """The newest copy as it stands in the file; empty where there is none."""
    path = file()
    return (path.read_text("ascii").splitlines() or [""])[-1] if path.is_file() else ""


def copies(path: Path | None = None) -> Iterable[tuple[str, int, str]]:
    """Chain, number and hash of every copy in a file.

    Raises:
        RuleBroken: the file is no list of copies.
    """
    for record in _lines(path or file()):
        for chain, (seq, digest) in record["heads"].items():
            yield chain, seq, digest


def _lines(path: Path) -> Iterable[dict[str, dict[str, tuple[int, str]]]]:
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text("ascii").splitlines(), start=1):
        record = _record(line)
        if record is None:
            raise RuleBroken("heads-file-broken", file=path.name, line=number)
        yield record


def _record(line: str) -> dict[str, dict[str, tuple[int, str]]] | None:
    """One copy; None for what is none."""
    try:
        record: dict[str, dict[str, tuple[Any, str]]] = json.loads(line)
        ends = record["heads"].values()
        whole = all(isinstance(seq, int) and len(bytes.fromhex(digest)) == 32 for seq, digest in ends)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return record if whole else None
