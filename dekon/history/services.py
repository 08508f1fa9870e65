"""Keeping what rows said before, and looking back.

How a table is read as at a moment follows from its model:

- `kept = False` (in `org` unless it says `kept = True`): not at all; who people are is that of now, and what they
  typed for their account leaves no second copy.
- `append_only`: rows known by then, by the column `seen_since` that every kept table bears.
- `as_at`: a statement that works it out from recorded facts; `{known:x.seen_since}` stands for "known by then".
  `before_removal` says what is kept of the rows that it loses.
- else: also the rows before each change, kept by triggers. Changes of the columns in `unkept` alone (progress,
  counters) are not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Token
from datetime import datetime

from django.apps import apps
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.models import Model

from dekon.errors import RuleBroken
from dekon.history import selectors

SCHEMA = "moment"
NOT_OURS = frozenset({"audit", "history", "ops"})
"""Apps of the package whose tables tell of what happened themselves, or of the machinery."""

type AnyModel = type[Model]


def kept_models() -> list[AnyModel]:
    """The tables that can be read as at a moment, those first that others are worked out from."""
    found = [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("dekon.") and config.label not in NOT_OURS
        for model in config.get_models()
        if getattr(model, "kept", config.label != "org")
    ]
    return sorted(found, key=lambda model: ("as_at" in vars(model), model._meta.db_table))


def forget_views(using: str = "owner") -> None:
    """Take views and policies away, so that migrations may change the tables behind them."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(
            "SELECT format('DROP POLICY %I ON %I.%I', policyname, schemaname, tablename) FROM pg_policies"
            " WHERE tablename = 'history_rowbefore'"
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def install(using: str = "owner", role: str = "") -> None:
    """Have columns, triggers and views for every table. Repeating it changes nothing.

    Args:
        using: alias of the connection whose role owns the tables.
        role: the app's role; that of the settings where it is not said.
    """
    forget_views(using)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for statement in _statements(_policies(using), role or settings.APP_ROLE):
            cursor.execute(statement)


def look_back(moment: datetime) -> None:
    """Let every query of this transaction see the tables as they were seen at a moment; nothing can be written.

    Args:
        moment: aware; not in the future.

    Raises:
        RuleBroken: `moment-in-future`, `moment-before-records`.
    """
    if moment > selectors.present():
        raise RuleBroken("moment-in-future", moment=selectors.in_words(moment))
    begun = selectors.begun_at()
    if moment < begun:
        raise RuleBroken("moment-before-records", moment=selectors.in_words(moment), begun=selectors.in_words(begun))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('dekon.moment', %s, true), set_config('search_path', %s, true)",
            [moment.isoformat(), f"{SCHEMA}, public"],
        )


@contextmanager
def as_at(moment: datetime | None) -> Iterator[None]:
    """Everything inside sees the tables as they were seen at a moment (see `look_back`); None is now.

    Only inside of a transaction.
    """
    if moment is None:
        yield
        return
    token = begin(moment)
    try:
        yield
    except BaseException:
        end(token, undone=True)
        raise
    end(token)


def begin(moment: datetime) -> Token[datetime | None]:
    """Look back from here on, until `end`, for who cannot use `as_at`.

    Raises:
        RuleBroken: as `look_back`.
    """
    look_back(moment)
    return selectors.LOOKED_BACK_TO.set(moment)


def end(token: Token[datetime | None], *, undone: bool = False) -> None:
    """Look at what is now again.

    Args:
        token: what `begin` gave.
        undone: the transaction is or will be rolled back, which ends it by itself.
    """
    selectors.LOOKED_BACK_TO.reset(token)
    if not undone:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('search_path', 'public', true)")


def known(column: str) -> str:
    """The condition that what bears this moment was seen by the moment that is looked back to."""
    return f"({column} <= (SELECT history_moment()) AND {column} <> ALL ((SELECT history_open())::timestamptz[]))"


def _statements(policies: dict[str, str], role: str) -> Iterator[str]:
    yield f"CREATE SCHEMA {SCHEMA}"
    yield """INSERT INTO history_transaction (started_at)
        SELECT now() WHERE NOT EXISTS (SELECT 1 FROM history_transaction)"""
    yield f"""CREATE VIEW {SCHEMA}.changed AS SELECT h.table_name, h.row_key FROM public.history_rowbefore h
        WHERE NOT {known("h.changed_at")}"""
    for model in kept_models():
        yield from _triggers(model)
    for model in kept_models():
        yield from _views(model)
    yield "ALTER TABLE history_rowbefore ENABLE ROW LEVEL SECURITY"
    for model in kept_models():
        yield _policy(model._meta.db_table, policies.get(model._meta.db_table, ""))
    yield f"GRANT USAGE ON SCHEMA {SCHEMA} TO {role}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {role}"
    yield f"REVOKE ALL ON history_rowbefore, history_transaction FROM {role}"
    yield f"GRANT SELECT ON history_rowbefore, history_transaction TO {role}"


