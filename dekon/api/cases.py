"""Reconciliation cases: two sources disagree on the same money, and somebody answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from dekon.api.access import allow, caller, reach
from dekon.api.envelope import ONE_LINE, answers
from dekon.api.paging import Page, PageQuery, Rows, paged
from dekon.api.versions import Versioned, stamped, takes_version, unchanged
from dekon.budget import selectors, services
from dekon.org.choices import Action

router = Router()


class NoteOut(Schema):
    """What somebody said about a case."""

    author: str = Field(alias="author.username")
    text: str
    status: str
    written_at: datetime


class CaseOut(Versioned):
    """Two figures for the same money."""

    id: int
    kind: str = Field(examples=["total-differs"])
    status: str = Field(description="open, answered or resolved", examples=["open"])
    year: int = Field(alias="fiscal_year")
    satker: str = Field(alias="satker.code", examples=["029108"])
    subject: str = Field(description="SP2D number, where the case is of one")
    span_from: date
    span_to: date
    stated_rp: int = Field(description="what the statement says")
    booked_rp: int = Field(description="what stands in the book")
    owner_role: str
    opened_at: datetime
    resolved_at: datetime | None


class CaseDetailOut(CaseOut):
    """A case with what was said about it."""

    notes: list[NoteOut]

    @staticmethod
    def resolve_notes(case: Any) -> list[Any]:
        """What was said, oldest first."""
        return list(case.notes.all())


class CaseQuery(PageQuery):
    """Cases of a year and place."""

    year: Annotated[int, Field(ge=2000, le=2100, examples=[2022])]
    province: Annotated[str, Field(pattern=ONE_LINE, max_length=2, examples=["32"])] = ""
    satker: Annotated[str, Field(pattern=ONE_LINE, max_length=6, examples=["029108"])] = ""
    status: Annotated[Literal["", "open", "answered", "resolved"], Field(examples=["open"])] = ""


class AnswerIn(Schema):
    """What is said about a case, and the status it has afterwards."""

    text: Annotated[
        str, Field(min_length=3, max_length=4000, examples=["SP2D tanggal 28 belum termuat; menyusul besok."])
    ]
    status: Literal["open", "answered", "resolved"]


@router.get(
    "/cases", auth=allow(Action.VIEW_PLACE), response=answers(Page[CaseDetailOut]), summary="Reconciliation cases"
)
def cases(request: HttpRequest, query: Query[CaseQuery]) -> Rows:
    """Differences between sources, newest first."""
    place = reach(request, Action.VIEW_PLACE, province=query.province, satker=query.satker)
    found = selectors.cases(
        year=query.year, province=place.province, unit=place.unit, satker=place.satker, status=query.status
    )
    return paged(found.prefetch_related("notes"), query, kind="case")


@router.post(
    "/cases/{number}/answers", auth=allow(Action.ANSWER_CASE), response=answers(CaseDetailOut), summary="Answer a case"
)
@takes_version
def answer(request: HttpRequest, number: int, body: AnswerIn) -> object:
    """Say something about a case and move it on."""
    unchanged(request, "case", number)
    said = services.answer_case(
        actor=caller(request), case_id=number, text=body.text, status=body.status, now=timezone.now()
    )
    return stamped("case", said)
