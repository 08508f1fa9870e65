"""Signatures by hand (tanda tangan basah): the scan is kept and counted apart; it never stands for one with a key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from django.db import transaction
from django.utils import timezone

from dekon.audit import services as audit
from dekon.documents import selectors
from dekon.documents.models import Document, PaperSignature, SignaturePlace
from dekon.documents.services.signing import refuse_signed
from dekon.errors import Conflict, NotFound, Problem, Unfit
from dekon.gateways import files
from dekon.lib.hashing import sha256_of_file
from dekon.lib.uploads import Policy, inspect, refuse
from dekon.org import services as org
from dekon.org.choices import Action

if TYPE_CHECKING:
    from dekon.org.models import User

SCAN: Final = Policy(frozenset({"pdf", "jpeg", "png"}), max_bytes=25 * 1024 * 1024)
PIECE_BYTES: Final = 1 << 16
NAME_LENGTH: Final = 150


@dataclass(frozen=True, slots=True)
class Scan:
    """A signature by hand as it is brought: the file, seekable, and its name; who signed, by which title, and when."""

    stream: BinaryIO
    file_name: str
    name: str
    signed_on: date
    standing: str = ""


def accept_paper(*, actor: User, place: int, scan: Scan, at: datetime) -> PaperSignature:
    """Keep the scan of what somebody signed by hand in the place of an office.

    Args:
        actor: who signs in that place, or who prepared the document and gathers the sheets.
        place: for which office it stands.
        scan: the file and what it shows; looked at, scanned for viruses and stored before the transaction begins.
        at: the present moment, aware.

    Raises:
        NotFound: no such place.
        NotAllowed: the actor neither signs there nor prepared the document.
        Conflict: the place is signed already, or the document is void.
        Unfit: the file is no scan, the name is missing, or the day lies before the document or in the future.

    Legal: house rule; the sheet itself stays with whoever gathers it.
    """
    found = _to_record(actor, place)
    _refuse_unfit(found, scan, at)
    looked = inspect(scan.stream, scan.file_name, SCAN)
    refuse(looked, "berkas")
    refuse_signed(found)
    kept = files.keep(iter(lambda: scan.stream.read(PIECE_BYTES), b""), shelf="attachments")
    with transaction.atomic():
        document = Document.objects.select_for_update().get(pk=found.document_id)
        if document.revoked_at is not None:
            raise Conflict("document-revoked-already", number=document.number)
        refuse_signed(found)
        made = PaperSignature.objects.create(
            place=found, document=document, name=scan.name.strip(), standing=scan.standing, signed_on=scan.signed_on,
            sha256=kept.sha256, size_bytes=kept.size_bytes, media_type=looked.media_type, recorded_by=actor,
            recorded_at=at,
        )  # fmt: skip
        _record(actor, made, "paper-signature-recorded")
    return made


@transaction.atomic
def withdraw_paper(*, actor: User, place: int, reason: str, at: datetime) -> PaperSignature:
    """Say that a scan does not count, because it was the wrong sheet or place; it stays in the store with its reason.

    Args:
        actor: who signs in that place, or who prepared the document.
        place: for which office it stood.
        reason: why.
        at: the present moment, aware.

    Raises:
        NotFound: no such place, or no scan that counts.
        NotAllowed: the actor neither signs there nor prepared the document.
        Unfit: the reason is missing or too long.

    Legal: house rule; what was official is never deleted.
    """
    found = _to_record(actor, place)
    org.require_reason(reason)
    paper = PaperSignature.objects.select_for_update().filter(place=found, withdrawn_at__isnull=True).first()
    if paper is None:
        raise NotFound("paper-signature-missing", office=found.office)
    paper.withdrawn_at, paper.withdrawn_by, paper.withdrawal_reason = at, actor, reason.strip()
    paper.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    _record(actor, paper, "paper-signature-withdrawn", reason.strip())
    return paper


def scan_of(*, actor: User, place: int) -> tuple[PaperSignature, Path]:
    """The scan that stands for a place.

    Raises:
        NotFound: no such place or scan, or the store has lost or changed it.
        NotAllowed: the document is secret.
    """
    found = selectors.place(place)
    selectors.readable(actor, found.document)
    paper = selectors.paper_in(found)
    if paper is None:
        raise NotFound("paper-signature-missing", office=found.office)
    path = files.stored(paper.sha256, shelf="attachments")
    if sha256_of_file(path) != paper.sha256:
        raise NotFound("file-not-stored", sha256=paper.sha256)
    return paper, path


def _to_record(actor: User, number: int) -> SignaturePlace:
    """The place, for whoever signs there, or prepared the document and gathers the sheets."""
    place = selectors.place(number)
    if place.document.issued_by_id != actor.pk:
        org.require(actor, Action(place.action), selectors.matter_of_place(place))
    else:
        org.require(actor, Action.OWN_ACCOUNT)
    return place


def _refuse_unfit(place: SignaturePlace, scan: Scan, at: datetime) -> None:
    found = []
    if not 0 < len(scan.name.strip()) <= NAME_LENGTH:
        found.append(Problem("name", "paper-name-missing"))
    first, last = timezone.localdate(place.document.issued_at), timezone.localdate(at)
    if not first <= scan.signed_on <= last:
        found.append(Problem("signed_on", "paper-day-wrong", {"first": str(first), "last": str(last)}))
    if found:
        raise Unfit(found)


def _record(actor: User, paper: PaperSignature, action: str, reason: str = "") -> None:
    place = paper.place
    audit.record(
        actor=actor, action=action, subject_type="document", subject_id=paper.document_id,
        subject_name=place.document.number, satker_code=place.satker.code if place.satker else "", reason=reason,
        after={"place": place.office, "name": paper.name, "sha256": paper.sha256},
    )  # fmt: skip
