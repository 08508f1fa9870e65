"""Second factors: what a person has, and who needs one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings

from dekon.org.choices import FACTOR_ROLES, Role
from dekon.org.models import User
from dekon.org.selectors import assignments_of

PROVING = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
DEMO = "demo"
"""Mark of a factor that the command line made for a person of the demo."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One second factor: an app that shows codes, or a passkey."""

    number: int
    kind: str
    name: str
    since: datetime
    used_at: datetime | None
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person can prove with, and how many recovery codes are left."""

    held: tuple[Factor, ...] = ()
    codes_left: int = 0

    @property
    def has_app(self) -> bool:
        """Whether an app shows codes."""
        return any(one.kind == Authenticator.Type.TOTP for one in self.held)

    @property
    def has_passkey(self) -> bool:
        """Whether there is a passkey."""
        return any(one.kind == Authenticator.Type.WEBAUTHN for one in self.held)


def factors_of(user: User) -> Factors:
    """The second factors of a person, oldest first."""
    held: list[Factor] = []
    codes_left = 0
    for one in Authenticator.objects.filter(user=user).order_by("id"):
        if one.type == Authenticator.Type.RECOVERY_CODES:
            codes_left = len(one.wrap().get_unused_codes())
        else:
            held.append(
                Factor(
                    one.pk, one.type, str(one.data.get("name", "")), one.created_at, one.last_used_at,
                    bool(one.data.get(DEMO)),
                )
            )  # fmt: skip
    return Factors(tuple(held), codes_left)


def is_asked(user: User) -> bool:
    """Whether signing in asks for a second factor: the person has set one up."""
    found = Authenticator.objects.filter(user=user, type__in=PROVING)
    if spared(user):
        found = found.exclude(data__has_key=DEMO)
    return bool(found.exists())


def must_have(user: User) -> bool:
    """Whether the person's roles ask for a second factor: who signs, reviews or administers."""
    return not spared(user) and any(Role(one.role) in FACTOR_ROLES for one in assignments_of(user))


def spared(user: User) -> bool:
    """People of the demo sign in with its one password."""
    return user.is_demo and not settings.ASKS_DEMO_FOR_FACTOR
