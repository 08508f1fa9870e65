"""Money on single lines: positions and their entries, payments as the Treasury states them, what is parked, UP/TUP."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from dekon.api.access import allow, caller, reach, require_place
from dekon.api.envelope import ONE_LINE, answers
from dekon.api.paging import Page, PageQuery, Rows, paged
from dekon.api.recap import RecapQuery, filter_of
from dekon.api.streams import NDJSON, Record, comma_separated, ndjson
from dekon.audit import services as audit
from dekon.audit.choices import Reading
from dekon.budget import selectors as budget
from dekon.ledger import selectors as ledger
from dekon.ledger.choices import PATH_FIELDS
from dekon.org.choices import Action
from dekon.org.selectors import satker_place
from dekon.performance import selectors as performance

router = Router()


class PlaceQuery(PageQuery):
    """A fiscal year, perhaps of one place."""

    year: Annotated[int, Field(ge=2000, le=2100, description="fiscal year", examples=[2022])]
    province: Annotated[str, Field(pattern=ONE_LINE, max_length=2, description="Kemendagri code", examples=["32"])] = ""
    unit: Annotated[str, Field(pattern=ONE_LINE, max_length=2, examples=["13"])] = ""
    satker: Annotated[str, Field(pattern=ONE_LINE, max_length=6, examples=["029108"])] = ""


class PosQuery(PlaceQuery):
    """Positions by path."""

    program: Annotated[str, Field(pattern=ONE_LINE, max_length=2, examples=["DL"])] = ""
    kegiatan: Annotated[str, Field(pattern=ONE_LINE, max_length=4, examples=["2143"])] = ""
    kro: Annotated[str, Field(pattern=ONE_LINE, max_length=3)] = ""
    ro: Annotated[str, Field(pattern=ONE_LINE, max_length=3)] = ""
    komponen: Annotated[str, Field(pattern=ONE_LINE, max_length=3)] = ""
    subkomponen: Annotated[str, Field(pattern=ONE_LINE, max_length=2)] = ""
    akun: Annotated[str, Field(pattern=ONE_LINE, max_length=6, examples=["524111"])] = ""


class ParkedQuery(PlaceQuery):
    """Parked payments by state."""

    state: Annotated[Literal["", "open", "posted", "withdrawn"], Field(description="empty asks for all")] = "open"


class PosOut(Schema):
    """A controlled line with its running totals."""

    id: int
    year: int = Field(alias="fiscal_year")
    satker: str = Field(alias="satker.code", examples=["029108"])
    path: str = Field(examples=["DL.2143.QEI.001.051.0A.524111"])
    pagu_rp: int
    blocked_rp: int
    reserved_rp: int
    realised_rp: int
    parked_rp: int

    @staticmethod
    def resolve_path(pos: Any) -> str:
        """The codes from programme to akun."""
        return path_of(pos)


class EntryOut(Schema):
    """One entry of the book; never changed, corrections are entries of kind `reverse`."""

    id: int
    kind: str = Field(examples=["realise"])
    amount_rp: int
    effective_on: date
    recorded_at: datetime
    source: str
    reverses: int | None = Field(None, alias="reverses_id")
    reversed_kind: str


class ParkedOut(Schema):
    """A payment for which its position had no room."""

    id: int
    satker: str = Field(alias="pos.satker.code")
    pos: int = Field(alias="pos_id")
    path: str
    amount_rp: int = Field(description="negative for a return")
    effective_on: date
    order_no: str = Field(description="SP2D number")
    parked_at: datetime
    state: str
    settled_at: datetime | None

    @staticmethod
    def resolve_path(parked: Any) -> str:
        """The path of its position."""
        return path_of(parked.pos)


class AdvanceOut(Schema):
    """The balance of UP/TUP of a satker: an advance, not spending."""

    satker: str
    name: str
    balance_rp: int


def path_of(pos: Any) -> str:
    """The codes of a position from programme to akun, joined by dots."""
    return ".".join(getattr(pos, level) for level in PATH_FIELDS)


@router.get("/pos", auth=allow(Action.VIEW_PLACE), response=answers(Page[PosOut]), summary="Positions")
def positions(request: HttpRequest, query: Query[PosQuery]) -> Rows:
    """Controlled lines of the budget with what they may still take."""
    place = reach(request, Action.VIEW_PLACE, province=query.province, unit=query.unit, satker=query.satker)
    path = {level: getattr(query, level) for level in PATH_FIELDS}
    found = ledger.listed_pos(year=query.year, province=place.province, unit=place.unit, satker=place.satker, path=path)
    return paged(found, query)


@router.get("/pos/{number}/entries", auth=allow(Action.VIEW_PLACE), response=answers(Page[EntryOut]), summary="Entries")
def entries(request: HttpRequest, number: int, query: Query[PageQuery]) -> Rows:
    """Everything that was ever entered on a position, oldest first."""
    pos = ledger.pos_by_id(number)
    require_place(request, Action.VIEW_PLACE, satker_place(pos.satker))
    return paged(ledger.entries_of(number), query)


@router.get("/parked", auth=allow(Action.VIEW_PLACE), response=answers(Page[ParkedOut]), summary="Parked payments")
def parked(request: HttpRequest, query: Query[ParkedQuery]) -> Rows:
    """Treasury payments that wait for room, in the order in which they will be posted."""
    place = reach(request, Action.VIEW_PLACE, province=query.province, unit=query.unit, satker=query.satker)
    found = ledger.listed_parked(
        year=query.year, province=place.province, unit=place.unit, satker=place.satker, state=query.state
    )
    return paged(found, query)


@router.get("/advances", auth=allow(Action.VIEW_PLACE), response=answers(Page[AdvanceOut]), summary="UP and TUP")
def advances(request: HttpRequest, query: Query[PlaceQuery]) -> Rows:
    """Balances of UP/TUP by satker; GUP, GUP Nihil and PTUP realise them."""
    place = reach(request, Action.VIEW_PLACE, province=query.province, unit=query.unit, satker=query.satker)
    found = budget.advance_balances(year=query.year, province=place.province, unit=place.unit, satker=place.satker)
    return paged(found, query)


LINE_COLUMNS = (
    "sp2d_no", "sp2d_on", "satker", "path", "akun", "amount_rp", "stage", "effect", "spp_kind", "spp_no", "spm_no",
    "description",
)  # fmt: skip


class LineOut(Schema):
    """One line of a payment, as it is streamed."""

    sp2d_no: str
    sp2d_on: date | None
    satker: str = Field(examples=["029108"])
    path: str = Field(examples=["DL.2143.QEI.001.051.0A.524111"])
    akun: str
    amount_rp: int
    stage: str
    effect: str = Field(description="spending, return, advance, neutral, revenue, corrected, remainder")
    spp_kind: str
    spp_no: str
    spm_no: str
    description: str


STREAMED = {
    "responses": {
        200: {
            "description": "one line of a payment per line",
            "content": {
                NDJSON: {"schema": {"$ref": "#/components/schemas/LineOut"}},
                "text/csv": {"schema": {"type": "string"}, "example": ",".join(LINE_COLUMNS)},
            },
        }
    }
}


@router.get(
    "/payments",
    auth=allow(Action.VIEW_PLACE),
    response=answers(LineOut),
    summary="Payment lines",
    openapi_extra=STREAMED,
)
def lines(
    request: HttpRequest,
    query: Query[RecapQuery],
    as_format: Annotated[Literal["ndjson", "csv"], Query(alias="format")] = "ndjson",
) -> StreamingHttpResponse:
    """Single payment lines of a cut, oldest first, streamed; `format` chooses NDJSON or CSV."""
    asked = filter_of(request, query)

    def records() -> Iterable[Record]:
        for line in performance.payment_lines(asked):
            yield {name: getattr(line, name) for name in LINE_COLUMNS}

    audit.record_reading(
        actor=caller(request), kind=Reading.EXPORT, subject_type="export", subject_id="payments",
        subject_name=f"payments {asked.year}", satker_code=asked.satker,
        place=audit.place_of(asked.province, asked.unit),
        facts={"form": as_format, "filters": request.GET.urlencode()},
    )  # fmt: skip
    if as_format == "csv":
        return comma_separated(request, records, LINE_COLUMNS, f"pembayaran-{asked.year}")
    return ndjson(request, records)
