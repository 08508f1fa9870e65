"""What follows after signatures without their signers: attested times that were missing, and what archives need."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from dekon.audit import services as audit
from dekon.documents import selectors
from dekon.documents.choices import LeasePurpose, RevisionKind
from dekon.documents.models import Document, Revision
from dekon.documents.services import leases
from dekon.documents.services.leases import Claim
from dekon.documents.services.signing import add_revision
from dekon.gateways import files, signing

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
        revoked = selectors.revoked_serials()
        after = (
            signing.archive(before, revoked=revoked, now=at) if kind == RevisionKind.ARCHIVED else signing.stamp(before)
        )
        kept = files.keep([after], shelf="documents")
        with transaction.atomic():
            made = add_revision(actor=actor, base=base, kept=kept, kind=kind, held=held, at=at)
            audit.record(
                actor=actor, action="document-finished", subject_type="document", subject_id=document.pk,
                subject_name=document.number, after={"kind": kind.value, "sha256": kept.sha256},
            )  # fmt: skip
    selectors.checked(made.sha256, after, at=at)
    return made
