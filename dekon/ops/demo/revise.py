"""How DIPA change over the demo year: revisions that move money, new monthly plans before the lock days, blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from random import Random

from dekon.ops.demo.cases import (
    BLOCKS,
    HEALING_DAY,
    HEALING_MOVE,
    LATE_ADJUSTMENT,
    NOTHING_BY_JUNE,
    POSITIONS,
    RESERVATIONS,
    TOO_MANY_REVISIONS,
)
from dekon.ops.demo.catalogue import BALANCE_ITEM, SPENT_BY_MONTH
from dekon.ops.demo.places import DemoSatker
from dekon.ops.demo.plan import THOUSAND, SatkerPlan, case_path
from dekon.ops.demo.shapes import Block, Item, Path, Reservation, Version

PLAN_WAVES = ((2, 10, 30), (4, 11, 35), (7, 12, 50), (10, 12, 40))
"""(month, day, percent of satker that send a new monthly plan): before the lock days of the four quarters."""

REVISION_DAYS = ((2, 22), (4, 26), (6, 21), (8, 23), (10, 25))
"""When the satker that revises too often does so; others use the third or the fourth."""

ADJUSTED_EVERY = 6
"""Every sixth satker bears a block of the automatic adjustment."""

type Event = tuple[date, str]


def _rescheduled(rng: Random, item: Item, first_month: int) -> Item:
    """The item with parts of the running quarter's plan moved to later months."""
    months = list(item.months)
    last_month = (first_month - 1) // 3 * 3 + 3
    for month in range(first_month, min(last_month, 11) + 1):
        if months[month - 1] and rng.random() < 0.38:
            later = rng.choices(range(month + 1, 13), SPENT_BY_MONTH[month:])[0]
            months[later - 1] += months[month - 1]
            months[month - 1] = 0
    return replace(item, months=tuple(months))


def _with_new_plan(rng: Random, items: Sequence[Item], first_month: int) -> tuple[Item, ...]:
    return tuple(item if item.kept else _rescheduled(rng, item, first_month) for item in items)


