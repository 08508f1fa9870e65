"""A database with the whole demo year in it, loaded once per edition of the code and cloned for whoever needs it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection, connections
from psycopg import sql

from dekon import env
from dekon.ops.demo.load import load_demo
from tests import databases

LOCK = 20220315
INGREDIENTS = ("ops/demo/*.py", "budget/**/*.py", "ledger/**/*.py", "org/*.py", "rules/**/*.*", "lib/sheets/*.py")


def name_of_demo() -> str:
    """Name of the loaded database; another one where anything that makes its content has changed."""
    digest = hashlib.sha256(databases.template_name().encode())
    for pattern in INGREDIENTS:
        for path in sorted(path for path in (env.ROOT / "dekon").glob(pattern) if "__pycache__" not in path.parts):
            if path.is_file():
                digest.update(path.read_bytes())
    return f"{databases.PREFIX}demo_{digest.hexdigest()[:12]}"


def ensure_demo(url: str) -> str:
    """The name of the loaded database; the first process that asks loads it (half a minute), the others wait."""
    name = name_of_demo()
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            draft = databases.clone(url)
            databases.use(draft)
            load_demo(lambda _label, _done, _total: None)
            connections.close_all()
            admin.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(draft.split("?")[0].rpartition("/")[2]), sql.Identifier(name)
                )
            )
    return name


def clone_demo(url: str) -> str:
    """Address of a new database that holds the demo year."""
    loaded = ensure_demo(url)
    draft = f"{databases.PREFIX}of_demo_{hashlib.sha256(str(id(url)).encode()).hexdigest()[:8]}"
    databases.statement(url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", draft)
    databases.statement(url, "CREATE DATABASE {} TEMPLATE {}", draft, loaded)
    return databases.named(url, draft)


@contextmanager
def in_demo(url: str) -> Iterator[None]:
    """Works on a database of its own that holds the demo year; afterwards on the one before."""
    shared = databases.named(url, str(connection.settings_dict["NAME"]))
    own = clone_demo(url)
    databases.use(own)
    yield
    connection.close()
    databases.use(shared)
    databases.drop(own)
