"""Delimited text (CSV and its relatives) as rows: encoding and separator found out, read as a stream."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from dekon.errors import RuleBroken
from dekon.lib.findings import Finding

DELIMITERS = ";,\t|"
MAX_LINE_CHARACTERS = 1_000_000
SAMPLE_CHARACTERS = 200_000
SAMPLE_LINES = 60
CHUNK_BYTES = 1 << 20
BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def find_encoding(path: Path) -> str:
    """The encoding of a text file: a byte order mark, UTF-16 by its zeros, UTF-8 if all of it is, else Windows-1252.

    Raises:
        RuleBroken: the bytes are no text in any of these.
    """
    with path.open("rb") as stream:
        start = stream.read(4096)
        for mark, encoding in BYTE_ORDER_MARKS:
            if start.startswith(mark):
                return encoding
        if b"\x00" in start:
            return encoding_by_zeros(path.name, start)
        stream.seek(0)
        return "utf-8" if all_decodes(stream, "utf-8") else fallback(path, stream)


def encoding_by_zeros(name: str, start: bytes) -> str:
    """UTF-16 without a mark, told by where the zero bytes stand.

    Raises:
        RuleBroken: the zeros stand elsewhere: no text.
    """
    even, odd = start[::2].count(0), start[1::2].count(0)
    if odd > len(start) // 5 and even == 0:
        return "utf-16-le"
    if even > len(start) // 5 and odd == 0:
        return "utf-16-be"
    raise RuleBroken("file-not-text", file=name)


def fallback(path: Path, stream: io.BufferedReader) -> str:
    """Windows-1252, the encoding of older Excel.

    Raises:
        RuleBroken: it is not that either.
    """
    stream.seek(0)
    if all_decodes(stream, "cp1252"):
        return "cp1252"
    raise RuleBroken("file-not-text", file=path.name)


def all_decodes(stream: io.BufferedReader, encoding: str) -> bool:
    """Whether the rest of a stream is text in an encoding, without control characters that no text has."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := stream.read(CHUNK_BYTES):
            if b"\x00" in piece:
                return False
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def find_delimiter(sample: str) -> str:
    """The separator that cuts most lines of a sample into the same number of fields; a line `sep=;` decides at once."""
    lines = sample.splitlines()[:SAMPLE_LINES]
    if lines and lines[0][:4].lower() == "sep=" and lines[0][4:5]:
        return lines[0][4]
    return max(DELIMITERS, key=lambda delimiter: consistency(lines, delimiter))


def consistency(lines: list[str], delimiter: str) -> int:
    """How well a separator explains the lines: lines of the most usual width times the width."""
    widths: Counter[int] = Counter()
    with suppress(csv.Error):  # what can be read up to there still speaks for a separator
        widths.update(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
    return max(((width - 1) * count for width, count in widths.items()), default=0)


class DelimitedText:
    """A delimited text file. Rows are lists of texts; the n-th row is the n-th row that Excel would show."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.encoding = find_encoding(path)
        self.delimiter = find_delimiter(self.sample())

    def sample(self) -> str:
        """The first lines."""
        try:
            with self.path.open(encoding=self.encoding, newline="") as stream:
                return stream.read(SAMPLE_CHARACTERS)
        except UnicodeError as error:
            raise RuleBroken("file-not-text", file=self.path.name) from error

    def rows(self, findings: list[Finding], limit: int) -> Iterator[list[str]]:
        """All rows as a stream. What breaks the text ends the stream with a finding.

        Args:
            findings: gets what is wrong with the text itself.
            limit: number of rows after which the file is refused.
        """
        number = 0
        with self.path.open(encoding=self.encoding, newline="") as stream:
            reader = csv.reader(self.lines(stream), delimiter=self.delimiter, strict=True)
            try:
                for row in reader:
                    number += 1
                    if number > limit:
                        findings.append(Finding("error", "file-too-many-rows", self.facts(limit=limit), row=number))
                        return
                    yield row
            except csv.Error:
                findings.append(Finding("error", "file-csv-broken", self.facts(row=number + 1), row=number + 1))
            except UnicodeError:
                findings.append(Finding("error", "file-not-text", self.facts(), row=number + 1))

    def facts(self, **more: int) -> dict[str, str | int]:
        """The values that messages about this file show."""
        return {"file": self.path.name, **more}

    def lines(self, stream: io.TextIOWrapper) -> Iterator[str]:
        """Lines of bounded length; the hint `sep=;` counts as an empty line."""
        first = stream.readline(MAX_LINE_CHARACTERS)
        yield "\n" if first[:4].lower() == "sep=" else first
        while line := stream.readline(MAX_LINE_CHARACTERS):
            if len(line) == MAX_LINE_CHARACTERS:
                raise csv.Error("a line without end")
            yield line
