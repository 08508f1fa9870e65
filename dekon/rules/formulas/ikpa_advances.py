"""Pengelolaan UP dan TUP: how advances of the treasurer are turned over and repaid, newest regulation first."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from dekon.errors import RuleBroken
from dekon.rules.entry import Entry
from dekon.rules.explained import Explained, Part, Step
from dekon.rules.formulas.ikpa import capped
from dekon.rules.formulas.nka import complete_weights
from dekon.rules.numbers import (
    HUNDRED,
    ZERO,
    at_most,
    not_negative,
    percent_of,
    plain,
    positive,
    score,
    settled,
    within,
)
from dekon.rules.parameter import Parameter
from dekon.rules.regulations import regulation_for_year

ADVANCE_WEIGHTS = Parameter[Mapping[str, Decimal]]("ikpa/advance_weights")
CARD_WEIGHTS = Parameter[Mapping[str, Decimal]]("ikpa/card_weights")
CARD_TARGETS = Parameter[tuple[Decimal, ...]]("ikpa/card_targets")
CARD_POINTS = Parameter[Mapping[str, Decimal]]("ikpa/card_points")

MOST_CARD_POINTS = 110


def monthly_turnover(
    accounted: Decimal, advance: Decimal, month_days: Decimal, days_between: Decimal, year: int
) -> Explained[Decimal]:
    """The size of an accounting (GUP) in percent of the advance (UP), brought to a month, at most 100.

    Args:
        accounted: GUP, any one unit of money.
        advance: UP in the same unit.
        month_days: days of the month, 28 to 31.
        days_between: days between the SP2D of this and the one before, 1 or more.
        year: fiscal year.

    Raises:
        RuleBroken: a figure is negative, or advance or days are not positive, or the month has no such length.

    Legal:
        PER-5/PB/2024; PER-5/PB/2022 (size of UP Tunai accountability).
    """
    not_negative("gup", accounted)
    positive("up", advance)
    within("hari_bulan", month_days, 28, 31)
    positive("hari_antar_sp2d", days_between)
    value = min(HUNDRED, settled(accounted * month_days * HUNDRED / (advance * days_between)))
    how = (
        f"{plain(accounted)} ÷ {plain(advance)} × {plain(month_days)} ÷ {plain(days_between)} × 100, paling tinggi 100"
    )
    return Explained(
        value, (Step("GUP disebulankan", value, how),), regulation=regulation_for_year("ikpa", year),
        parts={"persentase_gup_disebulankan": value, "nilai": value},
    )  # fmt: skip


def advance_timeliness(in_time: Decimal, all_times: Decimal, year: int) -> Explained[Decimal]:
    """Accountings within a month of the one before in percent of all.

    Args:
        in_time: GUP and PTUP in time.
        all_times: all of them.
        year: fiscal year.

    Raises:
        RuleBroken: a number is negative or exceeds the whole, or there was none.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024.
    """
    positive("semua", all_times)
    at_most("tepat_waktu", not_negative("tepat_waktu", in_time), "semua", all_times)
    value = percent_of(in_time, all_times)
    return Explained(
        value, (Step("ketepatan waktu", value, f"{plain(in_time)} ÷ {plain(all_times)} × 100"),),
        regulation=regulation_for_year("ikpa", year), parts={"nilai": value},
    )  # fmt: skip


def advance_repayment(returned: Decimal, additional: Decimal, year: int) -> Explained[Decimal]:
    """100 less what was paid back of the additional advance (TUP) in percent.

    Args:
        returned: paid back unused, any one unit of money.
        additional: TUP of the year in the same unit.
        year: fiscal year.

    Raises:
        RuleBroken: a figure is negative, there was no TUP, or more was paid back than given.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024.
    """
    positive("tup", additional)
    at_most("setoran", not_negative("setoran", returned), "tup", additional)
    value = settled(HUNDRED - percent_of(returned, additional))
    return Explained(
        value, (Step("setoran TUP", value, f"100 − {plain(returned)} ÷ {plain(additional)} × 100"),),
        regulation=regulation_for_year("ikpa", year), parts={"nilai": value},
    )  # fmt: skip


def card_use(used: Decimal, yearly_advance: Decimal, quarter: int, year: int) -> Explained[Decimal]:
    """The points of the government credit card (KKP): 110 where its cumulative target is met, else 100.

    Args:
        used: paid by card so far this year, any one unit of money.
        yearly_advance: UP of the card for a whole year, in the same unit.
        quarter: 1 to 4.
        year: fiscal year, 2024 or later.

    Raises:
        RuleBroken: a figure is negative, the advance is zero, or there is no such quarter.

    Legal:
        PER-5/PB/2024.
    """
    within("triwulan", Decimal(quarter), 1, 4)
    share = percent_of(not_negative("kkp", used), positive("up_kkp", yearly_advance))
    target, points = CARD_TARGETS.for_year(year)[quarter - 1], CARD_POINTS.for_year(year)
    value = points["tercapai" if share >= target else "belum"]
    return Explained(
        value, (Step("KKP", value, f"{plain(share)} % terhadap target {target} %"),),
        (CARD_TARGETS.source_for_year(year), CARD_POINTS.source_for_year(year)),
        regulation=regulation_for_year("ikpa", year), parts={"persentase_kkp": share, "nilai": value},
    )  # fmt: skip


def advances(
    cash: Mapping[str, Decimal | None],
    year: int,
    card: Decimal | None = None,
    weights: Mapping[str, Decimal] | None = None,
) -> Explained[Decimal]:
    """The indicator: the cash part of three components and, from 2024, the card part, at most 100.

    Components without data drop out and their weight goes to the others; without a card the cash part stands alone.

    Args:
        cash: `ketepatan`, `gup`, `tup` → points 0 to 100, None where there was none.
        year: fiscal year.
        card: points of the card, 0 to 110; None where there is no card.
        weights: of the cash components; those of the regulation where not given.

    Raises:
        RuleBroken: a component is missing, unknown or out of range, none has data, or there is a card before 2024.

    Legal:
        PER-5/PB/2022 (cash only); PER-5/PB/2024 (90 cash, 10 card).
    """
    shares = complete_weights(weights or ADVANCE_WEIGHTS.for_year(year), cash)
    sources: tuple[Entry, ...] = () if weights else (ADVANCE_WEIGHTS.source_for_year(year),)
    total, active, steps = ZERO, ZERO, []
    for name, share in shares.items():
        value = cash[name]
        if value is None:
            steps.append(Step(name, None, "tidak ada; bobot dikonversi"))
            continue
        total += score(name, value) * share
        active += share
        steps.append(Step(name, settled(value * share), f"{plain(value)} × {plain(share)}"))
    if active == 0:
        raise RuleBroken("indicator-not-applicable", name="up_tup")
    tunai = settled(total / active)
    value = tunai
    if card is not None:
        of_card = CARD_WEIGHTS.for_year(year)
        sources = (*sources, CARD_WEIGHTS.source_for_year(year))
        value = settled(tunai * of_card["tunai"] + within("kkp", card, 0, MOST_CARD_POINTS) * of_card["kkp"])
        steps.append(
            Step("tunai dan KKP", value, f"{plain(tunai)} × {of_card['tunai']} + {plain(card)} × {of_card['kkp']}")
        )
    parts: dict[str, Part] = {"tunai": tunai, "sebelum_batas": value, "nilai": capped(value, year)}
    steps.append(Step("UP dan TUP", capped(value, year), "paling tinggi 100"))
    return Explained(
        capped(value, year), tuple(steps), sources, regulation=regulation_for_year("ikpa", year), parts=parts
    )
