"""The embedded PostgreSQL at work: it runs as long as anybody uses it. Knows no Django.

Each user holds a shared lock on one file. A keeper process waits for the exclusive lock on the same file: it gets it
when
the last user is gone, also after kill -9, and stops the server. Whoever comes meanwhile waits for the keeper to finish.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from dekon.env import ROOT
from dekon.errors import RuleBroken
from dekon.ops import locks
from dekon.ops.cluster import APP_ROLE, DATABASE, OWNER_ROLE, VERSION, Cluster, locate, primary_group

READY = "ready"
ROLES_MADE = "roles-made"
START_SECONDS = 60
STOP_SECONDS = 30
RETRIES = 10
DURABLE = {
    "listen_addresses": "", "jit": "off", "timezone": "UTC", "max_connections": "120", "log_timezone": "UTC",
    "log_checkpoints": "off", "shared_buffers": "128MB", "work_mem": "16MB", "max_wal_size": "1GB",
    "password_encryption": "scram-sha-256",
    # Statements and their details carry the values of people: the log says that something failed, the caller what.
    "log_error_verbosity": "terse", "log_min_error_statement": "panic", "log_parameter_max_length_on_error": "0",
}  # fmt: skip
THROW_AWAY = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal",
    "max_wal_senders": "0", "autovacuum_naptime": "5min",
}  # fmt: skip
"""For tests: nobody misses these data after a power cut."""


@dataclass(slots=True)
class Use:
    """One user of a running server. Closing it, or the end of the process, ends the use."""

    cluster: Cluster
    handle: int

    @property
    def owner_url(self) -> str:
        """Address for the owner: migrations, set-up, verification."""
        return self.cluster.url(OWNER_ROLE)

    @property
    def app_url(self) -> str:
        """Address for web, worker and command line."""
        return self.cluster.url(APP_ROLE)

    def close(self) -> None:
        """End this use; the server stops when it was the last."""
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def use(home: Path, *, durable: bool = True) -> Use:
    """Use the embedded server of a data folder; it is made and started where need be.

    Args:
        home: the data folder.
        durable: False for throw-away data.

    Raises:
        RuleBroken: `setup-postgres-failed`, `setup-postgres-version`, `setup-postgres-user`, `setup-postgres-folder`.
    """
    state = home / "postgres"
    with locks.exclusive(state / "start.lock"):
        handle = locks.share(state / "users.lock")
        try:
            cluster = locate(home, durable=durable)
            _ensure_data(cluster)
            if not _wait_until_running(cluster):
                _start(cluster)
            if not (cluster.base / ROLES_MADE).exists():
                _make_roles(cluster)
            _ensure_keeper(home)
        except BaseException:
            os.close(handle)
            raise
    return Use(cluster, handle)


def _ensure_data(cluster: Cluster) -> None:
    """Make the data folder; a half-made one of an interrupted start is thrown away."""
    if (cluster.data / "PG_VERSION").exists():
        found = (cluster.data / "PG_VERSION").read_text("utf-8").strip()
        if found != VERSION:
            raise RuleBroken("setup-postgres-version", folder=str(cluster.data), found=found, needed=VERSION)
        return
    draft, password = cluster.base / "data.new", cluster.base / "password"
    password.write_text(cluster.passwords["postgres"], "utf-8")
    password.chmod(0o600)
    if cluster.user is not None:
        os.chown(password, *_numbers(cluster))
    shutil.rmtree(draft, ignore_errors=True)
    made = cluster.run(
        "initdb", "-D", draft, "-U", "postgres", "-E", "UTF8", "--locale=C", "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8", "--auth=scram-sha-256", "--pwfile", password, "--no-sync", "--no-instructions",
    )  # fmt: skip
    password.unlink()
    if made.returncode != 0:
        lines = made.stderr.strip().splitlines() or ["initdb"]
        raise RuleBroken("setup-postgres-failed", reason=lines[-1], log=str(cluster.log))
    with (draft / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("\ninclude 'dekon.conf'\n")
    (cluster.base / ROLES_MADE).unlink(missing_ok=True)
    draft.rename(cluster.data)


def _numbers(cluster: Cluster) -> tuple[int, int]:
    """User and group number of the server's user."""
    owner = cluster.base.stat()
    return owner.st_uid, primary_group(cluster.user) or owner.st_gid


