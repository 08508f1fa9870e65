"""Parameters: each number that a regulation sets, with its date, its source and how far somebody checked it.

A parameter is a typed handle, written beside the formula that uses it, over an entry in `params/<area>.yaml`:

    RPD_LOCK_DAY = Parameter[int]("budget/rpd_lock_working_day")
    RPD_LOCK_DAY.for_year(2022)          # 10
    RPD_LOCK_DAY.source_for_year(2022)   # PER-5/PB/2022, verified or not

Values are whole numbers, decimals (quoted in YAML, so that no float comes near a rule), texts, or lists of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal, get_args

import yaml

from dekon.errors import RuleBroken

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML was built without libyaml
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]  # same interface, four times slower

PARAMS_FOLDER: Final = Path(__file__).parent / "params"

type Confidence = Literal["source", "known", "derived", "unsure"]
type Kind = Literal["int", "decimal", "text", "int-list", "decimal-list"]
type Value = int | Decimal | str | tuple[int, ...] | tuple[Decimal, ...]

PYTHON_TYPES: Final[dict[Kind, Any]] = {
    "int": int, "decimal": Decimal, "text": str, "int-list": tuple[int, ...], "decimal-list": tuple[Decimal, ...],
}  # fmt: skip
HOUSE_RULE: Final = "house rule"

_CONFIDENCES: Final = ("source", "known", "derived", "unsure")
_FIELDS: Final = frozenset({"description", "unit", "type", "applies_to", "notes", "values"})
_NEEDED: Final = ("description", "unit", "type", "values")
_ENTRY_FIELDS: Final = frozenset({"value", "legal", "published", "checked", "confidence", "seen_in"})
_ENTRY_NEEDED: Final = ("value", "legal", "published", "checked", "confidence")


class ParameterProblems(ValueError):
    """The parameter files do not keep to their form. Lists every problem, each with file and key."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a parameter and what it rests on.

    `since` is the first day on which it holds (1 January of the first year, if it goes by fiscal year), `published` the
    day of the regulation, `checked` the day on which it was compared with what the text named in `seen_in` says.
    """

    key: str
    since: date
    value: Value
    legal: str
    published: date | None
    checked: date | None
    confidence: Confidence
    seen_in: str

    @property
    def verified(self) -> bool:
        """Whether somebody saw the value in a text of the regulation, or we set it ourselves."""
        return self.checked is not None and (self.confidence == "source" or self.legal == HOUSE_RULE)


@dataclass(frozen=True, slots=True)
class Definition:
    """A parameter as its file describes it; entries newest first."""

    key: str
    description: str
    unit: str
    kind: Kind
    by_fiscal_year: bool
    notes: str
    entries: tuple[Entry, ...]

    def entry_at(self, on: date) -> Entry:
        """The entry that holds on a day.

        Raises:
            RuleBroken: the day lies before the first one.
        """
        for entry in self.entries:
            if entry.since <= on:
                return entry
        first = self.entries[-1].since.isoformat()
        raise RuleBroken("parameter-not-in-force", parameter=self.key, on=on.isoformat(), first=first)


class ParameterBook:
    """All parameters below a folder, read once when the first is asked for, and the handles that use them."""

    def __init__(self, folder: Path = PARAMS_FOLDER) -> None:
        self.folder = folder
        self.handles: dict[str, Parameter[Any]] = {}

    @cached_property
    def definitions(self) -> Mapping[str, Definition]:
        """Every parameter by `area/name`.

        Raises:
            ParameterProblems: something in the files is missing, unknown or of the wrong kind.
        """
        problems: list[str] = []
        found: dict[str, Definition] = {}
        for path in sorted(self.folder.glob("*.yaml")):
            for name, raw in _read(path, problems).items():
                definition = _definition(f"{path.stem}/{name}", f"{path.name}: {name}", raw, problems)
                if definition:
                    found[definition.key] = definition
        if problems:
            raise ParameterProblems(problems)
        return found

    def unused(self) -> frozenset[str]:
        """Parameters in the files that no handle uses; the modules with formulas must have been imported."""
        return frozenset(self.definitions) - frozenset(self.handles)

    def problems_of_handles(self) -> list[str]:
        """Handles without an entry, or whose type differs from the file's."""
        problems = [f"{key}: no such parameter" for key in self.handles if key not in self.definitions]
        for key, handle in self.handles.items():
            if key in self.definitions and handle.python_type != PYTHON_TYPES[self.definitions[key].kind]:
                problems.append(f"{key}: handle is {handle.python_type}, file says {self.definitions[key].kind}")
        return problems


BOOK: Final = ParameterBook()
"""The parameters of Dekon."""


