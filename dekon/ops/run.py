"""`make run`.

The database ready, web server and worker started, the demo year loaded meanwhile, all stopped together.
"""

from __future__ import annotations

import http.client
import os
import socket
import sys
import time
from collections.abc import Mapping

from django.conf import settings
from django.db import connection

from dekon import env
from dekon.errors import RuleBroken
from dekon.ops import attach, prepare, static
from dekon.ops.demo.people import CENTRAL, PASSWORD, PROVINCIAL
from dekon.ops.parts import Part, Parts

HOST = "127.0.0.1"
OWNER_ONLY = frozenset({"DATABASE_URL", "DATABASE_URL_FILE"})
WORKERS = 2
LINES = 256
"""Connections that one process takes at the same time, each with a thread that waits for its body."""
ANSWER_SECONDS = 60
DEMO_YEAR = 2022
EXAMPLE_PROVINCE = "32"


def main() -> int:
    """Run everything until Ctrl-C, or until a part ends by itself. Returns the exit status.

    Raises:
        RuleBroken: what forbids the start.
    """
    env.load_dotenv()
    port = env.port()
    refuse_taken(port)
    with attach.database():
        attach.set_up_django()
        prepare.ensure()
        static.ensure_collected()
        parts = Parts()
        parts.listen()
        try:
            return serve(parts, port)
        finally:
            parts.stop()


def serve(parts: Parts, port: int) -> int:
    """Start the pages, greet once they answer, then start the rest, so that it takes no time from the first page.

    Raises:
        RuleBroken: `setup-web-silent`, `setup-part-stopped`.
    """
    environment = {name: value for name, value in os.environ.items() if name not in OWNER_ONLY}
    parts.start("web", web_command(port), environment)
    if not wait_for_answer(parts, port):
        if parts.ended() is None and not parts.asked_to_stop:
            raise RuleBroken("setup-web-silent", seconds=ANSWER_SECONDS)
        return complain(parts.ended())
    greet(port)
    start_background(parts, environment)
    return complain(parts.watch())


def start_background(parts: Parts, environment: Mapping[str, str]) -> None:
    """The worker and, in the demo, the loading of its year. None of them gets the owner's address."""
    command = [sys.executable, "-P", "-m", "dekon.ops.cli"]
    parts.start("worker", [*command, "worker"], environment)
    if settings.MODE == "demo" and not demo_is_loaded():
        load = ["nice", "-n", "5", *command, "demo", "--year", str(DEMO_YEAR)]
        parts.start("demo", load, environment, stays=False)


def demo_is_loaded() -> bool:
    """Whether an earlier start has loaded the whole demo year."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM ops_loadprogress WHERE year = %s AND finished_at IS NOT NULL", [DEMO_YEAR])
        loaded = cursor.fetchone() is not None
    connection.close()
    return loaded


def web_command(port: int) -> list[str]:
    """Granian with the sync views of Django; two processes; `dekon.wsgi` lets few requests work at a time."""
    patience_ms = env.patience_seconds() * 1000
    return [
        sys.executable, "-P", "-m", "granian", "--interface", "wsgi", "--no-ws", "--http", "1", "--host", HOST,
        "--port", str(port), "--workers", str(WORKERS), "--blocking-threads", str(LINES), "--backpressure", str(LINES),
        "--http1-header-read-timeout", str(patience_ms), "--workers-kill-timeout", "5", "--log-level", "error",
        "dekon.wsgi:application",
    ]  # fmt: skip


def refuse_taken(port: int) -> None:
    """Refuse a port that somebody listens on.

    Raises:
        RuleBroken: `setup-port-taken`, naming a free one.
    """
    if is_free(port):
        return
    other = next(number for number in range(port + 1, 65536) if is_free(number))
    raise RuleBroken("setup-port-taken", port=port, other=other)


def is_free(port: int) -> bool:
    """Whether a server could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Whether the web server answers, asked by a name under which it may be."""
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": settings.ALLOWED_HOSTS[0].lstrip(".")})
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def wait_for_answer(parts: Parts, port: int) -> bool:
    """Wait until the web server answers; False when it will not."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline and parts.ended() is None and not parts.asked_to_stop:
        if answers(port):
            return True
        time.sleep(0.05)
    return False


def greet(port: int) -> None:
    """Say where Dekon is and, in the demo, who may come in. By its name: browsers make no passkey for a number."""
    print(f"\n  Dekon: http://localhost:{port}/")
    if settings.MODE == "demo":
        provincial = " ".join(f"{role}-{EXAMPLE_PROVINCE}" for role in PROVINCIAL)
        print(f"  Demo logins: {' '.join(CENTRAL)} unit-13")
        print(f"               {provincial} (the same for every province code)")
        print(f"  Password of all of them: {PASSWORD}")
    print("  Ctrl-C stops everything.\n", flush=True)


def complain(part: Part | None) -> int:
    """The exit status; says which part stopped, if one did."""
    if part is None:
        return 0
    raise RuleBroken("setup-part-stopped", part=part.name, code=part.process.returncode)
