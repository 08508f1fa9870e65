"""Making a backup: database, files and copies of heads as they were at one moment, in one file."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connections, transaction
from psycopg import sql

from dekon.errors import GatewayFailed
from dekon.ops import prepare
from dekon.ops.backup.archive import DATABASE, Writer, pieces
from dekon.ops.backup.programs import environment, program


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made: parts in it, rows of all tables, the moment of its snapshot."""

    parts: int
    rows: int
    made_at: datetime


def make_backup(stream: IO[bytes], *, now: datetime, with_keys: bool = False) -> Made:
    """Write everything to a stream. The database may be in use: all is read from one snapshot.

    Args:
        stream: where it goes; need not be able to go back.
        now: the moment that the file bears.
        with_keys: with the keys of the local authority; the file is then as secret as they are.

    Raises:
        GatewayFailed: `backup-dump-failed` with pg_dump's last word.
    """
    writer = Writer(stream)
    alias = prepare.owner_alias()
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version_num')::int / 10000")
        snapshot, server = cursor.fetchone()
        rows = count_rows(alias)
        writer.add(DATABASE, dump(snapshot))
    for name, path in files(with_keys=with_keys):
        with path.open("rb") as source:
            writer.add(name, pieces(source))
    writer.close(made_at=now, edition=prepare.edition(), server=server, rows=rows)
    return Made(len(writer.parts), sum(rows.values()), now)


def count_rows(alias: str) -> Mapping[str, int]:
    """The rows of every table of ours, by the connection's snapshot."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [row[0] for row in cursor.fetchall()]
        counts = {}
        for table in tables:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)).as_string())
            counts[table] = int(cursor.fetchone()[0])
        return counts


def dump(snapshot: str) -> Iterator[bytes]:
    """The database in pg_dump's own format, as it was at a snapshot.

    Raises:
        GatewayFailed: `backup-dump-failed`.
    """
    command = [str(program("pg_dump")), "--format=custom", "--compress=gzip:3", "--no-owner", "--no-privileges",
               f"--snapshot={snapshot}"]  # fmt: skip
    with subprocess.Popen(
        command, env=dict(environment()), stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        yield from pieces(process.stdout)
        said = process.stderr.read().decode(errors="replace").strip()
    if process.returncode:
        raise GatewayFailed("backup-dump-failed", reason=(said.splitlines() or ["?"])[-1])


def files(*, with_keys: bool) -> Iterator[tuple[str, Path]]:
    """What lies beside the database: name in the backup and place."""
    store = Path(settings.MEDIA_ROOT)
    for path in sorted(store.glob("*/*")):
        if path.is_file() and not path.name.startswith("incoming-"):
            yield f"files/{path.parent.name}/{path.name}", path
    heads = Path(settings.HEADS_FILE)
    if heads.is_file():
        yield f"heads/{heads.name}", heads
    for pattern in ("*.pem", "*.key") if with_keys else ("*.pem",):
        for path in sorted(Path(settings.PKI_FOLDER).glob(pattern)):
            yield f"pki/{path.name}", path