class Parameter[T]:
    """A typed handle on one parameter. Make it once, as a constant beside the formula that uses it."""

    def __init__(self, key: str, book: ParameterBook = BOOK) -> None:
        if key in book.handles:
            raise ValueError(f"{key} has a handle already: import that one")
        self.key = key
        self._book = book
        book.handles[key] = self

    @property
    def python_type(self) -> object:
        """The type written in brackets, to be compared with the file's."""
        return get_args(getattr(self, "__orig_class__", None))[0]

    @property
    def definition(self) -> Definition:
        """Description, unit and all dated entries. Raises KeyError where the file has no such parameter."""
        return self._book.definitions[self.key]

    def at(self, on: date) -> T:
        """The value in force on a day. Raises RuleBroken before the first."""
        return self.source_at(on).value  # type: ignore[return-value]  # `problems_of_handles` compares the types

    def for_year(self, year: int) -> T:
        """The value for a fiscal year, if the parameter goes by fiscal year. Raises RuleBroken before the first."""
        return self.source_for_year(year).value  # type: ignore[return-value]  # as above

    def source_at(self, on: date) -> Entry:
        """The dated entry behind `at`, to be cited. Raises RuleBroken before the first."""
        definition = self.definition
        return definition.entry_at(date(on.year, 1, 1) if definition.by_fiscal_year else on)

    def source_for_year(self, year: int) -> Entry:
        """The dated entry behind `for_year`, to be cited.

        Raises:
            RuleBroken: the year lies before the first entry.
            ValueError: the parameter may change within a year, so that a day must be asked for.
        """
        if not self.definition.by_fiscal_year:
            raise ValueError(f"{self.key} does not go by fiscal year: ask for a day")
        return self.definition.entry_at(date(year, 1, 1))


class _StrictLoader(_Loader):
    """YAML in which a key given twice is a mistake instead of the last one winning."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002  # PyYAML's signature
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(
                None, None, f"key given twice: {', '.join(map(str, twice))}", node.start_mark
            )
        return super().construct_mapping(node, deep)


def _read(path: Path, problems: list[str]) -> Mapping[Any, Any]:
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=_StrictLoader)  # noqa: S506  # derived from the safe loader
    except yaml.YAMLError as error:
        problems.append(f"{path.name}: {error}")
        return {}
    if not isinstance(content, dict):
        problems.append(f"{path.name}: not a list of parameters")
        return {}
    return content


def _definition(key: str, place: str, raw: object, problems: list[str]) -> Definition | None:
    """The parameter in a file, or None with the reasons added to `problems`."""
    before = len(problems)
    if not isinstance(raw, dict):
        problems.append(f"{place}: not a parameter")
        return None
    problems += [f"{place}: {name} is missing" for name in _NEEDED if not raw.get(name)]
    problems += [f"{place}: {name} is unknown" for name in sorted(set(raw) - _FIELDS)]
    if raw.get("applies_to", "fiscal-year") != "fiscal-year":
        problems.append(f"{place}: applies_to can only be fiscal-year")
    if raw.get("type") not in PYTHON_TYPES:
        problems.append(f"{place}: type must be one of {', '.join(PYTHON_TYPES)}")
    if len(problems) > before:
        return None
    by_year = "applies_to" in raw
    entries = tuple(_entries(key, place, raw, problems, by_year=by_year))
    if len(problems) > before:
        return None
    newest_first = tuple(sorted(entries, key=lambda entry: entry.since, reverse=True))
    return Definition(key, raw["description"], raw["unit"], raw["type"], by_year, raw.get("notes", ""), newest_first)


def _entries(key: str, place: str, raw: Mapping[str, Any], problems: list[str], *, by_year: bool) -> Iterator[Entry]:
    if not isinstance(raw["values"], dict):
        problems.append(f"{place}: values must be given by date")
        return
    for since, entry in raw["values"].items():
        here = f"{place}, {since}"
        found = list(_entry_problems(here, since, entry, by_year=by_year))
        value = None if found else _value(here, raw["type"], entry["value"], found)
        problems += found
        if value is not None:
            yield Entry(
                key, since, value, entry["legal"], entry["published"], entry["checked"], entry["confidence"],
                entry.get("seen_in", ""),
            )  # fmt: skip


def _entry_problems(here: str, since: object, entry: object, *, by_year: bool) -> Iterator[str]:
    """What is wrong with the frame around a value."""
    if not isinstance(since, date):
        yield f"{here}: not a date"
    elif by_year and (since.month, since.day) != (1, 1):
        yield f"{here}: a budget-year value begins on 1 January"
    if not isinstance(entry, dict):
        yield f"{here}: not an entry"
        return
    yield from (f"{here}: {name} is missing" for name in _ENTRY_NEEDED if name not in entry)
    yield from (f"{here}: {name} is unknown" for name in sorted(set(entry) - _ENTRY_FIELDS))
    if not entry.get("legal"):
        yield f"{here}: legal is empty; write the regulation and article, or {HOUSE_RULE}"
    if entry.get("confidence") not in _CONFIDENCES:
        yield f"{here}: confidence must be one of {', '.join(_CONFIDENCES)}"
    for name in ("published", "checked"):
        if not isinstance(entry.get(name), date | None):
            yield f"{here}: {name} must be a date or empty"
    if entry.get("checked") and not entry.get("seen_in") and entry.get("legal") != HOUSE_RULE:
        yield f"{here}: checked, but seen_in does not say in which text"


def _value(here: str, kind: Kind, raw: object, problems: list[str]) -> Value | None:
    """The value as its Python type, or None with the reason added to `problems`."""
    if kind in {"int-list", "decimal-list"}:
        one: Kind = "int" if kind == "int-list" else "decimal"
        if not isinstance(raw, list) or not raw:
            problems.append(f"{here}: value must be a list")
            return None
        items = [_value(here, one, item, problems) for item in raw]
        return None if None in items else tuple(items)  # type: ignore[return-value]  # all of one kind, none None
    if kind == "int" and isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if kind == "text" and isinstance(raw, str):
        return raw
    if kind == "decimal" and isinstance(raw, str):
        try:
            return Decimal(raw)
        except InvalidOperation:
            pass
    quoted = " in quotes" if kind == "decimal" else ""
    problems.append(f"{here}: {raw!r} is no {kind}{quoted}")
    return None
