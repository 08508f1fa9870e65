"""Who holds which office of a satker, when, and when nobody does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import FETCH_PEERS, Exists, OuterRef, Q, QuerySet

from dekon.errors import NotFound
from dekon.history import selectors as history
from dekon.org.choices import Role, Standing
from dekon.org.matrix import Pair, matrix
from dekon.org.models import RoleAssignment, Satker, User
from dekon.org.selectors.rights import SYSTEM_USER

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tenure:
    """Days on which an office stood one way: held by an assignment, or by nobody (`held` is None). Bounds included."""

    office: str
    first: date
    last: date
    held: RoleAssignment | None = None

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class OfficeBook:
    """The offices of a satker over a span of days, in the order of the matrix; each tenure in the order of its days."""

    satker: Satker
    tenures: tuple[Tenure, ...]

    def on(self, day: date, office: str) -> list[Tenure]:
        """How an office stands on a day: whoever acts comes before whoever is represented."""
        found = [one for one in self.tenures if one.office == office and one.first <= day <= one.last]
        return sorted(found, key=lambda one: one.held is not None and one.held.standing == Standing.DEFINITIVE)

    def gaps(self) -> list[Tenure]:
        """The days on which nobody held an office."""
        return [one for one in self.tenures if one.held is None]


def office_books(satker: Sequence[Satker], first: date, last: date) -> list[OfficeBook]:
    """The offices of several satker from a first to a last day, gaps included. One query, and one for all names."""
    rows = RoleAssignment.objects.counting().filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=first), satker__in=satker, role__in=matrix().offices.order,
        valid_from__lte=last,
    )  # fmt: skip
    held: dict[int | None, list[RoleAssignment]] = defaultdict(list)
    for row in rows.select_related("satker__province").order_by("valid_from", "id").fetch_mode(FETCH_PEERS):
        held[row.satker_id].append(row)
    return [OfficeBook(one, tuple(_tenures(held[one.pk], first, last))) for one in satker]


def _tenures(rows: list[RoleAssignment], first: date, last: date) -> Iterator[Tenure]:
    for office in matrix().offices.order:
        own = [row for row in rows if row.role == office]
        spans = [Tenure(office, max(row.valid_from, first), min(row.valid_to or last, last), row) for row in own]
        yield from sorted([*spans, *_gaps(office, spans, first, last)], key=lambda one: (one.first, one.last))


def _gaps(office: str, spans: Iterable[Tenure], first: date, last: date) -> Iterator[Tenure]:
    """The days between that nobody covers."""
    free_from = first
    for span in sorted(spans, key=lambda one: one.first):
        if span.first > free_from:
            yield Tenure(office, free_from, span.first - ONE_DAY)
        free_from = max(free_from, span.last + ONE_DAY)
    if free_from <= last:
        yield Tenure(office, free_from, last)


def voided_of(satker: Satker, first: date, last: date) -> list[RoleAssignment]:
    """What was recorded wrongly of the offices of a satker for these days and declared void, the newest first."""
    rows = RoleAssignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=first), satker=satker, role__in=matrix().offices.order,
        valid_from__lte=last, voided_at__isnull=False,
    )  # fmt: skip
    return list(rows.order_by("-voided_at", "-id").fetch_mode(FETCH_PEERS))


def office_holder(satker: Satker, office: str, day: date) -> RoleAssignment | None:
    """Who answers for an office on a day: whoever acts, else the official; None on a day without one."""
    rows = RoleAssignment.objects.on(day).filter(satker=satker, role=office).fetch_mode(FETCH_PEERS)
    ordered = sorted(rows, key=lambda row: (row.standing == Standing.DEFINITIVE, row.pk))
    return ordered[0] if ordered else None


def heads_of_provinces(day: date) -> dict[int, RoleAssignment]:
    """Who heads the office of each province on a day, by the number of the province: whoever acts before the official.

    Provinces without a head, or whose head the reader may not see, are missing.
    """
    rows = RoleAssignment.objects.on(day).filter(role=Role.KADIS, province__isnull=False)
    found: dict[int, RoleAssignment] = {}
    for row in sorted(rows.fetch_mode(FETCH_PEERS), key=lambda row: (row.standing == Standing.DEFINITIVE, row.pk)):
        found.setdefault(row.province_id or 0, row)
    return found


def holder_everywhere(role: Role, day: date) -> RoleAssignment | None:
    """Who holds a role that is bound to no place on a day: whoever acts before the official; None where nobody does."""
    rows = RoleAssignment.objects.on(day).filter(
        role=role, province__isnull=True, unit__isnull=True, satker__isnull=True
    )
    ordered = sorted(rows.fetch_mode(FETCH_PEERS), key=lambda row: (row.standing == Standing.DEFINITIVE, row.pk))
    return ordered[0] if ordered else None


def assignment(number: int) -> RoleAssignment:
    """One assignment.

    Raises:
        NotFound: there is none.
    """
    found = RoleAssignment.objects.select_related("province", "unit", "satker__province", "satker__unit")
    one = found.fetch_mode(FETCH_PEERS).filter(pk=number).first()
    if one is None:
        raise NotFound("assignment-unknown", number=number)
    return one


def assignments_ever(user: User) -> QuerySet[RoleAssignment]:
    """Everything that was recorded of a person, newest first; also what was declared void."""
    rows = RoleAssignment.objects.filter(user=user).order_by("-valid_from", "-id")
    return rows.select_related("province", "unit", "satker__province", "satker__unit").fetch_mode(FETCH_PEERS)


def concerning(user: User) -> list[int]:
    """The numbers of all assignments of a person, and of those by which others act in the person's place."""
    return list(RoleAssignment.objects.filter(Q(user=user) | Q(for_user=user)).values_list("pk", flat=True))


def conflicting(pairs: Iterable[Pair], role: str) -> dict[Role, Pair]:
    """The offices that pairs set against one."""
    return {
        other: pair for pair in pairs if Role(role) in pair.offices for other in pair.offices if other != Role(role)
    }  # fmt: skip


def people_of(province: str = "") -> QuerySet[User]:
    """Everybody who ever held something in a province (Kemendagri code) or its satker; all where it is empty.

    Accounts are those of now (docs/adr/0009); of a past moment, those that had been made by then.
    """
    people = User.objects.exclude(username=SYSTEM_USER).order_by("username")
    if moment := history.moment():
        people = people.filter(date_joined__lte=moment)
    if not province:
        return people
    held = RoleAssignment.objects.counting().filter(
        Q(province__code=province) | Q(satker__province__code=province), user=OuterRef("pk")
    )  # fmt: skip
    return people.filter(Exists(held))


def roles_on(people: Iterable[User], day: date) -> dict[int, list[RoleAssignment]]:
    """What several people hold on a day, by the number of the account. One query."""
    found: dict[int, list[RoleAssignment]] = defaultdict(list)
    rows = RoleAssignment.objects.on(day).filter(user__in=list(people))
    for row in rows.select_related("province", "unit", "satker").fetch_mode(FETCH_PEERS):
        found[row.user_id].append(row)
    return found
