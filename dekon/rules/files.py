"""The files of parameters: read strictly, every problem told at once with file, key and remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

from dekon.rules.entry import HOUSE_RULE, PYTHON_TYPES, UNITS, Definition, Entry, Kind, Unit, Value

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML was built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]  # same interface, four times slower

_CONFIDENCES: Final = ("sourced", "known", "derived", "unsure")
_FIELDS: Final = frozenset({"description", "unit", "type", "applies_to", "notes", "values"})
_NEEDED: Final = ("description", "unit", "type", "values")
_ENTRY_FIELDS: Final = frozenset(
    {"value", "until", "legal", "published", "checked", "checked_by", "confidence", "seen_in"}
)
_ENTRY_NEEDED: Final = ("value", "legal", "published", "checked", "confidence")
_DAY: Final = timedelta(days=1)


class ParameterProblems(ValueError):
    """The parameter files do not keep to their form. Lists every problem, each with file and key."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class StrictLoader(_Loader):
    """YAML in which a key given twice is a mistake instead of the last one winning."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  # PyYAML's signature
        """The table of a node; a key that stands there twice is refused."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(
                None, None, f"key given twice: {', '.join(map(str, twice))}", node.start_mark
            )
        return super().construct_mapping(node, deep)


def read_file(path: Path, problems: list[str]) -> Mapping[Any, Any]:
    """What a file of rules says by name; what makes it unreadable is added to `problems`."""
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=StrictLoader)  # noqa: S506  # derived from the safe loader
    except (yaml.YAMLError, ValueError) as error:
        problems.append(f"{path.name}: {error}; mend the YAML at this place")
        return {}
    if not isinstance(content, dict):
        problems.append(f"{path.name}: not a list of parameters; write `name:` with its fields below it")
        return {}
    return content


def definition_from(key: str, place: str, raw: object, problems: list[str]) -> Definition | None:
    """The parameter in a file, or None with the reasons added to `problems`."""
    before = len(problems)
    if not isinstance(raw, dict):
        problems.append(f"{place}: not a parameter; write its fields below its name")
        return None
    problems += [f"{place}: {name} is missing; add it" for name in _NEEDED if not raw.get(name)]
    problems += unknown_fields(place, raw, _FIELDS)
    if raw.get("applies_to", "fiscal-year") != "fiscal-year":
        problems.append(f"{place}: applies_to can only be fiscal-year; leave it out where the law names days")
    if raw.get("type") not in PYTHON_TYPES:
        problems.append(f"{place}: type must be one of {', '.join(PYTHON_TYPES)}")
    problems += _unit_problems(place, raw)
    by_year = "applies_to" in raw
    entries = tuple(_entries(key, place, raw, problems, by_year=by_year)) if "values" in raw else ()
    if len(problems) > before:
        return None
    problems += _order_problems(place, entries)
    if len(problems) > before:
        return None
    return Definition(key, raw["description"], raw["unit"], raw["type"], by_year, raw.get("notes", ""), entries)


def unknown_fields(place: str, raw: Mapping[Any, Any], known: frozenset[str]) -> list[str]:
    """One problem for each field that means nothing here."""
    names = ", ".join(sorted(known))
    return [f"{place}: {name} is unknown; use one of {names}" for name in sorted(map(str, set(raw) - known))]


def _unit_problems(place: str, raw: Mapping[str, Any]) -> Iterator[str]:
    """Whether the unit is one of ours and fits the type."""
    unit, kind = UNITS.get(str(raw.get("unit"))), raw.get("type")
    if raw.get("unit") and unit is None:
        yield f"{place}: unit {raw['unit']!r} is unknown; use one of {', '.join(UNITS)}"
    elif unit and kind in PYTHON_TYPES and kind not in unit.kinds:
        yield f"{place}: type {kind} does not fit the unit {raw['unit']}; it takes {', '.join(unit.kinds)}"


def _order_problems(place: str, entries: tuple[Entry, ...]) -> Iterator[str]:
    """Newest first, each ending before the next begins, and no day without a value in between."""
    for newer, older in pairwise(entries):
        if newer.since <= older.since:
            yield f"{place}, {newer.since}: stands above {older.since}; write the newest value first"
        elif older.until and older.until >= newer.since:
            yield (
                f"{place}, {older.since}: holds until {older.until} and overlaps the value of {newer.since};"
                f" end it on {newer.since - _DAY} or leave `until` out"
            )
        elif older.until and older.until < newer.since - _DAY:
            yield (
                f"{place}, {older.since}: ends on {older.until}, a gap before the value of {newer.since};"
                " leave `until` out or add the value that held in between"
            )


