"""Connections that keep the server waiting are closed.

The web server waits for the rest of a body for ever, and tells nobody on which connection. So each of its processes
looks at its own connections as the kernel counts them: where nothing was sent for a while and next to nothing came in,
the connection is shut, and whoever waits for its bytes goes on. Linux only; elsewhere a proxy has to do it.
"""

from __future__ import annotations

import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LOOK_SECONDS: Final = 1.0
SLOWEST_BYTES: Final = 2048
"""What has to come in a second, as long as nothing goes out."""
OPEN_FILES: Final = Path("/proc/self/fd")
COUNTS: Final = struct.Struct("=QQ")
COUNTS_AT: Final = 120
"""Where `struct tcp_info` keeps `tcpi_bytes_acked` and `tcpi_bytes_received`, since Linux 4.2."""
INFO_BYTES: Final = COUNTS_AT + COUNTS.size

type Peer = tuple[object, ...]


@dataclass(slots=True)
class Mark:
    """How a connection stood when it last gave no reason for complaint: sent, received (bytes), when (seconds)."""

    sent: int
    received: int
    at: float


def is_too_quiet(mark: Mark, sent: int, received: int, now: float, patience_seconds: float) -> bool:
    """Whether a connection is kept open for nothing; the mark moves on whenever it is not.

    Args:
        mark: how the connection stood before.
        sent, received: bytes so far.
        now: seconds of a clock that never goes back.
        patience_seconds: how long the connection may do next to nothing.
    """
    enough = received - mark.received >= SLOWEST_BYTES * patience_seconds
    if sent != mark.sent or enough:
        mark.sent, mark.received, mark.at = sent, received, now
        return False
    return now - mark.at >= patience_seconds


class Watch:
    """Looks at the connections of this process again and again."""

    def __init__(self, patience_seconds: float, longest_seconds: float, busy_since: Callable[[], float | None]) -> None:
        """Take what counts as too long.

        Args:
            patience_seconds: of a connection on which nothing is worked.
            longest_seconds: of any connection while a request is at work for longer than that.
            busy_since: when the oldest request at work began; None where none is.
        """
        self._patience, self._longest, self._busy_since = patience_seconds, longest_seconds, busy_since
        self._marks: dict[tuple[int, Peer], Mark] = {}

    def start(self) -> None:
        """Look from now on, in a thread that ends with the process; nothing where the kernel does not count."""
        if hasattr(socket, "TCP_INFO") and OPEN_FILES.is_dir():
            threading.Thread(target=self._look_for_ever, name="quiet-connections", daemon=True).start()

    def _look_for_ever(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            self.look(time.monotonic())

    def look(self, now: float) -> int:
        """Shut what is too quiet. Returns how many connections were shut."""
        busy_since = self._busy_since()
        at_work = busy_since is not None and now - busy_since >= self._patience
        patience = self._longest if at_work else self._patience
        seen: dict[tuple[int, Peer], Mark] = {}
        shut = 0
        for line in served():
            with closing(line), suppress(OSError):
                sent, received = counts(line)
                key = (os.fstat(line.fileno()).st_ino, line.getpeername())
                mark = self._marks.get(key) or Mark(sent, received, now)
                seen[key] = mark
                if is_too_quiet(mark, sent, received, now, patience):
                    line.shutdown(socket.SHUT_RDWR)
                    shut += 1
        self._marks = seen
        return shut


def counts(line: socket.socket) -> tuple[int, int]:
    """Bytes that the other side has taken, and that it has sent."""
    sent, received = COUNTS.unpack_from(line.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, INFO_BYTES), COUNTS_AT)
    return int(sent), int(received)


def served() -> Iterator[socket.socket]:
    """Connections to a port on which this process listens, each as a copy that its taker closes."""
    lines = list(copies())
    ports = {line.getsockname()[1] for line in lines if listens(line)}
    for line in lines:
        with suppress(OSError):
            if not listens(line) and line.getsockname()[1] in ports:
                yield line
                continue
        line.close()


def copies() -> Iterator[socket.socket]:
    """Every TCP socket of this process, as a copy."""
    for name in os.listdir(OPEN_FILES):  # noqa: PTH208  numbers, not paths
        try:
            if not os.readlink(OPEN_FILES / name).startswith("socket:"):  # noqa: PTH115  no path either
                continue
            line = socket.socket(fileno=os.dup(int(name)))
        except OSError:
            continue
        if line.family in {socket.AF_INET, socket.AF_INET6} and line.type == socket.SOCK_STREAM:
            yield line
        else:
            line.close()


def listens(line: socket.socket) -> bool:
    """Whether it takes connections rather than being one."""
    return bool(line.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
