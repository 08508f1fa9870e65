"""Between web server and Django: few requests at work, bodies whole, places and connections given back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from dekon.ops import bodies
from dekon.ops.bodies import Bodies, Environ, Streamed


class Start:
    """Remembers what an application begins to answer."""

    status = ""
    headers: dict[str, str]

    def __call__(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = status, dict(headers)


def request(body: bytes = b"", path: str = "/", **more: str) -> Environ:
    return {"PATH_INFO": path, "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body)), **more}


@pytest.fixture(autouse=True)
def _no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer of these tests has asked it, so none looks after its connection."""
    monkeypatch.setattr("django.core.signals.request_finished.send", lambda **_said: None)


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Threads that gave their connection to the database back."""
    threads: list[int] = []
    monkeypatch.setattr("dekon.ops.bodies.connections.close_all", lambda: threads.append(threading.get_ident()))
    return threads


def echo(environ: Environ, start: Callable[..., object]) -> HttpResponse:
    start("200 OK", [])
    return HttpResponse(environ["wsgi.input"].read())


def in_threads(count: int, work: Callable[[], object]) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


def test_a_body_arrives_whole_in_memory_or_on_disk() -> None:
    for size in (0, 1, bodies.PIECE_BYTES, bodies.IN_MEMORY_BYTES + 1):
        body = b"x" * size
        assert list(Bodies(echo, 1)(request(body), Start())) == [body]


def test_a_body_that_ends_early_never_reaches_a_page() -> None:
    start = Start()
    said = request(b"x" * 5)
    said["CONTENT_LENGTH"] = "6"
    (words,) = Bodies(echo, 1)(said, start)
    assert (start.status[:3], start.headers["Connection"]) == ("408", "close")
    assert b"tidak ada yang disimpan" in words


def test_a_body_that_takes_too_long_is_refused_though_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, *([bodies.BODY_SECONDS + 1.0] * 9)])
    monkeypatch.setattr("dekon.ops.bodies.time.monotonic", lambda: next(moments))
    start = Start()
    list(Bodies(echo, 1)(request(b"x"), start))
    assert start.status.startswith("408")


@pytest.mark.parametrize(("language", "words"), [("id", "Tunggu sebentar"), ("en-GB,en", "Wait a moment")])
def test_who_waits_too_long_for_a_place_is_told_so(
    monkeypatch: pytest.MonkeyPatch, closed: list[int], language: str, words: str
) -> None:
    monkeypatch.setattr(bodies, "WAIT_SECONDS", 0.05)
    gone, begun = threading.Event(), threading.Event()

    def slow(environ: Environ, start: Callable[..., object]) -> HttpResponse:
        begun.set()
        gone.wait(30)
        return echo(environ, start)

    server, start = Bodies(slow, 1), Start()
    worker = threading.Thread(target=lambda: list(server(request(), Start())))
    worker.start()
    begun.wait(30)
    since = server.busy_since()
    assert since is not None
    assert since <= time.monotonic()
    (said,) = server(request(HTTP_ACCEPT_LANGUAGE=language), start)
    gone.set()
    worker.join(30)
    assert start.status.startswith("503")
    assert words in said.decode()
    assert server.busy_since() is None
    assert list(server(request(b"again"), Start())) == [b"again"]


def test_a_place_is_given_back_when_a_page_breaks(closed: list[int]) -> None:
    def broken(environ: Environ, start: Callable[..., object]) -> HttpResponse:
        raise ZeroDivisionError

    server = Bodies(broken, 1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            server(request(), Start())


def test_few_threads_keep_their_connection_to_the_database(closed: list[int]) -> None:
    met = threading.Barrier(5)
    server = Bodies(echo, 2)

    def work() -> None:
        for _ in range(3):
            list(server(request(), Start()))
        met.wait(30)  # all of them still live

    in_threads(5, work)
    assert len(set(closed)) == 3
    before = len(closed)
    in_threads(1, lambda: list(server(request(), Start())))
    assert len(closed) == before, "those that kept theirs have ended, so another may"


def test_a_stream_holds_no_place_to_work_and_gives_its_own_back(
    monkeypatch: pytest.MonkeyPatch, closed: list[int]
) -> None:
    monkeypatch.setattr(bodies, "WAIT_SECONDS", 0.05)

    def pieces() -> Iterator[bytes]:
        yield b"a"
        yield b"b"

    def sends(environ: Environ, start: Callable[..., object]) -> StreamingHttpResponse:
        start("200 OK", [])
        return StreamingHttpResponse(pieces())

    server = Bodies(sends, 1)
    running = [server(request(), Start()) for _ in range(bodies.STREAMS)]
    start = Start()
    list(server(request(), start))
    assert start.status.startswith("503"), "every stream is taken"
    assert isinstance(server(request(path="/static/a.css"), Start()), Streamed), "what needs no database goes on"
    for one in running:
        assert isinstance(one, Streamed)
        assert b"".join(one) == b"ab"
        one.close()
        one.close()
    start = Start()
    list(server(request(), start))
    assert start.status.startswith("200")
