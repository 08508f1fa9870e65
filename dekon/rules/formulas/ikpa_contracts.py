"""Belanja kontraktual: how early contracts are made, registered and paid, newest regulation first.

A component without a contract that belongs to it drops out and its weight goes to the others; without any component the
indicator does not apply.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dekon.errors import RuleBroken
from dekon.lib.periods import month_end, quarter_of, year_start
from dekon.lib.workdays import Calendar
from dekon.rules.entry import Entry
from dekon.rules.explained import Explained, Part, Step
from dekon.rules.formulas.ikpa import capped
from dekon.rules.formulas.nka import complete_weights
from dekon.rules.numbers import ZERO, mean, percent_of, plain, positive, score, settled, some, within
from dekon.rules.parameter import Parameter
from dekon.rules.regulations import regulation_for_year

CONTRACT_WEIGHTS = Parameter[Mapping[str, Decimal]]("ikpa/contract_weights")
CONTRACT_REGISTRATION = Parameter[int]("ikpa/contract_registration")
CONTRACT_FLOOR_RP = Parameter[int]("ikpa/contract_floor_rp")
CONTRACT_CEILING_RP = Parameter[int]("ikpa/contract_ceiling_rp")
EARLY_CONTRACT_POINTS = Parameter[Mapping[str, Decimal]]("ikpa/early_contract_points")
CAPITAL_POINTS = Parameter[tuple[Decimal, ...]]("ikpa/capital_points")
DISTRIBUTION_LIMITS = Parameter[tuple[Decimal, ...]]("ikpa/distribution_limits")
DISTRIBUTION_POINTS = Parameter[tuple[Decimal, ...]]("ikpa/distribution_points")
DISTRIBUTION_LAST_MONTH = Parameter[int]("ikpa/distribution_last_month")

CAPITAL = "53"
EARLY_LAST_MONTH = 3
MOST_POINTS = 120


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract: spending type or akun, value, day of signature, and of its one payment, if it was paid at once."""

    id: str
    akun: str
    value_rp: Decimal
    signed_on: date
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class ContractCounts:
    """Contracts of a satker counted as the rules of 2022 need them; `None` where nothing is known of a component."""

    all: int | None = None
    in_time: int | None = None
    first_quarter: int | None = None
    before_year: int | None = None
    capital_quarters: Sequence[int] = ()


def contracts_2024(
    contracts: Sequence[Contract], year: int, weights: Mapping[str, Decimal] | None = None
) -> Explained[Decimal]:
    """Distribution (contracts signed by 30 June), early contracts and capital contracts paid at once, weighted.

    Args:
        contracts: every contract of the satker so far, values in rupiah.
        year: fiscal year, 2024 or later.
        weights: `dak`, `kontrak_dini`, `ak53`; those of the regulation where not given.

    Raises:
        RuleBroken: no contract, a value that is not positive, a day outside of the year and the one before it, a
            payment before the signature, or none of the components applies.

    Legal:
        PER-5/PB/2024; borders at exactly Rp50,000,000 and components without contracts: best reading.
    """
    for contract in some("kontrak", contracts):
        _look_at(contract, year)
    share = _distribution_share(contracts, year)
    early = _early(contracts, year)
    capital = _capital(contracts, year)
    parts: dict[str, Part] = {}
    values: dict[str, Decimal | None] = {"dak": None, "kontrak_dini": mean(early) if early else None}
    steps = []
    if share is not None:
        values["dak"] = distribution_points(share, year).value
        parts["dak_rasio"] = share
        steps.append(Step("rasio distribusi", share, "kontrak s.d. 30 Juni ÷ semua kontrak × 100"))
    values["ak53"] = mean(capital) if capital else None
    return _components(values, year, weights, parts, steps)


def _look_at(contract: Contract, year: int) -> None:
    positive("nilai", contract.value_rp)
    if contract.signed_on.year not in {year - 1, year}:
        raise RuleBroken("date-outside-year", name="tgl_kontrak", value=contract.signed_on.isoformat(), year=year)
    if contract.paid_on is None:
        return
    if contract.paid_on.year != year:
        raise RuleBroken("date-outside-year", name="tgl_sp2d", value=contract.paid_on.isoformat(), year=year)
    if contract.paid_on < contract.signed_on:
        raise RuleBroken(
            "dates-reversed", name="tgl_sp2d", value=contract.paid_on.isoformat(), first="tgl_kontrak",
            limit=contract.signed_on.isoformat(),
        )  # fmt: skip


def _distribution_share(contracts: Sequence[Contract], year: int) -> Decimal | None:
    """Percent of the contracts from the floor on that were signed by the end of the month that counts."""
    floor, last = CONTRACT_FLOOR_RP.for_year(year), month_end(year, DISTRIBUTION_LAST_MONTH.for_year(year))
    counted = [contract for contract in contracts if contract.value_rp >= floor]
    signed = sum(contract.signed_on <= last for contract in counted)
    return percent_of(Decimal(signed), Decimal(len(counted))) if counted else None


def _early(contracts: Sequence[Contract], year: int) -> list[Decimal]:
    """Points of the contracts above the floor that were signed by the end of March."""
    points, floor = EARLY_CONTRACT_POINTS.for_year(year), CONTRACT_FLOOR_RP.for_year(year)
    last = month_end(year, EARLY_LAST_MONTH)
    return [
        points["pra_tahun" if contract.signed_on < year_start(year) else "triwulan_1"]
        for contract in contracts
        if contract.value_rp > floor and contract.signed_on <= last
    ]


