"""The officials of every satker of the demo year: four offices each, one gap, one Plh. and one Plt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from dekon.ops.demo.people import OFFICES
from dekon.ops.demo.places import DemoSatker

GAP = ("029108", "ppspm")
"""Where nobody holds the office on 1 and 2 October."""


@dataclass(frozen=True, slots=True)
class Tenure:
    """Who holds an office of a satker, from when to when, by which decree; `instead_of` is who is represented."""

    login: str
    office: str
    satker: str
    first: date
    last: date | None
    decree: str
    decree_on: date
    standing: str = "definitif"
    instead_of: str = ""


def tenures(satker: Iterable[DemoSatker], year: int) -> Iterator[Tenure]:
    """Everything that the decrees of the year say, in the order in which it is recorded."""
    begin, signed = date(year, 1, 1), date(year - 1, 12, 20)
    for one in satker:
        for number, office in enumerate(OFFICES, start=31):
            decree = f"SK Gubernur 821/{one.code}/K.{number:03}/{year}"
            login = f"{office}-{one.place.province}"
            if (one.code, office) == GAP:
                yield Tenure(f"{login}-lama", office, one.code, begin, date(year, 9, 30), decree, signed)
                new, decided = f"SK Gubernur 821/{one.code}/K.112/{year}", date(year, 9, 30)
                yield Tenure(login, office, one.code, date(year, 10, 3), None, new, decided)
            else:
                yield Tenure(login, office, one.code, begin, None, decree, signed)
    yield Tenure(
        "bendahara-32-plh", "bendahara", "029108", date(year, 8, 15), date(year, 9, 14),
        f"SK Gubernur 821/029108/K.090/{year}", date(year, 8, 11), "plh", "bendahara-32",
    )  # fmt: skip
    yield Tenure(
        "sekretaris-32", "ppk", "029113", date(year, 9, 1), date(year, 11, 30),
        f"SK Gubernur 821/029113/K.098/{year}", date(year, 8, 29), "plt", "ppk-32",
    )  # fmt: skip
