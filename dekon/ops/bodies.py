"""Between the web server and Django: a request is whole before it takes a place, and places are few.

A body is read by the server's thread that took the request, of which there is one a connection; so a slow sender keeps
nobody waiting but itself. What is too large, of unknown length or too slow is refused before Django sees it, and the
connection is closed. `dekon.ops.quiet` shuts connections that fall silent on the way.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, BinaryIO, Final, cast

from django.db import connections
from django.http.response import HttpResponseBase

from dekon.errors import message_text

MEGABYTE: Final = 1024 * 1024
FORM_BYTES: Final = 10 * MEGABYTE
FILE_BYTES: Final = 101 * MEGABYTE
"""The largest file, with its form."""
IN_MEMORY_BYTES: Final = MEGABYTE
PIECE_BYTES: Final = 256 * 1024
BODY_SECONDS: Final = 20 * 60
WAIT_SECONDS: Final = 10
STREAMS: Final = 8
"""HttpResponseBases that are sent in pieces at the same time, by one process."""
API, STATIC = "/api/", "/static/"

type Environ = dict[str, Any]
type Start = Callable[..., object]


type Application = Callable[[Environ, Any], HttpResponseBase]


class Refused(Exception):
    """Why a request does not reach Django."""

    def __init__(self, code: str, status: HTTPStatus) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


class Keeper:
    """Lives as long as the thread that keeps its connection to the database."""


@dataclass(slots=True)
class Streamed:
    """A body in pieces; `done` is called once, whatever becomes of it."""

    answer: HttpResponseBase
    at_work: Callable[[], AbstractContextManager[None]]
    done: Callable[[], None]
    closed: bool = False

    def __iter__(self) -> Iterator[bytes]:
        pieces = iter(self.answer)
        while True:
            with self.at_work():
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    def close(self) -> None:
        """Give the place back."""
        if self.closed:
            return
        self.closed = True
        try:
            self.answer.close()
        finally:
            self.done()


class Bodies:
    """The application as the web server calls it."""

    def __init__(self, application: Application, places: int) -> None:
        """Take the application and how many requests may be at work at the same time in this process."""
        self._application, self._places = application, places
        self._gate, self._streams = threading.BoundedSemaphore(places), threading.BoundedSemaphore(STREAMS)
        self._here, self._keepers = threading.local(), weakref.WeakSet[Keeper]()
        self._lock, self._begun = threading.Lock(), dict[int, float]()

    def busy_since(self) -> float | None:
        """When the oldest request at work began, in seconds of the monotonic clock."""
        with self._lock:
            return min(self._begun.values(), default=None)

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer one request."""
        try:
            with whole_body(environ) as body:
                environ["wsgi.input"] = body
                return self._worked(environ, start)
        except Refused as refused:
            return refusal(environ, start, refused)

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """Note that this thread works, or waits for its turn."""
        me = threading.get_ident()
        with self._lock:
            self._begun[me] = time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                self._begun.pop(me, None)

    def _worked(self, environ: Environ, start: Start) -> Iterable[bytes]:
        with self._at_work():
            if not self._gate.acquire(timeout=WAIT_SECONDS):
                raise Refused("server-busy", HTTPStatus.SERVICE_UNAVAILABLE)
            try:
                answer = self._application(environ, start)
                return self._streamed(environ, answer) if answer.streaming else self._sent_whole(answer)
            finally:
                self._gate.release()

    def _sent_whole(self, answer: HttpResponseBase) -> list[bytes]:
        try:
            return [b"".join(answer)]
        finally:
            answer.close()
            self._settle()

    def _streamed(self, environ: Environ, answer: HttpResponseBase) -> Streamed:
        if str(environ.get("PATH_INFO", "")).startswith(STATIC):
            return Streamed(answer, self._at_work, lambda: None)
        if not self._streams.acquire(timeout=WAIT_SECONDS):
            answer.close()
            raise Refused("server-busy", HTTPStatus.SERVICE_UNAVAILABLE)

        def done() -> None:
            self._streams.release()
            self._settle()

        return Streamed(answer, self._at_work, done)

    def _settle(self) -> None:
        """Few threads keep their connection to the database; the others give it back with each answer."""
        if hasattr(self._here, "keeper"):
            return
        with self._lock:
            if len(self._keepers) < self._places:
                self._here.keeper = Keeper()
                self._keepers.add(self._here.keeper)
                return
        connections.close_all()


def whole_body(environ: Environ) -> BinaryIO:
    """The body of a request, read to its end.

    Raises:
        Refused: it is too large, of unknown length, or did not arrive in time.
    """
    if environ.get("HTTP_TRANSFER_ENCODING"):
        raise Refused("body-without-length", HTTPStatus.LENGTH_REQUIRED)
    length = length_of(environ)
    kind = str(environ.get("CONTENT_TYPE", ""))
    if length > (FILE_BYTES if kind.startswith("multipart/form-data") else FORM_BYTES):
        raise Refused("body-too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    body = cast("BinaryIO", tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES))  # noqa: SIM115  its taker closes it
    try:
        _copy(cast("BinaryIO", environ["wsgi.input"]), body, length)
    except Refused:
        body.close()
        raise
    body.seek(0)
    return body


def length_of(environ: Environ) -> int:
    """How many bytes the body has, as the request says.

    Raises:
        Refused: that is no number.
    """
    said = str(environ.get("CONTENT_LENGTH") or "0")
    if not (said.isascii() and said.isdigit()):
        raise Refused("body-without-length", HTTPStatus.LENGTH_REQUIRED)
    return int(said)


def _copy(source: BinaryIO, target: BinaryIO, length: int) -> None:
    deadline = time.monotonic() + BODY_SECONDS
    while length:
        piece = source.read(min(PIECE_BYTES, length))
        if not piece or time.monotonic() > deadline:
            raise Refused("body-too-slow", HTTPStatus.REQUEST_TIMEOUT)
        target.write(piece)
        length -= len(piece)


def refusal(environ: Environ, start: Start, refused: Refused) -> list[bytes]:
    """A few words, the envelope for the API, and the end of the connection."""
    language = "en" if str(environ.get("HTTP_ACCEPT_LANGUAGE", "")).startswith("en") else "id"
    limits = {"form_mb": FORM_BYTES // MEGABYTE, "file_mb": FILE_BYTES // MEGABYTE - 1}
    words = message_text(refused.code, limits, language)
    if str(environ.get("PATH_INFO", "")).startswith(API):
        kind, text = "application/json", json.dumps({"code": refused.code, "message": words, "legal": "", "errors": []})
    else:
        kind, text = "text/plain; charset=utf-8", words
    body = text.encode()
    start(
        f"{refused.status.value} {refused.status.phrase}",
        [
            ("Content-Type", kind), ("Content-Length", str(len(body))), ("Connection", "close"),
            ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), ("Retry-After", "30"),
            ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ],
    )  # fmt: skip
    return [body]
