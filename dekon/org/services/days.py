"""Holidays and collective leave: added by decree, withdrawn by decree, never overwritten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from dekon.audit import services as audit
from dekon.errors import Conflict, NotFound, Problem, Unfit
from dekon.org.choices import Action, DayKind
from dekon.org.models import Holiday, User
from dekon.org.services import dated_checks
from dekon.org.services.people import require

NAME_LENGTH, DECREE_LENGTH = 96, 160


@dataclass(frozen=True, slots=True)
class NewDay:
    """A closed day: `kind` is a code of `DayKind`."""

    day: date
    kind: str
    name: str


@transaction.atomic
def add_days(*, actor: User, days: Sequence[NewDay], decree: str, published_on: date | None) -> list[Holiday]:
    """Days on which offices are closed, as a decree sets them; all or none.

    Args:
        decree: number and year of the joint decree; published_on: its day, empty where unknown (then it counts as
        always known).

    Raises:
        Unfit: a day cannot be kept; every problem with its field, days by their number from 1.
        NotAllowed: the actor does not edit reference data.
    """
    require(actor, Action.EDIT_REFERENCE)
    _lock()
    problems = [*_of_decree(decree), *(one for at, new in enumerate(days, 1) for one in _of_day(at, new))]
    problems += _twice(days)
    if problems or not days:
        raise Unfit(problems or [Problem("days", "holiday-none")])
    made = [
        Holiday.objects.create(
            day=new.day, kind=new.kind, name=new.name.strip(), decree=decree.strip(), published_on=published_on
        )
        for new in days
    ]
    for one in made:
        _note(actor, "holiday-added", one, _facts(one), decree)
    return made


@transaction.atomic
def withdraw_day(*, actor: User, number: int, withdrawn_on: date, reason: str) -> Holiday:
    """A day is a working day again, by a later decree or because it was recorded wrongly; the record stays.

    Args:
        withdrawn_on: the day of the decree that took it back; reason: that decree, or what was wrong.

    Raises:
        NotFound: no such day.
        Conflict: it is withdrawn already.
        Unfit: the day or the reason cannot be kept.
        NotAllowed: the actor does not edit reference data.
    """
    require(actor, Action.EDIT_REFERENCE)
    _lock()
    found = Holiday.objects.filter(pk=number).first()
    if found is None:
        raise NotFound("holiday-unknown", number=number)
    if found.withdrawn_on:
        raise Conflict("holiday-withdrawn", name=found.name, day=str(found.withdrawn_on))
    problems = list(dated_checks.reason(reason))
    if found.published_on and withdrawn_on < found.published_on:
        problems.append(Problem("withdrawn_on", "holiday-withdrawn-too-early", {"published": str(found.published_on)}))
    if problems:
        raise Unfit(problems)
    found.withdrawn_on = withdrawn_on
    found.save(update_fields=["withdrawn_on"])
    _note(actor, "holiday-withdrawn", found, {**_facts(found), "withdrawn_on": str(withdrawn_on)}, reason)
    return found


def _lock() -> None:
    """One change of the calendar at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('dated libur'))")


def _of_decree(decree: str) -> Iterator[Problem]:
    if not decree.strip():
        yield Problem("decree", "entry-missing", {"label": "SKB / dasar"})
    elif len(decree) > DECREE_LENGTH or not dated_checks.PRINTABLE.fullmatch(decree):
        yield Problem("decree", "entry-too-long", {"length": DECREE_LENGTH})


def _of_day(at: int, new: NewDay) -> Iterator[Problem]:
    if not dated_checks.FIRST_DAY <= new.day <= dated_checks.LAST_DAY:
        first, last = str(dated_checks.FIRST_DAY), str(dated_checks.LAST_DAY)
        yield Problem(f"days.{at}.day", "entry-day-out-of-range", {"first": first, "last": last})
    if new.kind not in DayKind.values:
        yield Problem(f"days.{at}.kind", "holiday-kind-unknown", {"known": ", ".join(DayKind.values)})
    if not new.name.strip():
        yield Problem(f"days.{at}.name", "entry-missing", {"label": "Nama"})
    elif len(new.name) > NAME_LENGTH or not dated_checks.PRINTABLE.fullmatch(new.name):
        yield Problem(f"days.{at}.name", "entry-too-long", {"length": NAME_LENGTH})
    if other := Holiday.objects.filter(day=new.day, withdrawn_on__isnull=True).first():
        yield Problem(f"days.{at}.day", "holiday-known", {"day": str(new.day), "name": other.name})


def _twice(days: Sequence[NewDay]) -> Iterator[Problem]:
    seen: set[date] = set()
    for at, new in enumerate(days, 1):
        if new.day in seen:
            yield Problem(f"days.{at}.day", "holiday-twice", {"day": str(new.day)})
        seen.add(new.day)


def _facts(one: Holiday) -> dict[str, str]:
    return {"day": str(one.day), "kind": one.kind, "name": one.name, "decree": one.decree}


def _note(actor: User, action: str, one: Holiday, after: dict[str, str], reason: str) -> None:
    audit.record(
        actor=actor, action=action, subject_type="libur", subject_id=one.pk, subject_name=one.name, after=after,
        reason=reason,
    )  # fmt: skip
