"""The plan: policies and outcomes, themes, DIPA with revisions, the pagu of any day, blocks, the monthly plan in versions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from ninja import Router, Schema
from pydantic import Field

from dekon.api.paging import PageQuery

router = Router()


class YearQuery(PageQuery):
    """A fiscal year."""

    year: Annotated[int, Field(ge=2000, le=2100, description="fiscal year", examples=[2022])]


class PlaceQuery(YearQuery):
    """A fiscal year, perhaps of one satker."""

    satker: Annotated[str, Field(max_length=6, examples=["029108"])] = ""


class TargetOut(Schema):
    """A national target of a policy."""

    indicator: str = Field(examples=["TPT"])
    name: str
    unit: str
    low: Decimal = Field(examples=["5.5"])
    high: Decimal = Field(examples=["6.3"])
    lower_is_better: bool


class LinkOut(Schema):
    """A programme, or one of its kegiatan, that serves a policy."""

    program: str
    kegiatan: str


class PolicyOut(Schema):
    """A strategic policy of a year."""

    code: str
    name: str
    description: str
    source: str
    targets: list[TargetOut]
    links: list[LinkOut]


class OutcomeOut(Schema):
    """What an indicator came to, in a province or (province null) the nation."""

    indicator: str
    province: str | None
    year: int
    round: str = Field(examples=["Agustus"])
    value: Decimal = Field(examples=["8.31"])
    source: str


class OutcomeQuery(PageQuery):
    """Outcomes by indicator, province and year."""

    indicator: Annotated[str, Field(max_length=32, examples=["TPT"])] = ""
    province: Annotated[str, Field(max_length=2, examples=["32"])] = ""
    year: Annotated[int | None, Field(ge=2000, le=2100, examples=[2022])] = None


class TagOut(Schema):
    """What a theme tags: a kegiatan of a year, or one of its RO."""

    year: int
    kegiatan: str
    kro: str
    ro: str


class ThemeOut(Schema):
    """A theme across programmes."""

    name: str
    description: str
    tags: list[TagOut]


class DipaOut(Schema):
    """The budget document of a satker for a year."""

    id: int
    satker: str
    year: int
    number: str
    dated_on: date | None
    legal_basis: str


class RevisionOut(Schema):
    """A version of a DIPA; number 0 is the first."""

    sequence: int
    kind: str = Field(description="awal, revisi, pok or pernyataan")
    version_code: str
    revision_code: str
    authority: str
    dated_on: date
    pagu_before_rp: int
    pagu_rp: int
    reason: str
    document: str
    counts_for_ikpa: bool | None


class BlockOut(Schema):
    """Part of a position that may not be used."""

    id: int
    satker: str
    path: str = Field(description="program.kegiatan.kro.ro.komponen.subkomponen.akun")
    kind: str
    amount_rp: int
    released_rp: int
    letter_no: str
    letter_on: date | None
    blocked_on: date
    released_on: date | None
    release_letter_no: str


class RpdVersionOut(Schema):
    """A version of the monthly plan, in force from a day until the next."""

    id: int
    satker: str
    sequence: int
    valid_from: date
    recorded_at: datetime
    total_rp: int


class RpdMonthOut(Schema):
    """The plan of one version for a spending type and month."""

    spending_type: str
    month: int
    planned_rp: int
