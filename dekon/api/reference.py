"""Reference data: places, units, satker, codes of the budget, holidays. Everything says since when and until when it holds."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from dekon.api.access import allow
from dekon.api.dated import DatedOut, OnQuery
from dekon.api.envelope import answers
from dekon.api.paging import Page, PageQuery, paged
from dekon.org.choices import Action

router = Router()


class ProvinceOut(DatedOut):
    """A province; `code` is Kemendagri's. Never join on "province code" without naming the system."""

    bps_code: str = Field(examples=["94"])
    kdlokasi: str = Field(description="Kementerian Keuangan", examples=["25"])
    iso_code: str = Field(examples=["ID-PA"])
    short_name: str
    parent: str | None = Field(description="province it was split from, Kemendagri code")


class UnitOut(DatedOut):
    """A unit eselon I."""

    ba_code: str = Field(description="budget section", examples=["026"])
    short_name: str


class SatkerOut(DatedOut):
    """A working unit with its own DIPA."""

    unit: str
    province: str | None
    authority: str | None = Field(description="kewenangan: KP, KD, DK, TP, UB")
    kppn: str | None


class AbbreviatedOut(DatedOut):
    """A code with an abbreviation: kewenangan, fund sources."""

    abbreviation: str


class KegiatanOut(DatedOut):
    """An activity of a unit within a programme."""

    unit: str
    program: str


class KroOut(DatedOut):
    """A national class of outputs."""

    national_priority: bool
    usual_unit: str


class HolidayOut(Schema):
    """A day on which offices are closed."""

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

    province: Annotated[str, Field(max_length=2, examples=["32"])] = ""
    unit: Annotated[str, Field(max_length=2, examples=["13"])] = ""
