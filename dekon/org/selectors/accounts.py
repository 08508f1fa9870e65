"""Reading accounts: sessions, keys of the API, requests, invitations, and the list for who manages them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import FETCH_PEERS, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from dekon.errors import NotFound
from dekon.org.choices import FACTOR_ROLES, Action, Role
from dekon.org.models import ApiToken, Invitation, Registration, RoleAssignment, SignedIn, User
from dekon.org.selectors import SYSTEM_USER, Place, assignments_of, may
from dekon.org.selectors.factors import PROVING, spared


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as who manages accounts sees it: the person, the roles of today, whether a factor is there or due."""

    user: User
    held: tuple[RoleAssignment, ...]
    has_factor: bool
    needs_factor: bool
    signed_in_at: datetime | None


def open_sessions(user: User) -> list[SignedIn]:
    """Where a person is signed in, the latest used first."""
    return list(SignedIn.objects.filter(user=user, ended_at__isnull=True))


def tokens_of(user: User) -> list[ApiToken]:
    """All keys of a person for the API, the newest first; revoked ones stay listed."""
    return list(ApiToken.objects.filter(user=user).order_by("-id"))


def provinces_managed(actor: User) -> set[str] | None:
    """Codes of the provinces whose staff the actor lets in; None for all."""
    if may(actor, Action.MANAGE_USERS).allowed:
        return None
    held = {one.province.code for one in assignments_of(actor) if one.province}
    return {code for code in held if may(actor, Action.MANAGE_OFFICE_USERS, Place(province=code)).allowed}


def registrations_for(actor: User) -> list[Registration]:
    """Requests that the actor sees, those that wait first."""
    return list(_within(Registration.objects.all(), actor).order_by("decided_at", "-requested_at", "-id"))


def registration_for(actor: User, number: int) -> Registration:
    """One request that the actor sees.

    Raises:
        NotFound: there is none, or it is of another office.
    """
    found = _within(Registration.objects.filter(pk=number), actor).first()
    if found is None:
        raise NotFound("registration-unknown")
    return found


def _within(found: QuerySet[Registration], actor: User) -> QuerySet[Registration]:
    managed = provinces_managed(actor)
    if managed is not None:
        found = found.filter(province__code__in=managed)
    return found.select_related("province").fetch_mode(FETCH_PEERS)


def invitations_for(actor: User) -> list[Invitation]:
    """Invitations that the actor sees, the newest first."""
    managed = provinces_managed(actor)
    found = Invitation.objects.select_related("province", "unit", "link").fetch_mode(FETCH_PEERS)
    return list(found if managed is None else found.filter(province__code__in=managed))


def accounts_for(actor: User, *, now: datetime) -> list[AccountRow]:
    """The accounts that the actor sees: all, or those with a role in the own province or its satker. Four queries."""
    managed = provinces_managed(actor)
    people = User.objects.exclude(username=SYSTEM_USER).order_by("username")
    if managed is not None:
        here = RoleAssignment.objects.counting().filter(
            Q(province__code__in=managed) | Q(satker__province__code__in=managed), user=OuterRef("pk")
        )
        people = people.filter(Exists(here))
    listed = list(people)
    held = _roles_of(listed, now)
    with_factor = set(Authenticator.objects.filter(user__in=listed, type__in=PROVING).values_list("user_id", flat=True))
    return [_row(one, held[one.pk], with_factor) for one in listed]


def _row(user: User, held: list[RoleAssignment], with_factor: set[int]) -> AccountRow:
    needs = not spared(user) and any(Role(one.role) in FACTOR_ROLES for one in held)
    return AccountRow(user, tuple(held), user.pk in with_factor, needs, user.last_login)


def _roles_of(people: Iterable[User], now: datetime) -> dict[int, list[RoleAssignment]]:
    day = timezone.localdate(now)
    found: dict[int, list[RoleAssignment]] = defaultdict(list)
    rows = RoleAssignment.objects.counting().filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), user__in=list(people), valid_from__lte=day
    )
    for one in rows.select_related("province", "unit", "satker"):
        found[one.user_id].append(one)
    return found
