"""Giving and ending roles and offices, acting for another, and handing everything over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from dekon.audit import services as audit
from dekon.errors import Conflict, NotFound, Problem, Unfit
from dekon.org import selectors
from dekon.org.choices import Action, Institution, Role, Standing
from dekon.org.matrix import Bound, matrix
from dekon.org.models import RoleAssignment, User
from dekon.org.selectors import Matter, Place
from dekon.org.selectors.offices import assignment as assignment_by_number
from dekon.org.services import dated_checks, office_checks
from dekon.org.services.office_checks import Decree, Wanted
from dekon.org.services.people import require

NO_DECREE = Decree()


@dataclass(frozen=True, slots=True)
class Stated:
    """An assignment as it is stated: account names and codes. `valid_to` is the last day; empty means until further."""

    username: str
    role: str
    valid_from: date
    valid_to: date | None = None
    decree: Decree = NO_DECREE
    province: str = ""
    unit: str = ""
    satker: str = ""
    standing: str = Standing.DEFINITIVE
    for_username: str = ""
    signs_kpa: bool = False
    institution: str = Institution.NONE


@dataclass(frozen=True, slots=True)
class Assigned:
    """What was recorded, and what is allowed and yet worth a warning."""

    assignment: RoleAssignment
    warnings: tuple[Problem, ...] = ()


class Belongings(Protocol):
    """What a person may have open somewhere; apps above name theirs in the setting `HANDED_OVER`."""

    def count(self, user: User, place: Place) -> Mapping[str, int]:
        """How many of each kind the person has open there."""

    def pass_on(self, *, actor: User, user: User, successor: User, place: Place) -> Mapping[str, int]:
        """Give all of them to the successor; how many of each kind."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The assignment that ended, the successor's, what went over by kind, and warnings."""

    ended: RoleAssignment
    assigned: Assigned
    moved: Mapping[str, int]


@transaction.atomic
def assign(*, actor: User, stated: Stated) -> Assigned:
    """A person holds a role or an office, from a first day on, by a decree.

    Raises:
        NotFound: account, role or place is unknown.
        Unfit: every rule that it breaks, with its field; incompatible offices of one satker among them.
        NotAllowed: the actor does not manage people there, or would give it to themselves.

    Legal: PMK 190/PMK.05/2012 and PMK 210/PMK.05/2022 on officials of the treasury (articles not read).
    """
    wanted = _looked_up(stated)
    if any(office_checks.unplaced(wanted)):  # without its place nobody can say who may give it
        raise Unfit(list(office_checks.problems(wanted)))
    _lock(wanted)
    _require(actor, wanted.role, _place(wanted), wanted.user)
    if found := list(office_checks.problems(wanted)):
        raise Unfit(found)
    warned = tuple(office_checks.warnings(wanted))
    made = RoleAssignment.objects.create(
        user=wanted.user, role=wanted.role, province=wanted.province, unit=wanted.unit, satker=wanted.satker,
        valid_from=wanted.valid_from, valid_to=wanted.valid_to, standing=wanted.standing, for_user=wanted.for_user,
        signs_kpa=wanted.signs_kpa, institution=wanted.institution, decree_no=wanted.decree.number.strip(),
        decree_on=wanted.decree.on, letter_digest=wanted.decree.letter_digest, letter_name=wanted.decree.letter_name,
        recorded_by=actor,
    )  # fmt: skip
    _note(actor, "role-assigned", made, after={**_facts(made), "warnings": [one.code for one in warned]})
    return Assigned(made, warned)


@transaction.atomic
def end_assignment(*, actor: User, number: int, last_day: date, reason: str, now: datetime) -> RoleAssignment:
    """An assignment holds until an earlier last day; access ends by itself after it. Whoever acts for it ends with it.

    Args:
        last_day: the last day on which it holds; reason: the decree or what happened; now: when it is recorded.

    Raises:
        NotFound: no such assignment.
        Conflict: it was ended already.
        Unfit: day or reason cannot be kept.
        NotAllowed: the actor does not manage people there, or it is the actor's own.
    """
    row = assignment_by_number(number)
    _lock(row)
    row = RoleAssignment.objects.select_for_update(of=("self",)).select_related("satker__province").get(pk=number)
    _require(actor, Role(row.role), _place(row), row.user)
    require(actor, Action.CHANGE_ASSIGNMENT, selectors.matter_of_assignment(row, timezone.localdate(now)))
    found = [*dated_checks.reason(reason), *_last_day(row, last_day)]
    if found:
        raise Unfit(found)
    for one in (row, *_acting_for(row, last_day)):
        _end(actor, one, last_day, reason, now)
    return row


