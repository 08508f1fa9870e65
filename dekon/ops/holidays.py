"""The shipped list of closed days, for whatever counts working days without a database."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

LIST: Final = Path(__file__).parents[1] / "org" / "reference" / "libur.csv"


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A national holiday or a day of collective leave, and since when that was known."""

    day: date
    kind: str
    published_on: date | None = None
    withdrawn_on: date | None = None


@cache
def shipped_holidays() -> tuple[ClosedDay, ...]:
    """Every closed day of the list, withdrawn ones too."""
    with LIST.open(encoding="utf-8") as file:
        return tuple(
            ClosedDay(date.fromisoformat(row["day"]), row["kind"], _day(row["published_on"]), _day(row["withdrawn_on"]))
            for row in csv.DictReader(file)
        )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
