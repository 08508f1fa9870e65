"""The store of files, by content: a file lies under its SHA-256, whoever brings it and however often."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from django.conf import settings

from dekon.errors import NotFound, RuleBroken
from dekon.gateways import antivirus

MAX_BYTES = 100 * 1024 * 1024
"""The largest file that is taken; a year of payments of all satker stays far below it."""

DIGEST: Final = re.compile(r"[0-9a-f]{64}")
"""A name that is no digest names no file: nobody asks for a path."""

NO_LIMIT = 2**63
"""For files that were taken before."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the store."""

    path: Path
    sha256: str
    size_bytes: int


type Shelf = Literal["imports", "documents", "attachments"]
"""What a file was brought for; each has a folder of its own."""

SCANNED: Final = frozenset[Shelf]({"imports", "attachments"})
"""Shelves of files that people bring; what was made here needs no virus scanner."""


def keep(chunks: Iterable[bytes], *, shelf: Shelf = "imports", limit_bytes: int = MAX_BYTES) -> StoredFile:
    """Put a file into the store, piece by piece.

    Args:
        chunks: its content.
        shelf: what it is brought for.
        limit_bytes: the largest size that is taken.

    Raises:
        RuleBroken: it is larger, or the virus scanner finds something; nothing of it stays.
        GatewayFailed: there is a virus scanner and it does not answer.
    """
    folder = _folder(shelf)
    handle, name = tempfile.mkstemp(dir=folder, prefix="incoming-")
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > limit_bytes:
                    raise RuleBroken("upload-too-large", limit_mb=limit_bytes // (1024 * 1024))
                digest.update(chunk)
                file.write(chunk)
        if shelf in SCANNED:
            antivirus.refuse_infected(Path(name))
        path = folder / digest.hexdigest()
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
    return StoredFile(path, digest.hexdigest(), size)


def stored(sha256: str, *, shelf: Shelf = "imports") -> Path:
    """Where a file lies.

    Raises:
        NotFound: it was never brought here, or the store has lost it.
    """
    path = _folder(shelf) / sha256
    if not DIGEST.fullmatch(sha256) or not path.is_file():
        raise NotFound("file-not-stored", sha256=sha256)
    return path


def _folder(shelf: Shelf) -> Path:
    folder = Path(settings.MEDIA_ROOT) / shelf
    folder.mkdir(parents=True, exist_ok=True)
    return folder