def _entries(key: str, place: str, raw: Mapping[str, Any], problems: list[str], *, by_year: bool) -> Iterator[Entry]:
    if not isinstance(raw["values"], dict):
        problems.append(f"{place}: values must be given by date; write `2024-01-01:` with its fields below it")
        return
    unit = UNITS.get(str(raw.get("unit")))
    for since, entry in raw["values"].items():
        here = f"{place}, {since}"
        found = list(_entry_problems(here, since, entry, by_year=by_year))
        readable = isinstance(entry, dict) and "value" in entry
        value = _value(here, raw.get("type"), entry["value"], found) if readable else None
        if value is not None and unit:
            found += _range_problems(here, str(raw["unit"]), unit, value)
        problems += found
        if value is not None and not found:
            yield Entry(
                key, since, value, entry["legal"], entry["published"], entry["checked"], entry["confidence"],
                entry.get("seen_in") or "", entry.get("checked_by") or "", entry.get("until"),
            )  # fmt: skip


def _entry_problems(here: str, since: object, entry: object, *, by_year: bool) -> Iterator[str]:
    """What is wrong with the frame around a value."""
    if not isinstance(since, date):
        yield f"{here}: not a date; write the first day on which it holds, as 2024-01-31"
    elif by_year and (since.month, since.day) != (1, 1):
        yield f"{here}: a budget-year value begins on 1 January; use the first of the year from which it counts"
    if not isinstance(entry, dict):
        yield f"{here}: not an entry; write value, legal, published, checked and confidence below the date"
        return
    yield from (
        f"{here}: {name} is missing; add it, empty where not known" for name in _ENTRY_NEEDED if name not in entry
    )
    yield from unknown_fields(here, entry, _ENTRY_FIELDS)
    for name in ("published", "checked", "until"):
        if not isinstance(entry.get(name), date | None):
            yield f"{here}: {name} must be a date or empty"
    if isinstance(since, date) and isinstance(entry.get("until"), date) and entry["until"] < since:
        yield f"{here}: until lies before the first day; mend one of the two"
    yield from source_problems(here, entry)


def source_problems(here: str, entry: Mapping[str, Any]) -> Iterator[str]:
    """Whether a statement names its regulation, how sure it is, and who compared it with which text."""
    if not entry.get("legal"):
        yield f"{here}: legal is empty; write the regulation and article, or {HOUSE_RULE}"
    if entry.get("confidence") not in _CONFIDENCES:
        yield f"{here}: confidence must be one of {', '.join(_CONFIDENCES)}"
    if entry.get("legal") == HOUSE_RULE:
        return
    if entry.get("checked") and not entry.get("seen_in"):
        yield f"{here}: checked, but seen_in does not say in which text; name the text that was read"
    if entry.get("checked") and not entry.get("checked_by"):
        yield f"{here}: checked, but checked_by does not say who looked; name the office"
    if entry.get("confidence") == "sourced" and not entry.get("checked"):
        yield f"{here}: sourced, but nobody checked it; compare it with the text, or write known or unsure"


def _value(here: str, kind: Kind | None, raw: object, problems: list[str]) -> Value | None:
    """The value as its Python type, or None with the reason added to `problems`."""
    if kind in {"int-list", "decimal-list", "text-list"}:
        one: Any = str(kind).removesuffix("-list")
        if not isinstance(raw, list) or not raw:
            problems.append(f"{here}: value must be a list")
            return None
        items = [_value(here, one, item, problems) for item in raw]
        return None if None in items else tuple(items)  # type: ignore[return-value]  # all of one kind, none None
    if kind in {"decimal-table", "decimal-list-table"}:
        return _table(here, str(kind).removesuffix("-table"), raw, problems)
    return _single(here, kind, raw, problems)


def _table(here: str, kind: Any, raw: object, problems: list[str]) -> Value | None:  # noqa: ANN401  # one of `Kind`
    if not isinstance(raw, dict) or not raw:
        problems.append(f"{here}: value must be a table of names and numbers")
        return None
    items = {str(name): _value(f"{here}, {name}", kind, item, problems) for name, item in raw.items()}
    return None if None in items.values() else MappingProxyType(items)  # type: ignore[return-value]  # none None


def _single(here: str, kind: Kind | None, raw: object, problems: list[str]) -> Value | None:
    if kind == "int" and isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if kind == "text" and isinstance(raw, str):
        return raw
    if kind == "decimal" and isinstance(raw, str):
        try:
            number = Decimal(raw)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return number
    quoted = " in quotes" if kind == "decimal" else ""
    problems.append(f"{here}: {raw!r} is no {kind}{quoted}; write it as one")
    return None


def _range_problems(here: str, name: str, unit: Unit, value: Value) -> Iterator[str]:
    """Whether the numbers can be in the unit that the parameter states."""
    numbers = list(_numbers(value))
    for number in numbers:
        if not unit.low <= number <= unit.high:
            yield f"{here}: {number} is no {name}; it must lie between {unit.low} and {unit.high}"
    if unit.sum is not None and sum(numbers) != unit.sum:
        yield f"{here}: the values sum to {sum(numbers)} instead of {unit.sum}; mend the one that is wrong"


def _numbers(value: Value) -> Iterator[Decimal]:
    if isinstance(value, int | Decimal):
        yield Decimal(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _numbers(item)
    elif isinstance(value, tuple):
        for member in value:
            yield from _numbers(member)
