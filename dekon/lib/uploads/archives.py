"""Archives that carry evidence: what lies in them, how large it really is, and where it would be unpacked to."""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from dekon.errors import Param
from dekon.lib.sheets.container import inflated
from dekon.lib.uploads.names import ending_of

MAX_ENTRIES: Final = 2000
MAX_INFLATED_BYTES: Final = 300_000_000
MAX_RATIO: Final = 100
RATIO_MATTERS_FROM_BYTES: Final = 10_000_000

NESTED: Final = frozenset({"zip", "7z", "rar", "gz", "bz2", "xz", "tar", "tgz", "jar", "iso", "cab", "zst"})
PROGRAMS: Final = frozenset(
    {
        "exe", "dll", "com", "scr", "msi", "bat", "cmd", "ps1", "vbs", "vbe", "js", "jse", "wsf", "wsh", "hta", "lnk",
        "sh", "apk", "app", "html", "htm", "svg", "xhtml", "xlsm", "docm", "pptm", "xlsb", "xll", "chm", "reg", "pif",
    }
)  # fmt: skip
DAMAGED: Final = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError)
_DRIVE: Final = re.compile(r"^[A-Za-z]:")

type Fault = tuple[str, dict[str, Param]]
"""A code of the catalogue and what its text names."""


@dataclass(slots=True)
class _Left:
    """What is left of the bytes that an archive may inflate to."""

    inflated_bytes: int = MAX_INFLATED_BYTES


def archive_faults(name: str, stream: BinaryIO) -> list[Fault]:
    """Everything that speaks against keeping an archive, each thing once.

    Args:
        name: the archive's name, for the texts.
        stream: its content, opened for reading.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
        return [*_faults_of_list(name, entries), *_faults_of_size(name, stream, entries)]
    except DAMAGED:
        return [("file-truncated", {"file": name})]


def _faults_of_list(name: str, entries: list[zipfile.ZipInfo]) -> Iterator[Fault]:
    if any(entry.flag_bits & 1 for entry in entries):
        yield "file-encrypted", {"file": name}
    if len(entries) > MAX_ENTRIES or _overlap(entries):
        yield "file-bomb", {"file": name}
    for entry in entries:
        if _leaves(entry):
            yield "upload-archive-path", {"file": name, "entry": _shown(entry.filename)}
            break
    ending = next((end for entry in entries if (end := ending_of(entry.filename)) in NESTED | PROGRAMS), "")
    if ending:
        yield "upload-archive-content", {"file": name, "form": f".{ending}"}


def _faults_of_size(name: str, stream: BinaryIO, entries: list[zipfile.ZipInfo]) -> Iterator[Fault]:
    left = _Left()
    for entry in entries[:MAX_ENTRIES]:
        size = 0
        for piece in inflated(stream, entry):
            size += len(piece)
            left.inflated_bytes -= len(piece)
            swells = size > RATIO_MATTERS_FROM_BYTES and size > MAX_RATIO * max(entry.compress_size, 1)
            if left.inflated_bytes < 0 or swells:
                yield "file-bomb", {"file": name}
                return
        if size != entry.file_size:
            yield "file-truncated", {"file": name}
            return


def _overlap(entries: list[zipfile.ZipInfo]) -> bool:
    """Whether parts share bytes, which lets a small archive claim any size."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    return any(one.header_offset + one.compress_size > two.header_offset for one, two in pairwise(ordered))


def _leaves(entry: zipfile.ZipInfo) -> bool:
    """Whether unpacking would write outside its folder, or by a link."""
    plain = unicodedata.normalize("NFKC", entry.orig_filename).replace("\\", "/")
    path = PurePosixPath(plain)
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    unseen = any(unicodedata.category(sign) in {"Cc", "Cf"} for sign in plain)
    return is_link or unseen or path.is_absolute() or ".." in path.parts or _DRIVE.match(plain) is not None


def _shown(text: str) -> str:
    return "".join(sign if sign.isprintable() else "�" for sign in text)[:80]
