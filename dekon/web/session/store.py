"""Sessions in the database: row-level security shows one to who brings its key, and to its person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.sessions.backends import db

from dekon.scope import bring_session

if TYPE_CHECKING:
    from django.contrib.sessions.base_session import AbstractBaseSession


class SessionStore(db.SessionStore):
    """As Django's, but that the database is told the key before a row is written.

    The key that a request brings is told when its transaction begins (`TransactionMiddleware`).
    """

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row that is about to be written."""
        made = super().create_model_instance(data)
        bring_session(made.session_key)
        return made

    def delete(self, session_key: str | None = None) -> None:
        """End the session of this key, or the present one."""
        bring_session(session_key or self.session_key or "")
        super().delete(session_key)
