"""Who asks and for which place, told to the database until the transaction ends.

Web, API and worker connect as a role that owns nothing; row-level security reads the settings `dekon.user` and
`dekon.scope`. A body that is streamed runs after its request's transaction has ended and opens one of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

FAILED = "dekon_failed"
"""Attribute of a request that was refused: nothing that it wrote may stay, whatever its answer says."""


def take_app_role() -> None:
    """Give up the rights of the connection's own role until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [settings.APP_ROLE])


def set_scope(user_id: str, scope: str) -> None:
    """Tell the database who asks and for which place, until the transaction ends.

    Args:
        user_id: the person's key, or empty for a visitor.
        scope: `*` for everywhere, codes of provinces with commas, or empty for nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('dekon.user', %s, true), set_config('dekon.scope', %s, true)", [user_id, scope]
        )


@contextmanager
def scoped_transaction(user_id: str, scope: str) -> Iterator[None]:
    """A transaction in the app's role and a person's scope."""
    with transaction.atomic():
        take_app_role()
        set_scope(user_id, scope)
        yield


def connection_beside(user_id: str, scope: str) -> BaseDatabaseWrapper:
    """A second connection in the app's role and a person's scope, for what others must see before a transaction ends.

    The caller closes it.
    """
    beside = connection.copy()
    with beside.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', %s, false), set_config('dekon.user', %s, false),"
            " set_config('dekon.scope', %s, false), set_config('lock_timeout', '2s', false)",
            [settings.APP_ROLE, user_id, scope],
        )
    return beside
