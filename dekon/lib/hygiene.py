"""Logs without personal data and without keys: whatever is logged is cleaned as a whole, its traceback too."""

from __future__ import annotations

import logging
import re
from typing import Final

HIDDEN: Final = "[…]"

_PATTERNS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    # `Authorization: Bearer …`, `Cookie: …`, in a line, a dictionary or a dump of headers
    (
        re.compile(r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie|x-csrftoken)(['\"]?\s*[:=]\s*)[^\r\n]+"),
        rf"\1\2{HIDDEN}",
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"\bdekon_[A-Za-z0-9_-]{16,}"), HIDDEN),
    # links of mails: whoever holds one chooses a password
    (re.compile(r"(/(?:masuk/lupa|undangan)/)[^\s/?'\"]+"), rf"\1{HIDDEN}"),
    # name=value and 'name': 'value' of what must stay secret
    (
        re.compile(
            r"(?i)\b((?:[a-z_]*(?:password|passwd|secret|token|otp|sandi)[a-z_]*|(?:dekon_)?session(?:id|_key)?|"
            r"csrfmiddlewaretoken|api_?key|code|state|nik|nip|npwp)['\"]?\s*[:=]\s*)(?:'[^']*'|\"[^\"]*\"|[^\s&,;)}\]]+)"
        ),
        rf"\1{HIDDEN}",
    ),
    # key (column)=(value) in the details of the database's errors
    (re.compile(r"(?i)(\bkey \([^)]*\)=)\([^)]*\)"), rf"\1({HIDDEN})"),
    (re.compile(r"(?i)(\bfailing row contains )\(.*\)"), rf"\1({HIDDEN})"),
    # passwords in addresses
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://[^\s:/@]*):[^\s@/]+@"), rf"\1:{HIDDEN}@"),
    # queries of addresses: what people searched for
    (re.compile(r"(/[^\s?'\"]*)\?[^\s'\"]+"), rf"\1?{HIDDEN}"),
    (re.compile(r"[A-Za-z0-9._%+-]+(?:@|%40)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), HIDDEN),
    # NIP (18), NIK and NPWP (16, 15): with or without the usual signs between
    (re.compile(r"(?<![0-9A-Za-z])(?:[0-9][ .-]?){14,17}[0-9](?![0-9A-Za-z])"), HIDDEN),
    # telephone numbers
    (re.compile(r"(?<![0-9A-Za-z])(?:\+62|0)8[0-9](?:[ -]?[0-9]){7,10}(?![0-9A-Za-z])"), HIDDEN),
)


def cleaned(text: str) -> str:
    """A text without keys, addresses of mail, national numbers and queries."""
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


class CleanFormatter(logging.Formatter):
    """Formats a record and cleans the whole of it: message, arguments and traceback; one record stays one record."""

    def format(self, record: logging.LogRecord) -> str:
        """The cleaned line; line ends inside the message cannot forge another record."""
        message = record.getMessage()
        record = logging.makeLogRecord(record.__dict__)
        record.msg, record.args = message.replace("\r", "\\r").replace("\n", "\\n"), None
        return cleaned(super().format(record))
