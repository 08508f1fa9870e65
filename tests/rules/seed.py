"""The shipped list of holidays, as rows that a calendar is made from."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

HOLIDAYS = Path(__file__).parents[2] / "dekon" / "org" / "reference" / "libur.csv"


@dataclass(frozen=True, slots=True)
class Closed:
    day: date
    kind: str
    published_on: date | None = None
    withdrawn_on: date | None = None


def closed_days() -> tuple[Closed, ...]:
    with HOLIDAYS.open(encoding="utf-8") as file:
        return tuple(
            Closed(date.fromisoformat(row["day"]), row["kind"], _day(row["published_on"]), _day(row["withdrawn_on"]))
            for row in csv.DictReader(file)
        )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
