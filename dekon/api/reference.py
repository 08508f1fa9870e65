"""Reference data: places, units, satker, codes of the budget, holidays; since when and until when each holds."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from dekon.api.access import allow, caller, reach
from dekon.api.dated import DatedOut, OnQuery
from dekon.api.envelope import ONE_LINE, answers
from dekon.api.paging import Page, PageQuery, Rows, paged
from dekon.budget import services
from dekon.budget.services import DATED_LISTS
from dekon.org import selectors
from dekon.org.choices import Action
from dekon.org.selectors import dated
from dekon.org.services import NewDay

router = Router()

type Reason = Annotated[
    str, Field(pattern=ONE_LINE, max_length=255, description="why, or on what it rests", examples=["KMK 12/2025"])
]


class ProvinceOut(DatedOut):
    """A province; `code` is Kemendagri's. Never join on "province code" without naming the system."""

    bps_code: str = Field(examples=["94"])
    kdlokasi: str = Field(description="Kementerian Keuangan", examples=["25"])
    iso_code: str = Field(examples=["ID-PA"])
    short_name: str
    parent: str | None = Field(None, alias="parent.code", description="province it was split from, Kemendagri code")


class UnitOut(DatedOut):
    """A unit eselon I."""

    ba_code: str = Field(description="budget section", examples=["026"])
    short_name: str


class SatkerOut(DatedOut):
    """A working unit with its own DIPA."""

    unit: str = Field(alias="unit.code", examples=["13"])
    province: str | None = Field(None, alias="province.code", examples=["32"])
    authority: str | None = Field(None, alias="authority.abbreviation", description="kewenangan: KP, KD, DK, TP, UB")
    kppn: str | None = Field(None, alias="kppn.code", examples=["022"])


class AbbreviatedOut(DatedOut):
    """A code with an abbreviation: kewenangan, fund sources."""

    abbreviation: str


class KegiatanOut(DatedOut):
    """An activity of a unit within a programme."""

    unit: str = Field(alias="unit.code", examples=["13"])
    program: str = Field(alias="program.code", examples=["DL"])


class KroOut(DatedOut):
    """A national class of outputs."""

    national_priority: bool
    usual_unit: str


class HolidayOut(Schema):
    """A day on which offices are closed."""

    id: int
    day: date
    kind: str = Field(description="libur_nasional or cuti_bersama")
    name: str
    decree: str
    published_on: date | None
    withdrawn_on: date | None


class HolidayQuery(PageQuery):
    """Holidays of a year."""

    year: Annotated[int, Field(ge=2000, le=2100, examples=[2022])]


class SatkerQuery(OnQuery):
    """Satker by place."""

    province: Annotated[str, Field(pattern=ONE_LINE, max_length=2, examples=["32"])] = ""
    unit: Annotated[str, Field(pattern=ONE_LINE, max_length=2, examples=["13"])] = ""


@router.get("/provinces", auth=allow(Action.VIEW_PLACE), response=answers(Page[ProvinceOut]), summary="Provinces")
def provinces(request: HttpRequest, query: Query[OnQuery]) -> Rows:
    """Provinces, all or those of a day: 34, 37 from 11 November 2022, 38 from 9 December 2022."""
    return paged(dated.listed(DATED_LISTS["provinsi"], query.on), query)


@router.get("/units", auth=allow(Action.VIEW_PLACE), response=answers(Page[UnitOut]), summary="Units eselon I")
def units(request: HttpRequest, query: Query[OnQuery]) -> Rows:
    """Directorates general and their equals."""
    return paged(dated.listed(DATED_LISTS["unit"], query.on), query)


@router.get("/satker", auth=allow(Action.VIEW_PLACE), response=answers(Page[SatkerOut]), summary="Satker")
def satker(request: HttpRequest, query: Query[SatkerQuery]) -> Rows:
    """Working units with their unit, province, kewenangan and KPPN as far as known."""
    place = reach(request, Action.VIEW_PLACE, province=query.province, unit=query.unit)
    asked = {"province": place.province, "unit": place.unit}
    found = [
        row
        for row in dated.listed(DATED_LISTS["satker"], query.on)
        if all(not code or getattr(getattr(row, name), "code", "") == code for name, code in asked.items())
        and place.satker in {"", row.code}
    ]
    return paged(found, query)


@router.get("/authorities", auth=allow(Action.VIEW_PLACE), response=answers(Page[AbbreviatedOut]), summary="Kewenangan")
def authorities(request: HttpRequest, query: Query[OnQuery]) -> Rows:
    """By which title a satker spends central money."""
    return paged(dated.listed(DATED_LISTS["kewenangan"], query.on), query)


