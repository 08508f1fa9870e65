"""What kind of file this is, from its bytes, and whether a workbook is safe to open.

A workbook is a zip archive that anybody may have built. Before a reader written in another language allocates memory
for it, every part that the reader will look at is inflated once in small pieces: real sizes, compression ratio, row and
column numbers and repeated texts stay within limits, or the file is refused with a reason.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from dekon.errors import RuleBroken

type Form = Literal["xlsx", "csv", "json"]

MAX_FILE_BYTES = 1_000_000_000
MAX_ROWS = 300_000
MAX_INFLATED_BYTES = 600_000_000
MAX_RATIO = 100
RATIO_MATTERS_FROM_BYTES = 50_000_000
MAX_TEXT_BYTES = 600_000_000
CHUNK_BYTES = 1 << 20
OVERLAP_BYTES = 64
LOCAL_HEADER = struct.Struct("<26xHH")

TOO_WIDE = re.compile(rb' r="(?:[A-Za-z]{3}|[D-Zd-z][A-Za-z])')
TOO_LONG = re.compile(rb' r="[A-Za-z]{0,3}(?:[3-9]\d{5}|\d{7})')
LONG_AND_WIDE = (re.compile(rb' r="[A-Za-z]{0,2}[12]\d{5}'), re.compile(rb' r="[B-Zb-z][A-Za-z]'))
UNUSUAL_PLACE = re.compile(rb"\s+r\s*=\s*[\"']\s*")
NOT_NEAR = re.compile(rb' r="(?![A-Za-z]?\d{1,5}"|[Aa][A-Za-z]\d{1,5}"|[A-Za-z]{0,3}\d{0,7}\Z)')
"""A place that is not plainly one of the first 99,999 rows and 52 columns.

