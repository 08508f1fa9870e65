"""Reading people and places."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from dekon.errors import NotAllowed, NotFound, Param
from dekon.lib.workdays import Calendar, calendar_from_rows
from dekon.org.choices import PERMITTED, Action, Role, TokenScope
from dekon.org.models import ApiToken, Holiday, Province, RoleAssignment, Satker, Unit, User

SYSTEM_USER = "sistem"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something belongs, as codes: province (Kemendagri), unit, satker. Empty means: to no single one."""

    province: str = ""
    unit: str = ""
    satker: str = ""
    name: str = ""


type Subject = Place | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody may, and if not, the message that says why."""

    allowed: bool
    code: str = ""
    params: Mapping[str, Param] = field(default_factory=dict)


def database_now() -> datetime:
    """The moment, aware."""
    return timezone.now()


def assignments_of(user: User, on: date | None = None) -> list[RoleAssignment]:
    """The roles a person holds on a day (today if not said).

    Who answers a request reads them once and keeps them in `held_today` of that one object.
    """
    known: list[RoleAssignment] | None = getattr(user, "held_today", None)
    if known is not None and on is None:
        return known
    day = on or timezone.localdate()
    held = RoleAssignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), user=user, valid_from__lte=day
    )
    return list(held.select_related("province", "unit", "satker"))


def with_roles(user: User) -> User:
    """The same person, whose roles of today are read now if they have not been, and not again for this object."""
    if not hasattr(user, "held_today"):
        user.held_today = assignments_of(user)  # type: ignore[attr-defined]  # lives as long as the request
    return user


def may(actor: User, action: Action, subject: Subject = None) -> Verdict:
    """Whether the actor may do it, there. The system account of the command line may do everything.

    Args:
        actor: who asks.
        action: what for.
        subject: the place it concerns; None where the action concerns no place or a page only asks whether to show
        itself.
    """
    if actor.username == SYSTEM_USER:
        return Verdict(True)
    holding = [a for a in assignments_of(actor) if action in PERMITTED[Role(a.role)]] if actor.is_active else []
    if not holding:
        return Verdict(False, "not-allowed-role", {"action": str(Action(action).label)})
    if subject is None or any(_covers(assignment, subject) for assignment in holding):
        return Verdict(True)
    return Verdict(
        False, "not-allowed-place", {"place": subject.name or subject.satker or subject.province or "nasional"}
    )


def _covers(assignment: RoleAssignment, place: Place) -> bool:
    """An assignment covers a place when each bound it has equals the place's; a place without that code is wider."""
    return (
        (assignment.province is None or assignment.province.code == place.province)
        and (assignment.unit is None or assignment.unit.code == place.unit)
        and (assignment.satker is None or assignment.satker.code == place.satker)
    )


def scope_of(user: User) -> str:
    """The places a person's roles reach, as the database session keeps it: `*`, or codes of provinces, or nothing."""
    held = assignments_of(user)
    if any(a.province is None and a.satker is None for a in held):
        return "*"
    return ",".join(sorted({a.province.code for a in held if a.province}))


def system_user() -> User:
    """The account that the command line and jobs without a person act as."""
    return User.objects.get(username=SYSTEM_USER)


def user_by_id(number: int) -> User:
    """A person by the number of the account.

    Raises:
        NotFound: there is none.
    """
    user = User.objects.filter(pk=number).first()
    if user is None:
        raise NotFound("user-unknown", username=str(number))
    return user


def user_of_token(key: str, *, writing: bool, now: datetime) -> User | None:
    """Whose key it is, if it is good at that moment and its scope is enough."""
    token = (
        ApiToken.objects.select_related("user")
        .filter(digest=hashlib.sha256(key.encode()).hexdigest(), revoked_at__isnull=True, user__is_active=True)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        .first()
    )
    if token is None or (writing and token.scope != TokenScope.WRITE):
        return None
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token.user


def users() -> list[User]:
    """All accounts but the system's, by name."""
    return list(User.objects.exclude(username=SYSTEM_USER).prefetch_related("assignments").order_by("username"))


def holidays(year: int | None = None) -> list[Holiday]:
    """Days on which offices are closed, of a year or of all."""
    days = Holiday.objects.order_by("day")
    return list(days.filter(day__year=year) if year else days)


def working_calendar() -> Calendar:
    """The calendar of working days as the list of holidays stands now."""
    return calendar_from_rows(holidays())


