"""Every stored file against what the database says of it: its bytes hashed anew, lost ones and nobody's ones named.

Reads piece by piece; memory does not grow with the store, only with what is wrong in it.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.db import connection

from dekon.gateways.files import Shelf

type Fault = Literal["missing", "changed", "orphan"]
type Told = Callable[[int, int], None]

NAMED: dict[Shelf, tuple[tuple[str, str], ...]] = {
    "imports": (("budget_importrun", "sha256"),),
    "documents": (
        ("documents_document", "sha256"),
        ("documents_revision", "sha256"),
        ("documents_checkedfile", "sha256"),
    ),
    "attachments": (
        ("documents_attachment", "sha256"),
        ("documents_papersignature", "sha256"),
        ("coordination_material", "sha256"),
        ("coordination_decisionevent", "sha256"),
        ("org_roleassignment", "letter_digest"),
        ("org_registration", "letter_digest"),
    ),
}
"""Which columns name the files of a shelf."""

WAS_KEPT = """SELECT 1 FROM budget_importrun r WHERE r.sha256 = %s AND EXISTS (
    SELECT 1 FROM audit_event e WHERE e.subject_type = 'import' AND e.subject_id = r.id::text
        AND e.action = 'import-brought' AND e.origin IN ('web', 'api'))"""
"""The store has a copy of what came by page or API; the command line imports a file where it lies."""

ARRIVING_SECONDS = 3600
"""A file that lies there for less may belong to a transaction that has not ended."""
BATCH = 500
PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """One file that is not as the database says: lost, with other bytes, or named by nothing."""

    fault: Fault
    shelf: str
    name: str


@dataclass(slots=True)
class FilesProof:
    """What a look through the store saw.

    `elsewhere`: files of imports of the command line, of which the store never had a copy.
    """

    files: int = 0
    size_bytes: int = 0
    elsewhere: int = 0
    findings: list[Finding] = field(default_factory=list)


def prove_files(told: Told = lambda _done, _total: None) -> FilesProof:
    """Hash every stored file anew and compare the store with the database.

    Args:
        told: hears how many of how many named files are looked at.
    """
    proof = FilesProof()
    total = sum(_count(shelf) for shelf in NAMED)
    done = 0
    for shelf in NAMED:
        for digest in _named(shelf):
            _look_at(shelf, digest, proof)
            done += 1
            told(done, total)
    for shelf in NAMED:
        proof.findings += (Finding("orphan", shelf, name) for name in _orphans(shelf))
    return proof


def _folder(shelf: str) -> Path:
    return Path(settings.MEDIA_ROOT) / shelf


def _all_named(shelf: Shelf) -> str:
    """A query of every digest of a shelf, each once."""
    return " UNION ".join(
        f"SELECT {column} AS digest FROM {table} WHERE {column} <> ''" for table, column in NAMED[shelf]
    )


def _count(shelf: Shelf) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({_all_named(shelf)}) named")
        return int(cursor.fetchone()[0])


def _named(shelf: Shelf) -> Iterator[str]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"{_all_named(shelf)} ORDER BY 1")
        for (digest,) in cursor:
            yield digest


def _look_at(shelf: Shelf, digest: str, proof: FilesProof) -> None:
    path = _folder(shelf) / digest
    try:
        found, size = _hashed(path)
    except OSError:
        if shelf == "imports" and not _was_kept(digest):
            proof.elsewhere += 1
        else:
            proof.findings.append(Finding("missing", shelf, digest))
        return
    proof.files += 1
    proof.size_bytes += size
    if found != digest:
        proof.findings.append(Finding("changed", shelf, digest))


def _hashed(path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def _was_kept(digest: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAS_KEPT, [digest])
        return cursor.fetchone() is not None


def _orphans(shelf: Shelf) -> Iterator[str]:
    """Names of files that nothing names, in no order; such as a file of a form that was refused."""
    if not _folder(shelf).is_dir():
        return
    for names in batched(_settled(_folder(shelf)), BATCH):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT name FROM unnest(%s::text[]) name WHERE name NOT IN ({_all_named(shelf)}) ORDER BY name",
                [list(names)],
            )
            yield from (name for (name,) in cursor.fetchall())


def _settled(folder: Path) -> Iterator[str]:
    """Names of files that lie there long enough; a draft of an upload that was cut off is nobody's too."""
    newest = time.time() - ARRIVING_SECONDS
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file() and entry.stat().st_mtime < newest:
                yield entry.name
