"""Recaps: how much every place may spend, has spent and planned to spend; the curve over the year; the largest gaps."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from dekon.api.access import allow, reach
from dekon.api.envelope import ONE_LINE, answers
from dekon.org.choices import Action
from dekon.performance import selectors
from dekon.performance.selectors import Figures, Grouping, RecapFilter

router = Router()


class RecapQuery(Schema):
    """What a recap is cut by; what is left out is not filtered. Codes with their leading zeros."""

    year: Annotated[int, Field(ge=2000, le=2100, description="fiscal year", examples=[2022])]
    as_of: Annotated[date | None, Field(description="end of this day; else the last", examples=["2022-09-30"])] = None
    province: Annotated[str, Field(pattern=ONE_LINE, max_length=2, description="Kemendagri code", examples=["32"])] = ""
    unit: Annotated[str, Field(pattern=ONE_LINE, max_length=2, description="unit eselon I", examples=["13"])] = ""
    satker: Annotated[str, Field(pattern=ONE_LINE, max_length=6, examples=["029108"])] = ""
    authority: Annotated[
        str, Field(pattern=ONE_LINE, max_length=2, description="kewenangan: KP, KD, DK, TP, UB", examples=["DK"])
    ] = ""
    theme: Annotated[str, Field(pattern=ONE_LINE, max_length=32, examples=["PEN"])] = ""
    program: Annotated[str, Field(pattern=ONE_LINE, max_length=2, examples=["DL"])] = ""
    kegiatan: Annotated[str, Field(pattern=ONE_LINE, max_length=4, examples=["2143"])] = ""
    kro: Annotated[str, Field(pattern=ONE_LINE, max_length=3, examples=["QEI"])] = ""
    ro: Annotated[str, Field(pattern=ONE_LINE, max_length=3, examples=["001"])] = ""
    komponen: Annotated[str, Field(pattern=ONE_LINE, max_length=3, examples=["051"])] = ""
    subkomponen: Annotated[str, Field(pattern=ONE_LINE, max_length=2, examples=["0A"])] = ""
    akun: Annotated[str, Field(pattern=ONE_LINE, max_length=6, examples=["524111"])] = ""
    spending_type: Annotated[
        str, Field(pattern=ONE_LINE, max_length=2, description="first two digits of the akun", examples=["52"])
    ] = ""


class FiguresOut(Schema):
    """The figures of a place or a code: rupiah, and ratios as decimal strings (null where nothing is to divide by)."""

    pagu_rp: int = Field(examples=[1_200_000_000])
    blocked_rp: int = Field(examples=[100_000_000])
    reserved_rp: int = Field(examples=[50_000_000])
    realised_rp: int = Field(description="gross lines on akun 51–57 less returns, as posted", examples=[501_840_000])
    parked_rp: int = Field(description="Treasury payments that wait for room", examples=[0])
    effective_rp: int = Field(description="pagu − blocked", examples=[1_100_000_000])
    available_rp: int = Field(description="effective − realised − reserved", examples=[548_160_000])
    planned_rp: int = Field(
        description="planned by the day of the recap, from the locked versions of the RPD", examples=[600_000_000]
    )
    gap_rp: int = Field(description="planned − realised", examples=[98_160_000])
    absorption: Decimal | None = Field(description="realised ÷ pagu", examples=["0.418200"])
    absorption_effective: Decimal | None = Field(description="realised ÷ effective", examples=["0.456218"])
    plan_ratio: Decimal | None = Field(description="realised ÷ planned", examples=["0.836400"])


class RecapRowOut(FiguresOut):
    """One row of a recap."""

    key: str = Field(examples=["32"])
    name: str = Field(examples=["Jawa Barat"])


class RecapOut(Schema):
    """A recap: rows by one grouping, and their total."""

    year: int = Field(examples=[2022])
    as_of: date = Field(examples=["2022-09-30"])
    synthetic: bool = Field(description="true where the figures are invented for demonstration", examples=[True])
    by: str = Field(examples=["province"])
    rows: list[RecapRowOut]
    total: FiguresOut


class MonthOut(Schema):
    """A month of the cumulative curve; realised is null for months to come."""

    month: int = Field(examples=[9])
    planned_rp: int = Field(examples=[600_000_000])
    realised_rp: int | None = Field(examples=[501_840_000])


class CurveOut(Schema):
    """Plan against realisation, cumulative, January to December."""

    year: int
    months: list[MonthOut]


class GapOut(Schema):
    """A satker behind its plan, and what is on record about it."""

    satker: str = Field(examples=["029108"])
    name: str
    province: str
    unit: str
    figures: FiguresOut
    causes: list[str] = Field(description="pagu-minus, open-cases, blocked", examples=[["pagu-minus"]])


class CellOut(FiguresOut):
    """One province and unit."""

    province: str
    unit: str


def figures_of(figures: Figures) -> dict[str, object]:
    """The figures with everything that follows from them, ratios rounded half-up to six places."""
    values = {name: getattr(figures, name) for name in FiguresOut.model_fields}
    return {name: rounded(value) if isinstance(value, Decimal) else value for name, value in values.items()}


def rounded(ratio: Decimal) -> Decimal:
    """A ratio with six decimal places."""
    return ratio.quantize(Decimal("0.000001"), ROUND_HALF_UP)


def filter_of(request: HttpRequest, query: RecapQuery) -> RecapFilter:
    """The filter asked for, narrowed to the places of the person who asks."""
    place = reach(request, Action.VIEW_PLACE, province=query.province, unit=query.unit, satker=query.satker)
    values = {name: getattr(query, name) for name in RecapQuery.model_fields}
    values |= {"province": place.province, "unit": place.unit, "satker": place.satker}
    values["as_of"] = query.as_of or selectors.default_as_of(query.year)
    return RecapFilter(**values)


@router.get("/recap", auth=allow(Action.VIEW_PLACE), response=answers(RecapOut), summary="Recap by one grouping")
def recap(request: HttpRequest, query: Query[RecapQuery], by: Grouping = "province") -> dict[str, object]:
    """Pagu, blocked, reserved, realised, parked and planned by province, satker, unit or any level of the budget."""
    result = selectors.recap(filter_of(request, query), by)
    return {
        "year": result.year, "as_of": result.as_of, "synthetic": result.synthetic, "by": result.by,
        "rows": [{"key": row.key, "name": row.name, **figures_of(row.figures)} for row in result.rows],
        "total": figures_of(result.total),
    }  # fmt: skip


@router.get(
    "/recap/matrix", auth=allow(Action.VIEW_PLACE), response=answers(list[CellOut]), summary="Provinces × units"
)
def matrix(request: HttpRequest, query: Query[RecapQuery]) -> list[dict[str, object]]:
    """The figures of every province and unit."""
    cells = selectors.province_unit_matrix(filter_of(request, query))
    return [
        {"province": province, "unit": unit, **figures_of(figures)}
        for (province, unit), figures in sorted(cells.items())
    ]


@router.get("/recap/months", auth=allow(Action.VIEW_PLACE), response=answers(CurveOut), summary="Plan and realisation")
def months(request: HttpRequest, query: Query[RecapQuery]) -> dict[str, object]:
    """Cumulative plan against cumulative realisation at the end of each month."""
    return {"year": query.year, "months": list(selectors.monthly_curve(filter_of(request, query)))}


@router.get("/recap/gaps", auth=allow(Action.VIEW_PLACE), response=answers(list[GapOut]), summary="Largest gaps")
def gaps(
    request: HttpRequest, query: Query[RecapQuery], limit: Annotated[int, Query(ge=1, le=100)] = 10
) -> list[dict[str, object]]:
    """The satker furthest behind their plan in rupiah, largest gap first."""
    return [
        {
            "satker": gap.satker, "name": gap.name, "province": gap.province, "unit": gap.unit,
            "figures": figures_of(gap.figures), "causes": list(gap.causes),
        }
        for gap in selectors.largest_gaps(filter_of(request, query), limit)
    ]  # fmt: skip
