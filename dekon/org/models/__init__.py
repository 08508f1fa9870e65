"""Tables of people and places. Everything with a code is effective-dated: `valid_to` is the last day it holds."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from dekon.names import PersonKey
from dekon.org.choices import DayKind, Institution, Role, Standing, TokenScope, VersionKind
from dekon.org.models.accounts import (
    FailedSignIn,
    Invitation,
    KnownDevice,
    MailedLink,
    MailOrder,
    Registration,
    SignedIn,
)

__all__ = [
    "EARLIEST",
    "ApiToken",
    "Authority",
    "CodeVersion",
    "Dated",
    "DatedQuerySet",
    "FailedSignIn",
    "FundSource",
    "Holiday",
    "Invitation",
    "KnownDevice",
    "Kppn",
    "MailOrder",
    "MailedLink",
    "Province",
    "ReferenceState",
    "Registration",
    "RoleAssignment",
    "Satker",
    "SignedIn",
    "Submission",
    "Unit",
    "User",
    "dated_constraint",
]

EARLIEST = date(1945, 8, 17)


class DatedQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows that hold for a period."""

    def on(self, day: date) -> Self:
        """Those in force on that day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)

    def in_year(self, year: int) -> Self:
        """Those in force on any day of that year."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=date(year, 1, 1)), valid_from__lte=date(year, 12, 31)
        )


class Dated(models.Model):
    """A code of a list, with the days on which it holds."""

    kept: ClassVar[bool] = True

    valid_from = models.DateField(default=EARLIEST)
    valid_to = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True


def dated_constraint(table: str) -> models.CheckConstraint:
    """A period does not end before it begins."""
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name=f"{table}_period_forward"
    )


class Province(Dated):
    """A province, with the three code systems that disagree.

    Never join on "province code" without naming the system.
    """

    code = models.CharField(max_length=2, unique=True, help_text="Kemendagri")
    bps_code = models.CharField(max_length=2, unique=True)
    kdlokasi = models.CharField(max_length=2, unique=True, help_text="Kementerian Keuangan")
    iso_code = models.CharField(max_length=5, unique=True)
    name = models.CharField(max_length=64)
    short_name = models.CharField(max_length=16)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [dated_constraint("org_province")]

    def __str__(self) -> str:
        return self.name


