"""Invitations and new passwords: a mailed link, good once and for a while, lets its reader choose a password."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from dekon.audit import services as audit
from dekon.errors import NotAllowed, NotFound, RuleBroken
from dekon.org import selectors
from dekon.org.choices import LOCAL_ROLES, Action, LinkKind, MailKind, Role
from dekon.org.models import Invitation, MailedLink, Registration, RoleAssignment, User
from dekon.org.selectors import Matter, Place
from dekon.org.selectors.sign_in import GoodLink, Offer, good_link
from dekon.org.services.mails import LINK_LIFE, order_mail
from dekon.org.services.naming import mail_address, person_name
from dekon.org.services.people import require
from dekon.org.services.signing_in import end_sessions
from dekon.org.services.unseen import next_number
from dekon.scope import EVERYWHERE, become, claiming, scoped_transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What user names end with: nothing that looks like something else."""


def require_giving(actor: User, role: str, province: str, *, email: str = "") -> None:
    """Go on only if the actor may let somebody in with this role there.

    Args:
        actor: who invites or approves.
        role: a code of `Role`.
        province: Kemendagri code, empty for the ministry.
        email: of whom it is given to; nobody gives one to themselves.

    Raises:
        NotAllowed: another place, a role that only the ministry gives, or one's own.
    """
    found = selectors.province_or_none(province)
    place = Place(province=province, name=found.name if found else "")
    require(actor, Action.MANAGE_OFFICE_USERS, Matter(place, prepared_by=selectors.people_at(email)))
    if role not in LOCAL_ROLES and not selectors.may(actor, Action.MANAGE_USERS).allowed:
        raise NotAllowed("role-by-ministry", role=str(Role(role).label))


@transaction.atomic
def invite(
    *, actor: User, display_name: str, email: str, role: str, now: datetime, province: str = "", unit: str = "",
    language: str = "id", registration: Registration | None = None,
) -> Invitation:  # fmt: skip
    """Let somebody open an account; the link leaves by mail.

    Args:
        actor: who invites.
        display_name, email: of the person.
        role: a code of `Role`; province (Kemendagri) and unit (two digits) narrow where it holds.
        now: the moment.
        language: of the mail.
        registration: the request that this answers.

    Raises:
        NotAllowed: the actor may not give this role there.
        NotFound: role or place is unknown.
        RuleBroken: the name or the mail address looks like another.
    """
    if role not in Role.values:
        raise NotFound("role-unknown", role=role, known=", ".join(Role.values))
    require_giving(actor, role, province, email=email)
    link = MailedLink.objects.create(
        kind=LinkKind.INVITATION, made_by=actor, made_at=now, expires_at=now + LINK_LIFE[LinkKind.INVITATION]
    )
    made = Invitation.objects.create(
        link=link, registration=registration, display_name=person_name(display_name),
        email=mail_address(email), role=role,
        province=selectors.province_or_none(province), unit=selectors.unit_or_none(unit), language=language,
    )  # fmt: skip
    order_mail(
        MailKind.INVITATION, to_whom=made.email, language=language, link=link, facts={"role": str(Role(role).label)}
    )
    audit.record(
        actor=actor, action="person-invited", subject_type="invitation", subject_id=made.pk, place=province,
        after={"role": role, "province": province, "unit": unit},
    )  # fmt: skip
    return made


@transaction.atomic
def withdraw_invitation(*, actor: User, number: int, now: datetime) -> Invitation:
    """The link of an invitation is no longer good.

    Raises:
        NotFound: there is none.
        NotAllowed: it is of another place.
        Conflict: it was accepted or withdrawn already.
    """
    made = Invitation.objects.select_related("province", "link").filter(pk=number).first()
    if made is None:
        raise NotFound("invitation-unknown")
    require_giving(actor, made.role, made.province.code if made.province else "")
    made.link = MailedLink.objects.select_for_update().get(pk=made.link_id)
    require(actor, Action.WITHDRAW_INVITATION, selectors.matter_of_invitation(made, now))
    MailedLink.objects.filter(pk=made.link_id).update(revoked_at=now)
    audit.record(
        actor=actor, action="invitation-withdrawn", subject_type="invitation", subject_id=made.pk,
        place=made.province.code if made.province else "",
    )  # fmt: skip
    return made


