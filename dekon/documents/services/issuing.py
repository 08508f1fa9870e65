"""Issuing documents, and attaching files to things."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from django.conf import settings
from django.db import connection, transaction

from dekon.audit import services as audit
from dekon.audit.choices import Reading
from dekon.documents import selectors
from dekon.documents.choices import AttachmentKind, DocumentKind, Openness
from dekon.documents.models import Attachment, Document
from dekon.errors import Conflict, NotFound, Param, message_text
from dekon.gateways import files, heads, mail, sealing
from dekon.lib.codes import new_code
from dekon.lib.hashing import sha256_of_file
from dekon.lib.periods import JAKARTA, format_date, format_time
from dekon.lib.qr import qr_svg
from dekon.lib.typst import render
from dekon.lib.uploads import EVIDENCE, inspect, refuse
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.org.selectors import satker_place

if TYPE_CHECKING:
    from dekon.org.models import Satker, User

TEMPLATES = Path(__file__).parents[1] / "typst"
PIECE_BYTES = 1 << 16
SYNTHETIC = "Data demonstrasi sintetis, bukan angka resmi"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a document says before it has its number.

    `template` is a file of this package; `data` is what it shows, besides `nomor`, `judul`, `catatan` and the way to
    check it (`kode`, `alamat`, `qr`).
    """

    kind: DocumentKind
    title: str
    template: str
    data: Mapping[str, object]
    satker: Satker | None = None
    supersedes: Document | None = None
    openness: Openness = Openness.LIMITED


@transaction.atomic
def issue(*, actor: User, draft: Draft, at: datetime) -> Document:
    """Give a document its number, render it, seal it and keep it.

    Numbers have no gaps: what fails gives its number back, and two who issue at once wait for each other.

    Args:
        actor: who issues it.
        draft: what it says.
        at: the moment that it bears, aware.
    """
    number, code = next_number(draft.kind, at), new_code()
    pdf = render(TEMPLATES / draft.template, filled_in(draft, number, code), at=at)
    kept = files.keep([sealing.seal(pdf, reason=draft.title)], shelf="documents")
    document = Document.objects.create(
        number=number, code=code, kind=draft.kind, title=draft.title, satker=draft.satker, issued_at=at,
        issued_by=actor, sha256=kept.sha256, size_bytes=kept.size_bytes, supersedes=draft.supersedes,
        openness=draft.openness,
    )  # fmt: skip
    audit.record(
        actor=actor, action="document-issued", subject_type="document", subject_id=document.pk, subject_name=number,
        satker_code=draft.satker.code if draft.satker else "", after={"sha256": kept.sha256, "kind": draft.kind},
    )  # fmt: skip
    return document


def filled_in(draft: Draft, number: str, code: str) -> dict[str, object]:
    """What a template shows: the draft's own data, number and title, and the way to check the document.

    Args:
        code: of verification.
    """
    address = f"{settings.PUBLIC_URL}/v/{code}"
    note = SYNTHETIC if settings.MODE == "demo" else ""
    common = {"nomor": number, "judul": draft.title, "catatan": note, "kode": code, "alamat": address}
    return {**draft.data, **common, "qr": qr_svg(address)}


@transaction.atomic
def revoke(*, actor: User, document_id: int, reason: str, at: datetime, asked: bool = False) -> Document:
    """Declare a document void; it stays readable and says so.

    Args:
        asked: whoever calls has asked whether the actor may, by an action of its own.

    Raises:
        NotFound: no such document.
        NotAllowed: the actor does not revoke documents, or issued this one.
        Conflict: it is void already.
        Unfit: the reason is missing or too long.
    """
    locked = Document.objects.select_for_update(of=("self",)).filter(pk=document_id)
    document = locked.select_related("satker__province", "satker__unit").first()
    if document is None:
        raise NotFound("document-unknown", number=document_id)
    if not asked:
        org.require(actor, Action.REVOKE_DOCUMENT, selectors.matter_of_document(document))
    elif document.revoked_at is not None:
        raise Conflict("document-revoked-already", number=document.number)
    org.require_reason(reason)
    document.revoked_at, document.revoked_reason = at, reason.strip()
    document.save(update_fields=["revoked_at", "revoked_reason"])
    audit.record(
        actor=actor, action="document-revoked", subject_type="document", subject_id=document.pk,
        subject_name=document.number, reason=reason.strip(),
        satker_code=document.satker.code if document.satker else "",
    )  # fmt: skip
    return document


