"""Reading people and places."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from dekon.errors import NotFound
from dekon.lib.workdays import Calendar, calendar_from_rows
from dekon.org.choices import Role
from dekon.org.matrix import matrix
from dekon.org.models import Holiday, Province, RoleAssignment, Satker, Unit, User
from dekon.org.selectors.matters import (
    assignment_state,
    invitation_state,
    matter_of_account,
    matter_of_assignment,
    matter_of_invitation,
    matter_of_registration,
    people_at,
)
from dekon.org.selectors.personal import masked_nik
from dekon.org.selectors.rights import (
    STATUS,
    SYSTEM_USER,
    Matter,
    Place,
    Subject,
    Verdict,
    assignments_of,
    ended_between,
    may,
    narrowed,
    satker_place,
    scope_of,
    with_roles,
)
from dekon.org.selectors.sign_in import user_by_name, user_of_token

__all__ = [
    "STATUS",
    "SYSTEM_USER",
    "Matter",
    "Place",
    "Subject",
    "Verdict",
    "assignment_state",
    "assignments_of",
    "ended_between",
    "invitation_state",
    "masked_nik",
    "matrix",
    "matter_of_account",
    "matter_of_assignment",
    "matter_of_invitation",
    "matter_of_registration",
    "may",
    "narrowed",
    "people_at",
    "satker_place",
    "scope_of",
    "user_by_name",
    "user_of_token",
    "with_roles",
]


def database_now() -> datetime:
    """The moment, aware."""
    return timezone.now()


def system_user() -> User:
    """The account that the command line and jobs without a person act as.

    Raises:
        NotFound: the database was not made ready.
    """
    found = user_by_name(SYSTEM_USER)
    if found is None:
        raise NotFound("user-unknown", username=SYSTEM_USER)
    return found


def user_by_id(number: int) -> User:
    """A person by the number of the account.

    Raises:
        NotFound: there is none.
    """
    user = User.objects.filter(pk=number).first()
    if user is None:
        raise NotFound("user-unknown", username=str(number))
    return user


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


def heads_on(day: date) -> dict[str, str]:
    """Who heads the Dinas of each province on a day, by the province's code; Plt. and Plh. included."""
    rows = RoleAssignment.objects.on(day).filter(role=Role.KADIS, province__isnull=False).order_by("valid_from", "pk")
    return {row.province.code: str(row.user) for row in rows.select_related("province") if row.province}


def units_in_year(year: int) -> list[Unit]:
    """The units eselon I of a year."""
    return list(Unit.objects.in_year(year))


def satker_by_code(codes: Iterable[str]) -> dict[str, Satker]:
    """Satker with their unit and province, by code; unknown codes are missing."""
    return {
        s.code: s for s in Satker.objects.filter(code__in=list(codes)).select_related("unit", "province", "authority")
    }


def satker_numbers() -> dict[str, int]:
    """The key of every satker in the database, by its code."""
    return dict(Satker.objects.order_by().values_list("code", "pk"))


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


def listed_provinces(on: date | None = None) -> QuerySet[Province]:
    """All provinces with the one they came from, or those of a day."""
    return (Province.objects.on(on) if on else Province.objects.all()).select_related("parent")


def listed_satker(on: date | None = None, *, province: str = "", unit: str = "") -> QuerySet[Satker]:
    """All satker, or those of a day, a province (Kemendagri code), a unit."""
    found = Satker.objects.on(on) if on else Satker.objects.all()
    bounds = {"province__code": province, "unit__code": unit}
    found = found.filter(**{name: code for name, code in bounds.items() if code})
    return found.select_related("unit", "province", "authority", "kppn")
