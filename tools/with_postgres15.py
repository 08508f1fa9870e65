"""Runs a command with DATABASE_URL naming a throw-away PostgreSQL 15 of the system.

PostgreSQL refuses to run as root: root starts it as the user `postgres`. Cluster and socket lie in a folder of their
own that only that user enters, and go when the command ends.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
SERVER_USER = "postgres"
OWNER = "dekon_test_owner"
OPTIONS = "-c listen_addresses= -c jit=off -c fsync=off -c full_page_writes=off -c max_connections=200 -k {folder}"


def runs_as() -> str | None:
    """As whom the server runs: nobody else for an ordinary user."""
    return SERVER_USER if os.geteuid() == 0 else None


def call(*command: str) -> None:
    """Run one of PostgreSQL's programs as the server's user, quietly."""
    user = runs_as()
    subprocess.run(
        [str(PROGRAMS / command[0]), *command[1:]],
        check=True, cwd="/", stdout=subprocess.DEVNULL, user=user, group=user, extra_groups=[] if user else None,
    )  # fmt: skip


@contextmanager
def cluster() -> Iterator[str]:
    """A running cluster with an owner who is no superuser; the address as that owner."""
    folder = Path(tempfile.mkdtemp(prefix="dekon-pg15-"))
    if user := runs_as():
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = str(folder / "data")
    try:
        call("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        call("pg_ctl", "start", "-D", data, "-w", "-l", str(folder / "log"), "-o", OPTIONS.format(folder=folder))
        make = f"CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE"
        call("psql", "-q", "-h", str(folder), "-U", "postgres", "-d", "postgres", "-c", make)
        yield f"postgresql://{OWNER}@/postgres?host={folder}"
        call("pg_ctl", "stop", "-D", data, "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(command: Sequence[str]) -> int:
    """The exit status of the command."""
    if not (PROGRAMS / "initdb").exists():
        print("dekon: no PostgreSQL 15 here (Debian: apt-get install postgresql-15)", file=sys.stderr)
        return 1
    with cluster() as url:
        return subprocess.run(command, check=False, env={**os.environ, "DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
