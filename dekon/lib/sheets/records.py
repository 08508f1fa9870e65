"""JSON as a stream of records: strict, with the place of everything that is wrong, in bounded memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

from dekon.lib.findings import Finding

type Scalar = str | int | bool | Decimal | None
type Record = dict[str, object]

READ_CHARACTERS = 1 << 18
MAX_RECORD_CHARACTERS = 1 << 20
SPACE = " \t\r\n"
TOKEN_KEYS = frozenset({"TOKEN", "token", "Token"})
"""MonSAKTI hands out the next access token beside the data; it is no record."""


class BrokenJson(ValueError):
    """The text is no JSON from here on."""


class NotANumber:
    """Stands where JSON says NaN, Infinity or a number beyond all bounds."""

    def __repr__(self) -> str:
        return "NaN"


NOT_A_NUMBER = NotANumber()


class JsonRecords:
    """The records of a JSON file: a list of objects, or an envelope such as `{"data": [...]}` around it.

    `path` is where the list stands (empty for the file itself, `data`, `[1]`); records count from 0 as in `[17]`.
    """

    def __init__(self, path: Path, encoding: str, findings: list[Finding]) -> None:
        self.file = path
        self.encoding = encoding
        self.findings = findings
        self.path = ""
        self.repeated: list[str] = []
        self.odd_numbers = False
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self.make_object, parse_constant=self.make_constant, parse_float=self.make_decimal
        )

    def make_object(self, pairs: Sequence[tuple[str, object]]) -> Record:
        """An object of the text; keys that stand there twice are remembered."""
        record = dict(pairs)
        if len(record) != len(pairs):
            keys = [key for key, _ in pairs]
            self.repeated += sorted({key for key in keys if keys.count(key) > 1})
        return record

    def make_constant(self, _text: str) -> NotANumber:
        """What stands for NaN and Infinity."""
        self.odd_numbers = True
        return NOT_A_NUMBER

    def make_decimal(self, text: str) -> Decimal | NotANumber:
        """A number with fraction, exactly as written."""
        try:
            return Decimal(text)
        except InvalidOperation:
            return self.make_constant(text)

    def records(self, limit: int) -> Iterator[tuple[int, Record]]:
        """Index and content of each record. What breaks the text ends the stream with a finding.

        Args:
            limit: number of records after which the file is refused.
        """
        text = _Text(self.file, self.encoding, self.decoder)
        count = 0
        try:
            for path, index, record in walk(text):
                if not isinstance(record, dict):
                    self.report("file-json-no-record", path, index, str(record)[:60])
                elif record.keys() <= TOKEN_KEYS:
                    continue
                elif count and path != self.path:
                    self.report("file-json-several-lists", path, index)
                    return
                else:
                    self.path, count = path, count + 1
                    self.check(path, index, record)
                    yield index, record
                if count > limit:
                    self.findings.append(
                        Finding("error", "file-too-many-rows", {"file": self.file.name, "limit": limit})
                    )
                    return
        except BrokenJson as error:
            self.findings.append(Finding("error", "file-json-broken", {"place": text.place(), "reason": str(error)}))
        finally:
            text.stream.close()

    def check(self, path: str, index: int, record: Record) -> None:
        """Reports repeated keys and numbers that are none."""
        if self.repeated:
            for key in self.repeated:
                self.report("file-json-key-repeated", path, index, key=key)
            self.repeated = []
        if self.odd_numbers:
            for key, value in record.items():
                if value is NOT_A_NUMBER:
                    self.report("file-json-not-a-number", path, index, "NaN", key)
            self.odd_numbers = False

    def report(self, code: str, path: str, index: int, value: str = "", key: str = "") -> None:
        """Notes a finding at a record or one of its keys."""
        place = f"{path}[{index}]" + (f".{key}" if key else "")
        self.findings.append(
            Finding(
                "error",
                code,
                {"place": place, "key": key, "value": value},
                cell=place,
                row=index + 1,
                column=key,
                value=value,
            )
        )


class _Text:
    """A window over the text: read on when a value does not end inside it."""

    def __init__(self, path: Path, encoding: str, decoder: json.JSONDecoder) -> None:
        self.stream = path.open(encoding=encoding, newline="")
        self.decoder = decoder
        self.window = ""
        self.at = 0
        self.line = 1
        self.ended = False

    def fill(self) -> None:
        """Reads on and forgets what has been understood."""
        self.line += self.window.count("\n", 0, self.at)
        try:
            more = self.stream.read(READ_CHARACTERS)
        except UnicodeError as error:
            raise BrokenJson("encoding") from error
        self.window, self.at, self.ended = self.window[self.at :] + more, 0, not more
        if self.ended:
            self.stream.close()

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            while self.at < len(self.window) and self.window[self.at] in SPACE:
                self.at += 1
            if self.at < len(self.window) or self.ended:
                return self.window[self.at : self.at + 1]
            self.fill()

    def take(self, allowed: str) -> str:
        """The next character, which must be one of some."""
        character = self.peek()
        if not character or character not in allowed:
            raise BrokenJson(character or "…")
        self.at += 1
        return character

    def value(self) -> object:
        """The next value, whole."""
        self.peek()
        while True:
            try:
                value, end = self.decoder.raw_decode(self.window, self.at)
            except (json.JSONDecodeError, ValueError) as error:
                reason = self.window[self.at : self.at + 20]
                if self.ended or len(self.window) - self.at > MAX_RECORD_CHARACTERS:
                    raise BrokenJson(reason or "…") from error
            except RecursionError as error:
                raise BrokenJson("[[[[…") from error
            else:
                if end < len(self.window) or self.ended:
                    self.at = end
                    return value
            self.fill()

    def place(self) -> str:
        """Line and column of where reading stands."""
        before = self.window[: self.at]
        return f"{self.line + before.count('\n')}:{self.at - before.rfind('\n')}"


def walk(text: _Text) -> Iterator[tuple[str, int, object]]:
    """Path, index and content of all elements of the lists in a file."""
    if text.peek() == "{":
        yield from walk_envelope(text)
    else:
        yield from walk_list(text, "", nested=True)
    if text.peek():
        raise BrokenJson(text.peek())


def walk_envelope(text: _Text) -> Iterator[tuple[str, int, object]]:
    """The lists among the values of the outermost object."""
    text.take("{")
    seen: set[str] = set()
    while text.peek() == '"':
        key = str(text.value())
        text.take(":")
        if key in seen:
            raise BrokenJson(key)
        seen.add(key)
        if text.peek() == "[":
            yield from walk_list(text, key, nested=False)
        else:
            text.value()
        if text.take(",}") == "}":
            return
    text.take("}")


def walk_list(text: _Text, path: str, *, nested: bool) -> Iterator[tuple[str, int, object]]:
    """The elements of a list; a list inside the outermost list is walked too (`[{"TOKEN": …}, [ … ]]`)."""
    text.take("[")
    if text.peek() == "]":
        text.take("]")
        return
    index = 0
    while True:
        if nested and text.peek() == "[":
            yield from walk_list(text, f"{path}[{index}]", nested=False)
        else:
            yield path, index, text.value()
        if text.take(",]") == "]":
            return
        index += 1
