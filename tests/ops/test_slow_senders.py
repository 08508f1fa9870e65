"""The real web server, started as `dekon run` starts it, against senders that are slow, large or silent."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest

from dekon.ops import run
from dekon.ops.bench.start import free_port
from dekon.ops.bodies import FILE_BYTES, FORM_BYTES
from dekon.ops.quiet import SLOWEST_BYTES, Mark, is_too_quiet
from tests.meta.source import ROOT

PATIENCE = 2
IN_TIME = PATIENCE + 4
"""Seconds: the patience, a look each second, and the time that a loaded machine takes."""
LONG_PATIENCE = 50
HEAD = b"Host: localhost\r\n"
SLOW_BODY = b"POST /masuk/ HTTP/1.1\r\n" + HEAD + b"Content-Length: 1000\r\n\r\nuser"


@contextmanager
def server(patience: int) -> Iterator[int]:
    """The port of a server with so many seconds of patience; no page of these tests asks the database."""
    number = free_port()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DEKON_PATIENCE", str(patience))
        command, environment = run.web_command(number), dict(os.environ)
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            deadline = time.monotonic() + 60
            while not run.answers(number) and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.1)
            yield number
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with server(PATIENCE) as number:
        yield number


def line_to(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def answer_and_end(line: socket.socket) -> tuple[bytes, float]:
    """What comes until the server closes, and after how many seconds it does."""
    begun, got = time.monotonic(), b""
    try:
        while piece := line.recv(65536):
            got += piece
    except ConnectionResetError:
        pass
    return got, time.monotonic() - begun


def seconds_until_reset(line: socket.socket, piece: bytes, pause: float) -> float:
    """How long the server lets a sender go on with the same piece."""
    begun = time.monotonic()
    try:
        while time.monotonic() - begun < 3 * IN_TIME:
            line.sendall(piece)
            time.sleep(pause)
    except OSError:
        pass
    return time.monotonic() - begun


def asked(port: int, request: bytes) -> tuple[bytes, float]:
    with closing(line_to(port)) as line:
        line.sendall(request)
        return answer_and_end(line)


def health_seconds(port: int) -> float:
    begun = time.monotonic()
    got, _ = asked(port, b"GET /healthz HTTP/1.1\r\n" + HEAD + b"Connection: close\r\n\r\n")
    assert got.startswith(b"HTTP/1.1 200"), got[:80]
    return time.monotonic() - begun


@pytest.mark.slow
@pytest.mark.parametrize(
    "begun",
    [b"", b"GET /healthz HTTP/1.1\r\nHost: loc", SLOW_BODY],
    ids=["silent", "headers", "body"],
)  # fmt: skip
def test_who_stops_in_the_middle_is_closed_within_the_patience(port: int, begun: bytes) -> None:
    _, seconds = asked(port, begun)
    assert PATIENCE - 1 < seconds < IN_TIME


@pytest.mark.slow
def test_who_sends_a_byte_now_and_then_is_closed_too(port: int) -> None:
    with closing(line_to(port)) as line:
        line.sendall(b"POST /masuk/ HTTP/1.1\r\n" + HEAD + b"Content-Length: 1000000\r\n\r\n")
        assert seconds_until_reset(line, b"x", 0.2) < IN_TIME


@pytest.mark.slow
def test_120_slow_senders_keep_nobody_else_waiting() -> None:
    """Far more than there are places to work at the same time: of each kind a third, for as long as they are let."""
    kinds = (SLOW_BODY, b"GET / HTTP/1.1\r\nHo", b"")
    with server(LONG_PATIENCE) as port, ExitStack() as stack:
        slow = [stack.enter_context(closing(line_to(port))) for _ in range(120)]
        for number, line in enumerate(slow):
            line.sendall(kinds[number % 3])
        quick, begun = 0, time.monotonic()
        while quick < 5:  # the server makes its threads one after the other
            quick = quick + 1 if health_seconds(port) < 1 else 0
        assert time.monotonic() - begun < LONG_PATIENCE / 2
        for line in slow:
            line.setblocking(False)
            with pytest.raises(BlockingIOError):
                line.recv(1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "length", "status"),
    [
        ("application/x-www-form-urlencoded", FORM_BYTES + 1, 413), ("application/json", FORM_BYTES + 1, 413),
        ("multipart/form-data; boundary=x", FILE_BYTES + 1, 413), ("application/json", 10**30, 400),
    ],
)  # fmt: skip
def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read(
    port: int, kind: str, length: int, status: int
) -> None:
    head = f"Host: localhost\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    got, seconds = asked(port, b"POST /api/v1/blocks HTTP/1.1\r\n" + head.encode() + b"x")
    assert got.startswith(f"HTTP/1.1 {status}".encode()), got[:99]
    assert seconds < IN_TIME
    if b"413" in got[:12]:
        assert json.loads(got.partition(b"\r\n\r\n")[2])["code"] == "body-too-large"


@pytest.mark.slow
def test_a_body_that_says_less_than_it_is_counts_as_what_it_says(port: int) -> None:
    """The rest is no second request of the same person."""
    smuggled = b"GET /healthz HTTP/1.1\r\n" + HEAD + b"\r\n"
    body = b"x=1" + smuggled
    head = b"POST /healthz HTTP/1.1\r\n" + HEAD + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
    got, _ = asked(port, head + body)
    assert got.count(b"HTTP/1.1 ") == 1


@pytest.mark.slow
@pytest.mark.parametrize("length", [b"", b"Content-Length: 3\r\n"], ids=["alone", "with a length"])
def test_a_body_in_chunks_without_a_length_is_refused(port: int, length: bytes) -> None:
    head = b"POST /masuk/ HTTP/1.1\r\n" + HEAD + length + b"Transfer-Encoding: chunked\r\n\r\n"
    got, seconds = asked(port, head + b"5\r\nabcde\r\n" * 10)
    assert got[:12] in {b"HTTP/1.1 411", b"HTTP/1.1 400"}
    assert seconds < IN_TIME


@pytest.mark.slow
def test_endless_chunks_end(port: int) -> None:
    with closing(line_to(port)) as line:
        line.sendall(b"POST /masuk/ HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        assert seconds_until_reset(line, b"10000\r\n" + b"x" * 0x10000 + b"\r\n", 0) < IN_TIME


@pytest.mark.slow
def test_large_headers_are_refused(port: int) -> None:
    got, _ = asked(port, b"GET /healthz HTTP/1.1\r\n" + HEAD + b"X-A: " + b"a" * 1_000_000 + b"\r\n\r\n")
    assert not got.startswith(b"HTTP/1.1 200")
    assert health_seconds(port) < 1


def test_a_connection_is_too_quiet_from_the_second_on_at_which_its_patience_ends() -> None:
    mark = Mark(sent=0, received=100, at=10.0)
    assert not is_too_quiet(mark, 0, 100, 29.9, 20)
    assert is_too_quiet(mark, 0, 100, 30.0, 20)
    assert not is_too_quiet(mark, 1, 100, 30.0, 20), "something went out"
    assert mark == Mark(1, 100, 30.0)


def test_a_slow_line_that_goes_on_is_left_alone() -> None:
    mark = Mark(sent=5, received=0, at=0.0)
    enough = SLOWEST_BYTES * 20
    assert is_too_quiet(mark, 5, enough - 1, 20.0, 20)
    assert not is_too_quiet(mark, 5, enough, 20.0, 20)
    assert mark.at == 20.0
