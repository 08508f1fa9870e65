"""Changing codes from a day on: what they said before stays readable at its days, and nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from dekon.audit import services as audit
from dekon.errors import Conflict, NotFound, RuleBroken, Unfit
from dekon.org.choices import Action, VersionKind
from dekon.org.models import CodeVersion, User
from dekon.org.selectors import dated
from dekon.org.selectors.dated import ONE_DAY, DatedList, Facts, FactValue
from dekon.org.services import dated_checks
from dekon.org.services.people import require


@dataclass(frozen=True, slots=True)
class Stated:
    """What a person states about a code.

    Args:
        valid_from: first day on which it holds.
        facts: by name; one left out stays as it was.
        reason: the person's words.
        seen: number of the newest version that the person had seen (0: none); None does not ask.
    """

    valid_from: date
    facts: Facts
    reason: str
    seen: int | None = None


@transaction.atomic
def add_code(*, actor: User, listing: DatedList, code: str, stated: Stated) -> Any:  # noqa: ANN401  rows of several models
    """A new code of a list, from a day on.

    Raises:
        Unfit: code or facts cannot be kept; every problem with its field.
        NotAllowed: the actor does not edit reference data.
    """
    require(actor, Action.EDIT_REFERENCE)
    _lock(listing)
    facts = _whole(listing, {}, stated.facts)
    problems = [*dated_checks.new_code(listing, code), *dated_checks.stated(listing, code, stated, facts)]
    if problems:
        raise Unfit(problems)
    row = listing.model(code=code, valid_from=stated.valid_from)
    _put(listing, row, facts)
    row.save()
    _write(listing, code, actor, VersionKind.FACTS, stated.valid_from, facts, stated.reason)
    _note(actor, "reference-added", listing, code, {}, _dated(facts, stated.valid_from), stated.reason)
    return row


@transaction.atomic
def change_code(*, actor: User, listing: DatedList, code: str, stated: Stated) -> Any:  # noqa: ANN401  rows of several models
    """From a day on a code says something else; up to the day before it says what it said.

    Raises:
        NotFound: no such code.
        Conflict: somebody changed it since the person looked.
        Unfit: the facts cannot be kept; every problem with its field.
        NotAllowed: the actor does not edit reference data.
    """
    row, versions = _begin(actor, listing, code, stated.seen)
    before = _facts_around(versions, stated.valid_from)
    facts = _whole(listing, before, stated.facts)
    problems = [
        *dated_checks.stated(listing, code, stated, facts),
        *dated_checks.day_free(versions, stated.valid_from),
        *dated_checks.differs(versions, stated.valid_from, facts),
    ]
    if problems:
        raise Unfit(problems)
    _write(listing, code, actor, VersionKind.FACTS, stated.valid_from, facts, stated.reason)
    _renew(listing, row)
    _note(actor, "reference-changed", listing, code, before, _dated(facts, stated.valid_from), stated.reason)
    return row


@transaction.atomic
def correct_code(*, actor: User, listing: DatedList, code: str, version: int, stated: Stated) -> Any:  # noqa: ANN401  rows of several models
    """What was recorded was wrong: a new version stands in for it, from its own day on; the old one stays readable.

    Args:
        version: number of the version; 0 is what the list said before anything was changed.

    Raises:
        NotFound: no such code or version.
        Conflict: somebody changed it since the person looked, or the version no longer counts.
        Unfit: the facts cannot be kept; every problem with its field.
        NotAllowed: the actor does not edit reference data.
    """
    row, versions = _begin(actor, listing, code, stated.seen)
    wrong = _counting(versions, version, code)
    others = [one for one in versions if one.pk != wrong.pk]
    facts = _whole(listing, wrong.facts, stated.facts)
    problems = [
        *dated_checks.stated(listing, code, stated, facts),
        *dated_checks.day_free(others, stated.valid_from, first=True),
        *dated_checks.corrects(wrong, stated.valid_from, facts),
    ]
    if problems:
        raise Unfit(problems)
    _write(listing, code, actor, VersionKind.FACTS, stated.valid_from, facts, stated.reason, wrong)
    _renew(listing, row)
    _note(
        actor, "reference-corrected", listing, code, _dated(wrong.facts, wrong.valid_from),
        _dated(facts, stated.valid_from), stated.reason,
    )  # fmt: skip
    return row


@transaction.atomic
def end_code(*, actor: User, listing: DatedList, code: str, stated: Stated) -> Any:  # noqa: ANN401  rows of several models
    """A code holds no longer; `stated.valid_from` is its last day.

    Raises:
        NotFound: no such code.
        Conflict: somebody changed it since the person looked.
        Unfit: it does not hold on that day, or something is recorded for later.
        NotAllowed: the actor does not edit reference data.
    """
    row, versions = _begin(actor, listing, code, stated.seen)
    problems = [*dated_checks.reason(stated.reason), *dated_checks.can_end(versions, stated.valid_from)]
    if problems:
        raise Unfit(problems)
    _write(listing, code, actor, VersionKind.END, stated.valid_from + ONE_DAY, {}, stated.reason)
    _renew(listing, row)
    _note(actor, "reference-ended", listing, code, {}, {"valid_to": str(stated.valid_from)}, stated.reason)
    return row


@transaction.atomic
def void_version(*, actor: User, listing: DatedList, code: str, version: int, reason: str, seen: int | None) -> Any:  # noqa: ANN401  rows of several models
    """A change should not have been recorded: it no longer counts, and what held before it goes on.

    Raises:
        NotFound: no such code or version.
        Conflict: somebody changed it since the person looked, or the version no longer counts.
        RuleBroken: nothing would be left of the code.
        Unfit: the reason is missing.
        NotAllowed: the actor does not edit reference data.
    """
    row, versions = _begin(actor, listing, code, seen)
    wrong = _counting(versions, version, code)
    if problems := list(dated_checks.reason(reason)):
        raise Unfit(problems)
    left = [one for one in dated.counting(versions) if one.pk != wrong.pk]
    if not left or left[0].kind != VersionKind.FACTS:
        raise RuleBroken("reference-first-version", code=code)
    _write(listing, code, actor, VersionKind.VOID, wrong.valid_from, {}, reason, wrong)
    _renew(listing, row)
    _note(actor, "reference-voided", listing, code, _dated(wrong.facts, wrong.valid_from), {}, reason)
    return row


@transaction.atomic
def note_filled(*, actor: User, listing: DatedList, row: Any) -> None:  # noqa: ANN401  rows of several models
    """A file knew a fact that was open: where versions exist, the one in force is stood in for by one that says it."""
    versions = dated.versions_of(listing, row.code)
    held = dated.in_force(versions, timezone.localdate())
    if held:
        facts = dated.facts_of(listing, row)
        _write(listing, row.code, actor, VersionKind.FACTS, held.valid_from, facts, held.reason, held)


@transaction.atomic
def refresh_codes(*, listings: Sequence[DatedList]) -> int:
    """Bring the rows of changed codes to what they say today, for changes whose day has come. Returns how many."""
    by_name = {listing.name: listing for listing in listings}
    recorded = CodeVersion.objects.filter(listing__in=by_name).order_by("listing", "code")
    changed = list(recorded.values_list("listing", "code").distinct())
    for name, code in changed:
        _renew(by_name[name], by_name[name].model.objects.get(code=code))
    return len(changed)


def _lock(listing: DatedList) -> None:
    """One change of a list at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"dated {listing.name}"])


