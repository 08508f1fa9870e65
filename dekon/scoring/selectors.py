"""Scores of satker, and of places as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dekon.lib.periods import month_end
from dekon.lib.workdays import Calendar
from dekon.org.selectors import Place
from dekon.scoring.actions import Gain, gains_of
from dekon.scoring.ahead import Cells, months_ahead, planned_ahead, rooms_of
from dekon.scoring.figures import SatkerFigures, figures_of, together
from dekon.scoring.ikpa import ikpa_of, ikpa_together
from dekon.scoring.nka import nka_of, nka_together
from dekon.scoring.preflight import Change, Effect, Preflight, expected_ahead, preflight
from dekon.scoring.results import Indicator, Score, Subject
from dekon.scoring.whatif import Answer, solve

__all__ = [
    "Ahead", "Answer", "Change", "Effect", "Gain", "Indicator", "Preflight", "Score", "ScoredSatker", "Subject",
    "ahead_of", "answer_to", "best_actions", "effects_of", "gains", "last_month", "of_place", "of_satker",
]  # fmt: skip

THREE = 3


@dataclass(frozen=True, slots=True)
class ScoredSatker:
    """A satker with both of its scores."""

    satker: str
    name: str
    province: str
    unit: str
    ikpa: Score
    nka: Score
    figures: SatkerFigures

    def score(self, subject: Subject) -> Score:
        """The one or the other."""
        return self.ikpa if subject == "ikpa" else self.nka


def last_month(as_of: date) -> int:
    """The last month, 1 to 12, that has ended by a day of its year; January while none has."""
    ended = as_of.month if as_of == month_end(as_of.year, as_of.month) else as_of.month - 1
    return max(1, ended)


def of_satker(*, year: int, month: int, place: Place) -> list[ScoredSatker]:
    """Every satker of a place that has a budget in the year, with its scores at the end of a month; by code.

    Args:
        year: fiscal year; month: 1 to 12.
        place: a satker, province or unit, or empty for the nation.

    Raises:
        RuleBroken: no rules are recorded for the year.
    """
    return [_scored(one) for one in figures_of(year=year, month=month, place=place)]


def _scored(figures: SatkerFigures) -> ScoredSatker:
    ikpa = ikpa_of(figures)
    return ScoredSatker(
        figures.satker, figures.name, figures.province, figures.unit, ikpa, nka_of(figures, ikpa), figures
    )


def gains(scored: ScoredSatker, subject: Subject) -> list[Gain]:
    """What raises a score of a satker most (`actions`), the strongest first."""
    return gains_of(scored.figures, scored.score(subject))


def of_place(scored: Sequence[ScoredSatker], subject: Subject, *, code: str, name: str) -> Score | None:
    """The score of several satker together; None where there is none.

    Args:
        scored: the satker of the place, of one year and month.
        subject: which score.
        code: code of the place, empty for the nation; name: what it is called.
    """
    if not scored:
        return None
    if subject == "nka":
        return nka_together(name, code, [one.nka for one in scored])
    figures = [one.figures for one in scored]
    return ikpa_together(together(figures, code=code, name=name), figures)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A satker with the plan of the months of its running quarter that are still to come."""

    scored: ScoredSatker
    months: tuple[int, ...]
    planned: Cells
    rooms: Mapping[str, int]
    expected: Cells


def ahead_of(*, year: int, month: int, satker: str) -> Ahead | None:
    """What lies before a satker after the end of a month; None where it has no budget in the year.

    Args:
        year: fiscal year; month: 1 to 12, the last one of which figures count.
        satker: code.

    Raises:
        RuleBroken: no rules are recorded for the year.
    """
    found = of_satker(year=year, month=month, place=Place(satker=satker))
    if not found:
        return None
    months = months_ahead(month)
    longer = figures_of(year=year, month=months[-1] if months else month, place=Place(satker=satker))[0]
    planned, rooms = planned_ahead(longer, months), rooms_of(found[0].figures)
    planned = {cell: rp for cell, rp in planned.items() if cell[0] in rooms}
    return Ahead(found[0], months, planned, rooms, expected_ahead(found[0].figures, planned, rooms))


def answer_to(ahead: Ahead, target: Decimal) -> Answer:
    """What the satker must realise to end the quarter with a target (`whatif.solve`)."""
    return solve(ahead.scored.figures, ahead.planned, target)


def effects_of(
    ahead: Ahead, change: Change, spent: Cells, *, on: date, locks: Mapping[int, date], calendar: Calendar
) -> Preflight:
    """What a change does (`preflight.preflight`)."""
    figures = ahead.scored.figures
    return preflight(figures, ahead.planned, spent, change, on=on, locks=locks, calendar=calendar)


def best_actions(ahead: Ahead) -> list[Gain]:
    """The three actions that raise IKPA or NKA most for what they take, the best first."""
    found = [gain for subject in ("ikpa", "nka") for gain in gains(ahead.scored, subject)]
    return sorted(found, key=lambda gain: -gain.rate)[:THREE]
