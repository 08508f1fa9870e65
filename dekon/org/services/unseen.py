"""Writing rows that their writer may not read back: a visitor's request for an account, a mail to somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import QuerySet

if TYPE_CHECKING:
    from django.db.models import Model


def next_number(model: type[Model]) -> int:
    """The number that the next row of a table gets, taken out of its sequence."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s))", [model._meta.db_table, model._meta.pk.column])
        return int(cursor.fetchone()[0])


def write_unseen[M: Model](row: M) -> None:
    """Insert a row and read nothing back: PostgreSQL answers with a new row only to who may see it.

    Of rows that may meet others Django reads nothing back; this one has a number of its own and meets none.
    """
    row.pk = next_number(type(row))
    QuerySet[M](type(row)).bulk_create([row], ignore_conflicts=True)
