"""What raises a score most, computed with the formulas of the score itself: each action by the points it brings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from dekon.errors import RuleBroken
from dekon.lib.periods import QUARTERS, quarter_end, quarter_of_month
from dekon.lib.rupiah import round_half_up
from dekon.rules.formulas.ikpa import ikpa_total
from dekon.rules.formulas.ikpa_absorption import absorption_of_quarters, absorption_target
from dekon.scoring.figures import OutputFigures, SatkerFigures, TypeMonths
from dekon.scoring.ikpa import MONTHS_OF_QUARTER, ikpa_of, quarter_absorption_of
from dekon.scoring.nka import nka_of
from dekon.scoring.results import FULL, Score

MOST = 4
LEAST_EFFORT = Decimal(1)
"""Percent that any action takes, so that a trifle does not count as free."""


@dataclass(frozen=True, slots=True)
class Gain:
    """An action: the points that it adds to the score, and of its indicator what it is now and would be.

    `spend` names the rupiah still to be spent by a day, `deliver` the volume still missing of an RO. `effort` is how
    much of the whole that is, percent: of the effective ceiling, or of the target volume.
    """

    kind: Literal["spend", "deliver"]
    points: Decimal
    indicator: str
    before: Decimal
    after: Decimal
    amount_rp: int = 0
    by: date | None = None
    output: str = ""
    volume: Decimal = Decimal(0)
    effort: Decimal = FULL

    @property
    def rate(self) -> Decimal:
        """Points for each percent of effort."""
        return self.points / max(self.effort, LEAST_EFFORT)


def gains_of(figures: SatkerFigures, score: Score) -> list[Gain]:
    """The actions that raise a score, the strongest first; none where nothing can.

    Args:
        figures: what the books hold of the satker.
        score: one of its scores, computed from these figures.
    """
    if score.total is None:
        return []
    found = _by_spending(figures, score) if score.subject == "ikpa" else _by_delivering(figures, score)
    return sorted((gain for gain in found if gain.points > 0), key=lambda gain: -gain.points)[:MOST]


def _by_spending(figures: SatkerFigures, score: Score) -> Iterator[Gain]:
    """Reach the target of the running quarter, or of the next one where a quarter has just ended."""
    ended = figures.month % MONTHS_OF_QUARTER == 0
    number = quarter_of_month(figures.month) + (1 if ended else 0)
    now = _value(score, "penyerapan")
    if number not in QUARTERS or now is None or score.value is None:
        return
    try:
        quarters = [quarter_absorption_of(figures, one).value for one in range(1, number)]
        reached = absorption_of_quarters([*quarters, FULL], figures.year, overridden=True).value
        values = {one.name: one.computed for one in score.indicators} | {"penyerapan": reached}
        total = ikpa_total(values, figures.year, quarter=quarter_of_month(figures.month))
    except RuleBroken:
        return
    missing_rp = sum(_missing_rp(kind, one, number, figures) for kind, one in figures.managed().items())
    yield Gain(
        "spend",
        total.value - score.value,
        "penyerapan",
        now,
        reached,
        missing_rp,
        quarter_end(figures.year, number),
        effort=_effort(missing_rp, figures),
    )


def _effort(missing_rp: int, figures: SatkerFigures) -> Decimal:
    """Rupiah in percent of the effective ceiling."""
    effective = sum(one.effective_rp(figures.month) for one in figures.managed().values())
    return Decimal(missing_rp) * FULL / effective if effective > 0 else FULL


def _missing_rp(kind: str, months: TypeMonths, quarter: int, figures: SatkerFigures) -> int:
    """Rupiah of a spending type still to be spent to reach its target of a quarter."""
    target = months.effective_rp(figures.month) * absorption_target(kind, quarter, figures.year) / FULL
    return max(0, int(round_half_up(target, 0)) - months.realised_rp[-1])


def _by_delivering(figures: SatkerFigures, score: Score) -> Iterator[Gain]:
    """Reach the target volume of one RO, everything else as it is."""
    name = "cro" if any(one.name == "cro" for one in score.indicators) else "perencanaan"
    now = _value(score, name)
    if now is None or score.value is None:
        return
    for output in figures.outputs:
        missing = output.target - (output.volume or Decimal(0))
        if missing <= 0:
            continue
        then = _with_outputs(figures, [one if one is not output else _delivered(output) for one in figures.outputs])
        after = nka_of(then, ikpa_of(then))
        value = _value(after, name)
        if after.value is not None and value is not None:
            yield Gain(
                "deliver", after.value - score.value, name, now, value, output=output.code, volume=missing,
                effort=missing * FULL / output.target,
            )  # fmt: skip


def _delivered(output: OutputFigures) -> OutputFigures:
    return replace(output, volume=output.target)


def _with_outputs(figures: SatkerFigures, outputs: Sequence[OutputFigures]) -> SatkerFigures:
    return replace(figures, outputs=list(outputs))


def _value(score: Score, name: str) -> Decimal | None:
    return next((one.value for one in score.indicators if one.name == name), None)
