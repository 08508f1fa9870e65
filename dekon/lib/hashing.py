"""SHA-256 of files and contents, without holding them in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

CHUNK_BYTES = 1 << 20


def sha256_of_bytes(content: bytes) -> str:
    """The SHA-256 of a content, in lower-case hex."""
    return hashlib.sha256(content).hexdigest()


def sha256_of_file(path: Path) -> str:
    """The SHA-256 of a file, read in pieces, in lower-case hex. Raises OSError where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_chunks(chunks: Iterable[bytes]) -> str:
    """The SHA-256 of a content that comes in pieces, such as an upload, in lower-case hex."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def content_digest(parts: Iterable[tuple[str, bytes]]) -> str:
    """One SHA-256 over several named contents, the same for the same names and contents in any order.

    Name and length go in with each content, so that moving bytes from one to the next changes the digest.
    """
    digest = hashlib.sha256()
    for name, content in sorted(parts):
        encoded = name.encode()
        digest.update(len(encoded).to_bytes(8) + encoded + len(content).to_bytes(8) + content)
    return digest.hexdigest()
