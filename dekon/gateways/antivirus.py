"""The virus scanner of the house, if it has one: ClamAV's daemon, spoken to over its socket (command INSTREAM).

Without `DEKON_CLAMD` nothing is scanned. With it nothing is kept that was not scanned: a scanner that does not answer
refuses every file until it does.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from dekon.errors import GatewayFailed, RuleBroken

CHUNK_BYTES: Final = 1 << 16
TIMEOUT_SECONDS: Final = 60
PORT: Final = 3310
MAX_ANSWER_BYTES: Final = 4096

_LENGTH: Final = struct.Struct("!I")


def is_configured() -> bool:
    """Whether this installation has a scanner."""
    return bool(settings.CLAMD)


def refuse_infected(path: Path) -> None:
    """Let a file pass only if the scanner finds nothing; without a scanner every file passes.

    Raises:
        RuleBroken: `upload-infected`, with the name of what was found.
        GatewayFailed: `antivirus-unreachable` or `antivirus-unclear`: nothing is kept unscanned.
    """
    if not is_configured():
        return
    with path.open("rb") as file:
        found = scan(iter(lambda: file.read(CHUNK_BYTES), b""))
    if found:
        raise RuleBroken("upload-infected", found=found)


def scan(pieces: Iterable[bytes]) -> str:
    """What the scanner finds in a content; empty if nothing.

    Raises:
        GatewayFailed: it does not answer, or not in words that can be understood.
        RuleBroken: `upload-beyond-scanner`: the scanner takes no file of this size.
    """
    try:
        with closing(_connect(settings.CLAMD)) as line:
            line.sendall(b"zINSTREAM\0")
            said = _said_meanwhile(line, pieces) or _answer(line)
    except OSError as error:
        raise GatewayFailed("antivirus-unreachable") from error
    return _understood(said)


def _connect(address: str) -> socket.socket:
    """A connection to `unix:/run/clamav/clamd.ctl` or `tcp://host:3310`; both come from the settings alone."""
    parts = urlsplit(address)
    if parts.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(TIMEOUT_SECONDS)
        try:
            line.connect(parts.path)
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((parts.hostname or "", parts.port or PORT), timeout=TIMEOUT_SECONDS)


def _said_meanwhile(line: socket.socket, pieces: Iterable[bytes]) -> str:
    """Sends the content; a scanner that hangs up early (too large for it) has said why."""
    try:
        for piece in pieces:
            line.sendall(_LENGTH.pack(len(piece)) + piece)
        line.sendall(_LENGTH.pack(0))
    except (BrokenPipeError, ConnectionResetError):
        return _answer(line) or "-"
    return ""


def _answer(line: socket.socket) -> str:
    """One answer, up to its null byte."""
    said = b""
    while b"\0" not in said and len(said) < MAX_ANSWER_BYTES and (piece := line.recv(1024)):
        said += piece
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _understood(said: str) -> str:
    text = said.removeprefix("stream: ")
    if text == "OK":
        return ""
    if text.endswith(" FOUND"):
        return text.removesuffix(" FOUND")[:100]
    if "size limit exceeded" in text:
        raise RuleBroken("upload-beyond-scanner")
    raise GatewayFailed("antivirus-unclear", said=text[:100] or "-")