def next_number(kind: DocumentKind, at: datetime) -> str:
    """The next number of a kind in the year of a moment in Jakarta, such as `DEKON/SEGEL/2026/0001`."""
    year = at.astimezone(JAKARTA).year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_numberseries (kind, year, last) VALUES (%s, %s, 1) ON CONFLICT (kind, year)"
            " DO UPDATE SET last = documents_numberseries.last + 1 RETURNING last",
            [kind, year],
        )
        return f"DEKON/{kind.upper()}/{year}/{cursor.fetchone()[0]:04}"


def seal_trail(*, actor: User, at: datetime) -> Document:
    """Copy the ends of the trail's chains to the outside and state them in a sealed page.

    Args:
        actor: who seals; the system, once a day.
        at: the moment that copy and page bear.
    """
    audit.copy_heads(at=at)
    line = heads.newest_line()
    copy = json.loads(line)
    day = format_date(at.astimezone(JAKARTA).date())
    return issue(
        actor=actor,
        draft=Draft(
            DocumentKind.TRAIL_SEAL, f"Segel harian jejak audit {day}", "segel.typ",
            {
                "waktu": f"{day} pukul {format_time(at)}", "rantai": len(copy["heads"]),
                "baris": sum(seq for seq, _digest in copy["heads"].values()), "saat": copy["at"],
                "sidik": hashlib.sha256(line.encode()).hexdigest(),
            },
        ),
        at=at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """The thing that a file is attached to: what it is called, whose it is, and what one must hold to attach."""

    subject_type: str
    subject_id: str | int
    subject_name: str
    satker: Satker
    action: Action


@dataclass(frozen=True, slots=True)
class Handed:
    """A file as it was handed in: its content, seekable, the name that the browser says, and what the person says."""

    stream: BinaryIO
    name: str
    kind: AttachmentKind
    note: str = ""


def attach(*, actor: User, to: Target, handed: Handed) -> Attachment:
    """Keep a file with a thing. The same file twice is kept once, unless it was withdrawn in between.

    Args:
        actor: who brings it.
        to: the thing.
        handed: the file; looked at, scanned and stored before the transaction begins.

    Raises:
        NotAllowed: the actor may not do to the thing what attaching to it asks for.
        Unfit: everything that is wrong with the file.
        RuleBroken: the virus scanner finds something.
        GatewayFailed: there is a virus scanner and it does not answer.
    """
    org.require(actor, to.action, satker_place(to.satker))
    looked = inspect(handed.stream, handed.name, EVIDENCE)
    refuse(looked, "berkas")
    kept = files.keep(iter(lambda: handed.stream.read(PIECE_BYTES), b""), shelf="attachments")
    facts: dict[str, str | int] = {
        "name": looked.name, "media_type": looked.media_type, "size_bytes": kept.size_bytes, "kind": handed.kind.value,
        "note": handed.note,
    }  # fmt: skip
    return _attach(actor, to, kept.sha256, facts)


@transaction.atomic
def _attach(actor: User, to: Target, sha256: str, facts: Mapping[str, str | int]) -> Attachment:
    made, is_new = Attachment.objects.get_or_create(
        subject_type=to.subject_type, subject_id=str(to.subject_id), sha256=sha256, withdrawn_at=None,
        defaults={**facts, "satker": to.satker, "subject_name": to.subject_name[:255], "uploaded_by": actor},
    )  # fmt: skip
    if is_new:
        audit.record(
            actor=actor, action="file-attached", subject_type=to.subject_type, subject_id=to.subject_id,
            subject_name=to.subject_name, satker_code=to.satker.code,
            after={"attachment": made.pk, "sha256": sha256, "kind": str(facts["kind"]), "size": facts["size_bytes"]},
        )  # fmt: skip
    return made


@transaction.atomic
def withdraw_attachment(*, actor: User, number: int, to: Target, reason: str, at: datetime) -> Attachment:
    """Say of an attached file that it no longer counts. It stays in the list, in the store and in every dossier.

    Args:
        number: of the attachment.
        to: the thing that it is attached to; who may attach to it may withdraw from it.
        reason: why, in one line; it stands beside the file.
        at: the moment that the withdrawal bears, aware.

    Raises:
        NotFound: no such file at that thing.
        NotAllowed: the actor may not attach to the thing.
        Conflict: the file was withdrawn before.
        Unfit: the reason is missing or too long.

    Legal: house rule; what was official is never deleted.
    """
    locked = Attachment.objects.select_for_update(of=("self",)).filter(pk=number)
    found = locked.select_related("satker__province", "satker__unit").first()
    if found is None or (found.subject_type, found.subject_id) != (to.subject_type, str(to.subject_id)):
        raise NotFound("attachment-unknown", number=number)
    org.require(actor, to.action, satker_place(found.satker))
    org.require(actor, Action.WITHDRAW_ATTACHMENT, selectors.matter_of_attachment(found))
    org.require_reason(reason)
    found.withdrawn_at, found.withdrawn_by, found.withdrawal_reason = at, actor, reason.strip()
    found.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    audit.record(
        actor=actor, action="attachment-withdrawn", subject_type=to.subject_type, subject_id=to.subject_id,
        subject_name=to.subject_name, satker_code=found.satker.code, reason=reason.strip(),
        after={"attachment": found.pk, "sha256": found.sha256},
    )  # fmt: skip
    return found


@transaction.atomic
def read_attachment(*, actor: User, number: int) -> tuple[Attachment, Path]:
    """A file to be handed out; that it was read stands in the trail, where the owner of the data sees it.

    Raises:
        NotFound: no such file here, or the store has lost or changed its bytes.
        NotAllowed: it belongs to a place that is not the actor's.
    """
    found = selectors.attachment(number)
    org.require(actor, Action.VIEW_PLACE, satker_place(found.satker))
    path = files.stored(found.sha256, shelf="attachments")
    if sha256_of_file(path) != found.sha256:
        raise NotFound("file-not-stored", sha256=found.sha256)
    audit.record_reading(
        actor=actor, kind=Reading.EVIDENCE, subject_type=found.subject_type, subject_id=found.subject_id,
        subject_name=found.subject_name, satker_code=found.satker.code,
        facts={"attachment": found.pk, "sha256": found.sha256},
    )  # fmt: skip
    return found, path


def send_document(*, document: Document, to: Sequence[str]) -> int:
    """Send a document by mail, to each address by itself. Touches no table: `record_mailed` comes after it.

    Args:
        to: mail addresses.

    Returns: how many mails the server took.

    Raises:
        NotFound: the store has lost the document.
        GatewayFailed: the server did not take one; those before it have left.
    """
    content = selectors.content(document)
    facts: dict[str, Param] = {"title": document.title, "number": document.number, "sha256": document.sha256}
    subject, text = (message_text(f"mail-document-{part}", facts) for part in ("subject", "text"))
    name = f"{document.number.replace('/', '-')}.pdf"
    for address in to:
        mail.send(mail.Mail(address, subject, text, (mail.Attachment(name, content),)))
    return len(to)


@transaction.atomic
def record_mailed(*, actor: User, document: Document, mails: int) -> None:
    """Note that a document went out by mail, and how often; the addresses are nobody's business later.

    Args:
        actor: who sent it; the system, for the daily seal.
        mails: how many the server took.
    """
    audit.record(
        actor=actor, action="document-mailed", subject_type="document", subject_id=document.pk,
        subject_name=document.number, after={"mails": mails, "sha256": document.sha256},
    )  # fmt: skip
