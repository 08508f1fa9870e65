"""The databases of the measurements: a server of their own below DEKON_HOME, large ones kept for the next run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from dekon import env
from dekon.ops import postgres


@dataclass(frozen=True, slots=True)
class Database:
    """A database of the bench server: addresses of owner and app."""

    name: str
    owner_url: str
    app_url: str

    def as_owner(self) -> Database:
        """The same database, worked on by its owner, who may make tables."""
        return Database(self.name, self.owner_url, self.owner_url)

    def environment(self) -> dict[str, str]:
        """The environment in which a process works on this database."""
        return {**os.environ, "DATABASE_URL": self.owner_url, "DATABASE_APP_URL": self.app_url}


def named(url: str, name: str) -> str:
    """The address of another database of the same server."""
    parts = urlsplit(url)
    host = parts.netloc or "/"
    return urlunsplit(parts._replace(path=f"/{name}")) if parts.netloc else url.replace(parts.path, f"{host}/{name}", 1)


@contextmanager
def server() -> Iterator[postgres.Use]:
    """The embedded server of the measurements, with the durability of a real one."""
    with postgres.use(env.home() / "bench") as use:
        yield use


def exists(use: postgres.Use, name: str) -> bool:
    """Whether the server holds a database of that name."""
    with psycopg.connect(use.owner_url, autocommit=True) as admin:
        return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def drop(use: postgres.Use, name: str) -> None:
    """Removes a database."""
    with psycopg.connect(use.owner_url, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def database(use: postgres.Use, name: str) -> Database:
    """A database with tables and reference lists, made where it is missing; a half-made one is made anew."""
    found = Database(name, named(use.owner_url, name), named(use.app_url, name))
    if exists(use, name):
        return found
    draft = f"{name}_draft"
    drop(use, draft)
    with psycopg.connect(use.owner_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(draft)))
    prepared(use, draft)
    rename(use, draft, name)
    return found


def copied(use: postgres.Use, source: Database, name: str) -> Database:
    """A copy of a database, to be spoilt by a measurement."""
    drop(use, name)
    with psycopg.connect(use.owner_url, autocommit=True) as admin:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        admin.execute(statement.format(sql.Identifier(name), sql.Identifier(source.name)))
    return prepared(use, name)


def prepared(use: postgres.Use, name: str) -> Database:
    """A database with the tables, rights and reference lists of today; what it holds stays."""
    found = Database(name, named(use.owner_url, name), named(use.app_url, name))
    subprocess.run([sys.executable, "-m", "dekon.ops.bench.prepare"], env=found.as_owner().environment(), check=True)
    return found


def rename(use: postgres.Use, old: str, new: str) -> None:
    """Gives a finished database its final name."""
    with psycopg.connect(use.owner_url, autocommit=True) as admin:
        admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new)))
