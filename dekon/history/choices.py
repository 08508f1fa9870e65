"""What every address makes of a past moment, typed: `addresses.yaml` read once. To this package addresses are words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

FILE = Path(__file__).with_name("addresses.yaml")
NAMES = frozenset({"record", "effect", "why", "without"})


class Record(StrEnum):
    """What an address makes of a moment of record: see the head of `addresses.yaml`."""

    PAST = "past"
    NOW = "now"
    FORM = "form"
    SENT = "sent"


class Effect(StrEnum):
    """What an address makes of a day of effect: see the head of `addresses.yaml`."""

    DAY = "day"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Stance:
    """What one address makes of both. `why` and `without` name the reasons where it makes nothing of one."""

    record: Record = Record.PAST
    effect: Effect = Effect.NONE
    why: str = ""
    without: str = ""


@cache
def stances(kind: Literal["pages", "operations"]) -> Mapping[str, Stance]:
    """Every page by its pattern, or every reading operation of the API by method and path.

    Args:
        kind: which of the two.

    Raises:
        ValueError: the table says what it cannot mean.
    """
    raw: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text("utf-8"))[kind]
    return {address: _stance(address, said) for address, said in raw.items()}


def _stance(address: str, said: Mapping[str, str]) -> Stance:
    unknown = set(said) - NAMES
    found = Stance(
        Record(said["record"]), Effect(said.get("effect", "none")), said.get("why", ""), said.get("without", "")
    )
    if unknown or (found.record is Record.NOW) != bool(found.why):
        raise ValueError(f"addresses.yaml, {address}: {', '.join(sorted(unknown)) or 'why belongs to now alone'}")
    return found
