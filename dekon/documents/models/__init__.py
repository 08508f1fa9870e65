"""Tables of the documents."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from dekon.documents.choices import AttachmentKind, DocumentKind, Openness
from dekon.documents.models.register import RegisterEntry
from dekon.documents.models.signatures import (
    CheckedFile,
    Lease,
    PaperSignature,
    PassphraseCount,
    PlacedSignature,
    Revision,
    SignaturePlace,
    SigningKey,
)
from dekon.names import PersonKey

__all__ = [
    "Attachment",
    "CheckedFile",
    "Document",
    "Lease",
    "NumberSeries",
    "PaperSignature",
    "PassphraseCount",
    "PlacedSignature",
    "RegisterEntry",
    "Revision",
    "SignaturePlace",
    "SigningKey",
]


class NumberSeries(models.Model):
    """The last number that was given in a year to a kind of document; its row is locked while the next is given."""

    kind = models.CharField(max_length=16, choices=DocumentKind)
    year = models.SmallIntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "year"], name="documents_series_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class Document(models.Model):
    """A document that was issued: its number, and the hash under which its bytes lie in the store.

    `code` is what stands under its QR code; whoever holds it may ask what the document is. A document with places for
    signatures goes on in its revisions, each of which begins with these bytes.

    Append-only but for its revocation, which happens once: a trigger keeps everything else.
    """

    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=16, choices=DocumentKind)
    title = models.CharField(max_length=200)
    code = models.CharField(max_length=12, blank=True, default="")
    openness = models.CharField(max_length=16, choices=Openness, default=Openness.LIMITED)
    satker = models.ForeignKey("org.Satker", null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    issued_by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.IntegerField()
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "-issued_at"], name="documents_kind_newest"),
            models.Index(fields=["sha256"], name="documents_sha256"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number"], name="documents_number_once"),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="documents_code_once"),
            models.CheckConstraint(condition=Q(openness__in=Openness.values), name="documents_openness_known"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_reason="") | Q(revoked_at__isnull=False)
                & ~Q(revoked_reason=""), name="documents_revocation_has_its_reason",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class Attachment(models.Model):
    """A file that somebody attached to a thing: a letter, evidence, a photo. Its bytes lie in the store by their hash.

    Append-only but for its withdrawal, which happens once: a trigger keeps everything else. What was withdrawn stays
    in the list and in the store, and the same file may be attached anew.
    """

    subject_type = models.CharField(max_length=32, help_text="kind of the thing, as the trail calls it")
    subject_id = models.CharField(max_length=64)
    subject_name = models.CharField(max_length=255, blank=True)
    kind = models.CharField(max_length=16, choices=AttachmentKind)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=128)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.IntegerField()
    note = models.CharField(max_length=255, blank=True)
    satker = models.ForeignKey("org.Satker", on_delete=models.PROTECT, related_name="+")
    uploaded_by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = PersonKey("org.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawal_reason = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering: ClassVar = ["-uploaded_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["sha256"], name="documents_attachment_sha256")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "sha256"], condition=Q(withdrawn_at__isnull=True),
                name="documents_attachment_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=AttachmentKind.values), name="documents_attachment_kind_known"),
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="documents_attachment_by_hash"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawal_reason=""),
                name="documents_attachment_withdrawal_whole",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}: {self.name}"