def provinces_in_year(year: int) -> list[Province]:
    """The provinces that existed when the fiscal year began: 34 for 2022, 38 from 2023."""
    return list(Province.objects.on(date(year, 1, 1)))


def provinces_on(day: date) -> list[Province]:
    """The provinces that existed on a day: 34, 37 from 11 November 2022, 38 from 9 December 2022."""
    return list(Province.objects.on(day))


def units_in_year(year: int) -> list[Unit]:
    """The units eselon I of a year."""
    return list(Unit.objects.in_year(year))


def satker_by_code(codes: Iterable[str]) -> dict[str, Satker]:
    """Satker with their unit and province, by code; unknown codes are missing."""
    return {
        s.code: s for s in Satker.objects.filter(code__in=list(codes)).select_related("unit", "province", "authority")
    }


def satker_place(satker: Satker) -> Place:
    """Where a satker belongs."""
    return Place(satker.province.code if satker.province else "", satker.unit.code, satker.code, satker.name)


def _one[M: (Province, Unit, Satker)](found: M | None, code: str, listing: str) -> M:
    if found is None:
        raise NotFound("place-unknown", code=code, listing=listing)
    return found


def province_or_none(code: str) -> Province | None:
    """The province with this Kemendagri code; None for an empty code.

    Raises:
        NotFound: no such province.
    """
    return _one(Province.objects.filter(code=code).first(), code, "provinsi") if code else None


def unit_or_none(code: str) -> Unit | None:
    """The unit of BA 026 with this code; None for an empty code.

    Raises:
        NotFound: no such unit.
    """
    return _one(Unit.objects.filter(ba_code="026", code=code).first(), code, "unit eselon I") if code else None


def satker_or_none(code: str) -> Satker | None:
    """The satker with this code; None for an empty code.

    Raises:
        NotFound: no such satker.
    """
    return _one(Satker.objects.filter(code=code).first(), code, "satker") if code else None


def province_of_kdlokasi(kdlokasi: str) -> Province | None:
    """The province with this code of the Finance Ministry (the first two digits of a satker of authority 3 or 4)."""
    return Province.objects.filter(kdlokasi=kdlokasi).first()


def narrowed(actor: User, action: Action, wanted: Place) -> Place:
    """The part of what is asked for that the actor's roles reach: a province's people get their province.

    Args:
        actor: who asks.
        action: what for.
        wanted: codes asked for; empty ones are open and get filled by the bounds of the role. Of several roles the
        first that reaches anything of it counts.

    Raises:
        NotAllowed: no role reaches there.
        NotFound: the satker does not exist.
    """
    verdict = may(actor, action)
    if not verdict.allowed:
        raise NotAllowed(verdict.code, **verdict.params)
    if actor.username == SYSTEM_USER:
        return wanted
    satker = satker_or_none(wanted.satker)
    known = satker_place(satker) if satker else wanted
    for assignment in assignments_of(actor):
        bounds = _bounds(assignment)
        reached = _covers(assignment, known) if satker else _compatible(bounds, known)
        if reached and action in PERMITTED[Role(assignment.role)]:
            return Place(
                wanted.province or bounds.province,
                wanted.unit or bounds.unit,
                wanted.satker or bounds.satker,
                wanted.name,
            )
    raise NotAllowed(
        "not-allowed-place", place=known.name or known.satker or known.province or known.unit or "nasional"
    )


def _bounds(assignment: RoleAssignment) -> Place:
    return Place(
        assignment.province.code if assignment.province else "",
        assignment.unit.code if assignment.unit else "",
        assignment.satker.code if assignment.satker else "",
    )


def _compatible(bounds: Place, place: Place) -> bool:
    pairs = ((bounds.province, place.province), (bounds.unit, place.unit), (bounds.satker, place.satker))
    return all(not bound or not asked or bound == asked for bound, asked in pairs)


def listed_provinces(on: date | None = None) -> QuerySet[Province]:
    """All provinces with the one they came from, or those of a day."""
    return (Province.objects.on(on) if on else Province.objects.all()).select_related("parent")


def listed_satker(on: date | None = None, *, province: str = "", unit: str = "") -> QuerySet[Satker]:
    """All satker, or those of a day, a province (Kemendagri code), a unit."""
    found = Satker.objects.on(on) if on else Satker.objects.all()
    bounds = {"province__code": province, "unit__code": unit}
    found = found.filter(**{name: code for name, code in bounds.items() if code})
    return found.select_related("unit", "province", "authority", "kppn")
