"""What can be wrong with something stated about a code: one rule per function, problems with their field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from dekon.errors import Problem, Unfit
from dekon.org.models import CodeVersion
from dekon.org.selectors import dated
from dekon.org.selectors.dated import DatedList, Fact, Facts, FactValue

if TYPE_CHECKING:
    from dekon.org.services.dated import Stated

REASON_LENGTH = 5
REASON_MAX = 255
FIRST_DAY, LAST_DAY = date(1945, 8, 17), date(2100, 12, 31)
PRINTABLE = re.compile(r"[^\x00-\x1f\x7f]*")


def reason(words: str) -> Iterator[Problem]:
    """A reason is given, in one line."""
    if len(words.strip()) < REASON_LENGTH:
        yield Problem("reason", "entry-reason-missing", {"length": REASON_LENGTH})
    elif len(words) > REASON_MAX or not PRINTABLE.fullmatch(words):
        yield Problem("reason", "entry-too-long", {"length": REASON_MAX})


def require_reason(words: str) -> None:
    """Go on only with a reason, for what is done once and stays on record.

    Raises:
        Unfit: it is missing or too long.
    """
    if found := list(reason(words)):
        raise Unfit(found)


def new_code(listing: DatedList, code: str) -> Iterator[Problem]:
    """The code has the form of its list and is free."""
    if not re.fullmatch(listing.pattern, code, re.ASCII):
        yield Problem("code", "reference-code-form", {"listing": str(listing.title), "form": str(listing.form)})
    elif listing.model.objects.filter(code=code).exists():
        yield Problem("code", "reference-code-taken", {"listing": str(listing.title), "code": code})


def stated(listing: DatedList, code: str, given: Stated, facts: Facts) -> Iterator[Problem]:
    """Day, facts and reason can be kept."""
    if not FIRST_DAY <= given.valid_from <= LAST_DAY:
        yield Problem("valid_from", "entry-day-out-of-range", {"first": str(FIRST_DAY), "last": str(LAST_DAY)})
    known = {fact.name for fact in listing.facts}
    yield from (
        Problem(f"facts.{name}", "reference-fact-unknown", {"name": name}) for name in facts if name not in known
    )
    for fact in listing.facts:
        yield from _fact(listing, code, fact, facts[fact.name], given.valid_from)
    yield from reason(given.reason)


def _fact(listing: DatedList, code: str, fact: Fact, value: FactValue, on: date) -> Iterator[Problem]:
    field = f"facts.{fact.name}"
    if (fact.kind == "flag") != isinstance(value, bool):
        yield Problem(field, "entry-of-another-kind", {"label": str(fact.label)})
    elif not value:
        if fact.required and fact.kind != "flag":
            yield Problem(field, "entry-missing", {"label": str(fact.label)})
    elif fact.kind == "code":
        yield from _reference(listing, code, fact, str(value), on)
    elif fact.kind == "text":
        yield from _text(listing, code, fact, str(value))


def _text(listing: DatedList, code: str, fact: Fact, value: str) -> Iterator[Problem]:
    field = f"facts.{fact.name}"
    if len(value) > fact.length or not PRINTABLE.fullmatch(value):
        yield Problem(field, "entry-too-long", {"length": fact.length})
    elif fact.pattern and not re.fullmatch(fact.pattern, value, re.ASCII):
        yield Problem(field, "reference-fact-form", {"label": str(fact.label), "value": value})
    elif fact.unique and (
        other := listing.model.objects.filter(**{fact.name: value})
        .exclude(code=code)
        .values_list("code", flat=True)
        .first()
    ):
        yield Problem(field, "reference-fact-taken", {"value": value, "code": other})


def _owner(listing: DatedList, fact: Fact, value: str, code: str) -> str | None:
    """Another code that has this value."""
    others: Any = listing.model.objects.filter(**{fact.name: value}).exclude(code=code)
    owner: str | None = others.values_list("code", flat=True).first()
    return owner


def _reference(listing: DatedList, code: str, fact: Fact, value: str, on: date) -> Iterator[Problem]:
    field = f"facts.{fact.name}"
    related: Any = listing.model._meta.get_field(fact.name).related_model
    row = related.objects.filter(code=value).first()
    if row is None or (value == code and fact.listing == listing.name):
        yield Problem(field, "reference-points-nowhere", {"label": str(fact.label), "value": value})
        return
    versions = CodeVersion.objects.filter(listing=fact.listing, code=value)
    recorded = list(versions)
    begun = row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)
    if not (dated.in_force(recorded, on) if recorded else begun):
        yield Problem(field, "reference-not-in-force", {"label": str(fact.label), "value": value, "day": str(on)})


def day_free(versions: Sequence[CodeVersion], day: date, *, first: bool = False) -> Iterator[Problem]:
    """No other version begins on that day, and (unless it may become the first) the code exists by then."""
    found = dated.counting(versions)
    if any(version.valid_from == day for version in found):
        yield Problem("valid_from", "reference-day-taken", {"day": str(day)})
    elif found and day < found[0].valid_from and not first:
        yield Problem("valid_from", "reference-before-first", {"first": str(found[0].valid_from)})


def differs(versions: Sequence[CodeVersion], day: date, facts: Facts) -> Iterator[Problem]:
    """The change says something else than what holds on that day already."""
    held = dated.in_force(versions, day)
    if held and dict(held.facts) == dict(facts):
        yield Problem("facts", "reference-nothing-changed", {"day": str(day)})


def corrects(wrong: CodeVersion, day: date, facts: Facts) -> Iterator[Problem]:
    """The correction says something else than what it stands in for."""
    if wrong.valid_from == day and dict(wrong.facts) == dict(facts):
        yield Problem("facts", "reference-nothing-changed", {"day": str(day)})


def can_end(versions: Sequence[CodeVersion], last_day: date) -> Iterator[Problem]:
    """The code holds on that day and nothing is recorded for later."""
    later = [version for version in dated.counting(versions) if version.valid_from > last_day]
    if later:
        yield Problem("valid_from", "reference-later-version", {"day": str(later[0].valid_from)})
    elif not dated.in_force(versions, last_day) or last_day > LAST_DAY:
        yield Problem("valid_from", "reference-not-in-force-then", {"day": str(last_day)})
