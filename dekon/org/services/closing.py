"""Accounts that nobody uses are closed after a warning; who leaves is closed by an administrator."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from dekon.audit import services as audit
from dekon.errors import NotFound, RuleBroken
from dekon.org import selectors
from dekon.org.choices import Action, MailKind
from dekon.org.models import ApiToken, User
from dekon.org.services.mails import order_mail
from dekon.org.services.people import require
from dekon.org.services.signing_in import end_sessions

IDLE_DAYS = 90
"""So long without a sign-in or a call an account may stand (house rule)."""
NOTICE_DAYS = 14
"""So long before its closing the owner is told (house rule)."""


def last_used(users: QuerySet[User]) -> QuerySet[User]:
    """People with `used_at`: when they last signed in or a key of theirs was used; the day of opening counts too."""
    return users.annotate(
        used_at=Greatest(
            "date_joined", Coalesce("last_login", "date_joined"),
            Coalesce(Max("tokens__last_used_at"), "date_joined"), Coalesce(Max("signed_in__seen_at"), "date_joined"),
        )
    )  # fmt: skip


@transaction.atomic
def close_idle_accounts(*, now: datetime) -> tuple[int, int]:
    """Warn who has not come for long, and close who was warned and still did not come. People of the demo stay.

    Returns:
        How many were warned and how many closed.

    Legal: house rule.
    """
    people = User.objects.filter(is_active=True, is_demo=False).exclude(username=selectors.SYSTEM_USER)
    used_up, warned_long_ago = now - timedelta(days=IDLE_DAYS), now - timedelta(days=NOTICE_DAYS)
    idle = last_used(people).filter(Q(used_at__lt=used_up + timedelta(days=NOTICE_DAYS)))
    to_close = list(idle.filter(Q(used_at__lt=used_up), warned_at__lte=warned_long_ago))
    to_warn = list(idle.filter(warned_at__isnull=True))
    system = selectors.system_user()
    for user in to_close:
        _close(system, user, f"{IDLE_DAYS} hari tidak dipakai", now)
    for user in to_warn:
        order_mail(MailKind.CLOSING, user=user, facts={"days": NOTICE_DAYS})
        audit.record(actor=system, action="closing-announced", subject_type="user", subject_id=user.pk)
    User.objects.filter(pk__in=[user.pk for user in to_warn]).update(warned_at=now)
    return len(to_warn), len(to_close)


@transaction.atomic
def close_account(*, actor: User, username: str, reason: str, now: datetime) -> User:
    """Close an account at once, with its keys and sessions. What the person did stays.

    Raises:
        NotFound: no such user.
        RuleBroken: no reason.
        Conflict: it is closed already.
        NotAllowed: the actor does not close accounts, or it is the actor's own.
    """
    user = _locked(username)
    require(actor, Action.CLOSE_ACCOUNT, selectors.matter_of_account(user))
    if len(reason.strip()) < 5:
        raise RuleBroken("entry-reason-missing", length=5)
    _close(actor, user, reason.strip(), now)
    return user


@transaction.atomic
def reopen_account(*, actor: User, username: str, now: datetime) -> User:
    """Open a closed account again; the person signs in as before, old keys stay revoked.

    Raises:
        NotFound: no such user.
        Conflict: it is open.
        NotAllowed: the actor does not manage users.
    """
    user = _locked(username)
    require(actor, Action.REOPEN_ACCOUNT, selectors.matter_of_account(user))
    User.objects.filter(pk=user.pk).update(
        is_active=True, closed_at=None, closing_reason="", warned_at=None, last_login=now
    )
    audit.record(
        actor=actor, action="account-reopened", subject_type="user", subject_id=user.pk, subject_name=user.username
    )  # fmt: skip
    return user


def _locked(username: str) -> User:
    user = User.objects.select_for_update().filter(username=username).exclude(username=selectors.SYSTEM_USER).first()
    if user is None:
        raise NotFound("user-unknown", username=username)
    return user


def _close(actor: User, user: User, reason: str, now: datetime) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False, closed_at=now, closing_reason=reason[:255])
    ApiToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=now)
    end_sessions(user, now=now)
    order_mail(MailKind.CLOSED, user=user, facts={"reason": reason})
    audit.record(
        actor=actor, action="account-closed", subject_type="user", subject_id=user.pk, subject_name=user.username,
        reason=reason,
    )  # fmt: skip
