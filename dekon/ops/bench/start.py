"""How long the second `make run` takes until a page answers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path as FilePath

from dekon import env
from dekon.ops import locks, postgres

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


@dataclass(frozen=True, slots=True)
class Start:
    """How long a start took, and how long PostgreSQL alone takes on the same data folder."""

    seconds: float
    postgres_seconds: float


def home() -> FilePath:
    """The data folder that is started, kept for the next run."""
    return env.home() / "bench" / "run"


def environment(port: int) -> dict[str, str]:
    """The environment of a start: an embedded database of its own, whatever the installation uses."""
    own = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DATABASE_APP_URL"}}
    return {**own, "PORT": str(port), "DEKON_HOME": str(home())}


def start_seconds() -> float:
    """One `make run` until the page answers; stopped again afterwards."""
    port = free_port()
    started = time.perf_counter()
    with subprocess.Popen(
        ["make", "run"], cwd=env.ROOT, env=environment(port), stdout=subprocess.DEVNULL, start_new_session=True
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


def second_start() -> Start:
    """A start of a data folder that was started before and holds the demo year.

    The folder is filled first, since a start that still loads the year is not the second.
    """
    subprocess.run(
        [sys.executable, "-m", "dekon.ops.cli", "demo"],
        cwd=env.ROOT, env=environment(free_port()), check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    start_seconds()
    seconds = start_seconds()
    wait_until_stopped()
    started = time.perf_counter()
    with postgres.use(home()):
        return Start(seconds, time.perf_counter() - started)


def wait_until_stopped() -> None:
    """Waits for the server of the last start to be gone."""
    for _moment in range(PATIENCE_SECONDS * 10):
        if not locks.is_owned(home() / "postgres" / "keeper.lock"):
            return
        time.sleep(0.1)
