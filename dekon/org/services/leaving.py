"""Who has left: what is personal and no longer needed goes, what was done and by whom stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Q

from dekon.audit import services as audit
from dekon.org import selectors
from dekon.org.models import ApiToken, Invitation, Registration, User

KEPT_DAYS = 90
"""So long after its closing the personal data of an account stay, for questions and for a return (house rule)."""


@transaction.atomic
def minimise_leavers(*, now: datetime) -> int:
    """Take mail, NIK, password, factors and keys from accounts that were closed long ago. Run again it changes nothing.

    Name, offices and everything that the person did stay: they are the record. The trail is not touched, so that it
    still verifies.

    Args:
        now: the moment, aware.

    Returns:
        How many people.

    Legal: UU 27/2022 art. 16 (2) g, 43, 44.
    """
    long_ago = now - timedelta(days=KEPT_DAYS)
    left = User.objects.filter(is_active=False, closed_at__lte=long_ago).exclude(username=selectors.SYSTEM_USER)
    holding = ~Q(email="") | ~Q(nik_sealed="") | ~Q(first_name="") | ~Q(last_name="")
    holding |= ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    people = list(User.objects.select_for_update().filter(pk__in=left.filter(holding)).order_by("pk"))
    for user in people:
        _minimise(user)
    return len(people)


def _minimise(user: User) -> None:
    mail = user.email
    for table in (Registration, Invitation):
        if mail:
            table.objects.filter(email__iexact=mail).update(email="")
    for held in (Authenticator, SocialAccount):
        held.objects.filter(user=user).delete()
    ApiToken.objects.filter(user=user).update(name="")
    user.email = user.nik_sealed = user.first_name = user.last_name = ""
    user.set_unusable_password()
    user.save(update_fields=["email", "nik_sealed", "first_name", "last_name", "password"])
    audit.record(
        actor=selectors.system_user(), action="person-minimised", subject_type="user", subject_id=user.pk,
        subject_name=user.username, after={"taken": ["email", "nik", "password", "factors", "keys"]},
    )  # fmt: skip
