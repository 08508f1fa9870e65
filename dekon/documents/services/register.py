"""Describing a document of the register: the partner's number, the archive's code, subject, attachments, copies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction

from dekon.audit import services as audit
from dekon.documents import selectors
from dekon.documents.models import Document, RegisterEntry
from dekon.errors import Conflict, NotFound, Problem, Unfit
from dekon.org import services as org
from dekon.org.choices import Action

if TYPE_CHECKING:
    from dekon.org.models import User

CLASSIFICATION: Final = re.compile(r"[A-Z]{1,4}(\.[0-9A-Z]{1,4}){0,5}")
LENGTHS: Final = {"partner_number": 120, "classification": 40, "subject": 200, "attachments": 120, "copies_to": 2000}


@dataclass(frozen=True, slots=True)
class Described:
    """What the register says: the other party's number (also SRIKANDI's), kode klasifikasi, hal, lampiran, tembusan.

    `copies_to` holds one addressee a line. Empty is what is not said.
    """

    partner_number: str = ""
    classification: str = ""
    subject: str = ""
    attachments: str = ""
    copies_to: str = ""

    def tidy(self) -> Described:
        """The same without blanks around it and without empty lines."""
        lines = (line.strip() for line in self.copies_to.splitlines())
        return Described(
            self.partner_number.strip(), self.classification.strip().upper(), self.subject.strip(),
            self.attachments.strip(), "\n".join(line for line in lines if line),
        )  # fmt: skip


@transaction.atomic
def describe(*, actor: User, document_id: int, said: Described, reason: str, at: datetime) -> RegisterEntry:
    """Say in the register what a document is; what was said before stays on record.

    Args:
        actor: who keeps the register.
        document_id: which document.
        said: the whole description as it holds from now on.
        reason: why it changes, or the letter that it follows.
        at: the present moment, aware.

    Raises:
        NotFound: no such document.
        NotAllowed: the actor does not keep the register.
        Conflict: `register-unchanged`: it says just that already.
        Unfit: what cannot be kept, and a missing reason.

    Legal: house rule; what was said before is never overwritten.
    """
    document = Document.objects.select_for_update().filter(pk=document_id).first()
    if document is None:
        raise NotFound("document-unknown", number=document_id)
    org.require(actor, Action.DESCRIBE_DOCUMENT)
    org.require_reason(reason)
    said = said.tidy()
    before = selectors.described(document)
    if found := list(_unfit(said)):
        raise Unfit(found)
    if before and asdict(said) == {name: getattr(before, name) for name in LENGTHS}:
        raise Conflict("register-unchanged", number=document.number)
    made = RegisterEntry.objects.create(
        document=document, seq=before.seq + 1 if before else 0, reason=reason.strip(), recorded_by=actor,
        recorded_at=at, **asdict(said),
    )  # fmt: skip
    earlier = {name: getattr(before, name) for name in LENGTHS} if before else {}
    audit.record(
        actor=actor, action="document-described", subject_type="document", subject_id=document.pk,
        subject_name=document.number, reason=reason.strip(), before=earlier, after=asdict(said),
    )  # fmt: skip
    return made


def _unfit(said: Described) -> Iterator[Problem]:
    for name, most in LENGTHS.items():
        if len(getattr(said, name)) > most:
            yield Problem(name, "register-too-long", {"length": most})
    if said.classification and not CLASSIFICATION.fullmatch(said.classification):
        yield Problem("classification", "register-classification-form")