def _begin(actor: User, listing: DatedList, code: str, seen: int | None) -> tuple[Any, list[CodeVersion]]:
    """Lock, load, and make sure that the person saw what stands there. A first version is written where there is none.

    Raises:
        NotFound: no such code.
        Conflict: somebody changed it since the person looked.
    """
    require(actor, Action.EDIT_REFERENCE)
    _lock(listing)
    row = dated.row_of(listing, code)
    if row is None:
        raise NotFound("reference-unknown", listing=str(listing.title), code=code)
    versions = dated.versions_of(listing, code)
    newest = max(versions, key=lambda version: version.pk, default=None)
    if seen is not None and newest and newest.pk != seen:
        when = f"{timezone.localtime(newest.recorded_at):%d-%m-%Y %H.%M}"
        raise Conflict("changed-meanwhile", done=f"{code}: {newest.recorded_by or 'Dekon'}, {when}")
    if not versions:
        facts = dated.facts_of(listing, row)
        versions = [_write(listing, code, None, VersionKind.FACTS, row.valid_from, facts, "")]
        if row.valid_to:
            versions.append(_write(listing, code, None, VersionKind.END, row.valid_to + ONE_DAY, {}, ""))
    return row, versions


def _counting(versions: Sequence[CodeVersion], number: int, code: str) -> CodeVersion:
    """The version with that number, if it still counts; 0 is the first."""
    found = dated.counting(versions)
    if number == 0:
        return found[0]
    if number not in {version.pk for version in versions}:
        raise NotFound("reference-version-unknown", code=code, number=number)
    chosen = next((version for version in found if version.pk == number), None)
    if chosen is None:
        raise Conflict("reference-version-replaced", code=code)
    return chosen


