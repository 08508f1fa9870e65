"""Reading documents and what is attached to things."""

from __future__ import annotations

import hashlib

from django.db.models import FETCH_PEERS, QuerySet
from django.utils.translation import gettext as _

from dekon.documents.choices import AttachmentState, DocumentKind, DocumentState
from dekon.documents.models import Attachment, Document
from dekon.errors import NotFound
from dekon.gateways import files
from dekon.lib.periods import JAKARTA, format_date, format_time
from dekon.org.selectors import Matter, satker_place


def content(document: Document) -> bytes:
    """The bytes of a document.

    Raises:
        NotFound: the store has lost them.
    """
    stored = files.stored(document.sha256, shelf="documents").read_bytes()
    if hashlib.sha256(stored).hexdigest() != document.sha256:
        raise NotFound("file-not-stored", sha256=document.sha256)
    return stored


def matter_of_document(document: Document) -> Matter:
    """An issued document, for `may`; of one that was revoked the status says when and why."""
    place = satker_place(document.satker) if document.satker else None
    issued = frozenset({document.issued_by_id})
    if document.revoked_at is None:
        return Matter(place, DocumentState.VALID, str(DocumentState.VALID.label), issued)
    at = document.revoked_at.astimezone(JAKARTA)
    words = _("%(state)s sejak %(day)s pukul %(time)s (%(reason)s)") % {
        "state": DocumentState.REVOKED.label, "day": format_date(at.date()), "time": format_time(at),
        "reason": document.revoked_reason,
    }  # fmt: skip
    return Matter(place, DocumentState.REVOKED, words, issued)


def attachments_of(subject_type: str, subject_id: str | int) -> QuerySet[Attachment]:
    """The files attached to a thing, the newest first."""
    found = Attachment.objects.filter(subject_type=subject_type, subject_id=str(subject_id))
    return found.select_related("satker").fetch_mode(FETCH_PEERS)


def attachment(number: int) -> Attachment:
    """One attached file.

    Raises:
        NotFound: there is none of that number, or not where the reader may look.
    """
    found = Attachment.objects.select_related("satker__province", "satker__unit").filter(pk=number).first()
    if found is None:
        raise NotFound("attachment-unknown", number=number)
    return found


def matter_of_attachment(found: Attachment) -> Matter:
    """An attached file, for `may`; of one that was withdrawn the status says by whom, when and why."""
    place = satker_place(found.satker)
    if found.withdrawn_at is None:
        return Matter(place, AttachmentState.HOLDS, str(AttachmentState.HOLDS.label))
    at = found.withdrawn_at.astimezone(JAKARTA)
    words = _("%(state)s oleh %(who)s, %(day)s pukul %(time)s (%(reason)s)") % {
        "state": AttachmentState.WITHDRAWN.label, "who": found.withdrawn_by, "day": format_date(at.date()),
        "time": format_time(at), "reason": found.withdrawal_reason,
    }  # fmt: skip
    return Matter(place, AttachmentState.WITHDRAWN, words)


def newest_seal() -> Document:
    """The last seal of the trail.

    Raises:
        NotFound: there is none yet.
    """
    found = Document.objects.filter(kind=DocumentKind.TRAIL_SEAL).order_by("-issued_at").first()
    if found is None:
        raise NotFound("seal-missing")
    return found


def document(number: int) -> Document:
    """One document of the register.

    Raises:
        NotFound: there is none of that number, or not where the reader may look.
    """
    found = Document.objects.filter(pk=number).first()
    if found is None:
        raise NotFound("document-unknown", number=number)
    return found
