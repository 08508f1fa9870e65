"""Issuing documents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction

from dekon.audit import services as audit
from dekon.documents.choices import DocumentKind
from dekon.documents.models import Document
from dekon.errors import Conflict, NotFound
from dekon.gateways import files, heads, sealing
from dekon.lib.periods import JAKARTA, format_date, format_time
from dekon.lib.typst import render

if TYPE_CHECKING:
    from dekon.org.models import Satker, User

TEMPLATES = Path(__file__).parent / "typst"
SYNTHETIC = "Data demonstrasi sintetis, bukan angka resmi"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a document says before it has its number.

    `template` is a file of this package; `data` is what it shows, besides `nomor`, `judul` and `catatan`.
    """

    kind: DocumentKind
    title: str
    template: str
    data: Mapping[str, object]
    satker: Satker | None = None
    supersedes: Document | None = None


@transaction.atomic
def issue(*, actor: User, draft: Draft, at: datetime) -> Document:
    """Give a document its number, render it, seal it and keep it.

    Numbers have no gaps: what fails gives its number back, and two who issue at once wait for each other.

    Args:
        actor: who issues it.
        draft: what it says.
        at: the moment that it bears, aware.
    """
    number = _next_number(draft.kind, at)
    note = SYNTHETIC if settings.MODE == "demo" else ""
    pdf = render(
        TEMPLATES / draft.template, {**draft.data, "nomor": number, "judul": draft.title, "catatan": note}, at=at
    )
    kept = files.keep([sealing.seal(pdf, reason=draft.title)], shelf="documents")
    document = Document.objects.create(
        number=number, kind=draft.kind, title=draft.title, satker=draft.satker, issued_at=at, issued_by=actor,
        sha256=kept.sha256, size_bytes=kept.size_bytes, supersedes=draft.supersedes,
    )  # fmt: skip
    audit.record(
        actor=actor, action="document-issued", subject_type="document", subject_id=document.pk, subject_name=number,
        satker_code=draft.satker.code if draft.satker else "", after={"sha256": kept.sha256, "kind": draft.kind},
    )  # fmt: skip
    return document


@transaction.atomic
def revoke(*, actor: User, document_id: int, reason: str, at: datetime) -> Document:
    """Declare a document void; it stays readable and says so.

    Raises:
        NotFound: no such document.
        Conflict: it is void already.
    """
    document = Document.objects.select_for_update().filter(pk=document_id).first()
    if document is None:
        raise NotFound("document-unknown", number=document_id)
    if document.revoked_at is not None:
        raise Conflict("document-revoked-already", number=document.number)
    document.revoked_at, document.revoked_reason = at, reason
    document.save(update_fields=["revoked_at", "revoked_reason"])
    audit.record(
        actor=actor, action="document-revoked", subject_type="document", subject_id=document.pk,
        subject_name=document.number, reason=reason,
    )  # fmt: skip
    return document


def _next_number(kind: DocumentKind, at: datetime) -> str:
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
