"""People, their keys for the API, and `require`."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from dekon.audit import services as audit
from dekon.errors import Conflict, NotAllowed, NotFound, RuleBroken
from dekon.org import selectors
from dekon.org.choices import Action, Institution, Role, TokenScope
from dekon.org.models import ApiToken, RoleAssignment, User
from dekon.org.selectors import Subject, may
from dekon.org.services.naming import account_name, person_name

TOKEN_BYTES = 32


def require(actor: User, action: Action, subject: Subject = None) -> None:
    """Go on only if the actor may; the trail then says on whose behalf, until the next time it is asked.

    Raises:
        NotAllowed: with the reason that `may` gives.
        Conflict: `not-allowed-status`: the thing stands so that nobody may do this to it.
    """
    verdict = may(actor, action, subject)
    if verdict.code == selectors.STATUS:
        raise Conflict(verdict.code, **verdict.params)
    if not verdict.allowed:
        raise NotAllowed(verdict.code, **verdict.params)
    actor.on_behalf_of = verdict.on_behalf_of


@transaction.atomic
def add_user(
    *, actor: User, username: str, password: str, role: str, display_name: str = "", province: str = "", unit: str = "",
    satker: str = "", is_demo: bool = False, decree_no: str = "", decree_on: date | None = None,
) -> User:  # fmt: skip
    """A person with an account and one role, from today on.

    Args:
        password: kept as a salted hash; empty makes an account that cannot sign in.
        role: a code of `Role`, or empty for an account whose offices are recorded later; province (Kemendagri), unit
        (two digits) and satker (six digits) narrow where it holds. decree_no, decree_on: of an office of a satker.

    Raises:
        Conflict: the user name is taken, whatever its capitals.
        NotFound: role or place is unknown.
        RuleBroken: an office without its satker or decree, or a name that looks like another.
        NotAllowed: the actor does not manage users.
    """
    require(actor, Action.MANAGE_USERS)
    if role and role not in Role.values:
        raise NotFound("role-unknown", role=role, known=", ".join(Role.values))
    username = account_name(username)
    if User.objects.filter(username__iexact=username).exists():
        raise Conflict("user-exists", username=username)
    if role in selectors.matrix().offices.order and not (satker and decree_no and decree_on):
        raise RuleBroken("office-needs-decree", office=str(Role(role).label))
    user = User(
        username=username, display_name=person_name(display_name) if display_name else username, is_demo=is_demo
    )
    user.set_password(password or None)
    user.save()
    if role:
        RoleAssignment.objects.create(
            user=user, role=role, province=selectors.province_or_none(province), unit=selectors.unit_or_none(unit),
            satker=selectors.satker_or_none(satker), valid_from=timezone.localdate(), decree_no=decree_no,
            decree_on=decree_on, recorded_by=actor,
            institution=Institution.ITJEN if role == Role.AUDITOR else Institution.NONE,
        )  # fmt: skip
    audit.record(
        actor=actor, action="user-added", subject_type="user", subject_id=user.pk, subject_name=username,
        after={"role": role, "province": province, "unit": unit, "satker": satker},
    )  # fmt: skip
    return user


@transaction.atomic
def disable_user(*, actor: User, username: str) -> User:
    """The person can no longer sign in; what they did stays.

    Raises:
        NotFound: no such user.
        Conflict: it is closed already.
        NotAllowed: the actor does not close accounts, or it is the actor's own.
    """
    user = User.objects.select_for_update().filter(username=username).first()
    if user is None:
        raise NotFound("user-unknown", username=username)
    require(actor, Action.CLOSE_ACCOUNT, selectors.matter_of_account(user))
    User.objects.filter(pk=user.pk).update(is_active=False)
    ApiToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=selectors.database_now())
    audit.record(actor=actor, action="user-disabled", subject_type="user", subject_id=user.pk, subject_name=username)
    return user


@transaction.atomic
def create_token(*, actor: User, username: str, scope: str, name: str = "", expires_at: datetime | None = None) -> str:
    """A key for the API, returned once; only its hash is kept.

    Raises:
        NotFound: no such user.
        NotAllowed: it is not the actor's own and the actor does not manage users.
    """
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise NotFound("user-unknown", username=username)
    if user.pk != actor.pk:
        require(actor, Action.MANAGE_USERS)
    key = f"dekon_{secrets.token_urlsafe(TOKEN_BYTES)}"
    token = ApiToken.objects.create(
        user=user, name=name, scope=TokenScope(scope), expires_at=expires_at,
        digest=hashlib.sha256(key.encode()).hexdigest(),
    )  # fmt: skip
    audit.record(
        actor=actor, action="token-created", subject_type="token", subject_id=token.pk, subject_name=username,
        after={"scope": scope, "expires_at": expires_at.isoformat() if expires_at else None},
    )  # fmt: skip
    return key


@transaction.atomic
def revoke_token(*, actor: User, number: int, now: datetime) -> ApiToken:
    """A key for the API is no longer good, from now on and for ever.

    Raises:
        NotFound: there is none, or it is revoked already.
        NotAllowed: it is not the actor's own and the actor does not manage users.
    """
    token = ApiToken.objects.select_for_update().filter(pk=number).first()
    if token is None or token.revoked_at is not None:
        raise NotFound("token-unknown")
    if token.user_id != actor.pk:
        require(actor, Action.MANAGE_USERS)
    ApiToken.objects.filter(pk=token.pk).update(revoked_at=now)
    audit.record(
        actor=actor, action="token-revoked", subject_type="token", subject_id=token.pk,
        subject_name=token.user.username,
    )  # fmt: skip
    return token
