"""Looking up accounts before anybody is signed in: few, narrow questions, each by one key."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db.models import Q

from dekon.org.choices import LinkKind
from dekon.org.models import KnownDevice, MailedLink, User
from dekon.scope import show


def user_by_name(name: str) -> User | None:
    """The account with this user name or mail address, whatever its capitals; None where there is none."""
    wanted = name.strip()
    if not wanted:
        return None
    if "@" in wanted:
        return User.objects.filter(email__iexact=wanted).exclude(email="").first()
    return User.objects.filter(username__iexact=wanted).order_by("id").first()


def user_by_number(number: int) -> User | None:
    """The account with this number, if it is open."""
    return User.objects.filter(pk=number, is_active=True).first()


def good_link(token: str, kind: LinkKind, *, now: datetime) -> MailedLink | None:
    """The mailed link of this token, if it is still good at that moment."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    show(digest)
    return (
        MailedLink.objects.select_related("user", "invitation")
        .filter(kind=kind, digest=digest, used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)
        .filter(Q(user__isnull=True) | Q(user__is_active=True))
        .first()
    )


def knows_device(user: User | None, token: str) -> bool:
    """Whether the person has signed in on this browser before."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    return KnownDevice.objects.filter(user_id=user.pk if user else 0, digest=digest).exists()
