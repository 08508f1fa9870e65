"""NKA from the books: outputs, efficiency, consistency, absorption; from 2023 on planning and execution."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from dekon.errors import RuleBroken
from dekon.rules.explained import Explained, Step
from dekon.rules.formulas import absorption as rates
from dekon.rules.formulas import nka, nka_consistency, nka_efficiency, nka_output
from dekon.rules.formulas.nka_efficiency import Spent
from dekon.rules.formulas.nka_output import Output, RoVolume
from dekon.rules.numbers import mean, score
from dekon.scoring.figures import OutputFigures, SatkerFigures
from dekon.scoring.results import FULL, Indicator, Score, indicator, no_rules

FIRST_OF_2021, FIRST_OF_2023 = 2021, 2023


def nka_of(figures: SatkerFigures, execution: Score) -> Score:
    """NKA of a satker at the end of the month of its figures.

    Args:
        figures: what the books hold of it.
        execution: its IKPA, which is the value of budget execution from 2023 on.

    Legal:
        PMK 22/PMK.02/2021 and PMK 214/PMK.02/2017 to 2022; PMK 62/2023 with KMK 466/2023 from 2023.
    """
    first = nka.SATKER_WEIGHTS.first_year
    if figures.year < first:
        return no_rules("nka", figures.year, code=figures.satker, name=figures.name, month=figures.month, first=first)
    newer = figures.year >= FIRST_OF_2023
    weights = nka.TOTAL_WEIGHTS.for_year(figures.year) if newer else nka.SATKER_WEIGHTS.for_year(figures.year)
    formulas = _formulas_2023(figures, execution) if newer else _formulas_2018(figures)
    found = tuple(indicator(name, weight * FULL, formulas[name]) for name, weight in weights.items())
    return _totalled(figures, found, newer=newer)


def nka_together(name: str, code: str, scores: Sequence[Score]) -> Score:
    """NKA of several satker: the plain mean of those that have a value, which no regulation prescribes for a province.

    Args:
        name: what they are called together; code: their code, empty for the nation.
        scores: NKA of each, of one year and month, at least one.

    Legal:
        PMK 22/PMK.02/2021 Lampiran (mean of the satker of a unit: best reading); house rule above that.
    """
    first, refused = scores[0], scores[0].missing
    if refused and refused.code == "score-no-rules":
        return replace(first, code=code, name=name, satker=len(scores))
    known = [one.value for one in scores if one.value is not None]
    if not known:
        reason = RuleBroken("score-no-satker-with-value", count=len(scores))
        return Score("nka", first.year, first.month, code, name, (), missing=reason, satker=len(scores))
    total = Explained(mean(known), (Step("nka", mean(known), f"rata-rata {len(known)} dari {len(scores)} satker"),))
    category = nka.nka_category(total.value, first.year)
    return Score("nka", first.year, first.month, code, name, (), total, category, satker=len(scores))


def _totalled(figures: SatkerFigures, found: tuple[Indicator, ...], *, newer: bool) -> Score:
    """The weighted sum; the regulation converts no weights here, so that one missing value leaves no total."""
    base = Score("nka", figures.year, figures.month, figures.satker, figures.name, found)
    lacking = [one.name for one in found if one.result is None]
    if lacking:
        return replace(base, missing=RuleBroken("score-incomplete", names=", ".join(lacking)))
    values: Mapping[str, Decimal] = {one.name: one.result.value for one in found if one.result}
    try:
        total = (
            nka.nka_2023(values["perencanaan"], values["pelaksanaan"], figures.year) if newer
            else nka.satker_nka_2018(values, figures.year)
        )  # fmt: skip
    except RuleBroken as reason:
        return replace(base, missing=reason)
    return replace(base, total=total, category=nka.nka_category(total.value, figures.year))


type Formulas = Mapping[str, Callable[[], Explained[Decimal]]]


def _formulas_2018(figures: SatkerFigures) -> Formulas:
    return {
        "cro": lambda: _achievement(figures),
        "ne": lambda: _efficiency(figures),
        "konsistensi": lambda: _consistency(figures),
        "penyerapan": lambda: _absorption(figures),
    }


def _formulas_2023(figures: SatkerFigures, execution: Score) -> Formulas:
    def planning() -> Explained[Decimal]:
        effect = nka_output.ro_effectiveness_2023(_volumes(figures), figures.year)
        return nka.satker_planning_2023(effect.value, None, figures.year).resting_on(effect)

    def carried_out() -> Explained[Decimal]:
        if execution.total is None:
            raise execution.missing or RuleBroken("no-indicator-with-data")
        return execution.total

    return {"perencanaan": planning, "pelaksanaan": carried_out}


def _achievement(figures: SatkerFigures) -> Explained[Decimal]:
    """Achievement of the RO; until 2020 of the outputs, whose indicators of quality the books do not hold."""
    volumes = _volumes(figures)
    if figures.year >= FIRST_OF_2021:
        return nka_output.ro_achievement_2021(volumes, figures.year)
    return nka_output.output_achievement_2018([Output(one.id, one.target, one.realised, ()) for one in volumes])


def _volumes(figures: SatkerFigures) -> list[RoVolume]:
    """Target and volume of each RO; an RO of which nothing was reported has delivered nothing."""
    if not any(one.volume is not None for one in figures.outputs):
        raise RuleBroken("score-no-output-volumes", satker=figures.satker)
    return [RoVolume(one.code, one.target, one.volume or Decimal(0)) for one in figures.outputs]


def _efficiency(figures: SatkerFigures) -> Explained[Decimal]:
    _volumes(figures)
    spent = [
        Spent(one.code, Decimal(one.pagu_rp), Decimal(max(0, one.realised_rp)), _achieved(one))
        for one in figures.outputs if one.pagu_rp
    ]  # fmt: skip
    efficiency = nka_efficiency.efficiency_2018(spent, figures.year)
    return nka_efficiency.efficiency_value_2018(efficiency.value, figures.year).resting_on(efficiency)


def _achieved(output: OutputFigures) -> Decimal:
    """Delivered ÷ target, no more than the cap of the achievement allows."""
    if output.target <= 0 or output.volume is None:
        return Decimal(0)
    return min(Decimal(1), output.volume / output.target)


def _consistency(figures: SatkerFigures) -> Explained[Decimal]:
    planned, realised = _cumulative(figures)
    if not any(planned):
        raise RuleBroken("score-no-plan", satker=figures.satker)
    return nka_consistency.consistency_2018(planned, realised, figures.year)


def _cumulative(figures: SatkerFigures) -> tuple[list[Decimal], list[Decimal]]:
    """Plan and realisation of the satker at the end of each month."""
    planned: list[Decimal] = []
    realised: list[Decimal] = []
    for at in range(figures.month):
        month = sum(one.planned_rp[at] for one in figures.types.values())
        planned.append((planned[-1] if planned else Decimal(0)) + month)
        realised.append(Decimal(max(0, sum(one.realised_rp[at] for one in figures.types.values()))))
    return planned, realised


def _absorption(figures: SatkerFigures) -> Explained[Decimal]:
    """Over the pagu; the regulation knows no pagu efektif here.

    Raises:
        RuleBroken: more was spent than there is pagu, which is no value of a score.
    """
    pagu_rp = sum(one.pagu_rp[-1] for one in figures.types.values())
    realised_rp = sum(one.realised_rp[-1] for one in figures.types.values())
    result = rates.absorption(Decimal(max(0, realised_rp)), Decimal(pagu_rp), figures.year)
    score("penyerapan", result.value)
    return result
