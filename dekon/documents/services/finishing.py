"""What follows after signatures without their signers: attested times that were missing, and what archives need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from dekon.audit import services as audit
from dekon.documents import selectors
from dekon.documents.choices import LeasePurpose, RevisionKind
from dekon.documents.models import Document, Revision
from dekon.documents.services import leases
from dekon.documents.services.leases import Claim, Held
from dekon.documents.services.signing import add_revision
from dekon.gateways import clocks, files, signing
from dekon.rules.formulas.archives import renewed_before

if TYPE_CHECKING:
    from dekon.org.models import User


def finish(*, actor: User, document: Document, at: datetime) -> Revision | None:
    """Give a document what it lacks: all that archives need once everybody has signed, else a time that was missing.

    Args:
        actor: the system.
        document: one that `selectors.unfinished` names.
        at: the present moment, aware.

    Returns: the new revision; None where nothing was lacking.

    Raises:
        GatewayFailed: the time-stamp authority does not answer; it is tried again.
        Conflict: somebody has the document; it is tried again.
    """
    kind = selectors.lacking(document)
    if kind is None:
        return None
    claim = Claim(LeasePurpose.FINISHING, timedelta(seconds=leases.SIGNING_SECONDS))
    with leases.having(actor=actor, document=document, claim=claim, at=at) as held:
        base = selectors.newest_revision(document)
        before = selectors.bytes_of(base)
        archived = kind == RevisionKind.ARCHIVED
        after = _archived(before, at) if archived else signing.stamp(before)
        made = _keep(actor, Step(base, after, kind, held), "document-finished", at)
    selectors.checked(made.sha256, after, at=at)
    return made


def renew(*, actor: User, document: Document, at: datetime) -> Revision | None:
    """Add an archive time stamp while the newest one can still be checked, with what checking that one needs.

    Args:
        actor: the system.
        document: one that `selectors.to_renew` names.
        at: the present moment, aware.

    Returns: the new revision; None where the newest stamp is good for long enough, or the authority has no better one.

    Raises:
        GatewayFailed: the time-stamp authority does not answer; it is tried again.
        Conflict: somebody has the document; it is tried again.
    """
    before = renewed_before(at)
    clocks.keep_clock_good(before=before)
    claim = Claim(LeasePurpose.FINISHING, timedelta(seconds=leases.SIGNING_SECONDS))
    with leases.having(actor=actor, document=document, claim=claim, at=at) as held:
        base = selectors.newest_revision(document)
        content = selectors.bytes_of(base)
        ends = signing.stamp_ends(content)
        after = _archived(content, at) if ends and ends < before else b""
        longer = signing.stamp_ends(after) if after else None
        if ends is None or longer is None or longer <= ends:
            leases.give_back(held)
            return None
        made = _keep(actor, Step(base, after, RevisionKind.RENEWED, held), "document-renewed", at)
    selectors.checked(made.sha256, after, at=at)
    return made


@dataclass(frozen=True, slots=True)
class Step:
    """What comes onto a document without a signer: the newest revision, the bytes that follow it, how, which lease."""

    base: Revision
    after: bytes
    kind: RevisionKind
    held: Held


def _archived(pdf: bytes, at: datetime) -> bytes:
    return signing.archive(pdf, revoked=selectors.revoked_serials(), now=at)


def _keep(actor: User, step: Step, action: str, at: datetime) -> Revision:
    kept = files.keep([step.after], shelf="documents")
    lasting = step.kind in {RevisionKind.ARCHIVED, RevisionKind.RENEWED}
    until = signing.stamp_ends(step.after) if lasting else None
    with transaction.atomic():
        made = add_revision(
            actor=actor, base=step.base, kept=kept, kind=step.kind, held=step.held, at=at, stamp_until=until
        )
        audit.record(
            actor=actor, action=action, subject_type="document", subject_id=made.document_id,
            subject_name=made.document.number, after={"kind": step.kind.value, "sha256": kept.sha256},
        )  # fmt: skip
    return made