class Unit(Dated):
    """A unit eselon I: a directorate general or its equal. Codes are unique within a ministry (BA)."""

    ba_code = models.CharField(max_length=3, default="026")
    code = models.CharField(max_length=2)
    name = models.CharField(max_length=160)
    short_name = models.CharField(max_length=32)

    class Meta:
        ordering: ClassVar = ["ba_code", "code"]
        constraints: ClassVar = [
            dated_constraint("org_unit"),
            models.UniqueConstraint(fields=["ba_code", "code"], name="org_unit_code_in_ba"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.short_name}"


class Authority(Dated):
    """Kewenangan: by which title a satker spends central money (3 DK is deconcentration)."""

    code = models.CharField(max_length=1, unique=True)
    abbreviation = models.CharField(max_length=2, unique=True)
    name = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [dated_constraint("org_authority")]

    def __str__(self) -> str:
        return f"{self.abbreviation} {self.name}"


class Kppn(Dated):
    """A state treasury office, the place of payment."""

    code = models.CharField(max_length=3, unique=True)
    name = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [dated_constraint("org_kppn")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Satker(Dated):
    """A working unit with its own DIPA. A province has one per directorate general that delegates to it.

    Authority, province and place of payment may stay open until a file or a person says them.
    """

    code = models.CharField(max_length=6, unique=True)
    name = models.CharField(max_length=160)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="satker")
    province = models.ForeignKey(Province, null=True, blank=True, on_delete=models.PROTECT, related_name="satker")
    authority = models.ForeignKey(Authority, null=True, blank=True, on_delete=models.PROTECT, related_name="satker")
    kppn = models.ForeignKey(Kppn, null=True, blank=True, on_delete=models.PROTECT, related_name="satker")

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            dated_constraint("org_satker"),
            models.CheckConstraint(condition=Q(code__regex=r"^\d{6}$"), name="org_satker_code_six_digits"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class FundSource(Dated):
    """Sumber dana: where the money of a budget line comes from (RM is rupiah murni)."""

    code = models.CharField(max_length=2, unique=True)
    abbreviation = models.CharField(max_length=8)
    name = models.CharField(max_length=64)
    span_code = models.CharField(max_length=1, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [dated_constraint("org_fundsource")]

    def __str__(self) -> str:
        return f"{self.abbreviation} {self.name}"


class Holiday(models.Model):
    """A day on which offices are closed, and since when that was known (a joint decree may change a running year)."""

    kept: ClassVar[bool] = True

    day = models.DateField()
    kind = models.CharField(max_length=16, choices=DayKind)
    name = models.CharField(max_length=96)
    decree = models.CharField(max_length=160, blank=True)
    published_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "name"], condition=Q(withdrawn_on__isnull=True), name="org_holiday_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=DayKind.values), name="org_holiday_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"


class CodeVersion(models.Model):
    """What a code of a list says from a day on, as it was recorded. Append-only: triggers refuse UPDATE and DELETE.

    A correction is a new version that names the one it stands in for (`replaces`). Facts are texts, as a register
    keeps them, references by code; the row in the list's own table carries the typed facts of today and is derived. A
    code that never changed has no version: its row says all.
    """

    append_only: ClassVar[bool] = True
    kept: ClassVar[bool] = True

    listing = models.CharField(max_length=16, help_text="name of the list, such as `satker`")
    code = models.CharField(max_length=6)
    kind = models.CharField(max_length=8, choices=VersionKind)
    valid_from = models.DateField()
    facts = models.JSONField(default=dict)
    reason = models.CharField(max_length=255, blank=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by", db_index=False
    )
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = PersonKey("org.User", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["valid_from", "id"]
        indexes: ClassVar = [models.Index(fields=["listing", "code"], name="org_codeversion_of_code")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=VersionKind.values), name="org_codeversion_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind=VersionKind.VOID) | Q(replaces__isnull=False), name="org_codeversion_void_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing} {self.code} {self.valid_from}"


class Submission(models.Model):
    """A form or an API call that was carried out once: the same key again gets the same answer and changes nothing."""

    user = PersonKey("org.User", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    purpose = models.CharField(max_length=96, help_text="address it was sent to")
    digest = models.CharField(max_length=64, help_text="of what was sent")
    status = models.SmallIntegerField(default=0)
    answer = models.TextField(blank=True, help_text="where a page led to, or the body of an answer of the API")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="org_submission_once")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.key}"


class User(AbstractUser):
    """A person with an account, or the system account that the command line acts as.

    `nik_sealed` is the national identity number, encrypted for this row; nothing lists, exports or logs it.
    """

    nik_sealed = models.CharField(max_length=120, blank=True, default="", editable=False)
    display_name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=2, default="id")
    is_demo = models.BooleanField(default=False)
    warned_at = models.DateTimeField(null=True, blank=True, help_text="when told that the account will be closed")
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_reason = models.CharField(max_length=255, blank=True)

    on_behalf_of: str = ""
    """The office in whose place the person acts, as `services.require` last allowed it; the trail says it."""

    class Meta(AbstractUser.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="org_user_mail_once")
        ]

    def __str__(self) -> str:
        return self.display_name or self.username


class AssignmentQuerySet(DatedQuerySet["RoleAssignment"]):
    """Assignments; of a day or year only those that were not declared void."""

    def counting(self) -> Self:
        """Those that count: never those that were recorded wrongly and declared void."""
        return self.filter(voided_at__isnull=True)

    def on(self, day: date) -> Self:
        """Those in force on that day."""
        return super().on(day).counting()

    def in_year(self, year: int) -> Self:
        """Those in force on any day of that year."""
        return super().in_year(year).counting()


