"""Scores of satker, and of places as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dekon.lib.periods import month_end
from dekon.org.selectors import Place
from dekon.scoring.actions import Gain, gains_of
from dekon.scoring.figures import SatkerFigures, figures_of, together
from dekon.scoring.ikpa import ikpa_of, ikpa_together
from dekon.scoring.models import ScoreSnapshot
from dekon.scoring.nka import nka_of, nka_together
from dekon.scoring.results import Indicator, Score, Subject

__all__ = [
    "Gain", "Indicator", "Score", "ScoredSatker", "Subject", "gains", "history_of", "last_month", "of_place",
    "of_satker",
]  # fmt: skip


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


def history_of(*, satker: str, year: int, month: int, subject: Subject) -> list[ScoreSnapshot]:
    """The values kept of a satker at the end of a month, the newest first; each knows what it was before and why.

    Args:
        satker: its code; year and month: of when; subject: which score.
    """
    found = ScoreSnapshot.objects.filter(satker__code=satker, fiscal_year=year, month=month, subject=subject)
    return list(found.order_by("-computed_at", "-pk"))


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
