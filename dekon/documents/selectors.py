"""Reading documents and checking copies of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from dekon.documents.models import Document
from dekon.errors import NotFound
from dekon.gateways import files, sealing
from dekon.scope import show


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known about a PDF that somebody holds.

    `document` is ours where the bytes are exactly those that were issued, or begin with them and only signatures were
    added. `intact`: every signature in it covers what it covered, and there is at least one.
    """

    document: Document | None
    intact: bool
    signatures: list[sealing.Signature]


def content(document: Document) -> bytes:
    """The bytes of a document.

    Raises:
        NotFound: the store has lost them.
    """
    stored = files.stored(document.sha256, shelf="documents").read_bytes()
    if hashlib.sha256(stored).hexdigest() != document.sha256:
        raise NotFound("file-not-stored", sha256=document.sha256)
    return stored


def check(pdf: bytes) -> Verdict:
    """Whether a PDF was issued here and is still what it was."""
    signatures = sealing.signatures(pdf)
    digest = hashlib.sha256(pdf).hexdigest()
    show(digest)
    document = Document.objects.filter(sha256=digest).first()
    return Verdict(document, bool(signatures) and all(signature.intact for signature in signatures), signatures)