@transaction.atomic
def accept_invitation(*, token: str, password: str, now: datetime) -> User:
    """Open the account that the invitation offers, with the password chosen. Its new owner is who asks from here on.

    Args:
        token: of the mailed link.
        password: as chosen.
        now: the moment.

    Raises:
        NotFound: the link is not good (any more).
        RuleBroken: the password is too weak.
    """
    found = good_link(token, LinkKind.INVITATION, now=now)
    if found is None or found.offer is None:
        raise NotFound("link-over")
    offer, number = found.offer, next_number(User)
    with scoped_transaction(str(number), _place_of(offer)):
        _lock(found)
        user = _new_account(offer, password, number)
        RoleAssignment.objects.create(
            user=user, role=offer.role, province=offer.province, unit=offer.unit, valid_from=timezone.localdate(now)
        )
        MailedLink.objects.filter(pk=found.number).update(used_at=now, user=user)
    become(str(number))
    audit.record(
        actor=user, action="invitation-accepted", subject_type="user", subject_id=user.pk, subject_name=user.username,
        after={"role": offer.role, "invitation": offer.number},
    )  # fmt: skip
    return user


def _place_of(offer: Offer) -> str:
    """The scope in which the offer lies: nothing beyond it is written."""
    return offer.province.code if offer.province else EVERYWHERE


def _new_account(offer: Offer, password: str, number: int) -> User:
    """The account that is offered, still without its role.

    Raises:
        NotFound: the mail address has got an account meanwhile.
    """
    if selectors.user_by_name(offer.email):
        raise NotFound("link-over")
    user = User(
        pk=number, username=_free_name(offer), display_name=offer.display_name, email=offer.email,
        language=offer.language,
    )  # fmt: skip
    set_good_password(user, password)
    user.save(force_insert=True)
    return user


def ask_for_reset(*, name: str, language: str) -> None:
    """Somebody has forgotten the password. Whether there is such an account, the worker looks up.

    Args:
        name: user name or mail address as typed in.
        language: of the page.
    """
    order_mail(MailKind.RESET, to_whom=name.strip()[:254], language=language)


@transaction.atomic
def reset_password(*, token: str, password: str, now: datetime) -> User:
    """Set a new password by a mailed link. All sessions of the account end; its owner is who asks from here on.

    Raises:
        NotFound: the link is not good (any more).
        RuleBroken: the password is too weak.
    """
    found = good_link(token, LinkKind.RESET, now=now)
    if found is None or found.person is None:
        raise NotFound("link-over")
    with claiming(str(found.person)):
        _lock(found)
        user = User.objects.select_for_update().get(pk=found.person)
        set_good_password(user, password)
    user.save(update_fields=["password"])
    MailedLink.objects.filter(pk=found.number).update(used_at=now)
    end_sessions(user, now=now)
    order_mail(MailKind.PASSWORD, user=user)
    audit.record(actor=user, action="password-changed", subject_type="user", subject_id=user.pk, after={"by": "mail"})
    return user


@transaction.atomic
def change_password(*, actor: User, old: str, password: str, session_key: str, now: datetime) -> None:
    """Set a new password; the other sessions end.

    Args:
        actor: whose.
        old: the present one.
        password: the new one.
        session_key: the session that goes on.
        now: the moment.

    Raises:
        RuleBroken: the present one is wrong or the new one too weak.
    """
    require(actor, Action.OWN_ACCOUNT)
    user = User.objects.select_for_update().get(pk=actor.pk)
    if user.has_usable_password() and not user.check_password(old):
        raise RuleBroken("password-wrong")
    set_good_password(user, password)
    user.save(update_fields=["password"])
    end_sessions(user, but=session_key, now=now)
    order_mail(MailKind.PASSWORD, user=user)
    audit.record(actor=actor, action="password-changed", subject_type="user", subject_id=user.pk, after={"by": "owner"})


def set_good_password(user: User, password: str) -> None:
    """Give the account this password if it is hard to guess.

    Raises:
        RuleBroken: `password-weak`, with everything that is wrong with it.
    """
    if found := weaknesses(user, password):
        raise RuleBroken("password-weak", reason=found)
    user.set_password(password)


def weaknesses(user: User, words: str) -> str:
    """What makes a secret of somebody easy to guess, in sentences; empty where nothing does.

    Args:
        user: whose secret it is; it must not look like the person's names.
        words: the secret; kept nowhere.
    """
    try:
        validate_password(words, user)
    except ValidationError as problem:
        said: Sequence[str] = problem.messages
        return " ".join(said)
    return ""


def _lock(found: GoodLink) -> None:
    """Keep the link, so that two who hold it cannot both use it.

    Raises:
        NotFound: somebody else was first.
    """
    if not MailedLink.objects.select_for_update().filter(pk=found.number, used_at__isnull=True).exists():
        raise NotFound("link-over")


def _free_name(offer: Offer) -> str:
    """A user name that says the office and not the person."""
    where = offer.province.code if offer.province else offer.unit.code if offer.unit else "pusat"
    while True:
        ending = "".join(secrets.choice(LETTERS) for _ in range(4))
        name = f"{offer.role}-{where}-{ending}"
        if selectors.user_by_name(name) is None:
            return name
