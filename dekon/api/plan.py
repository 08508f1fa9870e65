"""The plan: policies and outcomes, themes, DIPA with revisions, the pagu of any day, blocks, the RPD in versions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from dekon.api.access import allow, caller, reach, require_place
from dekon.api.envelope import MAX_ID, MAX_RP, ONE_LINE, answers
from dekon.api.paging import Page, PageQuery, Rows, paged
from dekon.api.payments import PlaceQuery, path_of
from dekon.api.versions import Versioned, stamped, takes_version, unchanged
from dekon.budget import selectors, services
from dekon.ledger import selectors as ledger
from dekon.org.choices import Action
from dekon.org.selectors import satker_place

router = Router()


class YearQuery(PageQuery):
    """A fiscal year."""

    year: Annotated[int, Field(ge=2000, le=2100, description="fiscal year", examples=[2022])]


class SatkerQuery(YearQuery):
    """A fiscal year of one satker."""

    satker: Annotated[str, Field(pattern=ONE_LINE, min_length=6, max_length=6, examples=["029108"])]


class DayQuery(Schema):
    """A day, perhaps of one place."""

    on: Annotated[date, Field(description="the end of this day", examples=["2022-09-30"])]
    province: Annotated[str, Field(pattern=ONE_LINE, max_length=2, examples=["32"])] = ""
    unit: Annotated[str, Field(pattern=ONE_LINE, max_length=2, examples=["13"])] = ""
    satker: Annotated[str, Field(pattern=ONE_LINE, max_length=6, examples=["029108"])] = ""


class DayOut(Schema):
    """What stood in the book at the end of a day."""

    on: date
    pagu_rp: int
    blocked_rp: int
    reserved_rp: int
    realised_rp: int


class TargetOut(Schema):
    """A national target of a policy."""

    indicator: str = Field(examples=["tpt"])
    name: str
    unit: str
    low: Decimal = Field(examples=["5.5"])
    high: Decimal = Field(examples=["6.3"])
    lower_is_better: bool


class LinkOut(Schema):
    """A programme, or one of its kegiatan, that serves a policy."""

    program: str
    kegiatan: str


class PolicyOut(Versioned):
    """A strategic policy of a year."""

    id: int
    code: str
    name: str
    description: str
    source: str
    targets: list[TargetOut]
    links: list[LinkOut]

    @staticmethod
    def resolve_targets(policy: Any) -> list[Any]:
        """Its targets."""
        return list(policy.targets.all())

    @staticmethod
    def resolve_links(policy: Any) -> list[Any]:
        """What serves it."""
        return list(policy.links.all())


class OutcomeOut(Versioned):
    """What an indicator came to, in a province or (province null) the nation."""

    id: int
    indicator: str
    province: str | None = Field(None, alias="province.code")
    year: int
    round: str = Field(examples=["agustus"])
    value: Decimal = Field(examples=["8.31"])
    source: str


class OutcomeQuery(PageQuery):
    """Outcomes by indicator, province and year."""

    indicator: Annotated[str, Field(pattern=ONE_LINE, max_length=32, examples=["tpt"])] = ""
    province: Annotated[str, Field(pattern=ONE_LINE, max_length=2, examples=["32"])] = ""
    year: Annotated[int | None, Field(ge=2000, le=2100, examples=[2022])] = None


class TagOut(Schema):
    """What a theme tags: a kegiatan of a year, or one of its RO."""

    year: int = Field(alias="fiscal_year")
    kegiatan: str
    kro: str
    ro: str


class ThemeOut(Versioned):
    """A theme across programmes."""

    name: str
    description: str
    tags: list[TagOut]

    @staticmethod
    def resolve_tags(theme: Any) -> list[Any]:
        """What it tags."""
        return list(theme.tags.all())


class DipaOut(Versioned):
    """The budget document of a satker for a year."""

    id: int
    satker: str = Field(alias="satker.code")
    year: int = Field(alias="fiscal_year")
    number: str
    dated_on: date | None
    legal_basis: str


class RevisionOut(Versioned):
    """A version of a DIPA; number 0 is the first."""

    id: int
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


class BlockOut(Versioned):
    """Part of a position that may not be used."""

    id: int
    satker: str = Field(alias="pos.satker.code")
    pos: int = Field(alias="pos_id")
    path: str = Field(description="program.kegiatan.kro.ro.komponen.subkomponen.akun")
    kind: str
    amount_rp: int
    released_rp: int
    letter_no: str
    letter_on: date | None
    blocked_on: date
    released_on: date | None
    release_letter_no: str

    @staticmethod
    def resolve_path(block: Any) -> str:
        """The path of its position."""
        return path_of(block.pos)


class BlockIn(Schema):
    """Part of a position is blocked by letter."""

    pos: Annotated[int, Field(ge=1, le=MAX_ID)]
    kind: Annotated[str, Field(pattern=ONE_LINE, max_length=16, examples=["aa"])]
    amount_rp: Annotated[int, Field(gt=0, le=MAX_RP, examples=[25000000])]
    letter_no: Annotated[str, Field(pattern=ONE_LINE, min_length=1, max_length=120, examples=["S-1088/MK.02/2021"])]
    letter_on: date
    on: Annotated[date, Field(description="day from which it holds")]


class ReleaseIn(Schema):
    """A block is released by letter, whole or in part."""

    letter_no: Annotated[str, Field(pattern=ONE_LINE, min_length=1, max_length=120)]
    on: Annotated[date, Field(description="day from which it no longer holds")]
    amount_rp: Annotated[int | None, Field(gt=0, le=MAX_RP, description="all that is left where not said")] = None
    letter_on: date | None = None


class DipaIn(Schema):
    """What the document itself says."""

    number: Annotated[
        str, Field(pattern=ONE_LINE, min_length=1, max_length=48, examples=["SP DIPA-026.13.3.029108/2022"])
    ]
    dated_on: date
    legal_basis: Annotated[str, Field(pattern=ONE_LINE, max_length=255)] = ""


class RpdVersionOut(Schema):
    """A version of the monthly plan, in force from a day until the next."""

    id: int
    satker: str = Field(alias="dipa.satker.code")
    sequence: int
    valid_from: date
    recorded_at: datetime
    total_rp: int


class RpdMonthOut(Schema):
    """The plan of one version for a spending type and month."""

    spending_type: str
    month: int
    planned_rp: int


@router.get("/policies", auth=allow(Action.VIEW_PLACE), response=answers(Page[PolicyOut]), summary="Strategic policies")
def policies(request: HttpRequest, query: Query[YearQuery]) -> Rows:
    """Policies of a year with their national targets and the programmes and kegiatan that serve them."""
    return paged(selectors.policies(query.year), query, kind="policy")


@router.get("/outcomes", auth=allow(Action.VIEW_PLACE), response=answers(Page[OutcomeOut]), summary="Outcomes")
def outcomes(request: HttpRequest, query: Query[OutcomeQuery]) -> Rows:
    """What indicators came to, by province and round, with their source."""
    found = selectors.listed_outcomes(indicator=query.indicator, province=query.province, year=query.year)
    return paged(found, query, kind="outcome")


@router.get("/themes", auth=allow(Action.VIEW_PLACE), response=answers(Page[ThemeOut]), summary="Themes")
def themes(request: HttpRequest, query: Query[PageQuery]) -> Rows:
    """Themes across programmes, with the kegiatan and RO that they tag."""
    return paged(selectors.listed_themes(), query, kind="theme")


@router.get("/dipa", auth=allow(Action.VIEW_PLACE), response=answers(Page[DipaOut]), summary="DIPA")
def dipa(request: HttpRequest, query: Query[PlaceQuery]) -> Rows:
    """The budget documents of a year."""
    place = reach(request, Action.VIEW_PLACE, province=query.province, unit=query.unit, satker=query.satker)
    found = selectors.listed_dipa(year=query.year, province=place.province, unit=place.unit, satker=place.satker)
    return paged(found, query, kind="dipa")


@router.put("/dipa/{year}/{satker}", auth=allow(Action.EDIT_PLAN), response=answers(DipaOut), summary="State a DIPA")
@takes_version
def state_dipa(request: HttpRequest, year: int, satker: str, body: DipaIn) -> object:
    """State number, date and legal basis of a satker's DIPA."""
    known = selectors.listed_dipa(year=year, satker=satker).first()
    unchanged(request, "dipa", known.pk if known else None)
    made = services.record_dipa(
        actor=caller(request), satker_code=satker, fiscal_year=year, number=body.number, dated_on=body.dated_on,
        legal_basis=body.legal_basis,
    )  # fmt: skip
    return stamped("dipa", made)


