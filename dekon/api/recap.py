"""Recaps: how much every place may spend, has spent and planned to spend; the curve over the year; the largest gaps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from dekon.api.access import allow, narrowed
from dekon.api.envelope import answers
from dekon.org.choices import Action
from dekon.performance import selectors
from dekon.performance.selectors import Figures, RecapFilter, RecapRow

router = Router()

type Grouping = Literal[
    "province", "satker", "unit", "program", "kegiatan", "kro", "ro", "akun", "spending_type", "month"
]


class RecapQuery(Schema):
    """What a recap is cut by; what is left out is not filtered. Codes with their leading zeros."""

    year: Annotated[int, Field(ge=2000, le=2100, description="fiscal year", examples=[2022])]
    as_of: Annotated[
        date | None, Field(description="as the books stood on that day; else the last day", examples=["2022-09-30"])
    ] = None
    province: Annotated[str, Field(max_length=2, description="Kemendagri code", examples=["32"])] = ""
    unit: Annotated[str, Field(max_length=2, description="unit eselon I", examples=["13"])] = ""
    satker: Annotated[str, Field(max_length=6, examples=["029108"])] = ""
    authority: Annotated[str, Field(max_length=2, description="kewenangan: KP, KD, DK, TP, UB", examples=["DK"])] = ""
    theme: Annotated[str, Field(max_length=32, examples=["PEN"])] = ""
    program: Annotated[str, Field(max_length=2, examples=["DL"])] = ""
    kegiatan: Annotated[str, Field(max_length=4, examples=["2143"])] = ""
    kro: Annotated[str, Field(max_length=3, examples=["QEI"])] = ""
    ro: Annotated[str, Field(max_length=3, examples=["001"])] = ""
    komponen: Annotated[str, Field(max_length=3, examples=["051"])] = ""
    subkomponen: Annotated[str, Field(max_length=2, examples=["0A"])] = ""
    akun: Annotated[str, Field(max_length=6, examples=["524111"])] = ""
    spending_type: Annotated[str, Field(max_length=2, description="first two digits of the akun", examples=["52"])] = ""


class FiguresOut(Schema):
    """The figures of a place or a code. Rupiah, and ratios as decimal strings (null where there is nothing to divide by)."""

    pagu_rp: int
    blocked_rp: int
    reserved_rp: int
    realised_rp: int = Field(description="gross lines on akun 51–57 less returns, as posted")
    parked_rp: int = Field(description="Treasury payments that wait for room")
    effective_rp: int = Field(description="pagu − blocked")
    available_rp: int = Field(description="effective − realised − reserved")
    planned_rp: int = Field(description="planned by the day of the recap, from the locked versions of the RPD")
    gap_rp: int = Field(description="planned − realised")
    absorption: Decimal | None = Field(description="realised ÷ pagu", examples=["0.4182"])
    absorption_effective: Decimal | None = Field(description="realised ÷ effective", examples=["0.4311"])
    plan_ratio: Decimal | None = Field(description="realised ÷ planned", examples=["0.9120"])

    @classmethod
    def of(cls, figures: Figures) -> FiguresOut:
        """The figures with everything that follows from them."""
        return cls(**{name: getattr(figures, name) for name in cls.model_fields})


class RecapRowOut(FiguresOut):
    """One row of a recap."""

    key: str = Field(examples=["32"])
    name: str = Field(examples=["Jawa Barat"])


class RecapOut(Schema):
    """A recap: rows by one grouping, and their total."""

    year: int
    as_of: date
    synthetic: bool = Field(description="true where the figures are invented for demonstration")
    by: str
    rows: list[RecapRowOut]
    total: FiguresOut


class MonthOut(Schema):
    """A month of the cumulative curve; realised is null for months to come."""

    month: int
    planned_rp: int
    realised_rp: int | None


class CurveOut(Schema):
    """Plan against realisation, cumulative, January to December."""

    year: int
    months: list[MonthOut]


class GapOut(Schema):
    """A satker that lags behind its plan, and what seems to hold it up."""

    satker: str
    province: str
    unit: str
    figures: FiguresOut
    causes: list[str]


def row_out(row: RecapRow) -> RecapRowOut:
    """A row as the API sends it."""
    return RecapRowOut(key=row.key, name=row.name, **FiguresOut.of(row.figures).model_dump())


def filter_of(request: HttpRequest, query: RecapQuery) -> RecapFilter:
    """The filter asked for, narrowed to the places of the person who asks."""
    values = query.model_dump()
    values["as_of"] = query.as_of or selectors.default_as_of(query.year)
    return narrowed(request, RecapFilter(**values))


@router.get("/recap", auth=allow(Action.VIEW_PLACE), response=answers(RecapOut), summary="Recap by one grouping")
def recap(request: HttpRequest, query: Query[RecapQuery], by: Grouping = "province") -> RecapOut:
    """Pagu, blocked, reserved, realised, parked and planned by province, satker, unit or any level of the budget."""
    result = selectors.recap(filter_of(request, query), by)
    return RecapOut(
        year=result.year, as_of=result.as_of, synthetic=result.synthetic, by=result.by,
        rows=[row_out(row) for row in result.rows], total=FiguresOut.of(result.total),
    )  # fmt: skip


@router.get(
    "/recap/months", auth=allow(Action.VIEW_PLACE), response=answers(CurveOut), summary="Plan and realisation by month"
)
def months(request: HttpRequest, query: Query[RecapQuery]) -> CurveOut:
    """Cumulative plan against cumulative realisation, month by month."""
    points = selectors.monthly_curve(filter_of(request, query))
    return CurveOut(year=query.year, months=[month_out(point) for point in points])


@router.get("/recap/gaps", auth=allow(Action.VIEW_PLACE), response=answers(list[GapOut]), summary="Largest gaps")
def gaps(
    request: HttpRequest, query: Query[RecapQuery], limit: Annotated[int, Query(ge=1, le=100)] = 10
) -> list[GapOut]:
    """The satker that lag most behind their plan, largest gap first."""
    return [gap_out(gap) for gap in selectors.largest_gaps(filter_of(request, query), limit)]
