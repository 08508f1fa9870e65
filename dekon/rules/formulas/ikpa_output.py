"""Capaian output: reports in time and the achievement of RO, as IKPA measures it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dekon.errors import RuleBroken
from dekon.lib.periods import MONTHS
from dekon.lib.workdays import Calendar
from dekon.rules.entry import Entry
from dekon.rules.explained import Explained, Step
from dekon.rules.formulas.deadlines import output_report_deadline
from dekon.rules.formulas.nka import complete_weights
from dekon.rules.numbers import (
    HUNDRED,
    ZERO,
    each_once,
    mean,
    not_negative,
    percent_of,
    plain,
    positive,
    score,
    settled,
    some,
)
from dekon.rules.parameter import Parameter
from dekon.rules.regulations import regulation_for_year

OUTPUT_WEIGHTS = Parameter[Mapping[str, Decimal]]("ikpa/output_weights")

DECEMBER = MONTHS[-1]


@dataclass(frozen=True, slots=True)
class RoState:
    """An RO at the end of a month: progress and its target in percent, realised and target volume, confirmed or not."""

    id: str
    progress: Decimal | None = None
    progress_target: Decimal | None = None
    realised: Decimal | None = None
    target: Decimal | None = None
    confirmed: bool = True


def ro_score(ro: RoState, month: int | None = None) -> Explained[Decimal]:
    """The points of an RO: progress against its target or, in December and once it is complete, volume against target.

    Args:
        ro: its figures; the volume is needed in December and with a progress of 100, progress and its target else.
        month: 1 to 12; None counts as a month before December.

    Raises:
        RuleBroken: a figure that is needed is missing, negative or out of range, or a target is zero.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024.
    """
    if month is not None and month not in MONTHS:
        raise RuleBroken("input-out-of-range", name="bulan", value=month, low=1, high=DECEMBER)
    if ro.progress is not None:
        score("pcro", ro.progress)
    if not ro.confirmed:
        return _ro(ZERO, "data belum dikonfirmasi", ro.id)
    if ro.progress is not None and ro.progress == 0:
        return _ro(ZERO, "progres 0", ro.id)
    by_volume = month == DECEMBER or ro.progress == HUNDRED or ro.progress is None
    if by_volume:
        target = positive("tvro", _needed("tvro", ro.target))
        realised = not_negative("rvro", _needed("rvro", ro.realised))
        return _ro(
            min(HUNDRED, percent_of(realised, target)), f"{plain(realised)} ÷ {plain(target)} × 100, paling tinggi 100",
            ro.id,
        )  # fmt: skip
    progress = _needed("pcro", ro.progress)
    target = positive("tpcro", score("tpcro", _needed("tpcro", ro.progress_target)))
    how = f"{plain(progress)} ÷ {plain(target)} × 100, paling tinggi 100"
    return _ro(min(HUNDRED, percent_of(progress, target)), how, ro.id)


def _needed(name: str, value: Decimal | None) -> Decimal:
    if value is None:
        raise RuleBroken("input-missing", name=name)
    return value


def _ro(value: Decimal, how: str, ro: str) -> Explained[Decimal]:
    return Explained(value, (Step("capaian RO", value, how, ro),), parts={"nilai_ro": value})


def ro_mean(ros: Sequence[RoState], year: int, month: int | None = None) -> Explained[Decimal]:
    """The achievement of RO of a satker: the plain mean of the points of its RO.

    Args:
        ros: every RO of the satker.
        year: fiscal year.
        month: 1 to 12, or None.

    Raises:
        RuleBroken: no RO, one twice, or as `ro_score`.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024.
    """
    some("ro", ros)
    each_once("id", [ro.id for ro in ros])
    results = [ro_score(ro, month) for ro in ros]
    values = [result.value for result in results]
    value = mean(values)
    steps = tuple(step for result in results for step in result.steps)
    return Explained(
        value, (*steps, Step("capaian RO satker", value, "rata-rata RO")),
        regulation=regulation_for_year("ikpa", year), parts={"ro": values, "nilai_capaian_ro": value},
    )  # fmt: skip


def report_timeliness(sent_on: date | None, year: int, month: int, calendar: Calendar) -> Explained[Decimal]:
    """100 if the report of a month was sent by its deadline, else 0.

    Args:
        sent_on: day of sending; None where it was not sent.
        year: fiscal year of the month.
        month: month reported on, 1 to 12.
        calendar: must cover the following month.

    Raises:
        RuleBroken: the calendar does not cover the days counted.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024.
    """
    due = output_report_deadline(year, month, calendar)
    value = HUNDRED if sent_on is not None and sent_on <= due else ZERO
    sent = "belum dikirim" if sent_on is None else f"dikirim {sent_on.isoformat()}"
    step = Step("ketepatan waktu", value, f"{sent}, batas {due.isoformat()}")
    return Explained(value, (step,), regulation=regulation_for_year("ikpa", year))


def output_indicator(
    timeliness: Decimal, achievement: Decimal, year: int, weights: Mapping[str, Decimal] | None = None
) -> Explained[Decimal]:
    """The indicator: 30 timeliness, 70 achievement of RO.

    Args:
        timeliness: 0 to 100; the mean where several months are looked at.
        achievement: achievement of RO, 0 to 100.
        year: fiscal year.
        weights: `ketepatan` and `capaian`; those of the regulation where not given.

    Raises:
        RuleBroken: a value is no score, or the weights do not sum to 1.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024.
    """
    values = {"ketepatan": score("ketepatan_waktu", timeliness), "capaian": score("nilai_capaian_ro", achievement)}
    shares = complete_weights(weights or OUTPUT_WEIGHTS.for_year(year), values)
    sources: tuple[Entry, ...] = () if weights else (OUTPUT_WEIGHTS.source_for_year(year),)
    value = settled(sum((values[name] * share for name, share in shares.items()), ZERO))
    how = " + ".join(f"{plain(values[name])} × {plain(share)}" for name, share in shares.items())
    return Explained(
        value, (Step("capaian output", value, how),), sources, regulation=regulation_for_year("ikpa", year),
        parts={"nilai_capaian_ro": achievement, "nilai": value},
    )  # fmt: skip