@router.get(
    "/dipa/revisions", auth=allow(Action.VIEW_PLACE), response=answers(Page[RevisionOut]), summary="Versions of a DIPA"
)
def revisions(request: HttpRequest, query: Query[SatkerQuery]) -> Rows:
    """The versions of a satker's DIPA, oldest first; number 0 is the first."""
    place = reach(request, Action.VIEW_PLACE, satker=query.satker)
    return paged(selectors.listed_revisions(year=query.year, satker=place.satker), query, kind="dipa-revision")


@router.get("/pagu", auth=allow(Action.VIEW_PLACE), response=answers(DayOut), summary="Pagu of a day")
def pagu(request: HttpRequest, query: Query[DayQuery]) -> dict[str, object]:
    """Pagu, blocked, reserved and realised as they stood at the end of any day."""
    place = reach(request, Action.VIEW_PLACE, province=query.province, unit=query.unit, satker=query.satker)
    sums = ledger.sums_on(
        year=query.on.year, on=query.on, province=place.province, unit=place.unit, satker=place.satker
    )
    return {"on": query.on, **sums}


@router.get("/blocks", auth=allow(Action.VIEW_PLACE), response=answers(Page[BlockOut]), summary="Blocks")
def blocks(request: HttpRequest, query: Query[PlaceQuery]) -> Rows:
    """What may not be used: kind, letter and release."""
    place = reach(request, Action.VIEW_PLACE, province=query.province, unit=query.unit, satker=query.satker)
    found = selectors.blocks(year=query.year, province=place.province, unit=place.unit, satker=place.satker)
    return paged(found, query, kind="block")