def _capital(contracts: Sequence[Contract], year: int) -> list[Decimal]:
    """Points of the capital contracts between floor and ceiling that were paid."""
    low, high = CONTRACT_FLOOR_RP.for_year(year), CONTRACT_CEILING_RP.for_year(year)
    points = CAPITAL_POINTS.for_year(year)
    return [
        points[quarter_of(contract.paid_on) - 1]
        for contract in contracts
        if contract.akun.startswith(CAPITAL) and low <= contract.value_rp <= high and contract.paid_on
    ]


def distribution_points(share: Decimal, year: int) -> Explained[Decimal]:
    """The points of a distribution share: 0 for none, then 50, 60, 80 and 100 by bands of 25 percent.

    Args:
        share: percent of the contracts signed by 30 June, 0 to 100.
        year: fiscal year, 2024 or later.

    Raises:
        RuleBroken: the share is out of range, or the year has no such component.

    Legal:
        PER-5/PB/2024.
    """
    score("rasio", share)
    limits, points = DISTRIBUTION_LIMITS.for_year(year), DISTRIBUTION_POINTS.for_year(year)
    band = sum(share > limit for limit in limits)
    return Explained(
        points[band], (Step("distribusi akselerasi kontrak", points[band], f"rasio {plain(share)} %"),),
        (DISTRIBUTION_LIMITS.source_for_year(year), DISTRIBUTION_POINTS.source_for_year(year)),
        regulation=regulation_for_year("ikpa", year),
    )  # fmt: skip


def contracts_2022(
    counts: ContractCounts, year: int, weights: Mapping[str, Decimal] | None = None
) -> Explained[Decimal]:
    """Timely registration, early contracts and capital contracts by the quarter in which they were finished, weighted.

    Args:
        counts: contracts of the satker.
        year: fiscal year, 2022 or 2023.
        weights: `ketepatan`, `kontrak_dini`, `akun53`; those of the regulation where not given.

    Raises:
        RuleBroken: a count is negative or exceeds its whole, a quarter is none, or none of the components applies.

    Legal:
        PER-5/PB/2022.
    """
    values: dict[str, Decimal | None] = {"ketepatan": None, "kontrak_dini": None, "akun53": None}
    if counts.all:
        in_time = within("kontrak_tepat_waktu", Decimal(counts.in_time or 0), 0, counts.all)
        values["ketepatan"] = percent_of(in_time, Decimal(counts.all))
    if counts.first_quarter:
        before = within("kontrak_pra_tahun", Decimal(counts.before_year or 0), 0, counts.first_quarter)
        points = EARLY_CONTRACT_POINTS.for_year(year)
        earned = before * points["pra_tahun"] + (counts.first_quarter - before) * points["triwulan_1"]
        values["kontrak_dini"] = settled(earned / counts.first_quarter)
    if counts.capital_quarters:
        by_quarter = CAPITAL_POINTS.for_year(year)
        quarters = [within("triwulan_selesai", Decimal(q), 1, 4) for q in counts.capital_quarters]
        values["akun53"] = mean([by_quarter[int(quarter) - 1] for quarter in quarters])
    return _components(values, year, weights, {}, [])


def registered_in_time(signed_on: date, arrived_on: date | None, calendar: Calendar, year: int) -> bool:
    """Whether the data of a contract reached the KPPN in time; of one signed before the year, from its first day on.

    Args:
        signed_on: day of the signature, day 0.
        arrived_on: day on which the KPPN had it; None where it does not have it.
        calendar: must cover the days counted.
        year: fiscal year.

    Raises:
        RuleBroken: the calendar does not cover the days counted.

    Legal:
        PER-4/PB/2021; PER-5/PB/2022 (five working days: best reading).
    """
    first = max(signed_on, year_start(year))
    return arrived_on is not None and arrived_on <= calendar.add_working_days(
        first, CONTRACT_REGISTRATION.for_year(year)
    )


def contract_components(
    values: Mapping[str, Decimal | None], year: int, weights: Mapping[str, Decimal] | None = None
) -> Explained[Decimal]:
    """The indicator from the values of its components, at most 100.

    Args:
        values: component → points, 0 to 120; None where it does not apply.
        year: fiscal year.
        weights: by component; those of the regulation where not given.

    Raises:
        RuleBroken: a component is missing, unknown or out of range, or none applies.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024; PER-4/PB/2021 (timeliness alone).
    """
    return _components(values, year, weights, {}, [])


def _components(
    values: Mapping[str, Decimal | None],
    year: int,
    weights: Mapping[str, Decimal] | None,
    parts: dict[str, Part],
    steps: list[Step],
) -> Explained[Decimal]:
    sources: tuple[Entry, ...] = () if weights else (CONTRACT_WEIGHTS.source_for_year(year),)
    shares = complete_weights(weights or CONTRACT_WEIGHTS.for_year(year), values)
    total, active = ZERO, ZERO
    for name, share in shares.items():
        value = values[name]
        if value is None:
            steps.append(Step(name, None, "tidak ada kontraknya; bobot dikonversi"))
            continue
        total += within(name, value, 0, MOST_POINTS) * share
        active += share
        parts[name] = value
        steps.append(Step(name, settled(value * share), f"{plain(value)} × {plain(share)}"))
    if active == 0:
        raise RuleBroken("indicator-not-applicable", name="belanja_kontraktual")
    before = settled(total / active)
    value = capped(before, year)
    steps.append(Step("belanja kontraktual", value, f"{plain(before)}, paling tinggi 100"))
    more: dict[str, Part] = {"sebelum_batas": before, "nilai": value}
    return Explained(
        value, tuple(steps), sources, regulation=regulation_for_year("ikpa", year), parts={**parts, **more}
    )
