"""One event as iCalendar (RFC 5545), for the calendars of those who are invited. Knows no Django."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST_LINE = 75
"""Bytes of a line before it is folded (RFC 5545, 3.1)."""
LEFT_OUT = frozenset(chr(code) for code in range(32) if code not in {9, 10})


@dataclass(frozen=True, slots=True)
class Event:
    """An appointment. `uid` stays the same when it changes and `sequence` counts the changes; moments are aware."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    stamped_at: datetime
    location: str = ""
    description: str = ""
    url: str = ""
    sequence: int = 0
    cancelled: bool = False


def calendar_of(event: Event) -> bytes:
    """The event as a file of its own (`text/calendar`): lines end in CRLF and are folded after 75 bytes.

    Raises:
        ValueError: a moment has no time zone.
    """
    return b"".join(_folded(line) for line in _lines(event))


def _lines(event: Event) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield "PRODID:-//Dekon//Rapat//ID"
    yield f"METHOD:{'CANCEL' if event.cancelled else 'PUBLISH'}"
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTAMP:{_moment(event.stamped_at)}"
    yield f"DTSTART:{_moment(event.starts_at)}"
    yield f"DTEND:{_moment(event.ends_at)}"
    yield f"SUMMARY:{_text(event.title)}"
    if event.location:
        yield f"LOCATION:{_text(event.location)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    if event.url:
        yield f"URL:{event.url}"
    yield f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"
    yield "END:VCALENDAR"


def _moment(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("an event bears aware moments")
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    """A text value: what has a meaning of its own is escaped (RFC 5545, 3.3.11), control signs are left out."""
    plain = "".join(sign for sign in text.replace("\r\n", "\n").replace("\r", "\n") if sign not in LEFT_OUT)
    for sign, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        plain = plain.replace(sign, escaped)
    return plain


def _folded(line: str) -> bytes:
    """A line, folded between signs and never within one."""
    pieces, room = [b""], LONGEST_LINE
    for sign in line:
        encoded = sign.encode()
        if len(pieces[-1]) + len(encoded) > room:
            pieces.append(b"")
            room = LONGEST_LINE - 1
        pieces[-1] += encoded
    return b"\r\n ".join(pieces) + b"\r\n"
