"""What the app's database role may do: read and write rows, but never change or remove what is append-only."""

from __future__ import annotations

import psycopg
from django.apps import apps
from django.db import connections, transaction
from psycopg import sql

from dekon.ops.retention import kept_tables
from dekon.ops.row_security import secure_rows

APP_ROLE = "dekon_app"
OWNERS_ONLY = ("django_migrations",)
KEPT_BY_TRIGGERS = ("audit_link", "audit_head", "ledger_dailysum")
"""Tables that only triggers of the owner write."""
LOCK_ONLY = sql.SQL("REVOKE UPDATE, DELETE ON ledger_pos FROM {0}; GRANT UPDATE (fiscal_year) ON ledger_pos TO {0}")
"""Who locks a row needs the right to change one column of it; this one a trigger never lets change."""
GRANT_ALL = sql.SQL("""
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role};
""")


def append_only_tables() -> list[str]:
    """Tables of models that say `append_only = True`."""
    return sorted(model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False))


def ensure_app_role(admin: psycopg.Connection) -> None:
    """Have the app's role on an external server, without login, and let the owner take it.

    The embedded server has it.
    """
    if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE]).fetchone():
        admin.execute(sql.SQL("CREATE ROLE {} NOLOGIN NOSUPERUSER NOBYPASSRLS").format(sql.Identifier(APP_ROLE)))
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(APP_ROLE)))


def grant_app_role(role: str, using: str = "owner") -> None:
    """Give the app's role its rights on every table and on the rows of its scope. Repeating it changes nothing.

    Args:
        role: name of the role.
        using: alias of the connection whose role owns the tables.
    """
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        database = sql.Identifier(str(connection.settings_dict["NAME"]))
        name = sql.Identifier(role)
        cursor.execute(GRANT_ALL.format(role=name, database=database).as_string(connection.connection))
        for table in (*append_only_tables(), *OWNERS_ONLY):
            if table in present:
                statement = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}")
                cursor.execute(statement.format(sql.Identifier(table), name).as_string(connection.connection))
        for table in kept_tables():
            if table in present:
                statement = sql.SQL("REVOKE DELETE, TRUNCATE ON {} FROM {}")
                cursor.execute(statement.format(sql.Identifier(table), name).as_string(connection.connection))
        for table in KEPT_BY_TRIGGERS:
            if table in present:
                statement = sql.SQL("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {} FROM {}")
                cursor.execute(statement.format(sql.Identifier(table), name).as_string(connection.connection))
        if "ledger_pos" in present:
            cursor.execute(LOCK_ONLY.format(name).as_string(connection.connection))
        for table in OWNERS_ONLY:
            statement = sql.SQL("REVOKE INSERT ON {} FROM {}")
            cursor.execute(statement.format(sql.Identifier(table), name).as_string(connection.connection))
    secure_rows(role, using)
