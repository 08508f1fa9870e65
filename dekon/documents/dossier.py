"""What the documents put into a dossier: the register, the documents themselves, and the seals of the trail.

A document belongs to the year in which it was issued (Jakarta). The newest seal belongs to every dossier: it vouches
for the chains as they are when the dossier is taken. What is attached to things lies in the section of their app.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.db.models import Q

from dekon.documents import selectors
from dekon.documents.choices import DocumentKind
from dekon.documents.models import Document
from dekon.errors import NotFound
from dekon.lib.dossier import File, Files, Section, Table, Wanted

NEWEST_SEAL = f"""(SELECT s.id FROM documents_document s WHERE s.kind = '{DocumentKind.TRAIL_SEAL.value}'
    ORDER BY s.issued_at DESC, s.id DESC LIMIT 1)"""
REGISTER = f"""
    SELECT d.number AS "Nomor", d.kind AS "Jenis", d.title AS "Judul", o.code AS "Satker", d.issued_at AS "Terbit",
           d.sha256 AS "SHA-256", d.revoked_at AS "Dicabut", d.revoked_reason AS "Alasan pencabutan",
           e.partner_number AS "Nomor mitra", e.classification AS "Kode klasifikasi", e.subject AS "Hal",
           e.attachments AS "Lampiran", e.copies_to AS "Tembusan"
    FROM documents_document d LEFT JOIN org_satker o ON o.id = d.satker_id
    LEFT JOIN LATERAL (SELECT * FROM documents_registerentry r WHERE r.document_id = d.id ORDER BY r.seq DESC LIMIT 1) e
        ON true
    WHERE (o.code = ANY(%(satker)s) OR d.satker_id IS NULL)
      AND (date_part('year', d.issued_at AT TIME ZONE 'Asia/Jakarta') = %(year)s OR d.id = {NEWEST_SEAL})
    ORDER BY d.issued_at, d.id"""


def papers(wanted: Wanted) -> Iterator[File]:
    """The documents of these satker and those of everybody (the daily seals), as issued, oldest first."""
    newest = Document.objects.filter(kind=DocumentKind.TRAIL_SEAL).order_by("-issued_at", "-pk").values("pk")[:1]
    found = Document.objects.filter(Q(satker__code__in=wanted.satker) | Q(satker__isnull=True))
    found = found.filter(Q(issued_at__year=wanted.year) | Q(pk__in=newest))
    for document in found.order_by("issued_at", "pk").iterator():
        try:
            content = selectors.content(document)
        except NotFound:  # the store has lost it; the register still names it
            continue
        name = re.sub(r"[^A-Za-z0-9.-]+", "-", document.number)
        yield File(f"{document.kind}/{name}.pdf", f"{document.number} {document.title}", (content,))


SECTION = Section(
    "dokumen",
    40,
    "Dokumen yang terbit dalam tahun itu, dan segel jejak yang terbaru",
    (Table("daftar.csv", "Daftar dokumen", REGISTER), Files(papers)),
)
