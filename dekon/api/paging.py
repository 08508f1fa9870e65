"""Pages of lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, TypedDict

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

from dekon.api.versions import stamp

DEFAULT_LIMIT = 100
MAX_LIMIT = 1000


class PageQuery(Schema):
    """Which part of a list is wanted."""

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="rows per page", examples=[100])] = DEFAULT_LIMIT
    offset: Annotated[int, Field(ge=0, le=10_000_000, description="rows to leave out from the start", examples=[0])] = 0


class Page[T](Schema):
    """One part of a list, and how long the list is."""

    items: list[T]
    count: int = Field(description="length of the whole list", examples=[1])
    limit: int = Field(examples=[DEFAULT_LIMIT])
    offset: int = Field(examples=[0])


class Rows(TypedDict):
    """One part of a list as the services give it; ninja makes a `Page` of it."""

    items: list[Any]
    count: int
    limit: int
    offset: int


def paged(rows: Sequence[Any] | QuerySet[Any], query: PageQuery, *, kind: str = "") -> Rows:
    """The wanted part of a list.

    Args:
        rows: the whole list, ordered; of a queryset only the wanted part is read.
        query: limit and offset.
        kind: as the trail calls them, where each row says its version.
    """
    part = list(rows[query.offset : query.offset + query.limit])
    if kind:
        stamp(kind, part)
    count = rows.count() if isinstance(rows, QuerySet) else len(rows)
    return Rows(items=part, count=count, limit=query.limit, offset=query.offset)
