"""Tables of accounts: requests for one, links and mails that have to leave, where people are signed in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from dekon.names import PersonKey
from dekon.org.choices import LinkKind, MailKind, RegistrationState, Role

DIGEST = 64
"""Hex digits of a SHA-256."""


class Registration(models.Model):
    """A person of a provincial office asks for an account, with a letter of the office. It stays as it was decided."""

    display_name = models.CharField(max_length=150)
    email = models.EmailField(max_length=254)
    job_title = models.CharField(max_length=150)
    role = models.CharField(max_length=16, choices=Role)
    province = models.ForeignKey("org.Province", on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2, default="id")
    letter_digest = models.CharField(max_length=DIGEST)
    letter_name = models.CharField(max_length=150)
    letter_type = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=RegistrationState, default=RegistrationState.WAITING)
    requested_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = PersonKey("org.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering: ClassVar = ["-requested_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=RegistrationState.values), name="org_registration_state_known"
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="org_registration_role_known"),
            models.CheckConstraint(
                condition=Q(state=RegistrationState.WAITING, decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(state=RegistrationState.WAITING),
                name="org_registration_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=RegistrationState.REFUSED) | ~Q(reason=""), name="org_registration_refusal_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.display_name} {self.state}"


class MailedLink(models.Model):
    """A link that lets its reader choose a password: once, until it expires.

    Only its hash is kept, and only from the moment on which the mail leaves.
    """

    kind = models.CharField(max_length=16, choices=LinkKind)
    user = PersonKey("org.User", null=True, on_delete=models.PROTECT, related_name="links")
    digest = models.CharField(max_length=DIGEST, unique=True, null=True)
    made_by = PersonKey("org.User", null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=LinkKind.values), name="org_mailedlink_kind_known"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True), name="org_mailedlink_ends_once"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(kind=LinkKind.INVITATION), name="org_mailedlink_of_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Invitation(models.Model):
    """Somebody may open an account with a role at a place. The account begins when the person accepts.

    Whether the mail address has an account already shows nowhere: the invitation waits and expires all the same.
    """

    link = models.OneToOneField(MailedLink, on_delete=models.PROTECT, related_name="invitation")
    registration = models.OneToOneField(
        Registration, null=True, blank=True, on_delete=models.PROTECT, related_name="invitation"
    )
    display_name = models.CharField(max_length=150)
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=16, choices=Role)
    province = models.ForeignKey("org.Province", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("org.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=2, default="id")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="org_invitation_role_known")
        ]

    def __str__(self) -> str:
        return f"{self.display_name} {self.role}"


class MailOrder(models.Model):
    """A mail that has to leave. The worker writes it and sends it after the transaction that asked for it.

    `to_whom` is what somebody typed in (a mail address or a user name); it is emptied once the mail has left or turned
    out to have no reader, so that the table holds no addresses.
    """

    kind = models.CharField(max_length=24, choices=MailKind)
    to_whom = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=2, default="id")
    link = models.ForeignKey(MailedLink, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    user = PersonKey("org.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField(default=dict)
    ordered_at = models.DateTimeField(db_default=Now())
    try_at = models.DateTimeField(db_default=Now())
    tries = models.SmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["try_at"], condition=Q(done_at__isnull=True), name="org_mailorder_waiting")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=MailKind.values), name="org_mailorder_kind_known")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class SignedIn(models.Model):
    """One sign-in: on which device, from which address, last seen when. Ending it ends the session."""

    user = PersonKey("org.User", on_delete=models.PROTECT, related_name="signed_in")
    session_key = models.CharField(max_length=40, unique=True, null=True, help_text="emptied when it ends")
    device = models.CharField(max_length=96, blank=True)
    address = models.GenericIPAddressField(null=True)
    factor = models.CharField(max_length=16, blank=True)
    began_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-seen_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["user", "-seen_at"], name="org_signedin_of_user")]

    def __str__(self) -> str:
        return f"{self.user} {self.began_at}"


class FailedSignIn(models.Model):
    """How often signing in failed lately, by account, device or address. The key is a hash; nobody is named."""

    key = models.CharField(max_length=DIGEST, primary_key=True)
    failures = models.IntegerField()
    last_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["last_at"], name="org_failedsignin_last")]

    def __str__(self) -> str:
        return f"{self.failures}"


class KnownDevice(models.Model):
    """A browser on which a person has signed in before: guesses of others do not slow it down."""

    user = PersonKey("org.User", on_delete=models.PROTECT, related_name="devices")
    digest = models.CharField(max_length=DIGEST, unique=True)
    known_since = models.DateTimeField(db_default=Now())
    used_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.user}"
