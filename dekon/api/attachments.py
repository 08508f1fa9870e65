"""Files attached to things: their list, and withdrawing one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from dekon.api.access import allow, caller, require_place
from dekon.api.envelope import ONE_LINE, answers
from dekon.api.paging import Page, PageQuery, Rows, paged
from dekon.budget.selectors import attached
from dekon.documents import selectors, services
from dekon.org.choices import Action
from dekon.org.selectors import satker_place

if TYPE_CHECKING:
    from dekon.documents.models import Attachment

router = Router()


class AttachmentOut(Schema):
    """A file attached to a thing; one that was withdrawn stays in the list and says by whom, when and why."""

    id: int
    subject: str = Field(alias="subject_type", description="block, reservation or case", examples=["case"])
    number: str = Field(alias="subject_id", examples=["12"])
    satker: str = Field(alias="satker.code", examples=["029108"])
    kind: str = Field(examples=["bukti"])
    name: str = Field(examples=["bukti.pdf"])
    media_type: str = Field(examples=["application/pdf"])
    size_bytes: int = Field(examples=[48213])
    sha256: str = Field(examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"])
    note: str
    uploaded_by: str = Field(alias="uploaded_by.username", examples=["operator-32"])
    uploaded_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str | None = Field(description="account of whoever withdrew it")
    withdrawal_reason: str = Field(description="empty while the file counts")

    @staticmethod
    def resolve_withdrawn_by(one: Attachment) -> str | None:
        """Who withdrew it, if anybody did."""
        return one.withdrawn_by.username if one.withdrawn_by else None


class WithdrawalIn(Schema):
    """Why a file no longer counts."""

    reason: Annotated[
        str, Field(pattern=ONE_LINE, min_length=5, max_length=255, examples=["Berkas keliru; yang benar menyusul"])
    ]


def _files(request: HttpRequest, kind: str, number: int, query: PageQuery) -> Rows:
    found = attached.target(kind, number)
    require_place(request, Action.VIEW_PLACE, satker_place(found.satker))
    return paged(selectors.attachments_of(kind, number), query)


@router.get(
    "/blocks/{number}/attachments", auth=allow(Action.VIEW_PLACE), response=answers(Page[AttachmentOut]),
    summary="Files of a block",
)  # fmt: skip
def of_block(request: HttpRequest, number: int, query: Query[PageQuery]) -> Rows:
    """What is attached to a block, the newest first."""
    return _files(request, "block", number, query)


@router.get(
    "/reservations/{number}/attachments", auth=allow(Action.VIEW_PLACE), response=answers(Page[AttachmentOut]),
    summary="Files of a reservation",
)  # fmt: skip
def of_reservation(request: HttpRequest, number: int, query: Query[PageQuery]) -> Rows:
    """What is attached to a reservation, the newest first."""
    return _files(request, "reservation", number, query)


@router.get(
    "/cases/{number}/attachments", auth=allow(Action.VIEW_PLACE), response=answers(Page[AttachmentOut]),
    summary="Files of a case",
)  # fmt: skip
def of_case(request: HttpRequest, number: int, query: Query[PageQuery]) -> Rows:
    """What is attached to a case, the newest first."""
    return _files(request, "case", number, query)


@router.post(
    "/attachments/{number}/withdraw", auth=allow(Action.WITHDRAW_ATTACHMENT), response=answers(AttachmentOut),
    summary="Withdraw an attached file",
)  # fmt: skip
def withdraw(request: HttpRequest, number: int, body: WithdrawalIn) -> object:
    """Say of a file that it no longer counts. It stays in the list and in the store; once only."""
    one = selectors.attachment(number)
    to = attached.target(one.subject_type, int(one.subject_id))
    return services.withdraw_attachment(
        actor=caller(request), number=number, to=to, reason=body.reason, at=timezone.now()
    )