@router.get(
    "/fund-sources", auth=allow(Action.VIEW_PLACE), response=answers(Page[AbbreviatedOut]), summary="Fund sources"
)
def fund_sources(request: HttpRequest, query: Query[OnQuery]) -> Rows:
    """Where the money of a budget line comes from."""
    return paged(dated.listed(DATED_LISTS["sumber-dana"], query.on), query)


@router.get("/kppn", auth=allow(Action.VIEW_PLACE), response=answers(Page[DatedOut]), summary="KPPN")
def kppn(request: HttpRequest, query: Query[OnQuery]) -> Rows:
    """State treasury offices."""
    return paged(dated.listed(DATED_LISTS["kppn"], query.on), query)


@router.get("/holidays", auth=allow(Action.VIEW_PLACE), response=answers(Page[HolidayOut]), summary="Holidays")
def holidays(request: HttpRequest, query: Query[HolidayQuery]) -> Rows:
    """National holidays and collective leave of a year, with the decree that set or withdrew each."""
    return paged(selectors.holidays(query.year), query)


@router.get("/programs", auth=allow(Action.VIEW_PLACE), response=answers(Page[DatedOut]), summary="Programmes")
def programs(request: HttpRequest, query: Query[OnQuery]) -> Rows:
    """Programmes."""
    return paged(dated.listed(DATED_LISTS["program"], query.on), query)


@router.get("/kegiatan", auth=allow(Action.VIEW_PLACE), response=answers(Page[KegiatanOut]), summary="Kegiatan")
def kegiatan(request: HttpRequest, query: Query[OnQuery]) -> Rows:
    """Activities with their unit and programme."""
    return paged(dated.listed(DATED_LISTS["kegiatan"], query.on), query)


@router.get("/kro", auth=allow(Action.VIEW_PLACE), response=answers(Page[KroOut]), summary="KRO")
def kro(request: HttpRequest, query: Query[OnQuery]) -> Rows:
    """National classes of outputs."""
    return paged(dated.listed(DATED_LISTS["kro"], query.on), query)


@router.get("/akun", auth=allow(Action.VIEW_PLACE), response=answers(Page[DatedOut]), summary="Akun")
def akun(request: HttpRequest, query: Query[OnQuery]) -> Rows:
    """Accounts of the chart (BAS); 51–57 are spending."""
    return paged(dated.listed(DATED_LISTS["akun"], query.on), query)


class DayIn(Schema):
    """A closed day."""

    day: Annotated[date, Field(examples=["2027-04-02"])]
    kind: Annotated[str, Field(pattern=ONE_LINE, max_length=16, examples=["cuti_bersama"])]
    name: Annotated[str, Field(pattern=ONE_LINE, max_length=96, examples=["Cuti bersama Idulfitri"])]


class DaysIn(Schema):
    """Closed days as one decree sets them; all are kept or none."""

    days: Annotated[list[DayIn], Field(min_length=1, max_length=100)]
    decree: Annotated[str, Field(pattern=ONE_LINE, max_length=160, examples=["SKB 3 Menteri 1/2026"])]
    published_on: Annotated[date | None, Field(examples=["2026-09-15"])] = None


class WithdrawalIn(Schema):
    """The decree that took a closed day back."""

    withdrawn_on: date
    reason: Reason


@router.post(
    "/holidays", auth=allow(Action.EDIT_REFERENCE), response=answers(list[HolidayOut], status=201),
    summary="Add closed days",
)  # fmt: skip
def add_days(request: HttpRequest, body: DaysIn) -> Status[object]:
    """Closed days as a decree sets them. Deadlines and lock dates of the RPD follow at once."""
    days = [NewDay(one.day, one.kind, one.name) for one in body.days]
    made = services.add_holidays(
        actor=caller(request), days=days, decree=body.decree, published_on=body.published_on
    )  # fmt: skip
    return Status(201, made)


@router.post(
    "/holidays/{number}/withdrawal", auth=allow(Action.EDIT_REFERENCE), response=answers(HolidayOut),
    summary="Withdraw a closed day",
)  # fmt: skip
def withdraw_day(request: HttpRequest, number: int, body: WithdrawalIn) -> object:
    """A closed day is a working day again; its record stays. Deadlines and lock dates of the RPD follow at once."""
    return services.withdraw_holiday(
        actor=caller(request), number=number, withdrawn_on=body.withdrawn_on, reason=body.reason
    )  # fmt: skip