def _facts_around(versions: Sequence[CodeVersion], day: date) -> Facts:
    """The facts in force on a day; in a gap those before it, before the first those of the first."""
    stated = [version for version in dated.counting(versions) if version.kind == VersionKind.FACTS]
    facts: Facts = ([version for version in stated if version.valid_from <= day] or stated[:1])[-1].facts
    return facts


def _whole(listing: DatedList, before: Facts, given: Facts) -> dict[str, FactValue]:
    """All facts of a list: as given, else as before, else empty. Names that the list has not stay, to be refused."""
    plain: dict[str, FactValue] = {fact.name: False if fact.kind == "flag" else "" for fact in listing.facts}
    tidy = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    return {**plain, **before, **tidy}


def _write(  # noqa: PLR0917  one row, column by column
    listing: DatedList, code: str, actor: User | None, kind: VersionKind, day: date, facts: Facts, reason: str,
    replaces: CodeVersion | None = None,
) -> CodeVersion:  # fmt: skip
    return CodeVersion.objects.create(
        listing=listing.name, code=code, kind=kind, valid_from=day, facts=dict(facts), reason=reason,
        recorded_by=actor, replaces=replaces,
    )  # fmt: skip


def _put(listing: DatedList, row: Any, facts: Facts) -> None:  # noqa: ANN401  rows of several models
    """The facts in the typed columns of a row."""
    for fact in listing.facts:
        value = facts[fact.name]
        if fact.kind == "code":
            related = listing.model._meta.get_field(fact.name).related_model
            setattr(row, fact.name, related.objects.filter(code=value).first() if value else None)
        else:
            setattr(row, fact.name, value)


def _renew(listing: DatedList, row: Any) -> None:  # noqa: ANN401  rows of several models
    """The row says what its versions say of today; of a code that has ended, or not begun, the nearest facts."""
    found = dated.counting(dated.versions_of(listing, row.code))
    stated = [version for version in found if version.kind == VersionKind.FACTS]
    begun = [version for version in stated if version.valid_from <= timezone.localdate()]
    _put(listing, row, (begun or stated[:1])[-1].facts)
    row.valid_from = stated[0].valid_from
    row.valid_to = found[-1].valid_from - ONE_DAY if found[-1].kind == VersionKind.END else None
    row.save()


def _dated(facts: Facts, day: date) -> dict[str, FactValue]:
    return {**facts, "valid_from": day.isoformat()}


def _note(  # noqa: PLR0917  as the trail has them
    actor: User, action: str, listing: DatedList, code: str, before: Mapping[str, FactValue],
    after: Mapping[str, FactValue], reason: str,
) -> None:  # fmt: skip
    audit.record(
        actor=actor, action=action, subject_type=listing.name, subject_id=code,
        subject_name=str(after.get("name") or before.get("name") or ""), before=dict(before), after=dict(after),
        reason=reason,
    )  # fmt: skip