class RoleAssignment(Dated):
    """A person holds a role or an office, somewhere, from a first to a last day, by a letter or decree.

    Unit, province and satker narrow where; empty means everywhere. A Plt. or Plh. is a row of its own: `for_user` is
    the person in whose place it acts, empty where the office is vacant. An early end keeps the day that was planned.
    What was recorded wrongly is declared void, once: it never counted, stays on record and says so.
    """

    kept: ClassVar[bool] = True

    user = PersonKey(User, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=16, choices=Role)
    province = models.ForeignKey(Province, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    satker = models.ForeignKey(Satker, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    standing = models.CharField(max_length=16, choices=Standing, default=Standing.DEFINITIVE)
    for_user = PersonKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="represented")
    signs_kpa = models.BooleanField(default=False, help_text="the decree lets this Plh sign what only the KPA signs")
    institution = models.CharField(max_length=8, choices=Institution, blank=True, default=Institution.NONE)
    decree_no = models.CharField(max_length=96, blank=True, help_text="SK Gubernur, or letter of assignment")
    decree_on = models.DateField(null=True, blank=True)
    letter_digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the letter as stored")
    letter_name = models.CharField(max_length=150, blank=True)
    planned_to = models.DateField(null=True, blank=True, help_text="last day before it was ended early")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=255, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = PersonKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    void_reason = models.CharField(max_length=255, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())
    recorded_by = PersonKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = AssignmentQuerySet.as_manager()  # type: ignore[misc]  # narrower than that of every dated list

    represented_by: RoleAssignment | None = None
    """Who acts in the place today, where `selectors.assignments_of` has looked."""

    class Meta:
        ordering: ClassVar = ["user_id", "id"]
        indexes: ClassVar = [
            models.Index(fields=["satker", "role", "valid_from"], name="org_assignment_of_satker"),
            models.Index(fields=["for_user"], name="org_assignment_for"),
        ]
        constraints: ClassVar = [
            dated_constraint("org_roleassignment"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="org_roleassignment_role_known"),
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="org_roleassignment_standing_known"),
            models.CheckConstraint(
                condition=Q(institution__in=Institution.values), name="org_roleassignment_institution_known"
            ),
            models.CheckConstraint(
                condition=Q(standing=Standing.DEFINITIVE, for_user__isnull=True, signs_kpa=False)
                | Q(valid_to__isnull=False) & ~Q(standing=Standing.DEFINITIVE) & ~Q(decree_no=""),
                name="org_roleassignment_acting_for_a_time",
            ),
            models.CheckConstraint(
                condition=Q(for_user__isnull=True) | ~Q(for_user=F("user")), name="org_roleassignment_for_another"
            ),
            models.CheckConstraint(
                condition=~Q(institution=Institution.BPK)
                | Q(role=Role.AUDITOR, satker__isnull=False, valid_to__isnull=False, decree_on__isnull=False)
                & ~Q(decree_no=""),
                name="org_roleassignment_bpk_by_letter",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(valid_to__isnull=False) & ~Q(end_reason=""),
                name="org_roleassignment_end_says_why",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_by__isnull=True, void_reason="")
                | Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason=""),
                name="org_roleassignment_void_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role}"

    @property
    def office_key(self) -> tuple[str, int | None, int | None, int | None]:
        """What is held: the role and its bounds, whoever holds it."""
        return self.role, self.province_id, self.unit_id, self.satker_id

    @property
    def behalf(self) -> str:
        """Of which office an acting official acts, for the trail; empty for whoever holds it definitively."""
        if self.standing == Standing.DEFINITIVE:
            return ""
        place = self.satker.code if self.satker else self.province.code if self.province else ""
        whose = f" ({self.for_user.get_username()})" if self.for_user else ""
        return f"{self.standing} {self.role} {place}{whose}".replace("  ", " ")


class ApiToken(models.Model):
    """A key for the API. Only its hash is kept; the key itself is shown once."""

    user = PersonKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=8, choices=TokenScope)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(scope__in=TokenScope.values), name="org_apitoken_scope_known")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.scope}"


class ReferenceState(models.Model):
    """Which edition of the shipped reference lists has been loaded, so that a start does not load them again."""

    name = models.CharField(max_length=32, primary_key=True)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name
