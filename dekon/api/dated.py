"""What every effective-dated code carries."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ninja import Schema
from pydantic import Field

from dekon.api.paging import PageQuery


class DatedOut(Schema):
    """A code of a list, with the days on which it holds."""

    code: str
    name: str
    valid_from: date = Field(examples=["1945-08-17"])
    valid_to: date | None = Field(description="last day on which it holds; null while it holds", examples=[None])


class OnQuery(PageQuery):
    """A list as it was on a day."""

    on: Annotated[
        date | None, Field(description="only what held on that day; else everything", examples=["2022-12-09"])
    ] = None
