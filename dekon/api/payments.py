"""Payments: single lines as the Treasury states them, positions and their entries, what is parked, balances of UP/TUP."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema
from pydantic import Field


class PosOut(Schema):
    """A controlled line with its running totals."""

    id: int
    year: int
    satker: str
    path: str = Field(examples=["DL.2143.QEI.001.051.0A.524111"])
    pagu_rp: int
    blocked_rp: int
    reserved_rp: int
    realised_rp: int
    parked_rp: int


class EntryOut(Schema):
    """One entry of the book."""

    id: int
    kind: str
    amount_rp: int
    effective_on: date
    recorded_at: datetime
    source: str
    reverses: int | None


class LineOut(Schema):
    """One line of a payment."""

    sp2d_no: str
    sp2d_on: date | None
    satker: str
    path: str
    akun: str
    amount_rp: int
    stage: str
    effect: str
    spp_kind: str
    spp_no: str
    spm_no: str
    description: str
    status: str


class ParkedOut(Schema):
    """A payment for which its position has no room."""

    id: int
    satker: str
    path: str
    amount_rp: int
    effective_on: date
    order_no: str
    parked_at: datetime
    state: str


class AdvanceOut(Schema):
    """The balance of UP/TUP of a satker."""

    satker: str
    balance_rp: int