def postmaster(cluster: Cluster) -> tuple[int, str] | None:
    """Process number and state of the server, or None where none runs.

    A left-over file of a dead one counts as none.
    """
    try:
        lines = (cluster.data / "postmaster.pid").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return None
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    if str(cluster.data) not in command_of(pid):
        return None
    return pid, lines[7].strip() if len(lines) > 7 else ""


def command_of(pid: int) -> str:
    """The command line of a process, empty where there is none."""
    proc = Path("/proc")
    if (proc / "self").exists():
        try:
            return (proc / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    listed = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return listed.stdout


def _wait_until_running(cluster: Cluster) -> bool:
    """Whether the server runs; one that is still starting or stopping is waited for."""
    deadline = time.monotonic() + START_SECONDS
    while (found := postmaster(cluster)) is not None:
        if found[1] == READY and _listens(cluster):
            return True
        if time.monotonic() > deadline:
            raise RuleBroken("setup-postgres-failed", reason=found[1] or "starting", log=str(cluster.log))
        time.sleep(0.05)
    return False


def _listens(cluster: Cluster) -> bool:
    """Whether somebody takes connections; a server that was killed a moment ago still has a file that says so."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(cluster.sockets / ".s.PGSQL.5432")) == 0


def _start(cluster: Cluster) -> None:
    """Start the server. After a crash its last children may need a moment to notice, so it is tried more than once."""
    settings = {**DURABLE, "unix_socket_directories": str(cluster.sockets), **({} if cluster.durable else THROW_AWAY)}
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items()]
    (cluster.data / "dekon.conf").write_text("".join(lines), "utf-8")
    (cluster.data / "dekon.conf").chmod(0o644)
    for attempt in range(RETRIES):
        (cluster.data / "postmaster.pid").unlink(missing_ok=True)
        for left_over in cluster.sockets.glob(".s.PGSQL.*"):
            left_over.unlink(missing_ok=True)
        done = cluster.run(
            "pg_ctl", "start", "-D", cluster.data, "-l", cluster.log, "-w", "-t", str(START_SECONDS), "-s"
        )
        if done.returncode == 0:
            return
        time.sleep(0.1 * (attempt + 1))
    tail = cluster.log.read_text("utf-8", errors="replace").strip().splitlines() if cluster.log.exists() else []
    reason = tail[-1] if tail else done.stderr.strip()
    raise RuleBroken("setup-postgres-failed", reason=reason, log=str(cluster.log))


def _make_roles(cluster: Cluster) -> None:
    """The owner, who may make databases but is no superuser; the app's role; the database."""
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as connection:
        for role, rights in ((OWNER_ROLE, "CREATEDB"), (APP_ROLE, "NOCREATEDB")):
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            verb = sql.SQL("ALTER" if known else "CREATE")
            password = sql.Literal(cluster.passwords[role])
            connection.execute(
                sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {} PASSWORD {}").format(
                    verb, sql.Identifier(role), sql.SQL(rights), password
                )
            )
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP_ROLE), sql.Identifier(OWNER_ROLE)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE))
            )
    (cluster.base / ROLES_MADE).touch()


def stop(cluster: Cluster) -> None:
    """Stop the server; one that does not end in time is stopped hard, which its log repairs at the next start."""
    for mode in ("fast", "immediate"):
        if postmaster(cluster) is None:
            return
        cluster.run("pg_ctl", "stop", "-D", cluster.data, "-m", mode, "-w", "-t", str(STOP_SECONDS), "-s")


def _ensure_keeper(home: Path) -> None:
    """Have a process that stops the server after its last user, whatever becomes of this one."""
    if locks.is_owned(home / "postgres" / "keeper.lock"):
        return
    subprocess.run(     # by way of a shell that ends at once, so that the keeper is nobody's child
        ["/bin/sh", "-c", '"$0" -m dekon.ops.postgres "$1" &', sys.executable, str(home)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        cwd="/", env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True,
    )  # fmt: skip


def keep(home: Path) -> None:
    """Wait until nobody uses the server, then stop it. Runs as a process of its own; a second one leaves at once."""
    handle = locks.try_own(home / "postgres" / "keeper.lock")
    if handle is None:
        return
    cluster = locate(home)
    locks.own(home / "postgres" / "users.lock")
    stop(cluster)
    os.close(handle)


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