def _triggers(model: AnyModel) -> Iterator[str]:
    table = model._meta.db_table
    if getattr(model, "bears_since", True):
        yield f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS seen_since timestamptz NOT NULL DEFAULT now()"
        yield _trigger(table, "noted", "INSERT", "", "history_note_statement")
    if getattr(model, "append_only", False):
        yield f"CREATE INDEX IF NOT EXISTS {table}_known ON {table} USING brin (seen_since)"
    if "as_at" in vars(model):
        yield from _own_triggers(model)
    elif not getattr(model, "append_only", False):
        yield from _keepers(model)


def _own_triggers(model: AnyModel) -> Iterator[str]:
    """A table that is worked out may say itself what is kept of the rows that it loses."""
    table, removed = model._meta.db_table, getattr(model, "before_removal", "")
    if removed:
        yield _keeper(f"history_removed_{table}", table, removed)
        yield _trigger(table, "removed", "DELETE", "OLD TABLE AS before", f"history_removed_{table}")


def _keepers(model: AnyModel) -> Iterator[str]:
    table, key = model._meta.db_table, str(model._meta.pk.column)
    unkept = getattr(model, "unkept", ())
    less = "".join(f" - '{name}'" for name in unkept)
    differs = f"to_jsonb(b){less} IS DISTINCT FROM to_jsonb(a){less}" if unkept else "b IS DISTINCT FROM a"
    removed = f"SELECT b.{key}::text AS key, to_jsonb(b) AS row FROM before b"
    changed = f"{removed} JOIN after a ON a.{key} = b.{key} WHERE {differs}"
    yield _keeper(f"history_changed_{table}", table, changed)
    yield _keeper(f"history_removed_{table}", table, removed)
    both = "OLD TABLE AS before NEW TABLE AS after"
    yield _trigger(table, "changed", "UPDATE", both, f"history_changed_{table}")
    yield _trigger(table, "removed", "DELETE", "OLD TABLE AS before", f"history_removed_{table}")


def _keeper(function: str, table: str, rows: str) -> str:
    return f"""CREATE OR REPLACE FUNCTION {function}() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $body$
        BEGIN
            PERFORM history_note();
            INSERT INTO history_rowbefore (table_name, row_key, row, changed_at)
            SELECT '{table}', k.key, k.row, now() FROM ({rows}) k;
            RETURN NULL;
        END $body$"""


def _trigger(table: str, name: str, event: str, tables: str, function: str) -> str:
    referencing = f"REFERENCING {tables}" if tables else ""
    return f"""CREATE OR REPLACE TRIGGER history_{name} AFTER {event} ON {table} {referencing}
        FOR EACH STATEMENT EXECUTE FUNCTION {function}()"""


def _views(model: AnyModel) -> Iterator[str]:
    table = model._meta.db_table
    columns = ", ".join(f"t.{field.column}" for field in model._meta.concrete_fields if field.column)
    if "as_at" in vars(model):
        if "before_removal" in vars(model):
            yield _view(f"{table}__before", _first(table))
        yield _view(table, re.sub(r"\{known:([a-z_.]+)\}", lambda found: known(found[1]), vars(model)["as_at"]))
        return
    now = f"SELECT {columns} FROM public.{table} t WHERE {known('t.seen_since')}"
    if getattr(model, "append_only", False):
        yield _view(table, now)
        return
    yield _view(
        f"{table}__before",
        f"""SELECT {columns} FROM ({_first(table)}) first,
            LATERAL jsonb_populate_record(NULL::public.{table}, first.row) AS t WHERE {known("t.seen_since")}""",
    )
    key = model._meta.pk.column
    yield _view(
        table,
        f"""{now} AND NOT EXISTS (
            SELECT 1 FROM {SCHEMA}.changed c WHERE c.table_name = '{table}' AND c.row_key = t.{key}::text)
        UNION ALL SELECT {columns} FROM {SCHEMA}.{table}__before t""",
    )


def _policy(table: str, condition: str) -> str:
    """Rows that are no longer in their table are seen where they would be seen in it."""
    mine = f"EXISTS (SELECT 1 FROM jsonb_populate_record(NULL::{table}, row) AS {table} WHERE {condition})"
    return f"""CREATE POLICY of_{table} ON history_rowbefore FOR SELECT
        USING (table_name = '{table}'{f" AND {mine}" if condition else ""})"""


def _first(table: str) -> str:
    """What each row said that was changed or removed since the moment; of several changes the first tells."""
    return f"""SELECT DISTINCT ON (h.row_key) h.row FROM public.history_rowbefore h
        WHERE h.table_name = '{table}' AND NOT {known("h.changed_at")} ORDER BY h.row_key, h.id"""


def _view(table: str, query: str) -> str:
    return f"CREATE VIEW {SCHEMA}.{table} WITH (security_invoker) AS {query}"


def _policies(using: str) -> dict[str, str]:
    """The conditions of row-level security by table, for rows that are no longer in theirs."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            """SELECT c.relname, coalesce(string_agg('(' || pg_get_expr(p.polqual, p.polrelid) || ')', ' OR '), 'false')
               FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               LEFT JOIN pg_policy p ON p.polrelid = c.oid AND p.polcmd IN ('r', '*') AND p.polpermissive
               WHERE n.nspname = 'public' AND c.relrowsecurity AND c.relname <> 'history_rowbefore' GROUP BY 1"""
        )
        return dict(cursor.fetchall())
