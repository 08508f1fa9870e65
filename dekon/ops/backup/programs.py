"""PostgreSQL's own programs for dumping and restoring, and how to call them without a password on the command line."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.db import connections

from dekon.errors import RuleBroken
from dekon.ops import cluster, prepare

DEBIAN = Path("/usr/lib/postgresql")


def program(name: str) -> Path:
    """`pg_dump`, `pg_restore` or `psql`: the embedded one, which knows all older servers, else one of the system.

    Raises:
        RuleBroken: `backup-program-missing`.
    """
    for found in _candidates(name):
        if found.is_file() and os.access(found, os.X_OK):
            return found
    raise RuleBroken("backup-program-missing", program=name)


def _candidates(name: str) -> Iterator[Path]:
    yield from sorted(cluster.wheel_folder().glob(f"pginstall*/bin/{name}"), reverse=True)
    version = connections[prepare.owner_alias()].cursor().connection.info.server_version // 10_000
    yield DEBIAN / str(version) / "bin" / name
    if on_path := shutil.which(name):
        yield Path(on_path)


def environment(database: str = "") -> Mapping[str, str]:
    """What tells the programs where a database is and that the owner asks; no process list shows it.

    Args:
        database: another database of the same server; empty for the one in use.
    """
    known = connections[prepare.owner_alias()].get_connection_params()
    named = {
        "PGHOST": known.get("host"), "PGPORT": known.get("port"), "PGUSER": known.get("user"),
        "PGPASSWORD": known.get("password"), "PGDATABASE": database or known.get("dbname"),
        "PGSSLMODE": known.get("sslmode"),
    }  # fmt: skip
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC", **{name: str(value) for name, value in named.items() if value}}
