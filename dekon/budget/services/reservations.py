"""Money set aside for contracts and other obligations: bound by a document, given free in parts or whole."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from dekon.audit import services as audit
from dekon.budget.models import Reservation, ReservationRelease
from dekon.budget.selectors.matters import matter_of_hold
from dekon.errors import Conflict, NotFound, RuleBroken
from dekon.ledger import selectors as ledger_selectors
from dekon.ledger import services as ledger
from dekon.ledger.choices import EntryKind
from dekon.ledger.services import NewEntry
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.choices import Action

if TYPE_CHECKING:
    from dekon.org.models import User


@transaction.atomic
def reserve_pagu(
    *, actor: User, pos_id: int, amount_rp: int, document: str, on: date, description: str = ""
) -> Reservation:
    """Set part of a position aside for a document; it counts as reserved from that day.

    Args:
        amount_rp: whole rupiah, positive.
        document: number of the contract or order; one position reserves once for it (an addendum has its own number).
        on: day from which it holds, within the fiscal year.

    Raises:
        NotFound: no such position.
        RuleBroken: amount or document is missing, or the day lies outside the year.
        Conflict: the document has a reservation already, or less is free on that day or later.
        NotAllowed: the actor does not reserve for this satker.
    """
    pos = ledger_selectors.pos_by_id(pos_id)
    org.require(actor, Action.RESERVE, org_selectors.satker_place(pos.satker))
    if amount_rp <= 0 or not document.strip():
        raise RuleBroken("reservation-incomplete")
    if Reservation.objects.filter(pos_id=pos_id, document=document).exists():
        raise Conflict("reservation-exists", document=document)
    made = Reservation.objects.create(
        pos_id=pos_id, document=document, description=description, amount_rp=amount_rp, reserved_on=on
    )
    ledger.bind(
        pos_id=pos_id, kind=EntryKind.RESERVE, amount_rp=amount_rp, on=on, source=f"reservation:{made.pk}"
    )  # fmt: skip
    audit.record(
        actor=actor, action="pagu-reserved", subject_type="reservation", subject_id=made.pk, subject_name=document,
        satker_code=pos.satker.code, after={"pos": pos_id, "amount_rp": amount_rp, "on": on.isoformat()},
    )  # fmt: skip
    return made


@transaction.atomic
def release_reservation(
    *, actor: User, reservation_id: int, on: date, reason: str, amount_rp: int | None = None
) -> Reservation:
    """Give what is set aside free again, whole or in part; payments that waited for room are posted.

    Args:
        on: day from which it no longer holds, not before the reservation.
        reason: why: the number of the payment, a cancellation.
        amount_rp: whole rupiah; all that is left where not said.

    Raises:
        NotFound: no such reservation.
        RuleBroken: the day lies before the reservation or outside its year, or the reason is missing.
        Conflict: not that much is left.
        NotAllowed: the actor does not reserve for this satker.
    """
    found = Reservation.objects.select_for_update(of=("self",)).select_related("pos__satker__unit")
    held = found.filter(pk=reservation_id).first()
    if held is None:
        raise NotFound("reservation-unknown", number=reservation_id)
    org.require(actor, Action.RELEASE_RESERVATION, matter_of_hold(held))
    released_rp = held.left_rp if amount_rp is None else amount_rp
    if not 0 < released_rp <= held.left_rp:
        raise Conflict("reservation-not-that-much", document=held.document, left=held.left_rp, amount=released_rp)
    if not held.reserved_on <= on <= date(held.pos.fiscal_year, 12, 31) or not reason.strip():
        raise RuleBroken("release-incomplete", since=held.reserved_on.isoformat(), year=held.pos.fiscal_year)
    release = ReservationRelease.objects.create(reservation=held, amount_rp=released_rp, released_on=on, reason=reason)
    held.released_rp += released_rp
    held.save(update_fields=["released_rp"])
    source = f"reservation-release:{release.pk}"
    ledger.post(entries=[NewEntry(held.pos_id, EntryKind.RELEASE, released_rp, on, source)])
    audit.record(
        actor=actor, action="reservation-released", subject_type="reservation", subject_id=held.pk,
        subject_name=held.document, satker_code=held.pos.satker.code, reason=reason,
        after={"amount_rp": released_rp, "left_rp": held.left_rp, "on": on.isoformat()},
    )  # fmt: skip
    return held
