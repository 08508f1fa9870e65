"""Letters that people bring: looked at by content, stored by hash, given back as a download and never as a page."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse

from dekon.gateways import files
from dekon.lib import uploads
from dekon.org.services import Letter

FIELD = "surat"


def taken(file: UploadedFile[Any]) -> Letter:
    """Put a letter into the store.

    Raises:
        Unfit: neither PDF nor JPEG nor PNG whatever its name says, too large, damaged, or with active parts.
        RuleBroken: the virus scanner has found something.
    """
    looked_at = uploads.inspect(cast("BinaryIO", file.file), file.name or "", uploads.LETTER)
    uploads.refuse(looked_at, FIELD)
    kept = files.keep(file.chunks(), shelf="attachments", limit_bytes=uploads.LETTER.max_bytes)
    return Letter(kept.sha256, looked_at.name, looked_at.media_type)


def sent(digest: str, media_type: str, name: str) -> FileResponse:
    """A stored letter as a download.

    Raises:
        NotFound: the store has lost it.
    """
    path = files.stored(digest, shelf="attachments")
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=media_type)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
