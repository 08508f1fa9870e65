"""What the documents put into a dossier: the register, the documents themselves, and the seals of the trail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.db.models import Q

from dekon.documents import selectors
from dekon.documents.models import Attachment, Document
from dekon.errors import NotFound
from dekon.gateways import files
from dekon.lib.dossier import File, Files, Section, Table, Wanted

REGISTER = """
    SELECT d.number AS "Nomor", d.kind AS "Jenis", d.title AS "Judul", o.code AS "Satker", d.issued_at AS "Terbit",
           d.sha256 AS "SHA-256", d.revoked_at AS "Dicabut", d.revoked_reason AS "Alasan pencabutan"
    FROM documents_document d LEFT JOIN org_satker o ON o.id = d.satker_id
    WHERE date_part('year', d.issued_at AT TIME ZONE 'Asia/Jakarta') >= %(year)s
      AND (o.code = ANY(%(satker)s) OR d.satker_id IS NULL) ORDER BY d.issued_at, d.id"""


def papers(wanted: Wanted) -> Iterator[File]:
    """The documents of these satker and those of everybody (the daily seals), as issued, oldest first."""
    found = Document.objects.filter(Q(satker__code__in=wanted.satker) | Q(satker__isnull=True))
    for document in found.filter(issued_at__year__gte=wanted.year).order_by("issued_at", "pk").iterator():
        try:
            content = selectors.content(document)
        except NotFound:  # the store has lost it; the register still names it
            continue
        name = re.sub(r"[^A-Za-z0-9.-]+", "-", document.number)
        yield File(f"{document.kind}/{name}.pdf", f"{document.number} {document.title}", (content,))


ATTACHED = """
    SELECT o.code AS "Satker", a.subject_type AS "Hal", a.subject_id AS "Nomor hal", a.subject_name AS "Nama hal",
           a.kind AS "Jenis", a.name AS "Berkas", a.media_type AS "Tipe", a.sha256 AS "SHA-256", a.note AS "Keterangan",
           coalesce(nullif(u.display_name, ''), u.username) AS "Oleh", a.uploaded_at AS "Dibawa"
    FROM documents_attachment a JOIN org_satker o ON o.id = a.satker_id
    CROSS JOIN LATERAL dekon_names(ARRAY[a.uploaded_by_id]) u
    WHERE o.code = ANY(%(satker)s) AND date_part('year', a.uploaded_at AT TIME ZONE 'Asia/Jakarta') >= %(year)s
    ORDER BY 1, 2, 3, a.id"""


def evidence(wanted: Wanted) -> Iterator[File]:
    """What was attached to things of these satker, each content once, oldest first."""
    found = Attachment.objects.filter(satker__code__in=wanted.satker, uploaded_at__year__gte=wanted.year)
    seen: set[str] = set()
    for one in found.order_by("uploaded_at", "pk").iterator():
        if one.sha256 in seen:
            continue
        seen.add(one.sha256)
        try:
            path = files.stored(one.sha256, shelf="attachments")
        except NotFound:  # the store has lost it; the list still names it
            continue
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", one.name).strip(".-")[-80:]
        yield File(f"lampiran/{one.sha256[:16]}-{name}", one.name, _pieces(path))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(256 * 1024):
            yield piece


SECTION = Section(
    "dokumen",
    40,
    "Dokumen, segel, dan lampiran",
    (
        Table("daftar.csv", "Daftar dokumen", REGISTER),
        Files(papers),
        Table("lampiran.csv", "Daftar lampiran", ATTACHED),
        Files(evidence),
    ),
)
