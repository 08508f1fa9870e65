"""The rules of the early warning, read strictly: every problem is told at once with file, key and remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from dekon.org.choices import Role
from dekon.performance.choices import Severity
from dekon.rules.files import ParameterProblems, StrictLoader

FILE: Final = Path(__file__).with_name("rules.yaml")
FIELDS: Final = frozenset({"check", "limits", "severity", "owner", "reason"})
CHECKS: Final[Mapping[str, Mapping[str, tuple[int, int]]]] = {
    "absorption-behind": {"points": (1, 100), "months": (1, 12)},
    "money-ahead": {"points": (1, 100), "least_rp": (0, 10**12)},
    "output-ahead": {"points": (1, 100), "least_rp": (0, 10**12)},
    "lock-near": {"working_days": (1, 60), "percent": (0, 100)},
    "forecast-below": {"percent": (1, 100), "from_month": (1, 12)},
    "above-ceiling": {"payments": (1, 10**6)},
    "nothing-by": {"month": (1, 12)},
}
"""Check → its limits, each with the least and the most that makes sense."""
WHOLE: Final = frozenset({"months", "least_rp", "working_days", "from_month", "payments", "month"})
NAME_LENGTH: Final = 32
LANGUAGES: Final = frozenset({"id", "en"})


@dataclass(frozen=True, slots=True)
class WarningRule:
    """One rule: what it looks at, its limits, and whose it is."""

    name: str
    check: str
    limits: Mapping[str, Decimal]
    severity: Severity
    owner: str
    reason: Mapping[str, str]

    def whole(self, limit: str) -> int:
        """A limit that is a whole number."""
        return int(self.limits[limit])


def rules_from(path: Path) -> tuple[WarningRule, ...]:
    """The rules in a file, in its order.

    Raises:
        ParameterProblems: something is missing, unknown or out of range; every problem with file, key and remedy.
    """
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=StrictLoader)  # noqa: S506  # derived from the safe loader
    except (yaml.YAMLError, ValueError) as error:
        raise ParameterProblems([f"{path.name}: {error}; mend the YAML at this place"]) from error
    if not isinstance(content, dict) or not content:
        raise ParameterProblems([f"{path.name}: no rules; write `name:` with its fields below it"])
    problems = [line for name, raw in content.items() for line in _problems(f"{path.name}: {name}", str(name), raw)]
    if problems:
        raise ParameterProblems(problems)
    return tuple(
        WarningRule(
            name, raw["check"], {key: Decimal(str(value)) for key, value in raw["limits"].items()},
            Severity(raw["severity"]), raw["owner"],
            {language: " ".join(words.split()) for language, words in raw["reason"].items()},
        )
        for name, raw in content.items()
    )  # fmt: skip


def _problems(place: str, name: str, raw: object) -> Iterator[str]:
    if not isinstance(raw, dict):
        yield f"{place}: not a rule; write its fields below its name"
        return
    if len(name) > NAME_LENGTH or not name.replace("-", "").isalnum() or name != name.lower():
        yield f"{place}: the name must be kebab-case of at most {NAME_LENGTH} letters; shorten it"
    yield from (f"{place}: {field} is missing; add it" for field in sorted(FIELDS) if not raw.get(field))
    unknown = sorted(map(str, set(raw) - FIELDS))
    yield from (f"{place}: {field} is unknown; use one of {', '.join(sorted(FIELDS))}" for field in unknown)
    if raw.get("severity") and raw["severity"] not in Severity.values:
        yield f"{place}: severity {raw['severity']!r} is unknown; use one of {', '.join(Severity.values)}"
    if raw.get("owner") and raw["owner"] not in Role.values:
        yield f"{place}: owner {raw['owner']!r} is no role; use one of {', '.join(Role.values)}"
    reason = raw.get("reason")
    if reason and not (isinstance(reason, dict) and set(reason) == LANGUAGES and all(map(_is_text, reason.values()))):
        yield f"{place}: reason must be said in both languages; write id and en below it"
    if raw.get("check") and raw["check"] not in CHECKS:
        yield f"{place}: check {raw['check']!r} is unknown; use one of {', '.join(CHECKS)}"
    elif raw.get("check") and raw.get("limits"):
        yield from _limit_problems(place, raw["limits"], CHECKS[raw["check"]])


def _is_text(raw: object) -> bool:
    return isinstance(raw, str) and bool(raw.strip())


def _limit_problems(place: str, raw: object, known: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    if not isinstance(raw, dict):
        yield f"{place}: limits must be a table; write {', '.join(known)} with their numbers"
        return
    yield from (f"{place}: limit {name} is missing; add it" for name in known if name not in raw)
    for name, value in raw.items():
        if name not in known:
            yield f"{place}: limit {name} is unknown; use {', '.join(known)}"
        elif (number := _number(value)) is None:
            yield f"{place}: limit {name} is {value!r}; write a whole number, or a decimal in quotes"
        elif name in WHOLE and number != int(number):
            yield f"{place}: limit {name} is {value!r}; write a whole number"
        elif not known[name][0] <= number <= known[name][1]:
            yield f"{place}: limit {name} is {value!r}; write {known[name][0]} to {known[name][1]}"


def _number(value: Any) -> Decimal | None:  # noqa: ANN401  whatever stands in a file
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


@cache
def rules() -> tuple[WarningRule, ...]:
    """The rules of the house. Raises ParameterProblems where the file does not keep to its form."""
    return rules_from(FILE)
