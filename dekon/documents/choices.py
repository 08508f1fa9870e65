"""Kinds of official documents and of files attached to things."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DocumentKind(TextChoices):
    """What a document is. Its value stands in the number, in capitals."""

    TRAIL_SEAL = "segel", _("Segel harian jejak audit")
    DRILL = "pulih", _("Laporan uji pemulihan")


class AttachmentKind(TextChoices):
    """What an attached file is."""

    LETTER = "surat", _("Surat")
    DECREE = "keputusan", _("Keputusan")
    EVIDENCE = "bukti", _("Bukti")
    PHOTO = "foto", _("Foto")
    OTHER = "lain", _("Lain-lain")


class AttachmentState(TextChoices):
    """Whether an attached file still counts."""

    HOLDS = "holds", _("Berlaku")
    WITHDRAWN = "withdrawn", _("Ditarik")
