"""Who asks and for which place, told to the database until the transaction ends.

Web, API and worker connect as a role that owns nothing; row-level security reads the settings `dekon.user` and
`dekon.scope` (docs/row-security.md). Nobody and nowhere is what holds until something is said. A body that is streamed
runs after its request's transaction has ended and opens one of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

FAILED = "dekon_failed"
"""Attribute of a request that was refused: nothing that it wrote may stay, whatever its answer says."""
EVERYWHERE = "*"
PUBLISHED = "published"
"""The sums that go into the published recap, to be read; nothing else."""

type Scope = str | Callable[[], str]
"""A scope, or what works it out once the database knows the person."""


def take_app_role(request_id: str = "", session_key: str = "") -> None:
    """Give up the rights of the connection's own role until the transaction ends; nobody asks, for nothing.

    Args:
        request_id: of the request that is answered; it may read back what it records.
        session_key: of the session that is brought; its row can be seen.
    """
    nobody = {"dekon.user": "", "dekon.scope": ""}
    _set({"role": settings.APP_ROLE, "dekon.request": request_id, "dekon.session": session_key, **nobody})


def set_scope(user_id: str, scope: Scope) -> None:
    """Tell the database who asks and for which place, until the transaction ends.

    Args:
        user_id: the person's key, or empty for a visitor.
        scope: `*` for everywhere; codes of provinces, `satker:` or `unit:` with a code, joined by commas; or empty for
            nothing. A function is called when the database knows the person, whose own roles can then be read.
    """
    if callable(scope):
        _set({"dekon.user": user_id})
        scope = scope()
    _set({"dekon.user": user_id, "dekon.scope": scope})


def become(user_id: str) -> None:
    """Somebody has proved who it is: what is that person's own can be seen from here on, and no place.

    Args:
        user_id: the person's key, or empty for who turns out to be nobody.
    """
    _set({"dekon.user": user_id, "dekon.scope": ""})


def bring_session(key: str) -> None:
    """The one session that can be seen from here on, beside those of the person: it is new or to be changed."""
    _set({"dekon.session": key})


@contextmanager
def claiming(user_id: str) -> Iterator[None]:
    """Look at what is a person's own to check a proof; who fails it, by an exception, is nobody again."""
    become(user_id)
    try:
        yield
    except BaseException:
        if not connection.needs_rollback:
            become("")
        raise


@contextmanager
def app_transaction(request_id: str = "", session_key: str = "") -> Iterator[None]:
    """A transaction in the app's role, of nobody and nowhere; within another one, what held there holds again after."""
    nested, before = connection.in_atomic_block, _standing() if connection.in_atomic_block else {}
    with transaction.atomic():
        take_app_role(request_id, session_key)
        yield
    if nested:
        _set(before)


@contextmanager
def scoped_transaction(user_id: str, scope: Scope) -> Iterator[None]:
    """A transaction in the app's role and a person's scope; within another one, what held there holds again after."""
    with app_transaction():
        set_scope(user_id, scope)
        yield


@contextmanager
def published() -> Iterator[None]:
    """For the length of the block only the sums of the published recap can be read, whoever asks."""
    before = _standing()
    _set({"dekon.scope": PUBLISHED})
    yield
    _set(before)


@contextmanager
def acting_everywhere() -> Iterator[None]:
    """For the length of the block every connection of this process reaches everything: the command line."""
    options = connections.settings[DEFAULT_DB_ALIAS].setdefault("OPTIONS", {})
    usual = options.get("options", "")
    options["options"] = f"{usual} -c dekon.scope={EVERYWHERE}".strip()
    _set_for_connection(EVERYWHERE)
    try:
        yield
    finally:
        options["options"] = usual
        _set_for_connection("")


def _set_for_connection(scope: str) -> None:
    """Set the scope of an open connection; one that is not open gets it when it opens."""
    if connection.connection is not None and not connection.connection.closed:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('dekon.scope', %s, false)", [scope])


def _set(values: dict[str, str]) -> None:
    calls = ", ".join("set_config(%s, %s, true)" for _ in values)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [word for pair in values.items() for word in pair])


def _standing() -> dict[str, str]:
    """The settings as they are now."""
    names = ("role", "dekon.user", "dekon.scope", "dekon.request", "dekon.session")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join('current_setting(%s, true)' for _ in names)}", names)
        return {name: value or "" for name, value in zip(names, cursor.fetchone(), strict=True)}


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


@contextmanager
def at_once() -> Iterator[CursorWrapper]:
    """A cursor of a second connection in the role and scope that hold now: what it writes is there for others at once.

    For marks that must stand whatever becomes of the transaction: that somebody has a thing to themselves, that a
    passphrase was tried.
    """
    standing = _standing()
    beside = connection.copy()
    try:
        with beside.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('role', %s, false), set_config('dekon.user', %s, false),"
                " set_config('dekon.scope', %s, false), set_config('lock_timeout', '5s', false)",
                [standing["role"] or "none", standing["dekon.user"], standing["dekon.scope"]],
            )
            yield cursor
    finally:
        beside.close()
