"""How long the second `make run` takes until a page answers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from dekon import env

PATIENCE_SECONDS = 180


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether the sign-in page is there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/masuk/", timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def start_seconds() -> float:
    """One `make run` until the page answers; stopped again afterwards."""
    port = free_port()
    environment = {**os.environ, "PORT": str(port), "DEKON_HOME": str(env.home() / "bench" / "run")}
    started = time.perf_counter()
    with subprocess.Popen(
        ["make", "run"], cwd=env.ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            while not answers(port):
                if time.perf_counter() - started > PATIENCE_SECONDS or process.poll() is not None:
                    raise SystemExit("bench: `make run` gave no page")
                time.sleep(0.05)
            return time.perf_counter() - started
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(60)


def second_start_seconds() -> float:
    """The second start of the same data folder."""
    start_seconds()
    return start_seconds()
