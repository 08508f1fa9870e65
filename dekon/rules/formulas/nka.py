"""The value of budget performance (NKA) and its category, newest regulation first.

What comes out is an estimate: the official value is published by the Ministry of Finance (SMART, Monev Kemenkeu).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from dekon.errors import RuleBroken
from dekon.rules.entry import Entry
from dekon.rules.explained import Explained, Part, Step
from dekon.rules.numbers import ONE, ZERO, mean, plain, score, settled, some
from dekon.rules.parameter import Parameter
from dekon.rules.regulations import regulation_for_year

CATEGORY_LIMITS = Parameter[tuple[Decimal, ...]]("nka/category_limits")
CATEGORY_NAMES = Parameter[tuple[str, ...]]("nka/category_names")
SATKER_WEIGHTS = Parameter[Mapping[str, Decimal]]("nka/satker_weights")
UNIT_WEIGHTS = Parameter[Mapping[str, Decimal]]("nka/unit_weights")
TOTAL_WEIGHTS = Parameter[Mapping[str, Decimal]]("nka/total_weights")
PLANNING_WEIGHTS = Parameter[Mapping[str, Decimal]]("nka/planning_weights")
MINISTRY_PLANNING_WEIGHTS = Parameter[Mapping[str, Decimal]]("nka/ministry_planning_weights")
EFFICIENCY_WITHOUT_SBK = Parameter[Decimal]("nka/efficiency_without_sbk")

type Weights = Mapping[str, Decimal]


def nka_category(value: Decimal, year: int) -> Explained[str]:
    """The category of a value: above 90, 80, 60 or 50, or the lowest.

    Args:
        value: 0 to 100; a limit itself belongs to the category below it.
        year: fiscal year.

    Raises:
        RuleBroken: the value is no score, or no limits are recorded for the year.

    Legal:
        PMK 62/2023 Pasal 249 ayat (8); PMK 107/2024 Pasal 251; the same bands before.
    """
    score("nilai", value)
    names, limits = CATEGORY_NAMES.for_year(year), CATEGORY_LIMITS.for_year(year)
    position = next((at for at, limit in enumerate(limits) if value > limit), len(limits))
    how = f"> {limits[position]}" if position < len(limits) else f"≤ {limits[-1]}"
    return Explained(
        names[position], (Step("kategori", names[position], f"{plain(value)} {how}"),),
        (CATEGORY_LIMITS.source_for_year(year),), regulation=regulation_for_year("nka", year),
    )  # fmt: skip


def nka_2023(planning: Decimal, execution: Decimal, year: int, weights: Weights | None = None) -> Explained[Decimal]:
    """NKA: half the planning value, half the execution value (IKPA).

    Args:
        planning: value of budget planning, 0 to 100.
        execution: IKPA, 0 to 100.
        year: fiscal year, 2023 or later.
        weights: `perencanaan` and `pelaksanaan`; those of the law where not given.

    Raises:
        RuleBroken: a value is no score, or the weights do not sum to 1.

    Legal:
        PMK 62/2023 Pasal 249.
    """
    values = {"perencanaan": planning, "pelaksanaan": execution}
    return _weighted("nka", values, TOTAL_WEIGHTS, weights, year)


def satker_planning_2023(
    effectiveness: Decimal, efficiency: Decimal | None, year: int, weights: Weights | None = None
) -> Explained[Decimal]:
    """The planning value of a satker: 75 effectiveness, 25 efficiency.

    Args:
        effectiveness: achievement of RO, 0 to 100.
        efficiency: use of and efficiency against standard costs (SBK), 0 to 100; None where no RO is covered by one,
            which counts as the parameter says.
        year: fiscal year, 2023 or later.
        weights: `efektivitas` and `efisiensi`; those of the guide where not given.

    Raises:
        RuleBroken: a value is no score, or the weights do not sum to 1.

    Legal:
        KMK 466/2023; a satker without SBK: best reading.
    """
    uncovered = efficiency is None
    value = EFFICIENCY_WITHOUT_SBK.for_year(year) if efficiency is None else efficiency
    result = _weighted(
        "perencanaan", {"efektivitas": effectiveness, "efisiensi": value}, PLANNING_WEIGHTS, weights, year
    )
    if not uncovered:
        return result
    assumed: Explained[object] = Explained(
        value, (Step("efisiensi", value, "tidak ada RO dengan SBK: nilai anggapan"),),
        (EFFICIENCY_WITHOUT_SBK.source_for_year(year),),
    )  # fmt: skip
    return result.resting_on(assumed)


def ministry_planning_2023(values: Mapping[str, Decimal], year: int) -> Explained[Decimal]:
    """The planning value of a ministry from its four components.

    Args:
        values: `sasaran_strategis`, `program` (indicators of programmes of units), `cro` and `efisiensi` (both
            aggregated over satker), 0 to 100 each.
        year: fiscal year, 2023 or later.

    Raises:
        RuleBroken: a component is missing, unknown or no score.

    Legal:
        KMK 466/2023; the weights: best reading.
    """
    return _weighted("perencanaan", values, MINISTRY_PLANNING_WEIGHTS, None, year)


def satker_nka_2018(values: Mapping[str, Decimal], year: int, weights: Weights | None = None) -> Explained[Decimal]:
    """NKA of a satker from the four variables of implementation.

    Args:
        values: `cro` (achievement of outputs), `ne` (value of efficiency), `konsistensi`, `penyerapan`, 0 to 100 each.
        year: fiscal year, 2018 to 2022.
        weights: of the four; those of the law where not given.

    Raises:
        RuleBroken: a variable is missing, unknown or no score, or the weights do not sum to 1.

    Legal:
        PMK 22/PMK.02/2021 Lampiran; PMK 214/PMK.02/2017 Lampiran.
    """
    return _weighted("nka", values, SATKER_WEIGHTS, weights, year)


def unit_nka_2018(implementation: Decimal, benefit: Decimal, year: int) -> Explained[Decimal]:
    """NKA of a unit eselon I or the ministry: a third implementation, two thirds benefit.

    Args:
        implementation: value of the aspect implementasi, 0 to 100 (of a unit: `unit_implementation_2018`).
        benefit: value of the aspect manfaat, 0 to 100.
        year: fiscal year, 2018 to 2022.

    Raises:
        RuleBroken: a value is no score.

    Legal:
        PMK 22/PMK.02/2021 Lampiran; the weights: best reading.
    """
    return _weighted("nka", {"implementasi": implementation, "manfaat": benefit}, UNIT_WEIGHTS, None, year)


def ministry_implementation_2018(units: Sequence[Decimal], year: int) -> Explained[Decimal]:
    """The implementation value above the satker, of a ministry from its units or of a unit from its satker: plain mean.

    Args:
        units: values of those below, 0 to 100 each.
        year: fiscal year, 2018 to 2022.

    Raises:
        RuleBroken: there are none, or one is no score.

    Legal:
        PMK 22/PMK.02/2021 Lampiran; the plain mean: best reading.
    """
    total = mean([score("nilai", value) for value in some("nilai", units)])
    step = Step("implementasi", total, f"rata-rata {len(units)} nilai")
    return Explained(total, (step,), regulation=regulation_for_year("nka", year), parts={"implementasi": total})


def _weighted(
    name: str,
    values: Mapping[str, Decimal],
    parameter: Parameter[Mapping[str, Decimal]],
    given: Weights | None,
    year: int,
) -> Explained[Decimal]:
    """The weighted sum of scores, each with its step."""
    weights = given or parameter.for_year(year)
    sources: tuple[Entry, ...] = () if given else (parameter.source_for_year(year),)
    weights = complete_weights(weights, values)
    total, steps = ZERO, []
    for key, weight in weights.items():
        points = score(key, values[key]) * weight
        total += points
        steps.append(Step(key, settled(points), f"{plain(values[key])} × {plain(weight)}"))
    total = settled(total)
    parts: dict[str, Part] = {name: total}
    steps.append(Step(name, total, "jumlah"))
    return Explained(total, tuple(steps), sources, regulation=regulation_for_year("nka", year), parts=parts)


def complete_weights(weights: Weights, values: Mapping[str, object]) -> Weights:
    """The weights as shares of 1, if each value has one and each weight a value; hundredths are read as percent.

    Raises:
        RuleBroken: `weights-sum`, `indicator-missing`, `indicator-unknown`.

    Legal:
        house rule.
    """
    missing = [key for key in weights if key not in values]
    if missing:
        raise RuleBroken("indicator-missing", name=missing[0])
    unknown = [key for key in values if key not in weights]
    if unknown:
        raise RuleBroken("indicator-unknown", name=unknown[0], known=", ".join(weights))
    total = sum(weights.values(), ZERO)
    if total == 100:
        return {key: weight / 100 for key, weight in weights.items()}
    if total != ONE or min(weights.values()) < 0:
        raise RuleBroken("weights-sum", value=plain(total))
    return weights
