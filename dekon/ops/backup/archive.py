"""The file of a backup: a ZIP that is written and read from front to back, with the digest of every part at its end.

Parts: `database.dump` (pg_dump's own format), `files/<shelf>/<sha256>`, `heads/heads.jsonl`, `pki/*.pem` (certificates,
no keys unless asked), and last `manifest.json`.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from dekon.errors import RuleBroken

MANIFEST = "manifest.json"
DATABASE = "database.dump"
FORMAT = 1
CHUNK = 1024 * 1024
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    `made_at`: the moment of its snapshot. `rows`: table → rows in it then. `parts`: part → SHA-256.
    """

    made_at: datetime
    edition: str
    server: int
    rows: Mapping[str, int]
    parts: Mapping[str, str]


class Writer:
    """Writes a backup to a stream that need not be able to go back, such as a pipe."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True)
        self.parts: dict[str, str] = {}

    def add(self, name: str, chunks: Iterable[bytes]) -> str:
        """One part, piece by piece. Returns its SHA-256."""
        digest = hashlib.sha256()
        with self.zip.open(zipfile.ZipInfo(name, EPOCH), "w", force_zip64=True) as part:
            for chunk in chunks:
                digest.update(chunk)
                part.write(chunk)
        self.parts[name] = digest.hexdigest()
        return self.parts[name]

    def close(self, *, made_at: datetime, edition: str, server: int, rows: Mapping[str, int]) -> None:
        """The manifest, then the end."""
        document = {
            "format": FORMAT, "made_at": made_at.isoformat(), "edition": edition, "server": server, "rows": dict(rows),
            "parts": self.parts,
        }  # fmt: skip
        self.zip.writestr(zipfile.ZipInfo(MANIFEST, EPOCH), json.dumps(document, indent=1, sort_keys=True))
        self.zip.close()


def pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """The rest of a stream in pieces."""
    while chunk := stream.read(CHUNK):
        yield chunk


def read_manifest(path: Path) -> Manifest:
    """What a backup says it holds.

    Raises:
        RuleBroken: `backup-unreadable` or `backup-format-unknown`.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            document = json.loads(archive.read(MANIFEST))
        if document["format"] != FORMAT:
            raise RuleBroken("backup-format-unknown", file=path.name, found=str(document["format"]))
        return Manifest(
            datetime.fromisoformat(document["made_at"]), document["edition"], document["server"], document["rows"],
            document["parts"],
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise RuleBroken("backup-unreadable", file=path.name) from error


def refuse_damaged(path: Path, manifest: Manifest) -> None:
    """Read every part once and compare its digest; nothing is unpacked before all are right.

    Raises:
        RuleBroken: `backup-damaged` with the first part that differs, is missing or is not in the manifest.
    """
    with zipfile.ZipFile(path) as archive:
        present = set(archive.namelist()) - {MANIFEST}
        for name in sorted(present ^ manifest.parts.keys()):
            raise RuleBroken("backup-damaged", file=path.name, part=name)
        for name, expected in manifest.parts.items():
            digest = hashlib.sha256()
            try:
                with archive.open(name) as part:
                    for chunk in pieces(part):
                        digest.update(chunk)
            except (OSError, ValueError, zipfile.BadZipFile) as error:
                raise RuleBroken("backup-damaged", file=path.name, part=name) from error
            if digest.hexdigest() != expected:
                raise RuleBroken("backup-damaged", file=path.name, part=name)
