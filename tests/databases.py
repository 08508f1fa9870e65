"""Databases of the tests: one migrated template with reference data and rights, kept between runs, and clones of it."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import django_tasks_db
import psycopg
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from dekon import env
from dekon.history import services as history
from dekon.ops import postgres
from dekon.ops.grants import APP_ROLE, ensure_app_role, grant_app_role
from dekon.ops.reference import load_reference_data

SERVER = env.ROOT / "var" / "test"
PREFIX = "dekon_test_"
BUILD_LOCK = 2022
INGREDIENTS = (
    "*/migrations/*.py", "*/reference/*", "*/services*", "ops/grants.py", "ops/row_security.py", "ops/doors.py",
    "org/matrix.yaml", "ops/reference.py",
    "history/*.py", "*/models.py", "*/models/*.py",
)  # fmt: skip
"""What the content of the template follows from, below `dekon/`."""


@contextmanager
def server() -> Iterator[str]:
    """Address of a database server for its owner: that of DATABASE_URL, else the tests' own embedded one."""
    if url := env.text("DATABASE_URL"):
        yield url
        return
    with postgres.use(SERVER, durable=False) as use:
        yield use.owner_url


def named(url: str, name: str) -> str:
    """Address of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}")).replace("postgresql:/dekon", "postgresql:///dekon")


def statement(url: str, text: str, *names: str) -> None:
    """One statement outside of a transaction, its names quoted."""
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(sql.SQL(text).format(*map(sql.Identifier, names)))


def use(url: str) -> None:
    """Let every connection of this process go to that database, under both names."""
    connections.close_all()
    connections.settings["default"].update({**env.database_settings(url), "CONN_MAX_AGE": 0})
    connection.settings_dict.update(connections.settings["default"])
    connections["owner"] = connections["default"]


def template_name() -> str:
    """Name of the template; another one where a migration, a list or a right has changed."""
    digest = hashlib.sha256(django_tasks_db.__file__.encode())
    for pattern in INGREDIENTS:
        for path in sorted(path for path in (env.ROOT / "dekon").glob(pattern) if path.is_file()):
            digest.update(path.name.encode() + path.read_bytes())
    return f"{PREFIX}template_{digest.hexdigest()[:12]}"


def ensure_template(url: str) -> str:
    """The template's name; the first process that asks makes it, the others wait."""
    name = template_name()
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [BUILD_LOCK])
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            drop_leftovers(admin)
            ensure_app_role(admin)
            draft = f"{name}_draft"
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(draft)))
            admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(draft)))
            use(named(url, draft))
            call_command("migrate", verbosity=0, database="default")
            grant_app_role(APP_ROLE, using="default")
            history.install("default")
            load_reference_data()
            connections.close_all()
            admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name)))
    return name


def drop_leftovers(admin: psycopg.Connection) -> None:
    """Remove databases of earlier runs that nobody is connected to."""
    unused = admin.execute(
        "SELECT datname FROM pg_database d WHERE datname LIKE %s AND datdba = current_user::regrole"
        " AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datname = d.datname)",
        [PREFIX.replace("_", r"\_") + "%"],
    ).fetchall()
    for (name,) in unused:
        try:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        except psycopg.errors.ObjectInUse:
            continue


def clone(url: str) -> str:
    """Address of a new database with the template's content."""
    name = f"{PREFIX}{os.getpid()}_{uuid.uuid4().hex[:8]}"
    template = ensure_template(url)
    statement(url, "CREATE DATABASE {} TEMPLATE {}", name, template)
    return named(url, name)


def drop(url: str) -> None:
    """Remove a database whoever still looks at it.

    A worker of the server that tidies it up is not ours to end, but goes for a plain DROP.
    """
    name, server = urlsplit(url).path.lstrip("/"), named(url, "postgres")
    try:
        statement(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    except psycopg.errors.InsufficientPrivilege:
        statement(server, "DROP DATABASE IF EXISTS {}", name)
