"""The promise board: every province, three promises, each measure with what is behind it or which data is missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from dekon.api.access import allow, reach
from dekon.api.envelope import ONE_LINE, answers
from dekon.api.recap import rounded
from dekon.org.choices import Action
from dekon.performance import selectors as recaps
from dekon.performance.selectors import promises as selectors
from dekon.performance.selectors.promises import BoardCell, BoardFilter, BoardRow, Measure

router = Router()

type StateOut = Literal["met", "watch", "unmet", "none"]


class PromiseQuery(Schema):
    """Which board."""

    year: Annotated[int, Field(ge=2000, le=2100, description="fiscal year", examples=[2022])]
    as_of: Annotated[date | None, Field(description="end of this day; else the last", examples=["2022-09-30"])] = None
    province: Annotated[str, Field(pattern=ONE_LINE, max_length=2, description="Kemendagri code", examples=["32"])] = ""
    unit: Annotated[str, Field(pattern=ONE_LINE, max_length=2, description="unit eselon I", examples=["13"])] = ""


class ItemOut(Schema):
    """One thing behind a number."""

    kind: str = Field(description="case, parked, output", examples=["case"])
    satker: str = Field(examples=["029108"])
    words: str
    sub: str
    state: StateOut
    number: int = Field(description="number of the case; 0 where the thing has none")


class MeasureOut(Schema):
    """A measure of a promise; `value` is null and `missing` says which data, where nobody brought it yet."""

    key: str = Field(examples=["outputs"])
    name: str
    state: StateOut
    value: Decimal | None = Field(description="a share (0 to 1) or a count", examples=["0.784000"])
    words: str
    limits: str
    missing: str
    action: str
    items: list[ItemOut]


class PromiseOut(Schema):
    """A promise of a province: 1 accountability, 2 guidance and supervision (the ministry's own), 3 execution."""

    promise: int = Field(examples=[1])
    state: StateOut
    measures: list[MeasureOut]


class PromiseRowOut(Schema):
    """A province with its three promises."""

    province: str = Field(examples=["32"])
    name: str = Field(examples=["Jawa Barat"])
    promises: list[PromiseOut]


class PromiseBoardOut(Schema):
    """The board of a day."""

    year: int = Field(examples=[2022])
    as_of: date = Field(examples=["2022-09-30"])
    rows: list[PromiseRowOut]


@router.get("/promises", auth=allow(Action.VIEW_PLACE), response=answers(PromiseBoardOut), summary="The promise board")
def promises(request: HttpRequest, query: Query[PromiseQuery]) -> dict[str, object]:
    """Provinces by code; limits are those of the house, no regulation sets them."""
    place = reach(request, Action.VIEW_PLACE, province=query.province, unit=query.unit)
    as_of = query.as_of or recaps.default_as_of(query.year)
    rows = selectors.board(BoardFilter(query.year, as_of, place.province, place.unit, place.satker))
    return {"year": query.year, "as_of": as_of, "rows": [_row(row) for row in rows]}


def _row(row: BoardRow) -> dict[str, object]:
    return {"province": row.code, "name": row.name, "promises": [_promise(cell) for cell in row.cells]}


def _promise(cell: BoardCell) -> dict[str, object]:
    return {"promise": cell.promise, "state": cell.state, "measures": [_measure(one) for one in cell.measures]}


def _measure(one: Measure) -> dict[str, object]:
    found = one.found
    return {
        "key": one.key, "name": one.name, "state": one.state, "limits": one.limits,
        "value": rounded(Decimal(found.value)) if found else None, "words": found.words if found else "",
        "missing": "" if found else one.missing, "action": found.action if found else "",
        "items": list(found.items) if found else [],
    }  # fmt: skip
