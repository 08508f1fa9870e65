"""What can be wrong with an assignment: one rule per function, problems with their field; and what is warned of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import FETCH_PEERS, Q, QuerySet
from django.utils.translation import gettext as _

from dekon.errors import Problem
from dekon.org.choices import Institution, Role, Standing
from dekon.org.matrix import Bound, matrix
from dekon.org.models import Province, RoleAssignment, Satker, Unit, User
from dekon.org.selectors.offices import conflicting
from dekon.org.services.dated_checks import FIRST_DAY, LAST_DAY, PRINTABLE

DECREE_LENGTH = 96


@dataclass(frozen=True, slots=True)
class Decree:
    """The letter that an assignment rests on: SK Gubernur or letter of assignment; the file by its SHA-256 (hex)."""

    number: str = ""
    on: date | None = None
    letter_digest: str = ""
    letter_name: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An assignment as it is wanted, its codes looked up. `valid_to` is the last day."""

    user: User
    role: Role
    decree: Decree
    valid_from: date
    valid_to: date | None = None
    province: Province | None = None
    unit: Unit | None = None
    satker: Satker | None = None
    standing: Standing = Standing.DEFINITIVE
    for_user: User | None = None
    signs_kpa: bool = False
    institution: Institution = Institution.NONE

    @property
    def is_office(self) -> bool:
        """Whether it is one of the offices of a satker."""
        return self.role in matrix().offices.order

    @property
    def office_words(self) -> str:
        """The office and its satker."""
        return f"{self.role.label} {self.satker.code}" if self.satker else str(self.role.label)


def problems(wanted: Wanted) -> Iterator[Problem]:
    """Everything that stands in the way."""
    yield from _period(wanted)
    yield from unplaced(wanted)
    yield from _decree(wanted)
    yield from _acting(wanted)
    yield from _bpk(wanted)
    if wanted.is_office and wanted.satker:
        yield from _incompatible(wanted)
        yield from _taken(wanted)


def _period(wanted: Wanted) -> Iterator[Problem]:
    for name, day in (("valid_from", wanted.valid_from), ("valid_to", wanted.valid_to)):
        if day and not FIRST_DAY <= day <= LAST_DAY:
            yield Problem(name, "entry-day-out-of-range", {"first": str(FIRST_DAY), "last": str(LAST_DAY)})
    if wanted.valid_to and wanted.valid_to < wanted.valid_from:
        yield Problem("valid_to", "assignment-ends-before", {"first": str(wanted.valid_from)})


NEEDED = {
    Bound.NOTHING: (set(),),
    Bound.UNIT: ({"unit"},),
    Bound.PROVINCE: ({"province"}, {"province", "unit"}),
    Bound.SATKER: ({"satker"},),
    Bound.ANY: (set(), {"satker"}),
}
"""What an assignment may name, by what its role is bound to."""


def unplaced(wanted: Wanted) -> Iterator[Problem]:
    """The role holds somewhere else than where its kind of role holds."""
    given = {name for name in ("province", "unit", "satker") if getattr(wanted, name)}
    bound = matrix().roles[wanted.role].bound_to
    if given not in NEEDED[bound]:
        yield Problem("place", f"assignment-bound-{bound}", {"role": str(wanted.role.label)})


def _decree(wanted: Wanted) -> Iterator[Problem]:
    decree = wanted.decree
    if wanted.is_office or wanted.standing != Standing.DEFINITIVE:
        if not decree.number.strip():
            yield Problem("decree_no", "assignment-decree-missing", {"office": wanted.office_words})
        if decree.on is None:
            yield Problem("decree_on", "assignment-decree-undated", {"office": wanted.office_words})
    if len(decree.number) > DECREE_LENGTH or not PRINTABLE.fullmatch(decree.number):
        yield Problem("decree_no", "entry-too-long", {"length": DECREE_LENGTH})


