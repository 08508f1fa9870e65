"""The embedded PostgreSQL runs as long as anybody uses it, whatever becomes of its users."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from dekon.ops import postgres
from dekon.ops.cluster import Cluster
from tests.meta.source import ROOT

pytestmark = pytest.mark.slow

HOLDER = """
import sys, time
from pathlib import Path
from dekon.ops import postgres
use = postgres.use(Path(sys.argv[1]), durable=False)
print("ready", flush=True)
time.sleep(120)
"""


def eventually(holds: Callable[[], bool], seconds: float = 15) -> bool:
    """Whether it holds in the end."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def stopped(cluster: Cluster) -> bool:
    return postgres.postmaster(cluster) is None


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose cluster is gone after the test."""
    yield tmp_path
    cluster = postgres.use(tmp_path, durable=False)
    cluster.close()
    assert eventually(lambda: stopped(cluster.cluster))
    for folder in (cluster.cluster.base, cluster.cluster.sockets):
        shutil.rmtree(folder, ignore_errors=True)


def holder(home: Path) -> subprocess.Popen[str]:
    """Another process that uses the server."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(home)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.stdout.close()
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_the_last_user_stops_the_server(home: Path) -> None:
    first, second = postgres.use(home, durable=False), postgres.use(home, durable=False)
    first.close()
    with psycopg.connect(second.app_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    second.close()
    assert eventually(lambda: stopped(second.cluster))


def test_a_user_killed_hard_does_not_keep_the_server_alive(home: Path) -> None:
    process = holder(home)
    with postgres.use(home, durable=False) as use:
        cluster = use.cluster
    assert not stopped(cluster)
    kill(process)
    assert eventually(lambda: stopped(cluster))


def test_a_user_killed_hard_does_not_stop_it_for_the_others(home: Path) -> None:
    process = holder(home)
    with postgres.use(home, durable=False) as use:
        kill(process)
        time.sleep(0.5)
        with psycopg.connect(use.app_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_crashed_server_is_started_again_and_keeps_its_data(home: Path) -> None:
    with postgres.use(home) as use:
        with psycopg.connect(use.owner_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        found = postgres.postmaster(use.cluster)
        assert found is not None
        os.kill(found[0], signal.SIGKILL)
        assert eventually(lambda: stopped(use.cluster))
    with postgres.use(home) as use, psycopg.connect(use.owner_url) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_a_left_over_pid_of_another_program_is_no_server(home: Path) -> None:
    with postgres.use(home, durable=False) as use:
        cluster = use.cluster
    assert eventually(lambda: stopped(cluster))
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n", "utf-8")
    with postgres.use(home, durable=False) as use, psycopg.connect(use.app_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_neither_role_is_more_than_it_must_be_and_strangers_are_kept_out(home: Path) -> None:
    with postgres.use(home, durable=False) as use:
        with psycopg.connect(use.app_url) as connection:
            query = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'dekon%' AND (rolsuper OR rolbypassrls)"
            assert connection.execute(query).fetchall() == []
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(use.app_url.replace(use.cluster.passwords["dekon_app"], "wrong"))
        assert stat.S_IMODE(use.cluster.sockets.stat().st_mode) == 0o700
        assert stat.S_IMODE((home / "postgres" / "cluster.json").stat().st_mode) == 0o600


def test_folders_above_keep_their_permissions(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    with postgres.use(closed / "var", durable=False) as use:
        cluster = use.cluster
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert eventually(lambda: stopped(cluster))
    if cluster.user is not None:
        shutil.rmtree(cluster.base)


def test_two_data_folders_have_two_servers(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other_home = tmp_path_factory.mktemp("other")
    with postgres.use(home, durable=False) as one, postgres.use(other_home, durable=False) as other:
        assert postgres.postmaster(one.cluster) != postgres.postmaster(other.cluster)
        cluster = other.cluster
    assert eventually(lambda: stopped(cluster))
    shutil.rmtree(cluster.base)
