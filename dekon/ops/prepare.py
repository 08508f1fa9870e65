"""The database made ready: tables, rights of the app's role, reference data; and what forbids a start."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, connection, connections, transaction

from dekon.env import ROOT
from dekon.errors import RuleBroken
from dekon.history import services as history
from dekon.ops.grants import grant_app_role
from dekon.ops.reference import load_reference_data
from dekon.ops.row_security import lift_policies
from dekon.scope import acting_everywhere

INGREDIENTS = (
    "*/migrations/*.py", "*/reference/*", "*/reference.py", "ops/grants.py", "ops/row_security.py", "ops/doors.py",
    "org/matrix.yaml", "history/*.py",
    "*/models.py", "*/models/*.py",
)  # fmt: skip
"""What a ready database follows from, below `dekon/`."""
STAMP = "set-up"
LOCK = 202203
OLDEST_VERSION = 15


@cache
def edition() -> str:
    """A digest of everything that the set-up puts into a database."""
    digest = hashlib.sha256()
    for pattern in INGREDIENTS:
        for path in sorted(path for path in (ROOT / "dekon").glob(pattern) if path.is_file()):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def is_ready() -> bool:
    """Whether the database was made ready by this very edition.

    Raises:
        RuleBroken: `setup-database-unreachable`.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT digest FROM org_referencestate WHERE name = %s", [STAMP])
            return bool(cursor.fetchone() == (edition(),))
    except OperationalError as error:
        raise RuleBroken("setup-database-unreachable", reason=str(error).strip().splitlines()[-1]) from error
    except DatabaseError:  # no such table yet
        return False


def ensure() -> None:
    """Make the database ready if it is not; quick when it is.

    Raises:
        RuleBroken: what forbids a start, see `refuse_unfit`.
    """
    if not is_ready():
        make_ready()
    refuse_unfit()


def owner_alias() -> str:
    """The connection that owns the tables; tests have only one."""
    return "owner" if "owner" in settings.DATABASES else "default"


@contextmanager
def everything_as(alias: str) -> Iterator[None]:
    """Let every query go by that connection.

    Migrations of libraries ask `default`, which would wait for the owner's.
    """
    usual = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[alias]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = usual


def make_ready() -> None:
    """Migrate, grant, load the reference lists; several processes at once take turns."""
    using = owner_alias()
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            lift_policies(using)
            with everything_as(using):
                history.forget_views(using)
                call_command("migrate", database=using, verbosity=0, interactive=False)
            grant_app_role(settings.APP_ROLE, using=using)
            history.install(using)
            with acting_everywhere():
                load_reference_data()
            count_anew(using)
            cursor.execute(
                "INSERT INTO org_referencestate (name, digest) VALUES (%s, %s)"
                " ON CONFLICT (name) DO UPDATE SET digest = excluded.digest, loaded_at = now()",
                [STAMP, edition()],
            )
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def count_anew(using: str) -> None:
    """Let the planner know the columns and indexes that are new.

    By itself it would learn of them only after many more rows, and until then take bad ways to old ones.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables"
            " WHERE schemaname = current_schema() AND tableowner = current_user"
        )
        (tables,) = cursor.fetchone()
        cursor.execute(f"ANALYZE {tables}")


def refuse_unfit() -> None:
    """Refuse a database that would not protect what it holds.

    Raises:
        RuleBroken: `setup-database-old`, `setup-app-role-strong`, and in production `setup-demo-users`.
    """
    version = connection.cursor().connection.info.server_version // 10_000
    if version < OLDEST_VERSION:
        raise RuleBroken("setup-database-old", version=version)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        if settings.MODE != "test" and cursor.fetchone() == (True,):
            raise RuleBroken("setup-app-role-strong", role=str(connection.settings_dict["USER"]))
        if settings.PRODUCTION:
            cursor.execute("SELECT count(*) FROM org_user WHERE is_demo")
            if count := cursor.fetchone()[0]:
                raise RuleBroken("setup-demo-users", count=count)
