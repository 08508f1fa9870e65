"""Penyerapan anggaran: absorption against the quarterly targets by spending type, newest regulation first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from dekon.errors import RuleBroken
from dekon.lib.periods import QUARTERS
from dekon.rules.explained import Explained, Step
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
    within,
)
from dekon.rules.overrides import override_for
from dekon.rules.parameter import Parameter
from dekon.rules.regulations import regulation_for_year

ABSORPTION_TARGETS = Parameter[Mapping[str, tuple[Decimal, ...]]]("ikpa/absorption_targets")

ALL_TYPES: Final = "semua"
INDICATOR: Final = "penyerapan"


@dataclass(frozen=True, slots=True)
class TypeAmount:
    """A spending type: pagu (net of blocks), cumulative realisation, and its target in percent of the pagu."""

    kind: str
    pagu: Decimal
    realised: Decimal
    target: Decimal


def absorption_target(kind: str, quarter: int, year: int) -> Decimal:
    """The target of a spending type at the end of a quarter in percent of its pagu.

    Args:
        kind: `51`, `52`, `53` or `57`.
        quarter: 1 to 4.
        year: fiscal year.

    Raises:
        RuleBroken: there is no such quarter, or no target for the type.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024; PER-4/PB/2021 (one target for all).
    """
    within("triwulan", Decimal(quarter), QUARTERS[0], QUARTERS[-1])
    targets = ABSORPTION_TARGETS.for_year(year)
    of_type = targets.get(kind) or targets.get(ALL_TYPES)
    if of_type is None:
        raise RuleBroken("spending-type-without-target", kind=kind, known=", ".join(targets))
    return of_type[quarter - 1]


def quarter_absorption_2024(types: Sequence[TypeAmount], year: int) -> Explained[Decimal]:
    """The value of a quarter: each type against its target, at most 100, weighted by its share of the pagu.

    Args:
        types: pagu net of blocks, realisation and target in percent of each spending type, one unit of money.
        year: fiscal year, 2024 or later.

    Raises:
        RuleBroken: no type, one twice, no pagu at all, a negative figure, or a target outside of 0 to 100.

    Legal:
        PER-5/PB/2024.
    """
    total = _total_pagu(types)
    values: list[Decimal | None] = []
    steps, weighted = [], ZERO
    for one in types:
        if one.pagu == 0:
            values.append(None)
            continue
        due = one.pagu * one.target / HUNDRED
        value = min(HUNDRED, percent_of(one.realised, due))
        how = f"{plain(one.realised)} ÷ ({plain(one.pagu)} × {plain(one.target)} %) × 100, paling tinggi 100"
        steps.append(Step("penyerapan jenis belanja", value, how, one.kind))
        values.append(value)
        weighted += value * one.pagu
    quarter = settled(weighted / total)
    steps.append(Step("penyerapan triwulan", quarter, "tertimbang pagu efektif"))
    return Explained(
        quarter, tuple(steps), regulation=regulation_for_year("ikpa", year),
        parts={"per_akun": values, "nilai_triwulan": quarter},
    )  # fmt: skip


def quarter_absorption_2021(types: Sequence[TypeAmount], year: int) -> Explained[Decimal]:
    """The value of a quarter: realised ÷ target of all types together, at most 100; types make up for each other.

    Args:
        types: as `quarter_absorption_2024`; in 2021 every type has the same target.
        year: fiscal year, 2021 to 2023.

    Raises:
        RuleBroken: as `quarter_absorption_2024`.

    Legal:
        PER-5/PB/2022; PER-4/PB/2021.
    """
    total = _total_pagu(types)
    target = settled(sum((one.pagu * one.target for one in types), ZERO) / HUNDRED)
    realised = sum((one.realised for one in types), ZERO)
    target_share, share = percent_of(target, total), percent_of(realised, total)
    value = min(HUNDRED, percent_of(realised, target))
    steps = (
        Step("target nominal", target, " + ".join(f"{plain(one.pagu)} × {plain(one.target)} %" for one in types)),
        Step("target gabungan", target_share, f"{plain(target)} ÷ {plain(total)} × 100"),
        Step("penyerapan", share, f"{plain(realised)} ÷ {plain(total)} × 100, terhadap pagu efektif"),
        Step("penyerapan triwulan", value, f"{plain(share)} ÷ {plain(target_share)} × 100, paling tinggi 100"),
    )
    return Explained(
        value, steps, regulation=regulation_for_year("ikpa", year),
        parts={"target_nominal": target, "target_pct_gabungan": target_share, "realisasi_pct": share,
               "nilai_triwulan": value},
    )  # fmt: skip


def _total_pagu(types: Sequence[TypeAmount]) -> Decimal:
    """The pagu of all types, after a look at each figure."""
    some("akun", types)
    each_once("jenis", [one.kind for one in types])
    for one in types:
        not_negative("pagu", one.pagu)
        not_negative("realisasi", one.realised)
        positive("target_pct", score("target_pct", one.target))
        if one.pagu == 0 and one.realised > 0:
            raise RuleBroken("input-zero", name=f"pagu {one.kind}")
    return positive("pagu", sum((one.pagu for one in types), ZERO))


def quarter_absorption(types: Sequence[TypeAmount], year: int) -> Explained[Decimal]:
    """The value of a quarter by the regulation of the year.

    Args:
        types: as `quarter_absorption_2024`.
        year: fiscal year.

    Raises:
        RuleBroken: as the formula of the year.

    Legal:
        PER-4/PB/2021; PER-5/PB/2022; PER-5/PB/2024.
    """
    by_type = regulation_for_year("ikpa", year).id == "PER-5/PB/2024"
    return quarter_absorption_2024(types, year) if by_type else quarter_absorption_2021(types, year)


def absorption_of_quarters(quarters: Sequence[Decimal], year: int, *, overridden: bool = False) -> Explained[Decimal]:
    """The indicator: the mean of the quarters so far.

    Args:
        quarters: value of each quarter from the first on, 0 to 100.
        year: fiscal year.
        overridden: whether the period overrides of the year count instead of the quarters that they name.

    Raises:
        RuleBroken: no quarter, more than four, or a value that is no score.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024.
    """
    some("triwulan", quarters)
    if len(quarters) > len(QUARTERS):
        raise RuleBroken("input-too-many", name="triwulan", count=len(quarters), most=len(QUARTERS))
    counted, steps = [], []
    for quarter, value in enumerate(quarters, 1):
        override = override_for("ikpa", INDICATOR, year, quarter) if overridden else None
        points = override.value if override else value
        if override:
            steps.append(Step("penyesuaian periode", points, override.reason, str(quarter)))
        if points is not None:
            counted.append(score("nilai_triwulan", points))
    if not counted:
        raise RuleBroken("no-indicator-with-data")
    total = mean(counted)
    steps.append(Step("penyerapan anggaran", total, f"rata-rata {' + '.join(map(plain, counted))}"))
    return Explained(
        total, tuple(steps), regulation=regulation_for_year("ikpa", year), parts={"nilai_indikator": total}
    )


def summed_types(satker: Sequence[Sequence[TypeAmount]]) -> list[TypeAmount]:
    """The spending types of several satker together, for the value of a unit, a province or the ministry.

    Args:
        satker: the types of each; a type has the same target everywhere.

    Raises:
        RuleBroken: two satker name different targets for a type.

    Legal:
        PER-5/PB/2024; that sums are taken first: best reading.
    """
    found: dict[str, TypeAmount] = {}
    for one in (one for types in satker for one in types):
        known = found.get(one.kind)
        if known and known.target != one.target:
            raise RuleBroken("targets-differ", kind=one.kind, one=plain(known.target), other=plain(one.target))
        pagu, realised = (known.pagu, known.realised) if known else (ZERO, ZERO)
        found[one.kind] = TypeAmount(one.kind, pagu + one.pagu, realised + one.realised, one.target)
    return [found[kind] for kind in sorted(found)]