def _last_day(row: RoleAssignment, last_day: date) -> Sequence[Problem]:
    if last_day < row.valid_from:
        return [Problem("last_day", "assignment-ends-before", {"first": str(row.valid_from)})]
    if row.valid_to and last_day > row.valid_to:
        return [Problem("last_day", "assignment-ends-after", {"last": str(row.valid_to)})]
    return []


def _acting_for(row: RoleAssignment, last_day: date) -> Sequence[RoleAssignment]:
    """Who acts for the person in that office past the day, and began by then."""
    if row.standing != Standing.DEFINITIVE:
        return []
    rows = RoleAssignment.objects.counting().select_for_update(of=("self",)).filter(
        for_user=row.user, role=row.role, province=row.province_id, unit=row.unit_id, satker=row.satker_id,
        ended_at__isnull=True, valid_to__gt=last_day, valid_from__lte=last_day,
    )  # fmt: skip
    return list(rows.order_by("pk"))


def _end(actor: User, row: RoleAssignment, last_day: date, reason: str, now: datetime) -> None:
    before = _facts(row)
    row.planned_to, row.valid_to, row.ended_at, row.end_reason = row.valid_to, last_day, now, reason.strip()
    row.save(update_fields=["planned_to", "valid_to", "ended_at", "end_reason"])
    _note(actor, "role-ended", row, before=before, after=_facts(row), reason=reason)


@transaction.atomic
def void_assignment(*, actor: User, number: int, reason: str, at: datetime) -> RoleAssignment:
    """Declare void what was recorded wrongly of an assignment: it never counted, stays on record and says so.

    Whoever it gave access loses it at once; what the person did meanwhile stays theirs in the trail.

    Args:
        reason: what was wrong, in one line.
        at: the moment that it bears, aware.

    Raises:
        NotFound: no such assignment.
        NotAllowed: the actor does not manage people there, or it is the actor's own.
        Conflict: it is void already, or somebody is recorded as acting in its place (that is declared void first).
        Unfit: the reason is missing or too long.

    Legal: house rule; what was official is never deleted.
    """
    row = assignment_by_number(number)
    _lock(row)
    row = RoleAssignment.objects.select_for_update(of=("self",)).select_related("satker__province").get(pk=number)
    _require(actor, Role(row.role), _place(row), row.user)
    require(actor, Action.VOID_ASSIGNMENT, selectors.matter_of_assignment(row, timezone.localdate(at)))
    dated_checks.require_reason(reason)
    if acting := _represented(row):
        raise Conflict("assignment-represented", who=", ".join(str(one.user) for one in acting))
    before = _facts(row)
    row.voided_at, row.voided_by, row.void_reason = at, actor, reason.strip()
    row.save(update_fields=["voided_at", "voided_by", "void_reason"])
    _note(actor, "assignment-voided", row, before=before, reason=reason.strip())
    return row


def _represented(row: RoleAssignment) -> Sequence[RoleAssignment]:
    """Who is recorded as acting in the place of an assignment while it holds."""
    if row.standing != Standing.DEFINITIVE:
        return []
    rows = RoleAssignment.objects.counting().filter(
        for_user=row.user, role=row.role, province=row.province_id, unit=row.unit_id, satker=row.satker_id,
        valid_to__gte=row.valid_from,
    )  # fmt: skip
    return list((rows.filter(valid_from__lte=row.valid_to) if row.valid_to else rows).order_by("pk"))


@transaction.atomic
def delegate(
    *, actor: User, number: int, username: str, standing: str, valid_from: date, valid_to: date, decree: Decree,
    signs_kpa: bool = False,
) -> Assigned:  # fmt: skip
    """Somebody acts in another's place for a time: tasks and the right to sign are theirs, and return by themselves.

    Args:
        number: the assignment in whose place; standing: `plt` or `plh`; signs_kpa: the decree lets a Plh sign acts of
        the KPA.

    Raises:
        NotFound: assignment or account is unknown.
        Unfit: every rule that it breaks.
        NotAllowed: the actor does not manage people there.
    """
    row = assignment_by_number(number)
    return assign(
        actor=actor,
        stated=Stated(
            username=username, role=row.role, valid_from=valid_from, valid_to=valid_to, decree=decree,
            province=row.province.code if row.province else "", unit=row.unit.code if row.unit else "",
            satker=row.satker.code if row.satker else "", standing=standing, for_username=row.user.username,
            signs_kpa=signs_kpa,
        ),
    )  # fmt: skip


