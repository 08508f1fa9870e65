"""Writing the plan: the year's basis, policies, outcomes, themes, reservations, what the letters of revisions say."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Schema, Status
from pydantic import Field

from dekon.api import plan
from dekon.api.access import allow, caller, reach, require_place
from dekon.api.envelope import MAX_ID, MAX_RP, ONE_LINE, answers
from dekon.api.paging import Page, PageQuery, Rows, paged
from dekon.api.payments import PlaceQuery, path_of
from dekon.api.plan import OutcomeOut, PolicyOut, RevisionOut, ThemeOut
from dekon.api.versions import Versioned, stamp, stamped, takes_version, unchanged
from dekon.budget import selectors, services
from dekon.budget.selectors import plan as things
from dekon.errors import NotFound
from dekon.ledger import selectors as ledger
from dekon.org.choices import Action
from dekon.org.selectors import satker_place

if TYPE_CHECKING:
    from dekon.budget.models import Theme

router = plan.router
"""The same router: addresses that are read there are written here."""

type PolicyCode = Annotated[str, Field(pattern=ONE_LINE, min_length=1, max_length=16)]
type Indicator = Annotated[str, Field(pattern=ONE_LINE, min_length=1, max_length=32)]
type ThemeName = Annotated[str, Field(pattern=ONE_LINE, min_length=1, max_length=32)]
type Text = Annotated[str, Field(pattern=ONE_LINE, max_length=255)]


class Removed(Schema):
    """It is gone; the trail keeps it."""

    removed: bool = Field(True, examples=[True])


class YearOut(Versioned):
    """A fiscal year."""

    year: int = Field(examples=[2022])
    legal_basis: str = Field(examples=["Permenaker 24 Tahun 2021"])
    note: str
    synthetic: bool = Field(description="whether its figures are made up")


class YearIn(Schema):
    """What a fiscal year rests on."""

    legal_basis: Annotated[str, Field(pattern=ONE_LINE, max_length=255, examples=["Permenaker 24 Tahun 2021"])]
    note: Text = ""


class PolicyIn(Schema):
    """A strategic policy."""

    name: Annotated[str, Field(pattern=ONE_LINE, min_length=1, max_length=255, examples=["Menurunkan pengangguran"])]
    description: Annotated[str, Field(max_length=2000, pattern=ONE_LINE)] = ""
    source: Text = ""


class TargetIn(Schema):
    """The range in which an indicator should end; both bounds the same for a single figure."""

    name: Annotated[str, Field(pattern=ONE_LINE, min_length=1, max_length=160, examples=["TPT Agustus"])]
    unit: Annotated[str, Field(pattern=ONE_LINE, max_length=32, examples=["persen"])]
    low: Annotated[Decimal, Field(max_digits=14, decimal_places=4, examples=["5.5"])]
    high: Annotated[Decimal, Field(max_digits=14, decimal_places=4, examples=["6.3"])]
    lower_is_better: bool = False


class LinkIn(Schema):
    """A programme, or one of its kegiatan."""

    program: Annotated[str, Field(pattern=ONE_LINE, min_length=1, max_length=2, examples=["DN"])]
    kegiatan: Annotated[str, Field(pattern=ONE_LINE, max_length=4, examples=["2175"])] = ""


class ValueIn(Schema):
    """What an indicator came to in a province, or (province empty) the nation."""

    province: Annotated[str, Field(pattern=ONE_LINE, max_length=2, examples=["32"])] = ""
    value: Annotated[Decimal, Field(max_digits=14, decimal_places=4, examples=["8.31"])]


class OutcomesIn(Schema):
    """One round of an indicator; all values are kept or none."""

    indicator: Annotated[str, Field(pattern=ONE_LINE, min_length=1, max_length=32, examples=["tpt"])]
    year: Annotated[int, Field(ge=2000, le=2100, examples=[2022])]
    round: Annotated[str, Field(pattern=ONE_LINE, min_length=1, max_length=16, examples=["agustus"])]
    source: Annotated[str, Field(pattern=ONE_LINE, min_length=1, max_length=160, examples=["BPS, Sakernas 2022"])]
    values: Annotated[list[ValueIn], Field(min_length=1, max_length=100)]


class ThemeIn(Schema):
    """What a theme is about."""

    description: Text = ""


class TagIn(Schema):
    """A kegiatan of a year, or one of its RO (KRO and RO both filled)."""

    year: Annotated[int, Field(ge=2000, le=2100, examples=[2022])]
    kegiatan: Annotated[str, Field(pattern=ONE_LINE, min_length=1, max_length=4, examples=["2175"])]
    kro: Annotated[str, Field(pattern=ONE_LINE, max_length=3)] = ""
    ro: Annotated[str, Field(pattern=ONE_LINE, max_length=3)] = ""


class FreedOut(Schema):
    """Part of a reservation that is free again."""

    amount_rp: int
    released_on: date
    reason: str


class ReservationOut(Versioned):
    """Money set aside for a contract or order that is not paid yet."""

    id: int
    satker: str = Field(alias="pos.satker.code", examples=["029108"])
    pos: int = Field(alias="pos_id")
    path: str = Field(description="program.kegiatan.kro.ro.komponen.subkomponen.akun")
    document: str = Field(examples=["SPK-7/2022"])
    description: str
    amount_rp: int
    left_rp: int = Field(description="what is still set aside")
    reserved_on: date
    recorded_at: datetime
    releases: list[FreedOut]

    @staticmethod
    def resolve_path(held: Any) -> str:
        """The path of its position."""
        return path_of(held.pos)

    @staticmethod
    def resolve_releases(held: Any) -> list[Any]:
        """What was given free, oldest first."""
        return list(held.releases.all())


class ReservationIn(Schema):
    """Money of a position set aside for a document; one position reserves once for it."""

    pos: Annotated[int, Field(ge=1, le=MAX_ID)]
    amount_rp: Annotated[int, Field(gt=0, le=MAX_RP, examples=[25000000])]
    document: Annotated[str, Field(pattern=ONE_LINE, min_length=1, max_length=120, examples=["SPK-7/2022"])]
    description: Text = ""
    on: Annotated[date, Field(description="day from which it holds", examples=["2022-06-01"])]


class FreeIn(Schema):
    """A reservation is given free, whole or in part."""

    on: Annotated[date, Field(description="day from which it no longer holds", examples=["2022-07-01"])]
    reason: Annotated[str, Field(pattern=ONE_LINE, min_length=1, max_length=255, examples=["SP2D 22029000001"])]
    amount_rp: Annotated[int | None, Field(gt=0, le=MAX_RP, description="all that is left where not said")] = None


class RevisionIn(Schema):
    """What the letter of a revision says; the figures stay as the file states them."""

    document: Annotated[str, Field(pattern=ONE_LINE, min_length=1, max_length=120, examples=["S-9/AG/2022"])]
    authority: Annotated[str, Field(pattern=ONE_LINE, max_length=16, examples=["DJA"])] = ""
    revision_code: Annotated[str, Field(pattern=ONE_LINE, max_length=3, examples=["201"])] = ""
    reason: Text = ""


@router.get("/years", auth=allow(Action.VIEW_PLACE), response=answers(Page[YearOut]), summary="Fiscal years")
def years(request: HttpRequest, query: Query[PageQuery]) -> Rows:
    """Fiscal years with the regulation that delegates, newest first."""
    return paged(selectors.fiscal_years(), query, kind="fiscal-year")


@router.put("/years/{year}", auth=allow(Action.EDIT_PLAN), response=answers(YearOut), summary="State a year's basis")
@takes_version
def state_year(request: HttpRequest, year: int, body: YearIn) -> object:
    """State the legal basis of a fiscal year."""
    unchanged(request, "fiscal-year", year)
    made = services.state_year(
        actor=caller(request), fiscal_year=year, legal_basis=body.legal_basis, note=body.note
    )  # fmt: skip
    return stamped("fiscal-year", made)


@router.put(
    "/years/{year}/policies/{code}", auth=allow(Action.EDIT_PLAN), response=answers(PolicyOut), summary="State a policy"
)
@takes_version
def state_policy(request: HttpRequest, year: int, code: Path[PolicyCode], body: PolicyIn) -> object:
    """Write down a policy of a year, or change what is written under its code."""
    known = next((one for one in selectors.policies(year) if one.code == code), None)
    unchanged(request, "policy", known.pk if known else None)
    made = services.state_policy(
        actor=caller(request), fiscal_year=year, code=code, name=body.name, description=body.description,
        source=body.source,
    )  # fmt: skip
    return stamped("policy", things.policy(made.pk))


@router.delete("/policies/{number}", auth=allow(Action.EDIT_PLAN), response=answers(Removed), summary="Remove a policy")
@takes_version
def remove_policy(request: HttpRequest, number: int) -> Removed:
    """Remove a policy that has neither targets nor links."""
    unchanged(request, "policy", number)
    services.remove_policy(actor=caller(request), policy_id=number)
    return Removed(removed=True)


@router.put(
    "/policies/{number}/targets/{indicator}", auth=allow(Action.EDIT_PLAN), response=answers(PolicyOut),
    summary="State a target",
)  # fmt: skip
@takes_version
def state_target(request: HttpRequest, number: int, indicator: Path[Indicator], body: TargetIn) -> object:
    """Give a policy a national target for an indicator, or change the one it has."""
    unchanged(request, "policy", number)
    services.state_target(
        actor=caller(request), policy_id=number, indicator=indicator, name=body.name, unit=body.unit,
        low=body.low, high=body.high, lower_is_better=body.lower_is_better,
    )  # fmt: skip
    return stamped("policy", things.policy(number))


@router.delete(
    "/policies/{number}/targets/{indicator}", auth=allow(Action.EDIT_PLAN), response=answers(PolicyOut),
    summary="Remove a target",
)  # fmt: skip
@takes_version
def remove_target(request: HttpRequest, number: int, indicator: Path[Indicator]) -> object:
    """Take a target away from a policy."""
    unchanged(request, "policy", number)
    services.remove_target(actor=caller(request), policy_id=number, indicator=indicator)
    return stamped("policy", things.policy(number))


@router.post(
    "/policies/{number}/links", auth=allow(Action.EDIT_PLAN), response=answers(PolicyOut, status=201),
    summary="Link money to a policy",
)  # fmt: skip
@takes_version
def link(request: HttpRequest, number: int, body: LinkIn) -> Status[object]:
    """Say that a programme, or one of its kegiatan, serves a policy. Saying it again changes nothing."""
    unchanged(request, "policy", number, adds=True)
    services.link_policy(actor=caller(request), policy_id=number, program=body.program, kegiatan=body.kegiatan)
    return Status(201, stamped("policy", things.policy(number)))


@router.delete(
    "/policies/{number}/links/{code}", auth=allow(Action.EDIT_PLAN), response=answers(PolicyOut),
    summary="Take a link away",
)  # fmt: skip
@takes_version
def unlink(request: HttpRequest, number: int, code: Path[PolicyCode]) -> object:
    """A programme (`DN`) or kegiatan (`DN.2175`) no longer serves a policy."""
    unchanged(request, "policy", number)
    program, _dot, kegiatan = code.partition(".")
    services.unlink_policy(actor=caller(request), policy_id=number, program=program, kegiatan=kegiatan)
    return stamped("policy", things.policy(number))


@router.post(
    "/outcomes", auth=allow(Action.EDIT_PLAN), response=answers(list[OutcomeOut], status=201),
    summary="Record outcomes",
)  # fmt: skip
@takes_version
def record_outcomes(request: HttpRequest, body: OutcomesIn) -> Status[object]:
    """Record what an indicator came to, province by province, or put recorded values right; the trail keeps the old."""
    known = selectors.listed_outcomes(indicator=body.indicator, year=body.year).filter(round=body.round)
    stated = {one.province for one in body.values}
    unchanged(request, "outcome", *(one.pk for one in known if (one.province.code if one.province else "") in stated))
    made = [
        services.record_outcome(
            actor=caller(request), indicator=body.indicator, year=body.year, round_name=body.round, value=one.value,
            source=body.source, province=one.province,
        )
        for one in body.values
    ]  # fmt: skip
    stamp("outcome", made)
    return Status(201, made)


@router.delete(
    "/outcomes/{number}", auth=allow(Action.EDIT_PLAN), response=answers(Removed), summary="Remove an outcome"
)
@takes_version
def remove_outcome(request: HttpRequest, number: int) -> Removed:
    """Remove a value that was recorded by mistake; the trail keeps it."""
    unchanged(request, "outcome", number)
    services.remove_outcome(actor=caller(request), outcome_id=number)
    return Removed(removed=True)


def theme_named(name: str) -> Theme:
    """A theme with what it tags.

    Raises:
        NotFound: there is none.
    """
    found = selectors.listed_themes().filter(name=name).first()
    if found is None:
        raise NotFound("theme-unknown", name=name)
    return found


@router.put("/themes/{name}", auth=allow(Action.EDIT_PLAN), response=answers(ThemeOut), summary="State a theme")
@takes_version
def state_theme(request: HttpRequest, name: Path[ThemeName], body: ThemeIn) -> object:
    """Make a theme, or change its description."""
    known = selectors.listed_themes().filter(name=name).first()
    unchanged(request, "theme", known.pk if known else None)
    services.state_theme(actor=caller(request), name=name, description=body.description)
    return stamped("theme", theme_named(name))


@router.delete("/themes/{name}", auth=allow(Action.EDIT_PLAN), response=answers(Removed), summary="Remove a theme")
@takes_version
def remove_theme(request: HttpRequest, name: Path[ThemeName]) -> Removed:
    """Remove a theme that tags nothing."""
    unchanged(request, "theme", theme_named(name).pk)
    services.remove_theme(actor=caller(request), name=name)
    return Removed(removed=True)


@router.post("/themes/{name}/tags", auth=allow(Action.EDIT_PLAN), response=answers(ThemeOut, status=201), summary="Tag")
@takes_version
def tag(request: HttpRequest, name: Path[ThemeName], body: TagIn) -> Status[object]:
    """Tag a kegiatan of a year, or one of its RO, with a theme. Tagging again changes nothing."""
    unchanged(request, "theme", theme_named(name).pk, adds=True)
    services.tag(
        actor=caller(request), theme=name, fiscal_year=body.year, kegiatan=body.kegiatan, kro=body.kro, ro=body.ro
    )  # fmt: skip
    return Status(201, stamped("theme", theme_named(name)))


@router.delete(
    "/themes/{name}/tags/{year}/{code}", auth=allow(Action.EDIT_PLAN), response=answers(ThemeOut), summary="Untag"
)
@takes_version
def untag(request: HttpRequest, name: Path[ThemeName], year: int, code: Path[PolicyCode]) -> object:
    """Take a tag away from a kegiatan (`2175`) or an RO (`2175.SCH.001`)."""
    unchanged(request, "theme", theme_named(name).pk)
    kegiatan, kro, ro = (*code.split("."), "", "")[:3]
    services.untag(actor=caller(request), theme=name, fiscal_year=year, kegiatan=kegiatan, kro=kro, ro=ro)
    return stamped("theme", theme_named(name))


@router.patch(
    "/revisions/{number}", auth=allow(Action.EDIT_PLAN), response=answers(RevisionOut),
    summary="Describe a version of a DIPA",
)  # fmt: skip
@takes_version
def describe_revision(request: HttpRequest, number: int, body: RevisionIn) -> object:
    """State the letter behind a version of a DIPA."""
    unchanged(request, "dipa-revision", number)
    made = services.describe_revision(
        actor=caller(request), revision_id=number, document=body.document, authority=body.authority,
        revision_code=body.revision_code, reason=body.reason,
    )  # fmt: skip
    return stamped("dipa-revision", made)


@router.get(
    "/reservations", auth=allow(Action.VIEW_PLACE), response=answers(Page[ReservationOut]), summary="Reservations"
)
def reservations(request: HttpRequest, query: Query[PlaceQuery]) -> Rows:
    """Money set aside for contracts and orders, newest first."""
    place = reach(request, Action.VIEW_PLACE, province=query.province, unit=query.unit, satker=query.satker)
    found = selectors.reservations(year=query.year, province=place.province, unit=place.unit, satker=place.satker)
    return paged(found, query, kind="reservation")


@router.post(
    "/reservations", auth=allow(Action.RESERVE), response=answers(ReservationOut, status=201), summary="Reserve"
)
def reserve(request: HttpRequest, body: ReservationIn) -> Status[object]:
    """Set money of a position aside for a contract or order."""
    pos = ledger.pos_by_id(body.pos)
    require_place(request, Action.RESERVE, satker_place(pos.satker))
    made = services.reserve_pagu(
        actor=caller(request), pos_id=pos.pk, amount_rp=body.amount_rp, document=body.document, on=body.on,
        description=body.description,
    )  # fmt: skip
    return Status(201, stamped("reservation", things.reservation(made.pk)))


@router.post(
    "/reservations/{number}/release", auth=allow(Action.RELEASE_RESERVATION), response=answers(ReservationOut),
    summary="Give a reservation free",
)  # fmt: skip
@takes_version
def free(request: HttpRequest, number: int, body: FreeIn) -> object:
    """Give a reservation free, whole or in part; payments that waited for room are posted."""
    unchanged(request, "reservation", number, adds=True)
    services.release_reservation(
        actor=caller(request), reservation_id=number, on=body.on, reason=body.reason, amount_rp=body.amount_rp
    )  # fmt: skip
    return stamped("reservation", things.reservation(number))