@router.post(
    "/blocks", auth=allow(Action.MANAGE_BLOCKS), response=answers(BlockOut, status=201), summary="Block by letter"
)
def block(request: HttpRequest, body: BlockIn) -> Status[object]:
    """Block part of a position."""
    pos = ledger.pos_by_id(body.pos)
    require_place(request, Action.MANAGE_BLOCKS, satker_place(pos.satker))
    made = services.block_pagu(
        actor=caller(request), pos_id=pos.pk, amount_rp=body.amount_rp, kind=body.kind, letter_no=body.letter_no,
        letter_on=body.letter_on, on=body.on,
    )  # fmt: skip
    return Status(201, stamped("block", made))


@router.post(
    "/blocks/{number}/release", auth=allow(Action.RELEASE_BLOCK), response=answers(BlockOut), summary="Release a block"
)
@takes_version
def release(request: HttpRequest, number: int, body: ReleaseIn) -> object:
    """Release a block, whole or in part; payments that waited for room are posted."""
    unchanged(request, "block", number, adds=True)
    made = services.release_block(
        actor=caller(request), block_id=number, letter_no=body.letter_no, on=body.on, amount_rp=body.amount_rp,
        letter_on=body.letter_on,
    )  # fmt: skip
    return stamped("block", made)


@router.get("/rpd", auth=allow(Action.VIEW_PLACE), response=answers(Page[RpdVersionOut]), summary="Versions of the RPD")
def rpd(request: HttpRequest, query: Query[SatkerQuery]) -> Rows:
    """The versions of a satker's monthly withdrawal plan, oldest first."""
    place = reach(request, Action.VIEW_PLACE, satker=query.satker)
    return paged(selectors.listed_rpd_versions(year=query.year, satker=place.satker), query)


@router.get(
    "/rpd/{number}",
    auth=allow(Action.VIEW_PLACE),
    response=answers(Page[RpdMonthOut]),
    summary="One version of the RPD",
)
def rpd_version(request: HttpRequest, number: int, query: Query[PageQuery]) -> Rows:
    """The plan of one version by spending type and month."""
    reach(request, Action.VIEW_PLACE, satker=selectors.satker_of_rpd_version(number))
    return paged(selectors.rpd_months(version_id=number), query)
