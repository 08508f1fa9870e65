"""Achievement of outputs (capaian keluaran, capaian RO) as NKA measures it, newest regulation first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from dekon.errors import RuleBroken
from dekon.rules.explained import Explained, Part, Step
from dekon.rules.numbers import (
    HUNDRED,
    each_once,
    geometric_mean,
    mean,
    not_negative,
    percent_of,
    plain,
    positive,
    settled,
    some,
)
from dekon.rules.parameter import Parameter
from dekon.rules.regulations import regulations

OUTPUT_CAP = Parameter[Decimal]("nka/output_cap")
OUTPUT_MEAN = Parameter[str]("nka/output_mean")

UNIT_KEY: Final = "unit_eselon_1"

type RoKind = Literal["statis", "dinamis"]
type RoReporting = Literal["tahapan", "otomatis", "periodik"]
type Polarity = Literal["maximize", "minimize", "stabilize"]


@dataclass(frozen=True, slots=True)
class RoVolume:
    """What an RO was to deliver and delivered, with the attributes of its assessment (KMK 466/2023 Diktum 14).

    `statis` means that more than the target cannot be delivered, `dinamis` that it can; `reporting` is the way in which
    progress is told; `polarity` says whether a larger volume is better (maximize), a smaller one (minimize), or exactly
    the target (stabilize).
    """

    id: str
    target: Decimal
    realised: Decimal
    kind: RoKind = "dinamis"
    reporting: RoReporting = "tahapan"
    polarity: Polarity = "maximize"


@dataclass(frozen=True, slots=True)
class Ratio:
    """Target and realisation of one indicator."""

    target: Decimal
    realised: Decimal


@dataclass(frozen=True, slots=True)
class Output:
    """An output with its volume and the indicators of its quality."""

    id: str
    target: Decimal
    realised: Decimal
    indicators: Sequence[Ratio]


@dataclass(frozen=True, slots=True)
class OutputProgram:
    """An output of a programme and its indicators."""

    id: str
    indicators: Sequence[Ratio]


@dataclass(frozen=True, slots=True)
class ProgramOutputs:
    """A programme and its outputs."""

    id: str
    outputs: Sequence[OutputProgram]


def ro_effectiveness_2023(ros: Sequence[RoVolume], year: int) -> Explained[Decimal]:
    """The effectiveness of a satker: the mean achievement of its RO in percent, each by its polarity and up to the cap.

    Args:
        ros: target and realised volume of each RO, in its own unit.
        year: fiscal year, 2023 or later.

    Raises:
        RuleBroken: no RO, one twice, a target that is not positive, a negative volume, or a static RO above its target.

    Legal:
        KMK 466/2023 Diktum 14 (attributes of RO); mean, cap and the way of polarities are the best reading.
    """
    for ro in ros:
        if ro.kind == "statis" and ro.realised > ro.target:
            raise RuleBroken("ro-static-above-target", ro=ro.id, value=plain(ro.realised), target=plain(ro.target))
    return _ro_achievement(ros, year, "PMK 62/2023")


def ro_achievement_2021(ros: Sequence[RoVolume], year: int) -> Explained[Decimal]:
    """The achievement of RO of a satker (CRO) in percent: the mean of realised ÷ target volume, each up to the cap.

    Args:
        ros: target and realised volume of each RO, in its own unit.
        year: fiscal year, 2021 or 2022.

    Raises:
        RuleBroken: no RO, one twice, a target that is not positive, or a negative volume.

    Legal:
        PMK 22/PMK.02/2021 Lampiran; kind of mean: best reading.
    """
    return _ro_achievement(ros, year, "PMK 22/PMK.02/2021")


def _ro_achievement(ros: Sequence[RoVolume], year: int, regulation: str) -> Explained[Decimal]:
    some("ro", ros)
    each_once("ro", [ro.id for ro in ros])
    cap, way = OUTPUT_CAP.source_for_year(year), OUTPUT_MEAN.source_for_year(year)
    most = OUTPUT_CAP.for_year(year)
    values = [min(most, _achieved(ro)) for ro in ros]
    steps = tuple(
        Step("capaian RO", value, f"{plain(ro.realised)} ÷ {plain(ro.target)} × 100, paling tinggi {most}", ro.id)
        for ro, value in zip(ros, values, strict=True)
    )
    total = mean(values) if way.value == "arithmetic" else geometric_mean([v / HUNDRED for v in values]) * HUNDRED
    how = "rata-rata hitung RO" if way.value == "arithmetic" else "rata-rata ukur RO"
    return Explained(
        total, (*steps, Step("capaian RO satker", total, how)), (cap, way), regulation=regulations()[regulation],
        parts={"ro": values, "cro": total},
    )  # fmt: skip


def _achieved(ro: RoVolume) -> Decimal:
    """Percent of the target, by polarity."""
    target, realised = positive("tvro", ro.target), not_negative("rvro", ro.realised)
    if ro.polarity == "maximize":
        return percent_of(realised, target)
    if ro.polarity == "minimize":
        return max(Decimal(0), settled((2 - realised / target) * HUNDRED))
    return max(Decimal(0), settled((1 - abs(realised - target) / target) * HUNDRED))


def program_output_2021(programs: Sequence[ProgramOutputs]) -> Explained[Decimal]:
    """The achievement of programme outputs of a unit eselon I in percent, as nested geometric means.

    Indicators make an output, outputs a programme, programmes the unit; a single zero makes everything above it zero.

    Args:
        programs: programmes with outputs and indicators; ids differ from each other throughout.

    Raises:
        RuleBroken: nothing at some level, an id twice, a target that is not positive, a negative realisation.

    Legal:
        PMK 22/PMK.02/2021 Lampiran (capaian Output Program).
    """
    each_once("id", [i for p in programs for i in (p.id, *(o.id for o in p.outputs))])
    parts: dict[str, Part] = {}
    steps: list[Step] = []
    of_programs = []
    for program in some("program", programs):
        of_outputs = []
        for output in some("output_program", program.outputs):
            ratios = [_ratio(one) for one in some("indikator", output.indicators)]
            value = geometric_mean(ratios)
            shown = " × ".join(plain(ratio) for ratio in ratios)
            steps.append(Step("output program", value * HUNDRED, f"akar {len(ratios)} dari {shown}", output.id))
            parts[output.id] = settled(value * HUNDRED)
            of_outputs.append(value)
        value = geometric_mean(of_outputs)
        steps.append(Step("program", value * HUNDRED, "rata-rata ukur output program", program.id))
        parts[program.id] = settled(value * HUNDRED)
        of_programs.append(value)
    total = settled(geometric_mean(of_programs) * HUNDRED)
    steps.append(Step("unit eselon I", total, "rata-rata ukur program"))
    return Explained(
        total, tuple(steps), regulation=regulations()["PMK 22/PMK.02/2021"], parts={**parts, UNIT_KEY: total}
    )


def _ratio(one: Ratio) -> Decimal:
    return settled(not_negative("r", one.realised) / positive("t", one.target))


def output_achievement_2018(outputs: Sequence[Output]) -> Explained[Decimal]:
    """The achievement of the outputs of a satker in percent: the geometric mean of the ratios of its outputs.

    The ratio of an output is realised ÷ target volume × the geometric mean of its indicators; it may exceed 1.

    Args:
        outputs: target and realised volume, and the indicators of quality (target, realised).

    Raises:
        RuleBroken: no output, one twice, a target that is not positive, a negative realisation.

    Legal:
        PMK 214/PMK.02/2017 Lampiran.
    """
    some("keluaran", outputs)
    each_once("id", [output.id for output in outputs])
    parts: dict[str, Part] = {}
    steps = []
    ratios = []
    for output in outputs:
        volume = settled(not_negative("rv", output.realised) / positive("tv", output.target))
        quality = geometric_mean([_ratio(one) for one in output.indicators]) if output.indicators else Decimal(1)
        ratio = settled(volume * quality)
        how = f"{plain(output.realised)} ÷ {plain(output.target)} × {plain(quality)}"
        steps.append(Step("capaian keluaran", ratio, how, output.id))
        parts[output.id] = ratio
        ratios.append(ratio)
    total = settled(geometric_mean(ratios) * HUNDRED)
    steps.append(Step("capaian keluaran satker", total, "rata-rata ukur keluaran × 100"))
    return Explained(
        total, tuple(steps), regulation=regulations()["PMK 214/PMK.02/2017"],
        parts={**parts, "geometric_mean_percent": total},
    )  # fmt: skip


def output_achievement_2012(volumes: Sequence[Ratio]) -> Explained[Decimal]:
    """The achievement of outputs in percent: the plain mean of realised ÷ target volume.

    Args:
        volumes: target and realised volume of each output.

    Raises:
        RuleBroken: no output, a target that is not positive, a negative realisation.

    Legal:
        PMK 249/PMK.02/2011 (historic).
    """
    values = [_ratio(one) * HUNDRED for one in some("keluaran", volumes)]
    total = mean(values)
    return Explained(
        total, (Step("capaian keluaran", total, "rata-rata hitung RVK ÷ TVK × 100"),),
        regulation=regulations()["PMK 249/PMK.02/2011"], parts={"keluaran": values, "capaian": total},
    )  # fmt: skip
