"""One look at a file that was handed in: what it is, whether it may be kept, everything wrong with it at once."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal

from dekon.errors import Param, Problem, RuleBroken, Unfit
from dekon.lib.findings import Finding, has_errors
from dekon.lib.sheets.container import SIGNATURES, check_package, check_workbook_stream
from dekon.lib.uploads import images, pdf
from dekon.lib.uploads.archives import DAMAGED, archive_faults
from dekon.lib.uploads.names import clean_name, ending_of, hidden_signs

type Kind = Literal["pdf", "png", "jpeg", "webp", "xlsx", "docx", "zip", "csv"]

MEGABYTE: Final = 1024 * 1024
START_BYTES: Final = 4096

MEDIA_TYPES: Final[dict[Kind, str]] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
    "csv": "text/csv; charset=utf-8",
}
ENDINGS: Final[dict[Kind, tuple[str, ...]]] = {
    "pdf": ("pdf",), "png": ("png",), "jpeg": ("jpg", "jpeg"), "webp": ("webp",), "xlsx": ("xlsx",), "docx": ("docx",),
    "zip": ("zip",), "csv": ("csv", "txt"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be handed in at one place: kinds, the largest size in bytes, and the largest picture in pixels."""

    kinds: frozenset[Kind]
    max_bytes: int = 10 * MEGABYTE
    max_pixels: int = 50_000_000


LETTER: Final = Policy(frozenset[Kind]({"pdf", "png", "jpeg"}))
"""A letter or decree, as a scan or a photo."""
IMAGES: Final = Policy(frozenset[Kind]({"png", "jpeg", "webp"}))
"""A photo."""
EVIDENCE: Final = Policy(
    frozenset[Kind]({"pdf", "png", "jpeg", "webp", "xlsx", "docx", "zip", "csv"}), max_bytes=25 * MEGABYTE
)
"""Evidence of any usual kind."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that was looked at: its clean name, what it is by content (empty: unknown), and what was found."""

    name: str
    kind: Kind | Literal[""]
    media_type: str
    size_bytes: int
    findings: tuple[Finding, ...] = ()

    @property
    def is_acceptable(self) -> bool:
        """Whether it may be kept."""
        return not has_errors(self.findings)


@dataclass(frozen=True, slots=True)
class _Given:
    """What a look at one kind of file gets."""

    name: str
    stream: BinaryIO
    max_pixels: int


def inspect(stream: BinaryIO, name: str, policy: Policy) -> Inspected:
    """Look at a file before it is kept.

    Args:
        stream: its content, seekable; it stands at its beginning again afterwards.
        name: as the browser says it; never trusted.
        policy: what may be handed in here.

    Returns:
        Kind by content and all findings; errors forbid keeping it, warnings tell what was changed (the name).
    """
    clean = clean_name(name)
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    start = stream.read(START_BYTES)
    kind = _kind_of(start, stream)
    found = list(_general(clean, size, kind, start, policy))
    if kind and not has_errors(found):
        found += _LOOKS[kind](_Given(clean, stream, policy.max_pixels))
    if kind and ending_of(clean) not in ENDINGS[kind]:
        renamed = clean_name(f"{clean}.{ENDINGS[kind][0]}")
        found.append(Finding("warning", "upload-name-differs", {"file": clean, "form": kind.upper(), "name": renamed}))
        clean = renamed
    if hidden_signs(name):
        found.append(Finding("warning", "upload-name-hidden-signs", {"file": clean}))
    stream.seek(0)
    return Inspected(clean, kind, MEDIA_TYPES[kind] if kind else "application/octet-stream", size, tuple(found))


def refuse(inspected: Inspected, field: str) -> None:
    """Stop where the file may not be kept.

    Args:
        inspected: what `inspect` found.
        field: the form's or API's field that brought it.

    Raises:
        Unfit: with every error as a problem of the field.
    """
    problems = [Problem(field, found.code, found.params) for found in inspected.findings if found.severity == "error"]
    if problems:
        raise Unfit(problems)