One that is cut off at the end of a piece stands whole at the beginning of the next.
"""
DEFINITION = re.compile(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
SHARED_CELL = re.compile(rb't="s"[^>]*>\s*<v>(\d{1,9})</v>')

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "RTF"),
    (b"\x7fELF", "ELF"),
    (b"MZ", "EXE"),
)
MARKUP = re.compile(rb"^\s*(?:<\?xml|<!doctype|<html|<head|<body|<table|<style|<meta|<!--|mime-version)", re.IGNORECASE)


@dataclass(slots=True)
class _Budget:
    """What is left of the inflated bytes that one file may have."""

    left: int = MAX_INFLATED_BYTES
    long_sheet: bool = False
    wide_sheet: bool = False
    shared_cells: int = 0


def recognise_form(path: Path) -> Form:
    """Whether a file is a workbook, a delimited text or JSON, judged by its content alone.

    Raises:
        RuleBroken: the file is empty, too big, locked, an old or macro-bearing workbook, or something else entirely.
    """
    size = path.stat().st_size
    if size == 0:
        raise RuleBroken("file-empty", file=path.name)
    if size > MAX_FILE_BYTES:
        raise RuleBroken("file-too-big", file=path.name, limit_mb=MAX_FILE_BYTES // 1_000_000)
    with path.open("rb") as stream:
        start = stream.read(4096)
        if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return "xlsx"
        if start.startswith(b"\xd0\xcf\x11\xe0"):
            refuse_compound_file(path.name, start + stream.read(8_000_000))
    for signature, name in SIGNATURES:
        if start.startswith(signature):
            raise RuleBroken("file-form-unsupported", file=path.name, form=name)
    if MARKUP.match(start.removeprefix(b"\xef\xbb\xbf")):
        raise RuleBroken("file-markup", file=path.name)
    readable = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not readable:
        raise RuleBroken("file-empty", file=path.name)
    return "json" if readable[:1] in (b"[", b"{") else "csv"


def refuse_compound_file(name: str, data: bytes) -> None:
    """Says which of Microsoft's old containers this is.

    Raises:
        RuleBroken: always: a password-protected workbook, or a workbook of the old form.
    """
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise RuleBroken("file-encrypted", file=name)
    raise RuleBroken("file-old-excel", file=name)


def check_workbook(path: Path) -> None:
    """Looks through every part of a workbook that a reader would load, within fixed memory.

    Raises:
        RuleBroken: broken archive, password, macros, another kind of archive, or sizes beyond the limits.
    """
    try:
        with path.open("rb") as stream:
            check_workbook_stream(path.name, stream)
    except OSError as error:
        raise RuleBroken("file-truncated", file=path.name) from error


def check_workbook_stream(name: str, stream: BinaryIO) -> None:
    """The same for a workbook that is open for reading.

    Raises:
        RuleBroken: as `check_workbook`.
    """
    _check(name, stream, "xl/workbook.xml")


def check_package(name: str, stream: BinaryIO) -> None:
    """The same for a text document of the Office family (.docx).

    Raises:
        RuleBroken: as `check_workbook`.
    """
    _check(name, stream, "word/document.xml")


def _check(name: str, stream: BinaryIO, main_part: str) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
        check_entries(name, entries, main_part)
        check_parts(name, stream, entries)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise RuleBroken("file-truncated", file=name) from error


def check_entries(name: str, entries: list[zipfile.ZipInfo], main_part: str = "xl/workbook.xml") -> None:
    """Whether the archive's table of contents is that of a plain workbook.

    Raises:
        RuleBroken: locked, macro-bearing, binary workbook, other archive, or parts that stand there twice.
    """
    names = [entry.filename for entry in entries]
    lowered = {entry.lower() for entry in names}
    if any(entry.flag_bits & 1 for entry in entries):
        raise RuleBroken("file-encrypted", file=name)
    if any(entry.endswith("vbaproject.bin") or "/macrosheets/" in entry for entry in lowered):
        raise RuleBroken("file-macros", file=name)
    if "xl/workbook.bin" in lowered or "content.xml" in lowered:
        raise RuleBroken("file-form-unsupported", file=name, form="ODS/XLSB")
    if main_part not in lowered:
        raise RuleBroken("file-not-a-workbook", file=name)
    if len(lowered) != len(names) or len(names) > 2000:
        raise RuleBroken("file-truncated", file=name)


def check_parts(name: str, stream: BinaryIO, entries: list[zipfile.ZipInfo]) -> None:
    """Inflates each part of the workbook in pieces and checks sizes and places."""
    budget = _Budget()
    shared: zipfile.ZipInfo | None = None
    for entry in entries:
        lowered = entry.filename.lower()
        if lowered == "xl/sharedstrings.xml":
            shared = entry
        check_part(name, stream, entry, budget)
    if shared is not None and shared.file_size * budget.shared_cells > MAX_TEXT_BYTES:
        check_shared_texts(name, stream, shared, entries)


def check_part(name: str, stream: BinaryIO, entry: zipfile.ZipInfo, budget: _Budget) -> None:
    """Inflates one part. Places are looked at where a sheet may be, macros in the list of content types."""
    is_sheet, is_text = may_be_a_sheet(entry), entry.filename.lower().endswith((".xml", ".rels"))
    budget.long_sheet = budget.wide_sheet = False
    size, tail = 0, b""
    for piece in inflated(stream, entry):
        size += len(piece)
        budget.left -= len(piece)
        suspicious = size > RATIO_MATTERS_FROM_BYTES and size > MAX_RATIO * max(entry.compress_size, 1)
        if budget.left < 0 or suspicious:
            raise RuleBroken("file-bomb", file=name)
        seen = tail + piece
        refuse_definitions(name, seen, is_text=is_text)
        if is_sheet:
            check_places(name, seen, budget)
        if entry.filename == "[Content_Types].xml" and b"macroEnabled" in seen:
            raise RuleBroken("file-macros", file=name)
        tail = piece[-OVERLAP_BYTES:]
    if size != entry.file_size:
        raise RuleBroken("file-truncated", file=name)


def may_be_a_sheet(entry: zipfile.ZipInfo) -> bool:
    """Whether a reader could take this part for a sheet; what a sheet is called is up to whoever built the file."""
    lowered = entry.filename.lower()
    return "/media/" not in lowered and lowered != "xl/sharedstrings.xml"


def refuse_definitions(name: str, piece: bytes, *, is_text: bool) -> None:
    """Whether a part defines entities or a document type, which no workbook needs and which can swell without end.

    Raises:
        RuleBroken: it does, or it is written in a coding in which that could hide.
    """
    if b"<!" in piece and DEFINITION.search(piece):
        raise RuleBroken("file-xml-definitions", file=name)
    if is_text and b"\x00" in piece:
        raise RuleBroken("file-xml-definitions", file=name)


def check_places(name: str, piece: bytes, budget: _Budget) -> None:
    """Whether rows and columns of a piece of a sheet stay within what fits into memory.

    A reader builds one rectangle from the first to the last place, so that two cells far apart would fill the memory.
    """
    budget.shared_cells += piece.count(b't="s"')
    if is_written_unusually(piece):
        piece = UNUSUAL_PLACE.sub(b' r="', piece)
    if not NOT_NEAR.search(piece):
        return
    if TOO_LONG.search(piece):
        raise RuleBroken("file-too-many-rows", file=name, limit=MAX_ROWS)
    if TOO_WIDE.search(piece):
        raise RuleBroken("file-too-wide", file=name)
    budget.long_sheet = budget.long_sheet or LONG_AND_WIDE[0].search(piece) is not None
    budget.wide_sheet = budget.wide_sheet or LONG_AND_WIDE[1].search(piece) is not None
    if budget.long_sheet and budget.wide_sheet:
        raise RuleBroken("file-too-many-rows", file=name, limit=99_999)


def is_written_unusually(piece: bytes) -> bool:
    """Whether attributes may be written in another way than ` r="A1"`; few fast looks, taken at every sheet."""
    if b"'" in piece and b"r='" in piece:
        return True
    for blank in (b"\n", b"\t", b"\r"):
        if blank in piece and (blank + b"r" in piece or b"r" + blank in piece or b"=" + blank in piece):
            return True
    return b"r =" in piece or b"r= " in piece


def check_shared_texts(name: str, stream: BinaryIO, shared: zipfile.ZipInfo, entries: list[zipfile.ZipInfo]) -> None:
    """Whether the texts still fit into memory when each cell that points at a text gets its own copy."""
    lengths = [len(part) for part in re.split(rb"<(?:\w+:)?si\b", b"".join(inflated(stream, shared)))[1:]]
    total = 0
    for entry in entries:
        if not may_be_a_sheet(entry):
            continue
        tail = b""
        for piece in inflated(stream, entry):
            cut = piece.rfind(b"</c>") + 1
            uses = Counter(SHARED_CELL.findall(tail + piece[:cut]))
            tail = piece[cut:]
            total += sum(lengths[int(index)] * count for index, count in uses.items() if int(index) < len(lengths))
            if total > MAX_TEXT_BYTES:
                raise RuleBroken("file-bomb", file=name)


def inflated(stream: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """The real content of one part in pieces, whatever size the archive claims for it."""
    stream.seek(entry.header_offset)
    name_length, extra_length = LOCAL_HEADER.unpack(stream.read(LOCAL_HEADER.size))
    stream.seek(name_length + extra_length, 1)
    left = entry.compress_size
    if entry.compress_type == zipfile.ZIP_STORED:
        while left > 0 and (piece := stream.read(min(left, CHUNK_BYTES))):
            left -= len(piece)
            yield piece
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile(f"compression {entry.compress_type}")
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0 and not machine.eof and (raw := stream.read(min(left, CHUNK_BYTES // 8))):
        left -= len(raw)
        while raw and (piece := machine.decompress(raw, CHUNK_BYTES)):
            yield piece
            raw = machine.unconsumed_tail
    if not machine.eof:
        raise zipfile.BadZipFile("the part ends too early")