def _less(item: Item, amount_rp: int) -> Item:
    """The item cheaper by whole units; its plan gives way from the end of the year."""
    months = list(item.months)
    left = amount_rp
    for index in range(11, -1, -1):
        taken = min(left, months[index])
        months[index] -= taken
        left -= taken
    return replace(item, volume=item.volume - amount_rp // item.price_rp, factor=1, months=tuple(months))


def _more(item: Item, amount_rp: int, month: int) -> Item:
    """The item dearer: more units, or a higher price where it is one package; planned for the month after."""
    months = list(item.months)
    months[min(month, 11)] += amount_rp
    if item.name == BALANCE_ITEM:
        return replace(item, price_rp=item.price_rp + amount_rp, months=tuple(months))
    return replace(item, volume=item.volume + amount_rp // item.price_rp, months=tuple(months))


def _moved(items: Sequence[Item], source: str, target: str, amount_rp: int, month: int) -> tuple[Item, ...]:
    changed = {source: lambda item: _less(item, amount_rp), target: lambda item: _more(item, amount_rp, month)}
    return tuple(changed[item.code](item) if item.code in changed else item for item in items)


def _ordinary_move(rng: Random, items: Sequence[Item], untouched: frozenset[Path], month: int) -> tuple[Item, ...]:
    """Some units of one item given up for the preparation of meetings."""
    givers = [item for item in items if not item.kept and item.volume >= 10 and item.path not in untouched]
    giver = rng.choice(givers)
    target = next(item for item in items if item.name == BALANCE_ITEM)
    units = max(1, giver.volume * rng.randint(8, 20) // 100)
    return _moved(items, giver.code, target.code, units * giver.price_rp, month)


def _healing_move(items: Sequence[Item], satker: DemoSatker) -> tuple[Item, ...]:
    codes = {item.path: item.code for item in items}
    source = codes[case_path(satker.unit.program, HEALING_MOVE.source)]
    target = codes[case_path(satker.unit.program, HEALING_MOVE.target)]
    return _moved(items, source, target, HEALING_MOVE.amount_rp, HEALING_DAY[0])


def _events(rng: Random, satker: DemoSatker, year: int) -> list[Event]:
    """What happens to the DIPA of a satker after the first version, in order of time."""
    events = [(date(year, month, day), "plan") for month, day, percent in PLAN_WAVES if rng.randint(1, 100) <= percent]
    code = satker.code
    if code == TOO_MANY_REVISIONS[0]:
        events += [(date(year, *day), "move") for day in REVISION_DAYS[: TOO_MANY_REVISIONS[1]]]
    elif code == HEALING_MOVE.source.satker:
        events.append((date(year, *HEALING_DAY), "heal"))
    elif code == LATE_ADJUSTMENT or (code != NOTHING_BY_JUNE and rng.randint(1, 100) <= 18):
        events.append((date(year, *REVISION_DAYS[rng.randint(2, 3)]), "move"))
    return sorted(events)


def versions_of(rng: Random, plan: SatkerPlan, untouched: frozenset[Path], year: int) -> Iterator[Version]:
    """The versions of one satker's DIPA in order of time; each adds up to the same ceiling.

    Args:
        untouched: positions that no revision may take from.
    """
    items = plan.items
    yield Version(plan.satker, "B00", date(year, 1, 3), items)
    counts = {"B": 0, "C": 0}
    for on, what in _events(rng, plan.satker, year):
        if what == "plan":
            items = _with_new_plan(rng, items, on.month)
        elif what == "heal":
            items = _healing_move(items, plan.satker)
        else:
            items = _ordinary_move(rng, items, untouched, on.month)
        letter = "C" if what == "plan" else "B"
        counts[letter] += 1
        yield Version(plan.satker, f"{letter}{counts[letter]:02}", on, items)


def _case_blocks(year: int, programs: dict[str, str]) -> Iterator[Block]:
    for block in BLOCKS:
        released = date(year, *block.released_day) if block.released_rp else None
        yield Block(
            block.pos.satker, case_path(programs[block.pos.satker], block.pos), block.kind, block.amount_rp,
            date(year, *block.day), block.letter, block.released_rp, released, block.release_letter,
        )  # fmt: skip


def blocks_of(rng: Random, plans: Sequence[SatkerPlan], year: int) -> tuple[Block, ...]:
    """All blocks: those of the cases, and the automatic adjustment of every sixth satker, most of it released."""
    blocks = list(_case_blocks(year, {plan.satker.code: plan.satker.unit.program for plan in plans}))
    special = {pos.satker for pos in POSITIONS}
    for index, plan in enumerate(plans):
        if index % ADJUSTED_EVERY or plan.satker.code in special:
            continue
        item = max((one for one in plan.items if one.path.akun.startswith("5241")), key=lambda one: one.total_rp)
        amount_rp = item.total_rp * rng.randint(30, 45) // 100 // THOUSAND * THOUSAND
        released_rp = amount_rp if rng.random() < 0.7 else 0
        blocks.append(
            Block(plan.satker.code, item.path, "aa", amount_rp, date(year, 1, 10), f"S-01/SINTETIS/{year}", released_rp,
                  date(year, 8, 22) if released_rp else None, f"S-02/SINTETIS/{year}" if released_rp else "")
        )  # fmt: skip
    return tuple(blocks)


def reservations_of(plans: Sequence[SatkerPlan], year: int) -> tuple[Reservation, ...]:
    """The reservations for contracts."""
    programs = {plan.satker.code: plan.satker.unit.program for plan in plans}
    return tuple(
        Reservation(
            one.pos.satker, case_path(programs[one.pos.satker], one.pos), one.amount_rp, date(year, *one.day),
            one.document, None if one.released_day == (0, 0) else date(year, *one.released_day),
        )
        for one in RESERVATIONS
    )  # fmt: skip
