"""What the documents put into a dossier: the register, the documents themselves, and the seals of the trail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.db.models import Q

from dekon.documents import selectors
from dekon.documents.models import Document
from dekon.errors import NotFound
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


SECTION = Section("dokumen", 40, "Dokumen dan segel", (Table("daftar.csv", "Daftar dokumen", REGISTER), Files(papers)))
