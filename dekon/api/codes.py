"""Editing reference data: new codes, changes from a day on, corrections, ends, and holidays."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from dekon.api.access import allow, caller
from dekon.api.envelope import MAX_ID, ONE_LINE, answers
from dekon.api.paging import Page, PageQuery, Rows, paged
from dekon.api.reference import Reason
from dekon.api.versions import takes_version, unchanged
from dekon.budget import services
from dekon.errors import NotFound
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.org.selectors import dated
from dekon.org.selectors.dated import DatedList
from dekon.org.services import Stated

router = Router()

FACTS = {"name": "KPPN Bandung I"}

type Seen = Annotated[
    int | None,
    Field(ge=0, le=MAX_ID, description="`newest` as last read; refused with 409 where somebody changed it since"),
]
type FactsIn = Annotated[
    dict[str, str | bool],
    Field(max_length=16, description="facts by name, references by code; left out: as before", examples=[FACTS]),
]


class CodeOut(Schema):
    """A code as of today."""

    listing: str = Field(examples=["kppn"])
    code: str = Field(examples=["022"])
    facts: dict[str, str | bool] = Field(examples=[FACTS])
    valid_from: date
    valid_to: date | None
    newest: int = Field(description="number of the newest record; 0 while it never changed", examples=[0])


class VersionOut(Schema):
    """What was recorded of a code from a day on."""

    id: int
    kind: str = Field(description="facts, end (holds no longer) or void (the record it replaces does not count)")
    valid_from: date
    facts: dict[str, str | bool] = Field(examples=[FACTS])
    reason: str
    replaces: int | None = Field(alias="replaces_id", description="the record that it stands in for")
    counts: bool = Field(description="whether no other record stands in for it")
    recorded_at: datetime
    recorded_by: str | None = Field(None, alias="recorded_by.username")


class CodeIn(Schema):
    """What a code says from a day on."""

    valid_from: Annotated[date, Field(examples=["2025-01-01"])]
    facts: FactsIn
    reason: Reason
    seen: Seen = None


class NewCodeIn(Schema):
    """A new code."""

    code: Annotated[str, Field(pattern=ONE_LINE, min_length=1, max_length=6, examples=["199"])]
    valid_from: Annotated[date, Field(examples=["2025-01-01"])]
    facts: FactsIn
    reason: Reason


class EndIn(Schema):
    """The last day of a code."""

    last_day: Annotated[date, Field(examples=["2024-12-31"])]
    reason: Reason
    seen: Seen = None


class VoidIn(Schema):
    """Why a record should not count."""

    reason: Reason
    seen: Seen = None


def shown(listing: DatedList, code: str) -> dict[str, object]:
    """A code as it answers.

    Raises:
        NotFound: no such code.
    """
    row = dated.row_of(listing, code)
    if row is None:
        raise NotFound("reference-unknown", listing=str(listing.title), code=code)
    newest = max((version.pk for version in dated.versions_of(listing, code)), default=0)
    return {
        "listing": listing.name, "code": row.code, "facts": dated.facts_of(listing, row),
        "valid_from": row.valid_from, "valid_to": row.valid_to, "newest": newest,
    }  # fmt: skip


@router.get("/reference/{listing}/{code}", auth=allow(Action.VIEW_PLACE), response=answers(CodeOut), summary="One code")
def code(request: HttpRequest, listing: str, code: str) -> dict[str, object]:
    """A code of a list as of today, with `newest`, which a change may name as what it has seen."""
    return shown(services.dated_list(listing), code)


@router.get(
    "/reference/{listing}/{code}/versions", auth=allow(Action.VIEW_PLACE), response=answers(Page[VersionOut]),
    summary="History of a code",
)  # fmt: skip
def versions(request: HttpRequest, listing: str, code: str, query: Query[PageQuery]) -> Rows:
    """Everything that was ever recorded of a code; empty while it never changed."""
    of = services.dated_list(listing)
    shown(of, code)
    recorded: list[Any] = dated.versions_of(of, code)
    counting = {version.pk for version in dated.counting(recorded)}
    for version in recorded:
        version.counts = version.pk in counting
    return paged(recorded, query)


@router.post(
    "/reference/{listing}",
    auth=allow(Action.EDIT_REFERENCE),
    response=answers(CodeOut, status=201),
    summary="Add a code",
)
def add(request: HttpRequest, listing: str, body: NewCodeIn) -> Status[object]:
    """A new code of a list, from a day on."""
    of = services.dated_list(listing)
    stated = Stated(body.valid_from, body.facts, body.reason)
    org.add_code(actor=caller(request), listing=of, code=body.code, stated=stated)
    return Status(201, shown(of, body.code))


@router.post(
    "/reference/{listing}/{code}/versions", auth=allow(Action.EDIT_REFERENCE),
    response=answers(CodeOut, status=201), summary="Change a code from a day on",
)  # fmt: skip
@takes_version
def change(request: HttpRequest, listing: str, code: str, body: CodeIn) -> Status[object]:
    """From a day on a code says something else; before that day it says what it said."""
    of = services.dated_list(listing)
    unchanged(request, of.name, code, adds=body.seen is not None)
    stated = Stated(body.valid_from, body.facts, body.reason, body.seen)
    org.change_code(actor=caller(request), listing=of, code=code, stated=stated)
    return Status(201, shown(of, code))


@router.post(
    "/reference/{listing}/{code}/versions/{number}/correction", auth=allow(Action.EDIT_REFERENCE),
    response=answers(CodeOut, status=201), summary="Correct a record of a code",
)  # fmt: skip
@takes_version
def correct(request: HttpRequest, listing: str, code: str, number: int, body: CodeIn) -> Status[object]:
    """A record was wrong: a new one stands in for it, and the old one stays readable. Number 0 is the first."""
    of = services.dated_list(listing)
    unchanged(request, of.name, code, adds=body.seen is not None)
    stated = Stated(body.valid_from, body.facts, body.reason, body.seen)
    org.correct_code(actor=caller(request), listing=of, code=code, version=number, stated=stated)
    return Status(201, shown(of, code))


@router.post(
    "/reference/{listing}/{code}/versions/{number}/withdrawal", auth=allow(Action.EDIT_REFERENCE),
    response=answers(CodeOut, status=201), summary="Take a record of a code back",
)  # fmt: skip
@takes_version
def void(request: HttpRequest, listing: str, code: str, number: int, body: VoidIn) -> Status[object]:
    """A change should not have been recorded: it no longer counts, and what held before it goes on."""
    of = services.dated_list(listing)
    unchanged(request, of.name, code, adds=body.seen is not None)
    org.void_version(
        actor=caller(request), listing=of, code=code, version=number, reason=body.reason, seen=body.seen
    )  # fmt: skip
    return Status(201, shown(of, code))


@router.post(
    "/reference/{listing}/{code}/end", auth=allow(Action.EDIT_REFERENCE), response=answers(CodeOut, status=201),
    summary="End a code",
)  # fmt: skip
@takes_version
def end(request: HttpRequest, listing: str, code: str, body: EndIn) -> Status[object]:
    """A code holds no longer after its last day; it is never deleted."""
    of = services.dated_list(listing)
    unchanged(request, of.name, code, adds=body.seen is not None)
    stated = Stated(body.last_day, {}, body.reason, body.seen)
    org.end_code(actor=caller(request), listing=of, code=code, stated=stated)
    return Status(201, shown(of, code))
