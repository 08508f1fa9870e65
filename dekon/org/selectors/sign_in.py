"""What is looked up before it is known who asks. Nothing here decides what may be shown.

Row-level security shows accounts to nobody who is nobody yet: each look-up goes through a function of the database that
takes one exact key and gives what its use needs (`dekon/ops/doors.py`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from dekon.lib.spelling import typed_account
from dekon.org.choices import LinkKind, TokenScope
from dekon.org.models import ApiToken, Province, Unit, User
from dekon.scope import become


@dataclass(frozen=True, slots=True)
class Offer:
    """What an invitation offers: an account with a role at a place."""

    number: int
    display_name: str
    email: str
    role: str
    language: str
    province: Province | None
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class GoodLink:
    """A mailed link that is still good: whose new password it opens (number of the account), or what it offers."""

    number: int
    person: int | None
    offer: Offer | None


def user_by_name(name: str) -> User | None:
    """The account with this user name or mail address, whatever its capitals; None where there is none."""
    return _account("SELECT * FROM dekon_account_by_login(%s)", typed_account(name))


def user_by_sso(provider: str, uid: str) -> User | None:
    """The account that the ministry's sign-in knows by this name."""
    return _account("SELECT * FROM dekon_account_by_sso(%s, %s)", provider, uid)


def _account(query: str, *keys: object) -> User | None:
    """What signing in needs of an account; the rest is read once the person is known."""
    if any("\0" in str(key) for key in keys):  # no text of the database has it
        return None
    return next(iter(User.objects.raw(query, keys)), None)


def own_account(number: int) -> User | None:
    """The account of whoever has proved who it is, if it is open. From here on what is the person's own is seen."""
    become(str(number))
    return User.objects.filter(pk=number, is_active=True).first()


def user_of_token(key: str, *, writing: bool, now: datetime) -> User | None:
    """Whose key it is, if it is good at that moment and its scope is enough."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    user = _account("SELECT * FROM dekon_account_by_token(%s, %s)", digest, now)
    if user is None or (writing and user.token_scope != TokenScope.WRITE):  # type: ignore[attr-defined]  # of the function
        return None
    become(str(user.pk))
    ApiToken.objects.filter(pk=user.token).update(last_used_at=now)  # type: ignore[attr-defined]  # of the function
    return user


def good_link(token: str, kind: LinkKind, *, now: datetime) -> GoodLink | None:
    """The mailed link of this token, if it is still good at that moment."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM dekon_link_by_digest(%s, %s, %s)", [digest, kind, now])
        found = cursor.fetchone()
    if found is None:
        return None
    link, person, offer, display_name, email, role, language, province, unit = found
    if offer is None:
        return GoodLink(link, person, None)
    places = Province.objects.filter(pk=province).first(), Unit.objects.filter(pk=unit).first()
    return GoodLink(link, person, Offer(offer, display_name, email, role, language, *places))


def knows_device(user: User | None, token: str) -> bool:
    """Whether the person has signed in on this browser before."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT dekon_knows_device(%s, %s)", [user.pk if user else 0, digest])
        return bool(cursor.fetchone()[0])
