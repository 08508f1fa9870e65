"""Signing in another application: the newest revision goes out for a while, and comes back with one signature more."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dekon.audit import services as audit
from dekon.documents import selectors
from dekon.documents.choices import LeasePurpose, Method, RevisionKind
from dekon.documents.models import Lease, PlacedSignature, Revision, SignaturePlace
from dekon.documents.services import leases
from dekon.documents.services.leases import Claim, Held
from dekon.documents.services.signing import Made, place_to_sign, refuse_signed, store
from dekon.errors import Conflict, RuleBroken
from dekon.gateways import checking
from dekon.lib.uploads import Policy, inspect, refuse

if TYPE_CHECKING:
    from dekon.org.models import User

COMES_BACK = Policy(frozenset({"pdf"}), max_bytes=50 * 1024 * 1024)


def lend(*, actor: User, place: int, at: datetime) -> tuple[Held, bytes]:
    """Give the newest revision out to be signed elsewhere; until the lease ends nobody else signs.

    Args:
        actor: the signer.
        place: where the signature will stand.
        at: the present moment, aware.

    Raises:
        NotFound: no such place.
        NotAllowed: it is another office's.
        Conflict: it is signed already, the document is void, or somebody has it at the moment.
    """
    found = place_to_sign(actor, place)
    refuse_signed(found)
    newest = selectors.newest_revision(found.document)
    lasting = timedelta(minutes=leases.OUTSIDE_MINUTES)
    claim = Claim(LeasePurpose.OUTSIDE, lasting, found.pk, newest.sha256)
    held = leases.take(actor=actor, document=found.document, claim=claim, at=at)
    _record(actor, found, "document-lent")
    return held, selectors.bytes_of(newest)


def end_loan(*, actor: User, place: int) -> None:
    """Let others sign again before the time is over.

    Raises:
        NotFound: no such place.
        NotAllowed: it is another office's.
    """
    found = place_to_sign(actor, place)
    lease = Lease.objects.filter(document=found.document, holder=actor, purpose=LeasePurpose.OUTSIDE).first()
    if lease is not None:
        leases.give_back(Held(lease.document_id, lease.token, lease.ends_at))
        _record(actor, found, "document-loan-ended")


def _record(actor: User, place: SignaturePlace, action: str) -> None:
    audit.record(
        actor=actor, action=action, subject_type="document", subject_id=place.document_id,
        subject_name=place.document.number, satker_code=place.satker.code if place.satker else "",
        after={"place": place.office},
    )  # fmt: skip


def accept_outside(*, actor: User, place: int, pdf: bytes, at: datetime) -> PlacedSignature:
    """Take back what was signed in another application: the newest revision and exactly one good signature more.

    Args:
        actor: the signer.
        place: where the signature stands.
        pdf: the file that came back.
        at: the present moment, aware.

    Raises:
        NotFound: no such place.
        NotAllowed: it is another office's.
        Unfit: the file is no PDF, too large, locked or carries what acts.
        Conflict: `outside-behind`: others signed meanwhile, and who; or somebody has the document.
        RuleBroken: `outside-…`: what came back is not that, and why.
    """
    found = place_to_sign(actor, place)
    refuse(inspect(io.BytesIO(pdf), "dokumen.pdf", COMES_BACK), "berkas")
    claim = Claim(LeasePurpose.SIGNING, timedelta(seconds=leases.SIGNING_SECONDS), found.pk)
    with leases.having(actor=actor, document=found.document, claim=claim, at=at) as held:
        refuse_signed(found)
        base = selectors.newest_revision(found.document)
        made = _made(found, base, pdf, selectors.standing_in(actor, found), at)
        return store(actor=actor, place=found, base=base, made=made, held=held, at=at)


def _made(place: SignaturePlace, base: Revision, pdf: bytes, standing: str, at: datetime) -> Made:
    before = selectors.bytes_of(base)
    if not pdf.startswith(before):
        _refuse_older(place, pdf)
        raise RuleBroken("outside-not-an-update", number=place.document.number)
    added = checking.look_at_added(before, pdf, revoked=selectors.revoked_serials(), now=at)
    if added.fault or added.found is None:
        raise RuleBroken(f"outside-{added.fault or 'nothing-added'}", number=place.document.number)
    one = added.found
    others = SignaturePlace.objects.filter(document=place.document, field=one.field).exclude(pk=place.pk)
    if others.exists():
        raise RuleBroken("outside-other-place", office=place.office)
    return Made(
        pdf, one.field, one.name, Method.OUTSIDE, one.level, one.certified, one.attested, one.serial, one.issuer,
        kind=RevisionKind.OUTSIDE, standing=standing,
    )  # fmt: skip


def _refuse_older(place: SignaturePlace, pdf: bytes) -> None:
    """Say who signed meanwhile, where what came back begins with an earlier revision."""
    for earlier in Revision.objects.filter(document=place.document).order_by("-seq"):
        if pdf.startswith(selectors.bytes_of(earlier)):
            meanwhile = ", ".join(one.name for one in selectors.signed_since(place.document, earlier.seq)) or "–"
            raise Conflict("outside-behind", number=place.document.number, people=meanwhile)
