"""Who is invited to a meeting, what they answered, and who came to which session."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from dekon.coordination.choices import Category, CheckIn, Delivery, Presence, Reply
from dekon.names import PersonKey


class Participant(models.Model):
    """Somebody who is invited to a meeting. NIP and mail address are personal data: masked, and removed in time.

    `number` is printed on the badge, `code` is what its QR code says. `province` or `unit` is whose person it is.
    A representative comes in the place, by name.
    """

    meeting = models.ForeignKey("coordination.Meeting", on_delete=models.PROTECT, related_name="participants")
    number = models.SmallIntegerField()
    code = models.CharField(max_length=16, unique=True)
    category = models.CharField(max_length=12, choices=Category)
    name = models.CharField(max_length=160)
    nip = models.CharField(max_length=18, blank=True)
    position = models.CharField(max_length=255)
    office = models.CharField(max_length=255)
    province = models.ForeignKey("org.Province", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("org.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField(blank=True)
    reply = models.CharField(max_length=8, choices=Reply, default=Reply.NONE)
    replied_at = models.DateTimeField(null=True)
    reply_note = models.CharField(max_length=255, blank=True)
    deputy_name = models.CharField(max_length=160, blank=True)
    deputy_nip = models.CharField(max_length=18, blank=True)
    deputy_position = models.CharField(max_length=255, blank=True)
    added_by = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "number"], name="coordination_participant_number_once"),
            models.UniqueConstraint(
                fields=["meeting", "nip"], condition=~Q(nip="") & Q(withdrawn_at__isnull=True),
                name="coordination_participant_nip_once",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="coordination_participant_number_counts"),
            models.CheckConstraint(
                condition=Q(category__in=Category.values), name="coordination_participant_category_known"
            ),
            models.CheckConstraint(condition=Q(reply__in=Reply.values), name="coordination_participant_reply_known"),
            models.CheckConstraint(
                condition=Q(nip="") | Q(nip__regex=r"^[0-9]{18}$"), name="coordination_participant_nip_digits"
            ),
            models.CheckConstraint(
                condition=Q(deputy_nip="") | Q(deputy_nip__regex=r"^[0-9]{18}$"),
                name="coordination_participant_deputy_nip_digits",
            ),
            models.CheckConstraint(
                condition=(Q(reply="belum") & Q(replied_at=None)) | (~Q(reply="belum") & Q(replied_at__isnull=False)),
                name="coordination_participant_reply_dated",
            ),
            models.CheckConstraint(
                condition=(Q(reply="wakil") & ~Q(deputy_name="")) | (~Q(reply="wakil") & Q(deputy_name="")),
                name="coordination_participant_deputy_named",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="coordination_participant_withdrawal_whole",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class Attendance(models.Model):
    """That somebody came to a session, in person or by a representative, or is excused from it.

    `at` is when it happened, `recorded_at` when it reached the book: a page without a line sends later. `key` makes it
    count once. What was recorded wrongly is declared void and stays.
    """

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="attendance")
    session = models.ForeignKey("coordination.MeetingSession", on_delete=models.PROTECT, related_name="attendance")
    presence = models.CharField(max_length=8, choices=Presence)
    method = models.CharField(max_length=8, choices=CheckIn)
    key = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = PersonKey("org.User", null=True, on_delete=models.PROTECT, related_name="+")
    deputy_name = models.CharField(max_length=160, blank=True)
    note = models.CharField(max_length=255, blank=True)
    voided_at = models.DateTimeField(null=True)
    voided_by = PersonKey("org.User", null=True, on_delete=models.PROTECT, related_name="+")
    void_reason = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["participant", "session"], condition=Q(voided_at__isnull=True),
                name="coordination_attendance_once",
            ),
            models.CheckConstraint(
                condition=Q(presence__in=Presence.values), name="coordination_attendance_presence_known"
            ),
            models.CheckConstraint(condition=Q(method__in=CheckIn.values), name="coordination_attendance_method_known"),
            models.CheckConstraint(
                condition=~Q(presence="diwakili") | ~Q(deputy_name=""), name="coordination_attendance_deputy_named"
            ),
            models.CheckConstraint(
                condition=Q(method="mandiri") | Q(recorded_by__isnull=False),
                name="coordination_attendance_recorded_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None, void_reason="")
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
                name="coordination_attendance_void_whole",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.participant_id} {self.presence}"


class InvitationMail(models.Model):
    """The mail that brings somebody the invitation, or a reminder of it: waiting, sent, or failed after some tries."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="mails")
    reminder = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=Delivery, default=Delivery.WAITING)
    tries = models.SmallIntegerField(default=0)
    try_at = models.DateTimeField(db_default=Now())
    ordered_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=64, blank=True, help_text="code of the last refusal")

    class Meta:
        ordering: ClassVar = ["ordered_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["participant"], condition=Q(state="antre"), name="coordination_mail_one_waiting"
            ),
            models.CheckConstraint(condition=Q(state__in=Delivery.values), name="coordination_mail_state_known"),
            models.CheckConstraint(
                condition=Q(state="terkirim", sent_at__isnull=False) | (~Q(state="terkirim") & Q(sent_at=None)),
                name="coordination_mail_sent_dated",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.participant_id} {self.state}"
