"""A virus scanner that speaks as ClamAV's daemon does, over a socket of the file system or of the loopback address."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MAX_STREAM_BYTES = 1_000_000
LENGTH = struct.Struct("!I")


class Session(socketserver.StreamRequestHandler):
    """One command, as clamd takes it: `z…` ends with a null byte, `n…` with a new line; so does the answer."""

    def handle(self) -> None:
        start = self.rfile.read(1)
        end = {b"z": b"\0", b"n": b"\n"}.get(start, b"\n")
        command = b"" if start in {b"z", b"n"} else start
        while not command.endswith(end) and (sign := self.rfile.read(1)):
            command += sign
        said = {"PING": b"PONG", "VERSION": b"ClamAV 1.4.1/27500/Tue Nov 24 09:00:00 2026"}
        word = command.rstrip(end).decode()
        answer = self.instream() if word == "INSTREAM" else said.get(word, b"UNKNOWN COMMAND")
        self.wfile.write(answer + end)

    def instream(self) -> bytes:
        content = b""
        while head := self.rfile.read(LENGTH.size):
            length = LENGTH.unpack(head)[0]
            if length == 0:
                break
            if len(content) + length > MAX_STREAM_BYTES:
                return b"INSTREAM size limit exceeded. ERROR"
            content += self.rfile.read(length)
        return b"stream: Eicar-Test-Signature FOUND" if EICAR in content else b"stream: OK"


class Odd(Session):
    """Answers what nobody understands."""

    def instream(self) -> bytes:
        while head := self.rfile.read(LENGTH.size):
            if not (length := LENGTH.unpack(head)[0]):
                break
            self.rfile.read(length)
        return b"stream: Can't allocate memory ERROR"


@contextmanager
def clamd(folder: Path, *, tcp: bool = False, session: type[Session] = Session) -> Iterator[str]:
    """A running scanner; gives its address as the settings name it."""
    path = folder / "clamd.ctl"
    server: socketserver.ThreadingTCPServer | socketserver.ThreadingUnixStreamServer
    if tcp:
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), session)
    else:
        server = socketserver.ThreadingUnixStreamServer(str(path), session)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"tcp://127.0.0.1:{server.socket.getsockname()[1]}" if tcp else f"unix:{path}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
