"""Alerts of the early warning, and what people do about them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from dekon.api.access import allow, caller, reach
from dekon.api.envelope import ONE_LINE, answers
from dekon.api.paging import Page, PageQuery, Rows, paged
from dekon.api.versions import Versioned, stamped, takes_version, unchanged
from dekon.errors import RuleBroken
from dekon.org.choices import Action
from dekon.performance import services
from dekon.performance.selectors import alerts as selectors

router = Router()


class AlertOut(Versioned):
    """A rule that holds for a satker, with its number, the limit, and whose it is."""

    id: int
    rule: str = Field(examples=["behind-plan"])
    satker: str = Field(alias="satker.code", examples=["029108"])
    year: int = Field(alias="fiscal_year")
    subject: str = Field(description="the RO, where the alert is of one")
    severity: str = Field(description="high or medium")
    state: str = Field(description="open or closed", examples=["open"])
    reason: str = Field(description="in words, in the language asked for")
    measured: Decimal
    limit: Decimal
    amount_rp: int | None
    due_on: date | None
    opened_on: date
    last_seen_on: date
    closed_on: date | None
    owner_role: str
    snoozed_until: date | None
    recorded_at: datetime

    @staticmethod
    def resolve_reason(alert: Any) -> str:
        """Why it is there, with its numbers."""
        return selectors.reason_words(alert)


class AlertQuery(PageQuery):
    """Alerts of a year and place."""

    year: Annotated[int, Field(ge=2000, le=2100, examples=[2022])]
    province: Annotated[str, Field(pattern=ONE_LINE, max_length=2, examples=["32"])] = ""
    unit: Annotated[str, Field(pattern=ONE_LINE, max_length=2, examples=["13"])] = ""
    satker: Annotated[str, Field(pattern=ONE_LINE, max_length=6, examples=["029108"])] = ""
    rule: Annotated[str, Field(pattern=ONE_LINE, max_length=32, examples=["behind-plan"])] = ""
    state: Annotated[Literal["aktif", "ditunda", "selesai", "semua"], Field(examples=["aktif"])] = "semua"


class ActIn(Schema):
    """What is done about an alert: `snooze` until a day with a reason, `assign` to a role, or `note`."""

    act: Literal["snooze", "assign", "note"]
    text: Annotated[str, Field(max_length=500, examples=["Kontrak diteken minggu depan."])] = ""
    until: date | None = None
    role: Annotated[str, Field(pattern=ONE_LINE, max_length=16, examples=["kpa"])] = ""
    to_self: bool = False


@router.get("/alerts", auth=allow(Action.VIEW_PLACE), response=answers(Page[AlertOut]), summary="Early warnings")
def alerts(request: HttpRequest, query: Query[AlertQuery]) -> Rows:
    """Alerts of a year, open ones first."""
    place = reach(request, Action.VIEW_PLACE, province=query.province, unit=query.unit, satker=query.satker)
    found = selectors.alerts(
        year=query.year, province=place.province, unit=place.unit, satker=place.satker, rule=query.rule,
        state=query.state,
    )  # fmt: skip
    return paged(found, query, kind="alert")


@router.post(
    "/alerts/{number}/acts", auth=allow(Action.HANDLE_ALERT), response=answers(AlertOut), summary="Act on an alert"
)
@takes_version
def act(request: HttpRequest, number: int, body: ActIn) -> object:
    """Put an alert off, say who acts on it, or write a note."""
    unchanged(request, "alert", number)
    at: dict[str, Any] = {"actor": caller(request), "alert_id": number, "now": timezone.now()}
    if body.act == "note":
        done = services.note_alert(**at, text=body.text)
    elif body.act == "assign":
        done = services.assign_alert(**at, role=body.role, to_self=body.to_self, text=body.text)
    elif body.until:
        done = services.snooze_alert(**at, until=body.until, reason=body.text)
    else:
        raise RuleBroken("alert-snooze-day", until="", days=services.LONGEST_SNOOZE_DAYS)
    return stamped("alert", done)