def _kind_of(start: bytes, stream: BinaryIO) -> Kind | Literal[""]:
    if start.startswith(b"%PDF-"):
        return "pdf"
    if start.startswith(images.PNG):
        return "png"
    if start.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return "webp"
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_archive(stream)
    return "csv" if _looks_like_text(start) else ""


def _kind_of_archive(stream: BinaryIO) -> Kind:
    try:
        with zipfile.ZipFile(stream) as archive:
            names = {name.lower() for name in archive.namelist()}
    except DAMAGED:
        return "zip"
    if "xl/workbook.xml" in names:
        return "xlsx"
    return "docx" if "word/document.xml" in names else "zip"


def _looks_like_text(start: bytes) -> bool:
    """Whether it begins as a table of text: no markup, no other known form, no bytes that text never has."""
    if not start.strip() or b"\x00" in start or start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"#!")):
        return False
    return not any(start.startswith(signature) for signature, _ in SIGNATURES) and any(
        mark in start for mark in b",;\t"
    )


def _general(name: str, size: int, kind: str, start: bytes, policy: Policy) -> Iterator[Finding]:
    if size == 0:
        yield _error("file-empty", file=name)
        return
    if size > policy.max_bytes:
        yield _error("upload-too-big", file=name, limit_mb=policy.max_bytes // MEGABYTE)
    if kind not in policy.kinds:
        named = kind.upper() or next((form for mark, form in SIGNATURES if start.startswith(mark)), "?")
        allowed = ", ".join(sorted(each.upper() for each in policy.kinds))
        yield _error("upload-kind-refused", file=name, form=named, allowed=allowed)


def _look_at_pdf(given: _Given) -> list[Finding]:
    content = _whole(given.stream)
    found: list[Finding] = []
    if not pdf.is_whole(content):
        found.append(_error("file-truncated", file=given.name))
    if pdf.is_locked(content):
        found.append(_error("upload-pdf-locked", file=given.name))
    try:
        active = pdf.active_parts(content)
    except pdf.Swollen:
        return [*found, _error("file-bomb", file=given.name)]
    return [*found, *([_error("upload-pdf-active", file=given.name, parts=", ".join(active))] if active else [])]


def _look_at_image(measure: Callable[[bytes], images.Size | None]) -> Callable[[_Given], list[Finding]]:
    def look(given: _Given) -> list[Finding]:
        measured = measure(_whole(given.stream))
        if measured is None:
            return [_error("file-truncated", file=given.name)]
        width, height = measured
        if width * height <= given.max_pixels:
            return []
        megapixels = given.max_pixels // 1_000_000
        return [_error("upload-image-too-large", file=given.name, width=width, height=height, limit_mp=megapixels)]

    return look


def _look_at_package(check: Callable[[str, BinaryIO], None]) -> Callable[[_Given], list[Finding]]:
    def look(given: _Given) -> list[Finding]:
        try:
            check(given.name, given.stream)
        except RuleBroken as refusal:
            return [Finding("error", refusal.code, refusal.params)]
        return []

    return look


def _look_at_archive(given: _Given) -> list[Finding]:
    return [Finding("error", code, params) for code, params in archive_faults(given.name, given.stream)]


def _look_at_text(given: _Given) -> list[Finding]:
    content = _whole(given.stream)
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [_error("file-not-text", file=given.name)]
    return [_error("file-not-text", file=given.name)] if b"\x00" in content else []


def _whole(stream: BinaryIO) -> bytes:
    """The whole content; only after its size was found within the limit."""
    stream.seek(0)
    return stream.read()


def _error(code: str, /, **params: Param) -> Finding:
    return Finding("error", code, params)


_LOOKS: Final[dict[Kind, Callable[[_Given], list[Finding]]]] = {
    "pdf": _look_at_pdf,
    "png": _look_at_image(images.png_size),
    "jpeg": _look_at_image(images.jpeg_size),
    "webp": _look_at_image(images.webp_size),
    "xlsx": _look_at_package(check_workbook_stream),
    "docx": _look_at_package(check_package),
    "zip": _look_at_archive,
    "csv": _look_at_text,
}
