"""What the register says of a document beside what was issued: the partner's number, the archive's code, subject."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from dekon.names import PersonKey


class RegisterEntry(models.Model):
    """One description of a document; the newest holds, the earlier ones show what was said before. Append-only.

    `copies_to` names one addressee of a copy a line (tembusan).
    """

    append_only: ClassVar[bool] = True

    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveSmallIntegerField()
    partner_number = models.CharField(max_length=120, blank=True)
    classification = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    attachments = models.CharField(max_length=120, blank=True)
    copies_to = models.TextField(blank=True)
    reason = models.CharField(max_length=255, blank=True)
    recorded_by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["document_id", "seq"]
        indexes: ClassVar = [models.Index(fields=["partner_number"], name="documents_partner_number")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["document", "seq"], name="documents_entry_once"),
            models.CheckConstraint(
                condition=Q(classification="") | Q(classification__regex=r"^[A-Z]{1,4}(\.[0-9A-Z]{1,4}){0,5}$"),
                name="documents_classification_form",
            ),
            models.CheckConstraint(condition=Q(seq=0) | ~Q(reason=""), name="documents_entry_change_has_its_reason"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.document_id} e{self.seq}"
