"""Tables of signatures: revisions of a document, places for signatures, what stands in them, keys, leases."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from dekon.documents.choices import LeasePurpose, Method, RevisionKind
from dekon.names import PersonKey

HASH = "^[0-9a-f]{64}$"


class Revision(models.Model):
    """One state of a document with signatures; its bytes begin with those of the revision before. Append-only."""

    append_only: ClassVar[bool] = True

    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="revisions")
    seq = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=16, choices=RevisionKind)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.IntegerField()
    made_at = models.DateTimeField()
    made_by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    stamp_until = models.DateTimeField(
        null=True, help_text="last moment of the certificate behind its archive time stamp; null for all others"
    )

    class Meta:
        ordering: ClassVar = ["document_id", "seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "seq"], name="documents_revision_once"),
            models.UniqueConstraint(fields=["sha256"], name="documents_revision_hash_once"),
            models.CheckConstraint(condition=Q(kind__in=RevisionKind.values), name="documents_revision_kind_known"),
            models.CheckConstraint(condition=Q(sha256__regex=HASH), name="documents_revision_by_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} r{self.seq}"


class SignaturePlace(models.Model):
    """Where one office signs: what is printed there, who may sign, and the box on the page (points, from upper left).

    The office is printed and not the person, so that a successor needs no new document. Append-only.
    """

    append_only: ClassVar[bool] = True

    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="places")
    seq = models.PositiveSmallIntegerField()
    field = models.CharField(max_length=32)
    office = models.CharField(max_length=200)
    action = models.CharField(
        max_length=32, help_text="what one must hold to sign here, as the matrix of rights calls it"
    )
    province = models.ForeignKey("org.Province", null=True, on_delete=models.PROTECT, related_name="+")
    satker = models.ForeignKey("org.Satker", null=True, on_delete=models.PROTECT, related_name="+")
    page = models.PositiveSmallIntegerField()
    x = models.FloatField()
    y = models.FloatField()
    width = models.FloatField()
    height = models.FloatField()

    class Meta:
        ordering: ClassVar = ["document_id", "seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "field"], name="documents_place_once"),
            models.UniqueConstraint(fields=["document", "seq"], name="documents_place_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.office}"


class PlacedSignature(models.Model):
    """A signature that stands in its place: who, by which key, and how far its time is attested. Append-only.

    `name` and `office` are those of the moment. `serial` and `issuer` are of the certificate.
    """

    append_only: ClassVar[bool] = True

    place = models.OneToOneField(SignaturePlace, on_delete=models.PROTECT, related_name="signature")
    revision = models.OneToOneField(Revision, on_delete=models.PROTECT, related_name="signature")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="signatures")
    field = models.CharField(max_length=64, help_text="name of the field in the file; another program may make its own")
    signer = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    standing = models.CharField(max_length=32, blank=True, help_text="Plt. or Plh., where somebody acts in the office")
    method = models.CharField(max_length=16, choices=Method)
    level = models.CharField(max_length=8)
    certified = models.BooleanField()
    trusted_time = models.BooleanField()
    signed_at = models.DateTimeField()
    serial = models.CharField(max_length=64)
    issuer = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["document_id", "revision__seq"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(method__in=Method.values), name="documents_signature_method_known"),
            models.UniqueConstraint(fields=["document", "field"], name="documents_signature_field_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.document_id}"


class PaperSignature(models.Model):
    """A signature by hand (tanda tangan basah) that stands for a place: its scan, whose it is, who recorded it.

    Counted apart: it protects no bytes and proves nothing by itself. Append-only but for its withdrawal, once.
    """

    place = models.ForeignKey(SignaturePlace, on_delete=models.PROTECT, related_name="papers")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="papers")
    name = models.CharField(max_length=150)
    standing = models.CharField(max_length=32, blank=True, help_text="Plt. or Plh., where somebody acts in the office")
    signed_on = models.DateField()
    sha256 = models.CharField(max_length=64)
    size_bytes = models.IntegerField()
    media_type = models.CharField(max_length=64)
    recorded_by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = PersonKey("org.User", null=True, on_delete=models.PROTECT, related_name="+")
    withdrawal_reason = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering: ClassVar = ["document_id", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["place"], condition=Q(withdrawn_at__isnull=True), name="documents_paper_once"
            ),
            models.CheckConstraint(condition=Q(sha256__regex=HASH), name="documents_paper_by_hash"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawal_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawal_reason=""),
                name="documents_paper_withdrawal_whole",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name} {self.document_id} (paper)"


class Lease(models.Model):
    """That somebody has a document to themselves until a moment. Past its end it is nobody's."""

    kept: ClassVar[bool] = False

    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="lease")
    holder = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=16, choices=LeasePurpose)
    place = models.ForeignKey(SignaturePlace, null=True, on_delete=models.PROTECT, related_name="+")
    base_sha256 = models.CharField(max_length=64, blank=True)
    token = models.CharField(max_length=32)
    taken_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("taken_at")), name="documents_lease_ends"),
            models.CheckConstraint(condition=Q(purpose__in=LeasePurpose.values), name="documents_lease_purpose_known"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} until {self.ends_at}"


class SigningKey(models.Model):
    """A person's key for signing: sealed by a passphrase that only the person knows, or the name of one in a token.

    Never changed but for its revocation, once.
    """

    kept: ClassVar[bool] = False

    user = PersonKey("org.User", on_delete=models.PROTECT, related_name="signing_keys")
    method = models.CharField(max_length=16, choices=Method)
    certificate = models.TextField()
    serial = models.CharField(max_length=64)
    sealed = models.TextField(blank=True)
    token_label = models.CharField(max_length=64, blank=True)
    key_label = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering: ClassVar = ["-issued_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["serial"], name="documents_key_serial_once"),
            models.UniqueConstraint(
                fields=["user", "method"], condition=Q(revoked_at__isnull=True), name="documents_one_key_in_force"
            ),
            models.CheckConstraint(
                condition=(Q(method=Method.LOCAL) & ~Q(sealed="") & Q(token_label="", key_label=""))
                | (Q(method=Method.TOKEN, sealed="") & ~Q(token_label="") & ~Q(key_label="")),
                name="documents_key_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_reason="")
                | Q(revoked_at__isnull=False) & ~Q(revoked_reason=""), name="documents_key_revoked_with_reason",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user_id} {self.method} {self.serial[:8]}"


class PassphraseCount(models.Model):
    """How often in a row a person's passphrase was wrong, and until when no more is taken."""

    kept: ClassVar[bool] = False

    user = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    failures = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user"], name="documents_passphrase_count_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.failures}"


class CheckedFile(models.Model):
    """What a look at a known file said, kept so that the next look is quick. Void once other roots are trusted."""

    kept: ClassVar[bool] = False

    sha256 = models.CharField(max_length=64)
    trust = models.CharField(max_length=64)
    checked_at = models.DateTimeField()
    report = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sha256", "trust"], name="documents_checked_once"),
            models.CheckConstraint(condition=Q(sha256__regex=HASH), name="documents_checked_by_hash"),
        ]

    def __str__(self) -> str:
        return self.sha256
