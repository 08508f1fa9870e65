"""The way back: a backup into a database of its own, proved, then put in the place of the present one."""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from dekon.errors import GatewayFailed, RuleBroken
from dekon.gateways import files as store
from dekon.ops import prepare
from dekon.ops.backup.archive import DATABASE, Manifest, pieces
from dekon.ops.backup.programs import environment, program
from dekon.ops.grants import grant_app_role

SHELVES: dict[str, store.Shelf] = {"imports": "imports", "documents": "documents"}
UNKNOWN_TO_OLDER = b"SET transaction_timeout"
"""A setting that a newer dump makes and an older server refuses."""


def holds_data() -> bool:
    """Whether this installation has more than its reference lists: imports or entries."""
    with connections[prepare.owner_alias()].cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM budget_importrun) OR EXISTS (SELECT 1 FROM ledger_entry)")
        return bool(cursor.fetchone()[0])


def load_dump(backup: Path, database: str) -> None:
    """Fill an empty database from the dump of a backup, in one transaction.

    Raises:
        GatewayFailed: `backup-restore-failed` with the last word of the server.
    """
    with zipfile.ZipFile(backup) as archive, archive.open(DATABASE) as part:
        to_sql = subprocess.Popen(
            [str(program("pg_restore")), "--file=-", "--no-owner", "--no-privileges"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=dict(environment(database)),
        )  # fmt: skip
        psql = subprocess.Popen(
            [str(program("psql")), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
             "--output=/dev/null"],
            stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, env=dict(environment(database)),
        )  # fmt: skip
        with to_sql, psql:
            said = _pump(part, to_sql, psql)
    if to_sql.returncode or psql.returncode:
        raise GatewayFailed("backup-restore-failed", reason=(said.splitlines() or ["?"])[-1])


@contextmanager
def scratch_database(name: str) -> Iterator[str]:
    """An empty database beside the one in use, gone afterwards unless it was renamed meanwhile.

    Raises:
        RuleBroken: `backup-no-room` where the owner may not make databases.
    """
    try:
        _administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        _administer("CREATE DATABASE {} TEMPLATE template0", name)
    except psycopg.errors.InsufficientPrivilege as error:
        raise RuleBroken("backup-no-room") from error
    try:
        yield name
    finally:
        _drop(name)


def _drop(name: str) -> None:
    """Remove a database. A worker of the server that tidies it up is not ours to end, but goes for a plain DROP."""
    try:
        _administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    except psycopg.errors.InsufficientPrivilege:
        _administer("DROP DATABASE IF EXISTS {}", name)


def put_in_place(name: str, aside: str) -> None:
    """The restored database takes the name of the present one, which is kept under another."""
    present = str(connections[prepare.owner_alias()].settings_dict["NAME"])
    connections.close_all()
    with psycopg.connect(_address("postgres"), autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [present])
        for old, new in ((present, aside), (name, present)):
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))
            admin.execute(rename)
    grant_app_role(settings.APP_ROLE, using=prepare.owner_alias())


def put_files(backup: Path, manifest: Manifest) -> int:
    """Files, copies of heads and certificates that are not there yet. What is there is never overwritten.

    Returns: how many were put.
    """
    put = 0
    with zipfile.ZipFile(backup) as archive:
        for name in manifest.parts:
            kind, _, rest = name.partition("/")
            with archive.open(name) as part:
                if kind == "files":
                    if shelf := SHELVES.get(rest.split("/", 1)[0]):
                        put += bool(store.keep(pieces(part), shelf=shelf, limit_bytes=store.NO_LIMIT))
                elif target := _place(kind, rest):
                    put += _put(target, part.read())
    return put


def _place(kind: str, name: str) -> Path | None:
    """Where a part that is no stored file belongs; None for what has no place. Names with folders have none."""
    if Path(name).name != name:
        return None
    return {"heads": Path(settings.HEADS_FILE), "pki": Path(settings.PKI_FOLDER) / name}.get(kind)


def _put(target: Path, content: bytes) -> bool:
    if target.exists():
        return False
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.touch(mode=0o600)
    target.write_bytes(content)
    return True


def _address(database: str) -> str:
    known = connections[prepare.owner_alias()].get_connection_params()
    kept = {key: known[key] for key in ("host", "port", "user", "password", "sslmode") if known.get(key)}
    return psycopg.conninfo.make_conninfo(dbname=database, **kept)


def _administer(statement: str, name: str) -> None:
    with psycopg.connect(_address("postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _pump(part: IO[bytes], to_sql: subprocess.Popen[bytes], psql: subprocess.Popen[bytes]) -> str:
    """Dump → statements → server, each in its own thread so that no pipe fills up. Returns what the server said."""
    assert to_sql.stdout is not None
    assert psql.stderr is not None
    from_dump = Thread(target=_feed, args=(pieces(part), to_sql.stdin))
    to_server = Thread(target=_feed, args=(_statements(to_sql.stdout), psql.stdin))
    from_dump.start()
    to_server.start()
    said = psql.stderr.read().decode(errors="replace").strip()
    from_dump.join()
    to_server.join()
    return said


def _statements(lines: IO[bytes]) -> Iterator[bytes]:
    for line in lines:
        if not line.startswith(UNKNOWN_TO_OLDER):
            yield line


def _feed(chunks: Iterator[bytes], stream: IO[bytes]) -> None:
    """Everything into a stream; a reader that has stopped is somebody else's failure to tell."""
    try:
        for chunk in chunks:
            stream.write(chunk)
    except BrokenPipeError:
        for _rest in chunks:  # the writer before must not wait for ever
            pass
    finally:
        with suppress(BrokenPipeError):
            stream.close()
