"""A field of the trail."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class StoredJson(models.JSONField[Any, Any]):
    """JSON kept as the text that was written, not parsed and rendered anew: the trail's hashes are taken from it."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:  # noqa: ARG002  one engine
        """The type that keeps the text."""
        return "json"

    def from_db_value(self, value: object, expression: object, connection: BaseDatabaseWrapper) -> object:  # noqa: ARG002  Django's signature
        """The driver has parsed it already, unlike `jsonb`, which Django takes as text."""
        return value
