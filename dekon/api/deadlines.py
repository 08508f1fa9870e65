"""Working days: the calendar of offices, and the day on which a term ends."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from dekon.api.access import allow
from dekon.api.envelope import answers
from dekon.org import selectors
from dekon.org.choices import Action

router = Router()


class DeadlineQuery(Schema):
    """A term in working days."""

    after: Annotated[date, Field(description="day 0, not counted", examples=["2022-03-31"])]
    working_days: Annotated[int, Field(ge=0, le=1000, examples=[5])]


class DeadlineOut(Schema):
    """The day on which a term ends."""

    after: date
    working_days: int
    due_on: date
    calendar_version: str = Field(description="names the set of holidays it was counted with")


@router.get("/deadline", auth=allow(Action.VIEW_PLACE), response=answers(DeadlineOut), summary="End of a term")
def deadline(request: HttpRequest, query: Query[DeadlineQuery]) -> DeadlineOut:
    """The day after a number of working days: Monday to Friday without national holidays and collective leave."""
    calendar = selectors.working_calendar()
    due_on = calendar.add_working_days(query.after, query.working_days)
    return DeadlineOut(
        after=query.after, working_days=query.working_days, due_on=due_on, calendar_version=calendar.version
    )
