"""Execution records: what IKPA asks for and no file of the Treasury says."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from dekon.api.access import allow, caller, reach, require_place
from dekon.api.envelope import MAX_RP, ONE_LINE, answers
from dekon.api.paging import Page, Rows, paged
from dekon.api.payments import PlaceQuery
from dekon.api.versions import Versioned, stamped, takes_version, unchanged
from dekon.budget import services
from dekon.budget.choices import AdvanceMove, RecordKind
from dekon.budget.selectors import records as recorded
from dekon.errors import NotFound
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.org.selectors import satker_place

router = Router()

type Text60 = Annotated[str, Field(pattern=ONE_LINE, max_length=60)]


class RecordQuery(PlaceQuery):
    """Records of a place, perhaps of one kind."""

    kind: Annotated[RecordKind | None, Field(description="all kinds where not said")] = None


class RecordFactsIn(Schema):
    """What a record says; which fields belong to which kind, the page of records and the handbook of imports tell."""

    number: Annotated[Text60, Field(description="contract, SPM, SP2D or NTPN", examples=["SPK-7/2022"])] = ""
    move: Annotated[AdvanceMove | None, Field(description="of an advance")] = None
    akun: Annotated[str, Field(pattern=ONE_LINE, max_length=6, examples=["521211"])] = ""
    ro: Annotated[str, Field(pattern=ONE_LINE, max_length=12, examples=["2175.BDC.001"])] = ""
    month: Annotated[int | None, Field(ge=1, le=12)] = None
    amount_rp: Annotated[int | None, Field(gt=0, le=MAX_RP, examples=[75000000])] = None
    percent: Annotated[Decimal | None, Field(ge=0, le=100, max_digits=7, decimal_places=4)] = None
    dated_on: Annotated[date | None, Field(description="signature, BAST, SP2D, SPM or sending")] = None
    arrived_on: Annotated[date | None, Field(description="day on which the KPPN had it")] = None
    paid_on: Annotated[date | None, Field(description="SP2D of a contract that was paid at once")] = None


class RecordIn(RecordFactsIn):
    """A new record."""

    satker: Annotated[str, Field(pattern=ONE_LINE, min_length=1, max_length=6, examples=["029108"])]
    year: Annotated[int, Field(ge=2000, le=2100, description="fiscal year", examples=[2022])]
    kind: RecordKind


class RecordOut(Versioned):
    """A record."""

    id: int
    kind: str = Field(examples=["kontrak"])
    satker: str = Field(alias="satker.code", examples=["029108"])
    year: int = Field(alias="fiscal_year")
    number: str
    move: str
    akun: str
    ro: str
    month: int | None
    amount_rp: int | None
    percent: Decimal | None
    dated_on: date | None
    arrived_on: date | None
    paid_on: date | None
    import_id: int | None = Field(alias="import_run_id")
    recorded_at: datetime
    withdrawn_at: datetime | None
    withdrawal_reason: str


class WithdrawIn(Schema):
    """Why a record is withdrawn."""

    reason: Annotated[str, Field(pattern=ONE_LINE, min_length=1, max_length=255, examples=["Nomor kontrak keliru"])]


@router.get(
    "/execution-records", auth=allow(Action.VIEW_PLACE), response=answers(Page[RecordOut]), summary="Execution records"
)
def records(request: HttpRequest, query: Query[RecordQuery]) -> Rows:
    """Contracts, bills, advances, dispensations, output reports and targets of RO that hold, by kind and satker."""
    place = reach(request, Action.VIEW_PLACE, province=query.province, unit=query.unit, satker=query.satker)
    found = recorded.records(
        year=query.year, province=place.province, unit=place.unit, satker=place.satker, kind=query.kind or ""
    )  # fmt: skip
    return paged(found, query, kind="record")


@router.post(
    "/execution-records", auth=allow(Action.RECORD_EXECUTION), response=answers(RecordOut, status=201),
    summary="Record for IKPA",
)  # fmt: skip
def add_record(request: HttpRequest, body: RecordIn) -> Status[object]:
    """Record a contract, a bill, a move of an advance, a dispensation, an output report or the target of an RO."""
    satker = org.satker_or_none(body.satker)
    if satker is None:
        raise NotFound("code-unknown", code=body.satker, listing="satker")
    require_place(request, Action.RECORD_EXECUTION, satker_place(satker))
    said: dict[str, Any] = body.model_dump(exclude={"satker", "year", "kind"}, exclude_none=True)
    made = services.record_execution(
        actor=caller(request), satker_code=satker.code, fiscal_year=body.year, kind=body.kind,
        facts=services.RecordFacts(**said), now=timezone.now(),
    )  # fmt: skip
    return Status(201, stamped("record", recorded.record(made.pk)))


@router.post(
    "/execution-records/{number}/withdraw", auth=allow(Action.WITHDRAW_RECORD), response=answers(RecordOut),
    summary="Withdraw a record",
)  # fmt: skip
@takes_version
def withdraw_record(request: HttpRequest, number: int, body: WithdrawIn) -> object:
    """Withdraw a record that is wrong; it stays to be read and counts nowhere."""
    require_place(request, Action.WITHDRAW_RECORD, satker_place(recorded.record(number).satker))
    unchanged(request, "record", number)
    services.withdraw_record(actor=caller(request), record_id=number, reason=body.reason, now=timezone.now())
    return stamped("record", recorded.record(number))
