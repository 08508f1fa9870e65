"""Kinds of official documents and of files attached to things."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DocumentKind(TextChoices):
    """What a document is. Its value stands in the number, in capitals."""

    TRAIL_SEAL = "segel", _("Segel harian jejak audit")
    DRILL = "pulih", _("Laporan uji pemulihan")
    COMMITMENT = "komitmen", _("Komitmen bersama")
    PERFORMANCE = "kinerja", _("Perjanjian kinerja")


class Openness(TextChoices):
    """Who may be given a copy: whoever holds the code, or only those who take part (sifat naskah dinas)."""

    OPEN = "biasa", _("Biasa")
    LIMITED = "terbatas", _("Terbatas")
    SECRET = "rahasia", _("Rahasia")


class RevisionKind(TextChoices):
    """By what a revision of a document came about; each one begins with all of the one before."""

    PREPARED = "siap", _("disiapkan")
    SIGNED = "tanda-tangan", _("ditandatangani")
    OUTSIDE = "luar", _("ditandatangani di luar")
    STAMPED = "cap-waktu", _("diberi cap waktu")
    ARCHIVED = "arsip", _("dilengkapi untuk arsip")
    RENEWED = "cap-arsip", _("cap waktu arsip diperbarui")


class Method(TextChoices):
    """Where the key of a signature lies. Only the certificate says whether the signature is certified."""

    LOCAL = "lokal", _("sertifikat lokal")
    BSRE = "bsre", _("BSrE")
    TOKEN = "token", _("token (PKCS 11)")
    OUTSIDE = "luar", _("aplikasi lain")


class LeasePurpose(TextChoices):
    """For what somebody has a document to themselves for a while."""

    SIGNING = "tanda-tangan", _("sedang ditandatangani")
    OUTSIDE = "luar", _("diunduh untuk ditandatangani di luar")
    FINISHING = "akhir", _("sedang dilengkapi")


class DocumentState(TextChoices):
    """Whether an issued document is still good."""

    VALID = "valid", _("Berlaku")
    REVOKED = "revoked", _("Tidak berlaku")


class RegisterState(TextChoices):
    """How a document of the register stands, as its list is filtered."""

    WAITING = "menunggu", _("Menunggu tanda tangan")
    VALID = "berlaku", _("Berlaku")
    SUPERSEDED = "diganti", _("Diganti")
    REVOKED = "dicabut", _("Dicabut")


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
