"""Period overrides: a quarter for which the Treasury fixed indicators or left them out, with reason and letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from dekon.lib.periods import QUARTERS
from dekon.rules.entry import Confidence
from dekon.rules.explained import Step
from dekon.rules.files import ParameterProblems, StrictLoader, source_problems, unknown_fields

OVERRIDES_FILE: Final = Path(__file__).parent / "overrides.yaml"
ALL: Final = "all"
FIXED, EXCLUDED = "fixed", "excluded"

_FIELDS: Final = frozenset(
    {
        "subject", "year", "quarter", "indicators", "effect", "value", "reason", "letter", "legal", "published",
        "checked", "checked_by", "confidence", "seen_in",
    }
)  # fmt: skip
_NEEDED: Final = ("subject", "year", "quarter", "indicators", "effect", "reason", "letter", "legal", "confidence")


@dataclass(frozen=True, slots=True)
class Override:
    """What counts instead of the computed value in one quarter; `value` is None where the indicator is left out."""

    subject: str
    year: int
    quarter: int
    indicators: frozenset[str]
    value: Decimal | None
    reason: str
    letter: str
    legal: str
    confidence: Confidence
    seen_in: str

    def covers(self, indicator: str) -> bool:
        """Whether it speaks of an indicator."""
        return ALL in self.indicators or indicator in self.indicators


def overrides_from(path: Path) -> tuple[Override, ...]:
    """The overrides in a file.

    Raises:
        ParameterProblems: fields are missing, unknown or wrong, or two speak of the same indicator and quarter.
    """
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=StrictLoader)  # noqa: S506  # derived from the safe loader
    except (yaml.YAMLError, ValueError) as error:
        raise ParameterProblems([f"{path.name}: {error}; mend the YAML at this place"]) from error
    if not isinstance(content, list):
        raise ParameterProblems([f"{path.name}: not a list of overrides; begin each with a dash"])
    places = [f"{path.name}: number {number}" for number in range(1, len(content) + 1)]
    problems = [line for place, raw in zip(places, content, strict=True) for line in _problems(place, raw)]
    found = () if problems else tuple(_override(raw) for raw in content)
    problems += list(_clashes(path.name, found))
    if problems:
        raise ParameterProblems(problems)
    return found


def _problems(place: str, raw: object) -> Iterator[str]:
    if not isinstance(raw, dict):
        yield f"{place}: not an override; write its fields below the dash"
        return
    yield from (f"{place}: {name} is missing; add it" for name in _NEEDED if not raw.get(name))
    yield from unknown_fields(place, raw, _FIELDS)
    yield from source_problems(place, raw)
    if not isinstance(raw.get("year"), int) or raw.get("quarter") not in QUARTERS:
        yield f"{place}: year and quarter must be a fiscal year and 1 to 4"
    if not (raw.get("indicators") == ALL or isinstance(raw.get("indicators"), list)):
        yield f"{place}: indicators must be a list of names or {ALL}"
    if raw.get("effect") not in {FIXED, EXCLUDED} or (raw.get("effect") == FIXED) != ("value" in raw):
        yield f"{place}: effect must be {FIXED} with a value or {EXCLUDED} without one"
    elif raw["effect"] == FIXED and not _is_score(raw["value"]):
        yield f"{place}: value {raw['value']!r} is no score; write 0 to 100 in quotes"
    for name in ("published", "checked"):
        if not isinstance(raw.get(name), date | None):
            yield f"{place}: {name} must be a date or empty"


def _is_score(raw: object) -> bool:
    try:
        return isinstance(raw, str) and 0 <= Decimal(raw) <= 100
    except InvalidOperation:
        return False


def _override(raw: Mapping[str, Any]) -> Override:
    return Override(
        subject=raw["subject"], year=raw["year"], quarter=raw["quarter"],
        indicators=frozenset([ALL] if raw["indicators"] == ALL else raw["indicators"]),
        value=Decimal(raw["value"]) if raw["effect"] == FIXED else None, reason=" ".join(raw["reason"].split()),
        letter=raw["letter"], legal=raw["legal"], confidence=raw["confidence"], seen_in=raw.get("seen_in") or "",
    )  # fmt: skip


def _clashes(file: str, found: Sequence[Override]) -> Iterator[str]:
    for number, one in enumerate(found):
        for other in found[number + 1 :]:
            same = (one.subject, one.year, one.quarter) == (other.subject, other.year, other.quarter)
            if same and (ALL in one.indicators | other.indicators or one.indicators & other.indicators):
                yield f"{file}: two overrides for {one.subject} {one.year} quarter {one.quarter}; keep one of them"


@cache
def overrides() -> tuple[Override, ...]:
    """Every override. Raises ParameterProblems where the file does not keep to its form."""
    return overrides_from(OVERRIDES_FILE)


def override_for(
    subject: str, indicator: str, year: int, quarter: int, known: Sequence[Override] | None = None
) -> Override | None:
    """What counts for an indicator in a quarter instead of its computed value, if anything does.

    Args:
        subject: `ikpa` or `nka`.
        indicator: its short name, such as `penyerapan`.
        year: fiscal year.
        quarter: 1 to 4.
        known: other overrides than those of the file.
    """
    for override in overrides() if known is None else known:
        if (override.subject, override.year, override.quarter) == (subject, year, quarter) and override.covers(
            indicator
        ):
            return override
    return None


def with_overrides(
    subject: str, values: Mapping[str, Decimal | None], year: int, quarter: int, known: Sequence[Override] | None = None
) -> tuple[dict[str, Decimal | None], tuple[Step, ...]]:
    """The indicators of a quarter after the overrides, and a step for each that was changed.

    An indicator without data stays without data: what is fixed is a value, not that the indicator applies.

    Args:
        subject: `ikpa` or `nka`.
        values: indicator → points, None where there is no data.
        year: fiscal year.
        quarter: 1 to 4.
        known: other overrides than those of the file.
    """
    after, steps = dict(values), []
    for indicator, value in values.items():
        override = override_for(subject, indicator, year, quarter, known)
        if override and value is not None:
            after[indicator] = override.value
            said = "dikeluarkan dari penilaian" if override.value is None else "ditetapkan"
            how = f"{said}: {override.reason} ({override.letter})"
            steps.append(Step("penyesuaian periode", override.value, how, indicator))
    return after, tuple(steps)
