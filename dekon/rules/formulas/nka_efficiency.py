"""Efficiency as NKA measures it: what should have been spent against what was spent, newest regulation first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from dekon.errors import RuleBroken
from dekon.rules.explained import Explained, Step
from dekon.rules.numbers import ZERO, mean, not_negative, percent_of, plain, positive, settled, some
from dekon.rules.parameter import Parameter
from dekon.rules.regulations import regulation_for_year, regulations

EFFICIENCY_CLIP = Parameter[Decimal]("nka/efficiency_clip")
EFFICIENCY_MIDDLE = Parameter[Decimal]("nka/efficiency_middle")


@dataclass(frozen=True, slots=True)
class Spent:
    """An output or RO: its ceiling, what was spent on it, and its achievement as a ratio (1 is the target)."""

    id: str
    pagu: Decimal
    realised: Decimal
    achieved: Decimal


@dataclass(frozen=True, slots=True)
class UnitCost:
    """An output: planned money and volume, spent money and delivered volume."""

    id: str
    pagu: Decimal
    target: Decimal
    realised: Decimal
    delivered: Decimal


def efficiency_2018(outputs: Sequence[Spent], year: int) -> Explained[Decimal]:
    """The efficiency of a satker in percent: (Σ pagu × achievement − Σ spent) ÷ Σ pagu × achievement.

    Positive where the outputs cost less than they should have. The money is added before it is divided.

    Args:
        outputs: outputs (to 2020) or RO (from 2021), money in any one unit.
        year: fiscal year, 2018 to 2022.

    Raises:
        RuleBroken: no output, a negative figure, or nothing achieved at all, so that nothing should have been spent.

    Legal:
        PMK 214/PMK.02/2017 Lampiran; PMK 22/PMK.02/2021 Lampiran (the same shape by RO).
    """
    steps = []
    should, spent = ZERO, ZERO
    for output in some("keluaran", outputs):
        due = positive("pagu", output.pagu) * not_negative("capaian", output.achieved)
        should += due
        spent += not_negative("realisasi", output.realised)
        steps.append(Step("seharusnya", due, f"{plain(output.pagu)} × {plain(output.achieved)}", output.id))
    if should == 0:
        raise RuleBroken("nothing-achieved")
    value = percent_of(should - spent, should)
    steps.append(Step("efisiensi", value, f"({plain(should)} − {plain(spent)}) ÷ {plain(should)} × 100"))
    return Explained(
        value, tuple(steps), regulation=regulation_for_year("nka", year),
        parts={"seharusnya": should, "realisasi": spent, "efisiensi": value},
    )  # fmt: skip


def efficiency_2012(outputs: Sequence[UnitCost]) -> Explained[Decimal]:
    """The efficiency in percent: the mean of 1 − (spent ÷ delivered) ÷ (pagu ÷ target) over the outputs.

    Args:
        outputs: planned and real money and volume.

    Raises:
        RuleBroken: no output, a figure that is negative, or a pagu, target or delivered volume of zero.

    Legal:
        PMK 249/PMK.02/2011 (historic; for several outputs it differs from the later shape).
    """
    values, steps = [], []
    for output in some("keluaran", outputs):
        planned = positive("pak", output.pagu) / positive("tvk", output.target)
        real = not_negative("rak", output.realised) / positive("rvk", output.delivered)
        values.append(settled((1 - real / planned) * 100))
        steps.append(Step("efisiensi", values[-1], f"1 − {plain(real)} ÷ {plain(planned)}", output.id))
    total = mean(values)
    return Explained(
        total, (*steps, Step("efisiensi satker", total, "rata-rata keluaran")),
        regulation=regulations()["PMK 249/PMK.02/2011"], parts={"keluaran": values, "efisiensi": total},
    )  # fmt: skip


def efficiency_value_2018(efficiency: Decimal, year: int) -> Explained[Decimal]:
    """The value of an efficiency, 0 to 100: 50 where exactly what should have been spent was spent.

    Args:
        efficiency: percent; beyond the clip nothing more is gained or lost.
        year: fiscal year, 2018 to 2022.

    Raises:
        RuleBroken: the efficiency exceeds 100 percent, which would mean less than nothing was spent, or is no number.

    Legal:
        PMK 214/PMK.02/2017 Lampiran; PMK 22/PMK.02/2021 Lampiran (the limits of ±20 percent: best reading).
    """
    if not efficiency.is_finite():
        raise RuleBroken("input-not-a-number", name="e", value=str(efficiency))
    if efficiency > 100:
        raise RuleBroken("efficiency-above-100", value=plain(efficiency))
    clip, middle = EFFICIENCY_CLIP.for_year(year), EFFICIENCY_MIDDLE.for_year(year)
    kept = max(-clip, min(clip, efficiency))
    value = settled(middle + kept / clip * middle)
    unclipped = settled(middle + efficiency / clip * middle)
    how = f"{middle} + {plain(kept)} ÷ {clip} × {middle}"
    limited = "" if kept == efficiency else f"; {plain(efficiency)} dibatasi ±{clip}"
    return Explained(
        value, (Step("nilai efisiensi", value, how + limited),),
        (EFFICIENCY_CLIP.source_for_year(year), EFFICIENCY_MIDDLE.source_for_year(year)),
        regulation=regulation_for_year("nka", year), parts={"ne": value, "ne_unclipped": unclipped},
    )  # fmt: skip
