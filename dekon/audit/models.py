"""Tables of the trail. Its chain is made by the database: `migrations/0003_chain.py`, explained in docs/trail.md."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from dekon.audit.fields import StoredJson


class Event(models.Model):
    """One thing that was done. Append-only: triggers refuse UPDATE, DELETE and TRUNCATE.

    The database sets `recorded_at`, `salt` and `body`. `body` is the text that is hashed: ids, codes and the salted
    hash of the rest, tab-separated. Where a row is about more than one satker, `place` says about which: a province's
    two digits, `unit:05`, `*` for all; empty means that `satker_code` says it, or that it is the centre's own.
    """

    append_only: ClassVar[bool] = True

    recorded_at = models.DateTimeField(db_default=Now())
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    on_behalf_of = models.CharField(max_length=150, blank=True)
    action = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=64)
    subject_name = models.CharField(max_length=255, blank=True)
    satker_code = models.CharField(max_length=6, blank=True)
    place = models.CharField(max_length=10, blank=True, default="", db_default="")
    before = StoredJson(default=dict)
    after = StoredJson(default=dict)
    reason = models.TextField(blank=True)
    origin = models.CharField(max_length=16)
    request_id = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=45, blank=True, default="", db_default="")
    salt = models.CharField(max_length=32, default="", editable=False)
    body = models.TextField(default="", editable=False)
    minimised_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id", "recorded_at"], name="audit_event_subject"),
            models.Index(fields=["actor_id", "recorded_at"], name="audit_event_actor"),
            models.Index(fields=["recorded_at"], name="audit_event_recorded"),
            models.Index(fields=["satker_code", "-id"], name="audit_event_satker"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="audit_event_codes_plain",
                condition=Q(
                    *(
                        ~Q(**{f"{field}__regex": r"[\t\n]"})
                        for field in (
                            "action", "subject_type", "subject_id", "satker_code", "origin", "request_id", "place",
                        )
                    )
                ),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.actor_name} {self.action} {self.subject_type} {self.subject_id}"


class Link(models.Model):
    """The place of a row in its chain (a satker's code, or empty for the centre) and the hash up to it."""

    append_only: ClassVar[bool] = True
    event = models.OneToOneField(
        Event, on_delete=models.PROTECT, primary_key=True, related_name="link", db_constraint=False
    )
    chain = models.CharField(max_length=6)
    seq = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["chain", "seq"], name="audit_link_once")]

    def __str__(self) -> str:
        return f"{self.chain}:{self.seq}"


class Head(models.Model):
    """The end of a chain, locked while a transaction that lengthens it commits."""

    chain = models.CharField(max_length=6, primary_key=True)
    seq = models.BigIntegerField()
    hash = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.chain}:{self.seq}"
