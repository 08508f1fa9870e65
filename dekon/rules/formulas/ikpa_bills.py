"""Penyelesaian tagihan, dispensasi SPM, and the plain shares of 2021."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from dekon.errors import RuleBroken
from dekon.lib.rupiah import round_half_up
from dekon.lib.workdays import Calendar
from dekon.rules.explained import Explained, Step
from dekon.rules.numbers import HUNDRED, ZERO, at_most, not_negative, percent_of, plain, positive, settled
from dekon.rules.parameter import Parameter
from dekon.rules.regulations import regulation_for_year

BILL_DEADLINE = Parameter[int]("ikpa/bill_deadline")
DISPENSATION_LIMITS = Parameter[tuple[Decimal, ...]]("ikpa/dispensation_limits")
DISPENSATION_DEDUCTIONS = Parameter[tuple[Decimal, ...]]("ikpa/dispensation_deductions")
DISPENSATION_POINTS = Parameter[tuple[Decimal, ...]]("ikpa/dispensation_points")
SHARE_INDICATORS = Parameter[tuple[str, ...]]("ikpa/share_indicators")


def bill_deadline(handed_over: date, calendar: Calendar, days: int | None = None) -> date:
    """The last day on which the SPM-LS of a contract may reach the KPPN.

    Args:
        handed_over: day of BAST or BAPP, day 0.
        calendar: must cover the days counted.
        days: working days; those of the year where not given.

    Raises:
        RuleBroken: the calendar does not cover the days, or the number is negative.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024 (17 working days).
    """
    count = BILL_DEADLINE.for_year(handed_over.year) if days is None else days
    if count < 0:
        raise RuleBroken("deadline-days-wrong", value=count)
    return calendar.add_working_days(handed_over, count)


def bills(in_time: Decimal, all_bills: Decimal, year: int) -> Explained[Decimal]:
    """SPM-LS of contracts that came in time in percent of all, cumulative.

    Args:
        in_time: SPM that reached the KPPN by the deadline.
        all_bills: all such SPM.
        year: fiscal year.

    Raises:
        RuleBroken: a number is negative or exceeds the whole, or there was none, so that the indicator does not apply.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024.
    """
    if not_negative("spm_semua", all_bills) == 0:
        raise RuleBroken("indicator-not-applicable", name="penyelesaian_tagihan")
    at_most("spm_tepat_waktu", not_negative("spm_tepat_waktu", in_time), "spm_semua", all_bills)
    value = percent_of(in_time, all_bills)
    how = f"{plain(in_time)} ÷ {plain(all_bills)} × 100"
    return Explained(
        value, (Step("penyelesaian tagihan", value, how),), (BILL_DEADLINE.source_for_year(year),),
        regulation=regulation_for_year("ikpa", year), parts={"nilai": value},
    )  # fmt: skip


def dispensation_share(dispensed: Decimal, all_orders: Decimal) -> Decimal:
    """SPM with dispensation per mille of the SPM of the fourth quarter.

    Args:
        dispensed: SPM that came late by dispensation.
        all_orders: all SPM of the fourth quarter.

    Raises:
        RuleBroken: a number is negative or exceeds the whole, or there was no SPM.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024.
    """
    positive("spm_triwulan_4", all_orders)
    at_most("spm_dispensasi", not_negative("spm_dispensasi", dispensed), "spm_triwulan_4", all_orders)
    return settled(dispensed * 1000 / all_orders)


def dispensation_2024(per_mille: Decimal, year: int) -> Explained[Decimal]:
    """The points that dispensations take off the total: 0, 0.25, 0.50, 0.75 or 1.

    Args:
        per_mille: share of SPM with dispensation; the steps are set for two decimals, so it is rounded to them first.
        year: fiscal year, 2024 or later.

    Raises:
        RuleBroken: the share is negative or above 1000.

    Legal:
        PER-5/PB/2024.
    """
    step = _step(per_mille, year)
    value = (ZERO, *DISPENSATION_DEDUCTIONS.for_year(year))[step]
    return Explained(
        value, (Step("pengurang dispensasi SPM", value, f"{plain(per_mille)} permil"),),
        (DISPENSATION_LIMITS.source_for_year(year), DISPENSATION_DEDUCTIONS.source_for_year(year)),
        regulation=regulation_for_year("ikpa", year), parts={"permil": per_mille, "pengurang": value},
    )  # fmt: skip


def dispensation_2021(per_mille: Decimal, year: int) -> Explained[Decimal]:
    """The indicator dispensasi SPM of 2021 to 2023: 100 without dispensation, then 95, 90, 85 and 80.

    Args:
        per_mille: as `dispensation_2024`.
        year: fiscal year, 2021 to 2023.

    Raises:
        RuleBroken: the share is negative or above 1000.

    Legal:
        PER-5/PB/2022; PER-4/PB/2021; the steps: best reading.
    """
    value = DISPENSATION_POINTS.for_year(year)[_step(per_mille, year)]
    return Explained(
        value, (Step("dispensasi SPM", value, f"{plain(per_mille)} permil"),),
        (DISPENSATION_LIMITS.source_for_year(year), DISPENSATION_POINTS.source_for_year(year)),
        regulation=regulation_for_year("ikpa", year), parts={"permil": per_mille, "nilai": value},
    )  # fmt: skip


def _step(per_mille: Decimal, year: int) -> int:
    at_most("permil", not_negative("permil", per_mille), "semua SPM", Decimal(1000))
    rounded = round_half_up(per_mille, 2)
    return sum(rounded >= limit for limit in DISPENSATION_LIMITS.for_year(year))


def plain_share_2021(indicator: str, good: Decimal, whole: Decimal, year: int) -> Explained[Decimal]:
    """An indicator of 2021 that is a plain share: what was in time or without fault in percent of all.

    Args:
        indicator: `pagu_minus`, `lpj_bendahara`, `retur_sp2d`, `kesalahan_spm` or `perencanaan_kas`.
        good: reports in time, payments not returned, orders without error, plans kept, pagu not exceeded.
        whole: all of them.
        year: fiscal year 2021.

    Raises:
        RuleBroken: the year has no such indicator, a number is negative or exceeds the whole, or there was none.

    Legal:
        PER-4/PB/2021; plain shares instead of its steps: best reading.
    """
    if indicator not in SHARE_INDICATORS.for_year(year):
        raise RuleBroken("indicator-unknown", name=indicator, known=", ".join(SHARE_INDICATORS.for_year(year)))
    if not_negative("semua", whole) == 0:
        raise RuleBroken("indicator-not-applicable", name=indicator)
    at_most("baik", not_negative("baik", good), "semua", whole)
    value = settled(good * HUNDRED / whole)
    return Explained(
        value, (Step(indicator, value, f"{plain(good)} ÷ {plain(whole)} × 100"),),
        (SHARE_INDICATORS.source_for_year(year),), regulation=regulation_for_year("ikpa", year),
        parts={"nilai": value},
    )  # fmt: skip
