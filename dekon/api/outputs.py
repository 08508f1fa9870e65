"""Outputs: RO with their targets, and how far each has come month by month."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from dekon.api.access import allow, reach
from dekon.api.envelope import ONE_LINE, answers
from dekon.api.paging import Page, PageQuery, Rows, paged
from dekon.api.payments import PlaceQuery
from dekon.budget import selectors
from dekon.org.choices import Action

router = Router()


class OutputOut(Schema):
    """An output that a satker must bring about, and what the newest report up to the day says of it."""

    satker: str = Field(examples=["029108"])
    program: str
    kegiatan: str
    kro: str
    ro: str
    name: str
    target: Decimal | None = Field(description="target volume", examples=["320.0000"])
    unit: str = Field(examples=["Orang"])
    month: int | None = Field(description="month of the newest report")
    volume: Decimal | None = Field(description="RVRO, realised so far")
    progress: Decimal | None = Field(description="PCRO, percent", examples=["42.5000"])
    status: str
    note: str


class OutputQuery(PlaceQuery):
    """RO of a place as of a day."""

    as_of: Annotated[date | None, Field(description="reports up to this day; else all of the year")] = None


class ProgressQuery(PageQuery):
    """Progress of the RO of one satker."""

    year: Annotated[int, Field(ge=2000, le=2100, examples=[2022])]
    satker: Annotated[str, Field(pattern=ONE_LINE, min_length=6, max_length=6, examples=["029108"])]


class ProgressOut(Schema):
    """What was stated of an RO at the end of a month; the newest statement of a month comes first."""

    output: int = Field(alias="ro_id")
    month: int
    target_volume: Decimal | None
    total_volume: Decimal = Field(description="RVRO, realised so far")
    total_progress: Decimal = Field(description="PCRO, percent", examples=["42.5000"])
    status: str
    note: str
    evidence: str
    recorded_at: datetime


@router.get("/outputs", auth=allow(Action.VIEW_PLACE), response=answers(Page[OutputOut]), summary="RO")
def outputs(request: HttpRequest, query: Query[OutputQuery]) -> Rows:
    """RO of a year with target volume and unit."""
    place = reach(request, Action.VIEW_PLACE, province=query.province, unit=query.unit, satker=query.satker)
    found = selectors.outputs(
        year=query.year, as_of=query.as_of or date(query.year, 12, 31), province=place.province, unit=place.unit,
        satker=place.satker,
    )  # fmt: skip
    return paged(found, query)


@router.get(
    "/outputs/progress", auth=allow(Action.VIEW_PLACE), response=answers(Page[ProgressOut]), summary="Progress of RO"
)
def progress(request: HttpRequest, query: Query[ProgressQuery]) -> Rows:
    """How far the RO of a satker had come, as each file stated it."""
    place = reach(request, Action.VIEW_PLACE, satker=query.satker)
    return paged(selectors.listed_progress(year=query.year, satker=place.satker), query)