def _acting(wanted: Wanted) -> Iterator[Problem]:
    if wanted.standing == Standing.DEFINITIVE:
        if wanted.for_user or wanted.signs_kpa:
            yield Problem("standing", "assignment-not-acting")
        return
    if wanted.valid_to is None:
        yield Problem("valid_to", "assignment-acting-without-end", {"standing": str(wanted.standing.label)})
    if wanted.for_user == wanted.user:
        yield Problem("user", "assignment-for-oneself")
    elif wanted.for_user and not _same_office(wanted, wanted.for_user).filter(standing=Standing.DEFINITIVE).exists():
        params = {"who": str(wanted.for_user), "office": wanted.office_words}
        yield Problem("for_user", "assignment-nothing-to-represent", params)


def _same_office(wanted: Wanted, user: User) -> QuerySet[RoleAssignment]:
    """What a person holds of the same office while the wanted assignment begins and ends."""
    rows = RoleAssignment.objects.on(wanted.valid_from).on(wanted.valid_to or wanted.valid_from)
    return rows.filter(
        user=user, role=wanted.role, province=wanted.province, unit=wanted.unit, satker=wanted.satker
    )  # fmt: skip


def _bpk(wanted: Wanted) -> Iterator[Problem]:
    if wanted.institution == Institution.NONE:
        if wanted.role == Role.AUDITOR:
            yield Problem("institution", "assignment-auditor-of-whom")
    elif wanted.role != Role.AUDITOR:
        yield Problem("institution", "assignment-not-auditor")
    elif wanted.institution == Institution.BPK and not (
        wanted.satker and wanted.valid_to and wanted.decree.number.strip() and wanted.decree.on
    ):
        yield Problem("institution", "assignment-bpk-by-letter")


def overlapping(wanted: Wanted) -> QuerySet[RoleAssignment]:
    """Assignments to offices that hold on any day of the wanted one."""
    rows = RoleAssignment.objects.counting().filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=wanted.valid_from), role__in=matrix().offices.order
    )
    rows = rows.filter(valid_from__lte=wanted.valid_to) if wanted.valid_to else rows
    return rows.select_related("satker__province").fetch_mode(FETCH_PEERS)


def _incompatible(wanted: Wanted) -> Iterator[Problem]:
    """PPK and PPSPM, or the treasurer and any other, are not one person's in one satker."""
    against = conflicting(matrix().offices.incompatible, wanted.role)
    for row in overlapping(wanted).filter(user=wanted.user, satker=wanted.satker):
        if row.role in against or row.role == wanted.role:
            yield Problem("role", "office-incompatible", _both(wanted, row))


def _taken(wanted: Wanted) -> Iterator[Problem]:
    """An office of one person is not given to a second one for the same days; whoever acts stands beside."""
    if wanted.role not in matrix().offices.single:
        return
    rows = overlapping(wanted).filter(satker=wanted.satker, role=wanted.role).exclude(user=wanted.user)
    for row in rows:
        if (row.standing == Standing.DEFINITIVE) == (wanted.standing == Standing.DEFINITIVE):
            yield Problem("role", "office-taken", _both(wanted, row))


def warnings(wanted: Wanted) -> Iterator[Problem]:
    """What is allowed and told: two offices that rather stay apart, or that are apart only since the satker differ."""
    if not wanted.is_office or wanted.satker is None:
        return
    cautioned = conflicting(matrix().offices.cautioned, wanted.role)
    against = conflicting(matrix().offices.incompatible, wanted.role)
    for row in overlapping(wanted).filter(user=wanted.user):
        if row.satker_id == wanted.satker.pk and row.role in cautioned:
            yield Problem("role", "office-cautioned", _both(wanted, row))
        same_office = row.satker and row.satker.province_id and row.satker.province_id == wanted.satker.province_id
        if row.satker_id != wanted.satker.pk and same_office and row.role in against:
            yield Problem("role", "office-incompatible-elsewhere", _both(wanted, row))


def _both(wanted: Wanted, row: RoleAssignment) -> dict[str, str | int]:
    return {
        "who": str(row.user), "held": f"{Role(row.role).label} {row.satker.code if row.satker else ''}".strip(),
        "until": str(row.valid_to or _("ada keputusan lain")), "wanted": wanted.office_words,
    }  # fmt: skip