@transaction.atomic
def hand_over(
    *, actor: User, number: int, successor: str, last_day: date, first_day: date, decree: Decree, reason: str,
    now: datetime, valid_to: date | None = None,
) -> HandedOver:  # fmt: skip
    """The old assignment ends, the successor's begins, and what the leaving person had open goes over.

    Args:
        last_day, first_day: the leaver's last and the successor's first day; days between them are shown as a gap.

    Raises:
        NotFound: assignment or account is unknown.
        Conflict: the assignment was ended already.
        Unfit: every rule that it breaks; the successor begins before the leaver has ended.
        NotAllowed: the actor does not manage people there.
    """
    if first_day <= last_day:
        raise Unfit([Problem("first_day", "handover-overlaps", {"last": str(last_day)})])
    ended = end_assignment(actor=actor, number=number, last_day=last_day, reason=reason, now=now)
    row = assignment_by_number(number)
    stated = Stated(
        username=successor, role=row.role, valid_from=first_day, valid_to=valid_to, decree=decree,
        province=row.province.code if row.province else "", unit=row.unit.code if row.unit else "",
        satker=row.satker.code if row.satker else "", institution=row.institution,
    )  # fmt: skip
    assigned = assign(actor=actor, stated=stated)
    moved = dict(_moved(actor, ended.user, assigned.assignment.user, _place(row)))
    _note(actor, "role-handed-over", row, after={"successor": successor, **moved}, reason=reason)
    return HandedOver(ended, assigned, moved)


def belongings() -> list[Belongings]:
    """What the apps above know that a person may have open."""
    return [import_string(path)() for path in settings.HANDED_OVER]


def open_items(row: RoleAssignment) -> dict[str, int]:
    """What a person has open where an assignment holds, by kind."""
    found: dict[str, int] = {}
    for kind in belongings():
        found.update(kind.count(row.user, _place(row)))
    return found


def _moved(actor: User, user: User, successor: User, place: Place) -> Mapping[str, int]:
    moved: dict[str, int] = {}
    for kind in belongings():
        moved.update(kind.pass_on(actor=actor, user=user, successor=successor, place=place))
    return moved


def _looked_up(stated: Stated) -> Wanted:
    if stated.role not in Role.values:
        raise NotFound("role-unknown", role=stated.role, known=", ".join(Role.values))
    return Wanted(
        user=_person(stated.username), role=Role(stated.role), decree=stated.decree, valid_from=stated.valid_from,
        valid_to=stated.valid_to, province=selectors.province_or_none(stated.province),
        unit=selectors.unit_or_none(stated.unit), satker=selectors.satker_or_none(stated.satker),
        standing=Standing(stated.standing), for_user=_person(stated.for_username) if stated.for_username else None,
        signs_kpa=stated.signs_kpa, institution=Institution(stated.institution),
    )  # fmt: skip


def _person(username: str) -> User:
    user = selectors.user_by_name(username)
    if user is None or user.username != username or username == selectors.SYSTEM_USER:
        raise NotFound("user-unknown", username=username)
    return user


def _require(actor: User, role: Role, place: Place, concerned: User) -> None:
    """Local roles are given by whoever manages the office, others by the ministry; nobody gives one to themselves."""
    local = role in matrix().given_locally and matrix().roles[role].bound_to in {Bound.PROVINCE, Bound.SATKER}
    action = Action.MANAGE_OFFICE_USERS if local else Action.MANAGE_USERS
    require(actor, action, Matter(place, prepared_by=frozenset({concerned.pk})))


def _place(of: RoleAssignment | Wanted) -> Place:
    """Where it holds; a satker with its province."""
    if of.satker:
        return selectors.satker_place(of.satker)
    return Place(
        of.province.code if of.province else "", of.unit.code if of.unit else "", "",
        str(of.province or of.unit or ""),
    )  # fmt: skip


def _lock(of: RoleAssignment | Wanted) -> None:
    """One change of the offices of a satker at a time, until the transaction ends; the guard takes the same lock."""
    if of.satker:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('org office'), %s)", [of.satker.pk])


def _facts(row: RoleAssignment) -> dict[str, str]:
    facts = {
        "role": row.role, "satker": row.satker.code if row.satker else "",
        "province": row.province.code if row.province else "", "unit": row.unit.code if row.unit else "",
        "from": str(row.valid_from), "to": str(row.valid_to or ""), "standing": row.standing,
        "for": row.for_user.username if row.for_user else "", "decree": row.decree_no,
        "decree_on": str(row.decree_on or ""), "letter": row.letter_digest,
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value}


def _note(
    actor: User, action: str, row: RoleAssignment, *, before: audit.Facts | None = None,
    after: audit.Facts | None = None, reason: str = "",
) -> None:  # fmt: skip
    audit.record(
        actor=actor, action=action, subject_type="assignment", subject_id=row.pk, subject_name=row.user.username,
        satker_code=row.satker.code if row.satker else "", before=before, after=after, reason=reason,
        place=row.province.code if row.province and not row.satker else "",
    )  # fmt: skip


def with_letter(decree: Decree, *, digest: str, name: str) -> Decree:
    """The same decree with the stored letter attached."""
    return replace(decree, letter_digest=digest, letter_name=name[:150])
