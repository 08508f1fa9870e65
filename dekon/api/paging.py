"""Pages of lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

from ninja import Schema
from pydantic import Field

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


def paged[Row, T](rows: Sequence[Row], query: PageQuery, shape: Callable[[Row], T]) -> Page[T]:
    """The wanted part of a list that is in memory.

    Args:
        rows: the whole list, ordered.
        query: limit and offset.
        shape: turns a row into its schema.
    """
    part = rows[query.offset : query.offset + query.limit]
    return Page[T](items=[shape(row) for row in part], count=len(rows), limit=query.limit, offset=query.offset)
