"""What a PDF would do when somebody opens it. Looked at as bytes; nothing is rendered."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Final

MAX_INFLATED_BYTES: Final = 300_000_000
MAX_STREAM_BYTES: Final = 100_000_000
MAX_OBJECTS_BYTES: Final = 20_000_000
PIECE_BYTES: Final = 1 << 20

_HEX_SIGN: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE: Final = re.compile(rb"/(JavaScript|JS|Launch|RichMedia|XFA|EmbeddedFiles?|Movie|Sound)(?![A-Za-z0-9])")
_ENCRYPTED: Final = re.compile(rb"/Encrypt(?![A-Za-z])")
_STREAM: Final = re.compile(rb"stream\r?\n")
HEAD_BYTES: Final = 2048


class Swollen(Exception):
    """The streams inflate beyond the limits."""


def is_whole(content: bytes) -> bool:
    """Whether the file has its end: a cut-off transfer has none."""
    return b"%%EOF" in content[-HEAD_BYTES:] and b"startxref" in content[-2 * HEAD_BYTES :]


def is_locked(content: bytes) -> bool:
    """Whether a password or rights lie on it, so that nobody could check or keep it readable."""
    return _ENCRYPTED.search(content) is not None


def active_parts(content: bytes) -> list[str]:
    """Names of what acts or carries other files: scripts, programs, attachments, forms of another language.

    Args:
        content: the whole file.

    Raises:
        Swollen: the streams inflate beyond 300 MB together or 100 MB for one.
    """
    texts = [_named(_outside_streams(content)), *(_named(text) for text in _object_streams(content))]
    return sorted({match.decode() for text in texts for match in _ACTIVE.findall(text)})


def _named(text: bytes) -> bytes:
    """Names written with `#4a` instead of letters become letters."""
    return _HEX_SIGN.sub(lambda match: bytes([int(match[1], 16)]), text)


def _outside_streams(content: bytes) -> bytes:
    """The file without the contents of its streams, in which any bytes may stand by chance."""
    return re.sub(rb"stream\r?\n.*?endstream", b"stream endstream", content, flags=re.DOTALL)


def _object_streams(content: bytes) -> Iterator[bytes]:
    """Objects that lie packed in streams. Every packed stream is inflated in pieces, to see how large it is."""
    left = MAX_INFLATED_BYTES
    for match in _STREAM.finditer(content):
        head = _named(
            content[max(content.rfind(b" obj", 0, match.start()), match.start() - HEAD_BYTES) : match.start()]
        )
        if b"/FlateDecode" not in head and b"/Fl" not in head:
            continue
        end = content.find(b"endstream", match.end())
        kept, size = _inflated(content[match.end() : end if end > 0 else len(content)], keep=b"/ObjStm" in head)
        left -= size
        if left < 0:
            raise Swollen
        if kept:
            yield kept


def _inflated(packed: bytes, *, keep: bool) -> tuple[bytes, int]:
    """What is kept of a stream's content, and its real size in bytes."""
    machine = zlib.decompressobj()
    kept: list[bytes] = []
    size = 0
    raw = packed
    try:
        while raw and (piece := machine.decompress(raw, PIECE_BYTES)):
            size += len(piece)
            if size > (MAX_OBJECTS_BYTES if keep else MAX_STREAM_BYTES):
                raise Swollen
            if keep:
                kept.append(piece)
            raw = machine.unconsumed_tail
    except zlib.error:
        return b"".join(kept), size
    return b"".join(kept), size
