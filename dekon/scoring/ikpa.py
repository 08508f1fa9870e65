"""IKPA from the books: money, plans, revisions and what was recorded; what the books do not hold is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial

from dekon.errors import RuleBroken
from dekon.lib.periods import quarter_of_month
from dekon.rules.entry import Entry
from dekon.rules.explained import Explained, Step
from dekon.rules.formulas import ikpa, ikpa_absorption, ikpa_deviation, ikpa_revision
from dekon.rules.formulas.ikpa_absorption import TypeAmount
from dekon.rules.formulas.ikpa_deviation import TypeDeviation
from dekon.rules.numbers import mean
from dekon.rules.overrides import override_for
from dekon.rules.regulations import regulation_for_year
from dekon.scoring import execution
from dekon.scoring.figures import SatkerFigures, TypeMonths
from dekon.scoring.results import FULL, Score, indicator, no_rules

MONTHS_OF_QUARTER = 3


type Formula = Callable[[SatkerFigures], Explained[Decimal]]


def ikpa_of(figures: SatkerFigures) -> Score:
    """IKPA of a satker at the end of the month of its figures.

    Legal:
        PER-4/PB/2021; PER-5/PB/2022; PER-5/PB/2024.
    """
    return _score(figures, {"revisi_dipa": revision, "up_tup": execution.advances, "capaian_output": execution.outputs})


def ikpa_together(figures: SatkerFigures, satker: Sequence[SatkerFigures]) -> Score:
    """IKPA of several satker: money, plans and records are added first; revisions, advances and outputs are their mean.

    Args:
        figures: their sums (`figures.together`).
        satker: each by itself.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024 (sums first, and the mean of advances and outputs: best reading).
    """

    def revisions(_: SatkerFigures) -> Explained[Decimal]:
        values = [indicator("revisi_dipa", FULL, partial(revision, one)).value for one in satker]
        return ikpa.mean_of_satker("revisi_dipa", values, figures.year)

    return _score(
        figures,
        {
            "revisi_dipa": revisions,
            "up_tup": lambda _: _mean_of(satker, "up_tup", execution.advances),
            "capaian_output": lambda _: _mean_of(satker, "capaian_output", execution.outputs),
        },
        len(satker),
    )


def _mean_of(satker: Sequence[SatkerFigures], name: str, formula: Formula) -> Explained[Decimal]:
    """The plain mean of an indicator over the satker that have it; where none has, the reason of the first."""
    found = [indicator(name, FULL, partial(formula, one)) for one in satker]
    known = [one.result for one in found if one.result]
    if not known:
        raise found[0].missing or RuleBroken("no-indicator-with-data")
    value = mean([one.value for one in known])
    return replace(known[0], value=value, steps=(Step(name, value, f"rata-rata {len(known)} satker"),))


def _score(figures: SatkerFigures, own: Mapping[str, Formula], count: int = 1) -> Score:
    first, year = ikpa.WEIGHTS.first_year, figures.year
    if year < first:
        return no_rules(
            "ikpa", year, code=figures.satker, name=figures.name, month=figures.month, first=first, satker=count
        )
    formulas = {**FORMULAS, **own}
    quarter, weights = quarter_of_month(figures.month), ikpa.WEIGHTS.for_year(year)
    found = tuple(
        replace(
            indicator(name, weight, partial(formulas.get(name, _not_in_the_books), figures)),
            override=override_for("ikpa", name, year, quarter),
        )
        for name, weight in weights.items()
    )
    base = Score("ikpa", year, figures.month, figures.satker, figures.name, found, satker=count)
    if DISPENSATION not in weights and year >= SINCE_DEDUCTION:
        base = replace(base, deduction=indicator(DISPENSATION, Decimal(0), partial(execution.dispensation, figures)))
    return _totalled(base, {one.name: one.computed for one in found})


def _totalled(base: Score, values: Mapping[str, Decimal | None]) -> Score:
    try:
        total = ikpa.ikpa_total(
            values, base.year, quarter=quarter_of_month(base.month),
            deduction=(base.deduction and base.deduction.value) or Decimal(0),
        )  # fmt: skip
    except RuleBroken as reason:
        return replace(base, missing=reason)
    return replace(base, total=total, category=_category(total.value, base.year))


def _category(value: Decimal, year: int) -> Explained[str] | None:
    """The category; None for a year of which no limits are recorded."""
    try:
        return ikpa.ikpa_category(value, year)
    except RuleBroken:
        return None


def _not_in_the_books(_: SatkerFigures) -> Explained[Decimal]:
    raise RuleBroken("score-no-treasury-data")


def revision(figures: SatkerFigures) -> Explained[Decimal]:
    """Revisi DIPA: those of the listed codes that left the pagu as it was, and those that were said to count.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024 Pasal 6.
    """
    year = figures.year
    counts = ikpa_revision.counted_by_quarter(figures.revisions, year)
    for day in figures.counted_by_hand:
        counts[quarter_of_month(day.month) - 1] += 1
    begun = counts[: quarter_of_month(figures.month)]
    if regulation_for_year("ikpa", year).id == "PER-5/PB/2024":
        return ikpa_revision.revision_2024([sum(begun[at : at + 2]) for at in range(0, len(begun), 2)], year)
    return ikpa_revision.revision_2021(begun, year)


def deviation(figures: SatkerFigures) -> Explained[Decimal]:
    """Deviasi Halaman III DIPA: each month's spending against the plan that was locked for its quarter.

    Raises:
        RuleBroken: there is no monthly plan, or no pagu.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024 Pasal 7.
    """
    types = figures.managed()
    if not any(any(months.planned_rp) for months in types.values()):
        raise RuleBroken("score-no-plan", satker=figures.satker)
    months = [_month(types, month, figures.year) for month in range(1, figures.month + 1)]
    result = ikpa_deviation.deviation_of_months([one.value for one in months], figures.year)
    return result.resting_on(*months)


def _month(types: Mapping[str, TypeMonths], month: int, year: int) -> Explained[Decimal]:
    """The deviation of a month, its steps named by the month."""
    at = month - 1
    pagu_rp = {kind: one.pagu_rp[at] for kind, one in types.items()}
    if not sum(pagu_rp.values()):
        pagu_rp = {kind: one.pagu_rp[-1] for kind, one in types.items()}
    whole = sum(pagu_rp.values()) or 1
    found: list[TypeDeviation] = []
    steps: list[Step] = []
    sources: list[Entry] = []
    for kind, one in types.items():
        spent = max(0, one.spent_rp[at])  # a month in which more came back than went out spent nothing
        result = ikpa_deviation.type_deviation(Decimal(one.planned_rp[at]), Decimal(spent), year)
        found.append(TypeDeviation(kind, result.value, Decimal(pagu_rp[kind]) * FULL / whole))
        steps += [Step(step.label, step.value, step.how, f"{month}·{kind}") for step in result.steps]
        sources += result.sources
    of_month = ikpa_deviation.month_deviation(found, year)
    own = tuple(Step(step.label, step.value, step.how, str(month)) for step in of_month.steps)
    return Explained(of_month.value, (*steps, *own), (*sources, *of_month.sources), regulation=of_month.regulation)


def absorption(figures: SatkerFigures) -> Explained[Decimal]:
    """Penyerapan anggaran: each quarter so far against its targets, over the pagu net of blocks.

    The running quarter is held against its own target by what was spent so far.

    Legal:
        PER-4/PB/2021; PER-5/PB/2022; PER-5/PB/2024 (the running quarter: best reading).
    """
    quarters = [quarter_absorption_of(figures, number) for number in range(1, quarter_of_month(figures.month) + 1)]
    result = ikpa_absorption.absorption_of_quarters([one.value for one in quarters], figures.year, overridden=True)
    return result.resting_on(*quarters)


def quarter_absorption_of(figures: SatkerFigures, number: int) -> Explained[Decimal]:
    """The value of a quarter, its steps named by the quarter."""
    month = min(number * MONTHS_OF_QUARTER, figures.month)
    types = [
        TypeAmount(
            kind, Decimal(one.effective_rp(month)), Decimal(max(0, one.realised_rp[month - 1])),
            ikpa_absorption.absorption_target(kind, number, figures.year),
        )
        for kind, one in figures.managed().items()
    ]  # fmt: skip
    result = ikpa_absorption.quarter_absorption(types, figures.year)
    steps = tuple(
        Step(step.label, step.value, step.how, f"{number}·{step.about}" if step.about else str(number))
        for step in result.steps
    )
    return Explained(result.value, steps, result.sources, regulation=result.regulation)


DISPENSATION, SINCE_DEDUCTION = "dispensasi_spm", 2024
FORMULAS: Mapping[str, Formula] = {
    "deviasi_hal_iii": deviation, "penyerapan": absorption, "belanja_kontraktual": execution.contracts,
    "penyelesaian_tagihan": execution.bills, DISPENSATION: execution.dispensation,
}  # fmt: skip
"""Indicators that are computed from sums, also above the satker."""
