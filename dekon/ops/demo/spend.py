"""Payments of the demo year: some 30,000 lines with the shapes of real years, never more than a position allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from random import Random

from dekon.ops.demo.cases import (
    ADVANCE_LINES,
    GUP,
    GUP_NIHIL,
    LS,
    NOTHING_BY_JUNE,
    PAID,
    RETURN,
    UP,
    UP_AKUN,
    UP_RETURN_AKUN,
)
from dekon.ops.demo.catalogue import DESCRIPTIONS, HOLIDAYS_2022, SPENT_BY_MONTH
from dekon.ops.demo.places import DemoSatker
from dekon.ops.demo.shapes import Block, Item, Line, Path, Version

MILLION = 1_000_000
AVERAGE_LINE_RP = {
    "524113": 2_400_000,
    "521219": 3_900_000,
    "521211": 3_400_000,
    "524111": 4_800_000,
    "521213": 2_900_000,
}
OTHER_LINE_RP = 8_600_000
SMALL_RP = 4 * MILLION
ADVANCE_AKUN = frozenset({"521211", "521219", "524111", "524113"})
MOST_LINES = 24
NO_PATH = Path("", "", "", "", "", "", "")


@dataclass(frozen=True, slots=True)
class Spend:
    """An amount of one item, paid on a day, not yet part of a payment."""

    satker: DemoSatker
    on: date
    item: Item
    amount_rp: int


@dataclass(frozen=True, slots=True)
class Payment:
    """Lines that share one SP2D; numbers are given when all payments of the year are known."""

    satker: DemoSatker
    on: date
    kind: str
    text: str
    lines: tuple[tuple[Path, str, int], ...]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a satker spends: its days of payment by month, the weight of each month, and how much it uses in the end."""

    paydays: Mapping[int, list[date]]
    weights: tuple[float, ...]
    pace: float


def import_day(day: date) -> date:
    """When the file of a payment comes in: a few days after the end of its quarter."""
    month = (day.month - 1) // 3 * 3 + 4
    return date(day.year + month // 13, month if month < 13 else 1, 4)


def workdays(year: int, month: int) -> list[date]:
    """Days of a month on which the Treasury pays; the books close on 30 December."""
    first = date(year, month, 1)
    days = (first + timedelta(days=offset) for offset in range(31))
    closed = HOLIDAYS_2022 if year == 2022 else frozenset()
    return [
        day
        for day in days
        if day.month == month
        and day.weekday() < 5
        and (day.month, day.day) not in closed
        and (day.month, day.day) != (12, 31)
    ]


def _room(
    item: Item, versions: Sequence[Version], totals: Sequence[int], blocks: Mapping[Path, Block]
) -> list[tuple[date, int]]:
    """(from day, more rupiah): what may be spent of an item, never more than this or any later version leaves."""
    steps: list[tuple[date, int]] = []
    used = 0
    for index, version in enumerate(versions):
        most = min(totals[index:])
        if most > used:
            steps.append((version.effective_on, most - used))
            used = most
    block = blocks.get(item.path)
    if block:
        day, amount = steps[0]
        steps[0] = (day, amount - block.amount_rp)
        if block.released_on:
            steps.append((block.released_on, block.released_rp))
    return steps


def _amounts(rng: Random, total_rp: int, count: int) -> list[int]:
    """Parts of an amount, most of them multiples of 500 rupiah; small ones are left out."""
    weights = [rng.uniform(0.4, 1.6) for _ in range(count)]
    whole = sum(weights)
    parts = [int(total_rp * weight / whole) // 500 * 500 for weight in weights]
    parts[-1] += total_rp - sum(parts)
    return [part for part in parts if part > 0]


def _spends_of_item(
    rng: Random, satker: DemoSatker, item: Item, steps: Sequence[tuple[date, int]], rhythm: Rhythm
) -> Iterator[Spend]:
    paydays = rhythm.paydays
    pace = rhythm.pace * (rng.uniform(0.982, 1.0) if rng.random() < 0.98 else rng.uniform(0.75, 0.95))
    for opens_on, room_rp in steps:
        spent_rp = int(room_rp * pace) // 250 * 250
        average = AVERAGE_LINE_RP.get(item.path.akun, OTHER_LINE_RP)
        months = [month for month in paydays if paydays[month][-1] > opens_on]
        weights = [rhythm.weights[month - 1] for month in months]
        for amount_rp in _amounts(rng, spent_rp, max(1, min(MOST_LINES, round(spent_rp / average)))):
            month = rng.choices(months, weights)[0]
            day = rng.choice([day for day in paydays[month] if day > opens_on])
            yield Spend(satker, day, item, amount_rp)


def _rhythm(rng: Random, satker: DemoSatker, year: int) -> Rhythm:
    """How this satker spends: early or late, nearly everything or, one in nine, clearly less."""
    first_month = 8 if satker.code == NOTHING_BY_JUNE else (1 if rng.random() < 0.35 else 2)
    paydays = {
        month: sorted(rng.sample(workdays(year, month), 2 + SPENT_BY_MONTH[month - 1] // 32))
        for month in range(first_month, 13)
    }
    earliness = rng.uniform(-0.75, 0.75)
    weights = tuple(
        weight * (1 + earliness * (6.5 - month) / 6.5) for month, weight in enumerate(SPENT_BY_MONTH, start=1)
    )
    pace = rng.uniform(0.76, 0.92) if rng.random() < 0.09 else rng.uniform(0.99, 1.0)
    return Rhythm(paydays, weights, pace)


def _grouped(rng: Random, satker: DemoSatker, on: date, spends: Sequence[Spend], advance_rp: int) -> Iterator[Payment]:
    """The payments of one day: small bills through the advance as far as it reaches, the rest directly."""
    refill: list[Spend] = []
    direct: list[Spend] = []
    left_rp = advance_rp
    for spend in spends:
        small = spend.amount_rp <= min(SMALL_RP, left_rp) and spend.item.path.akun in ADVANCE_AKUN
        if small and rng.random() < 0.6:
            refill.append(spend)
            left_rp -= spend.amount_rp
        else:
            direct.append(spend)
    if refill:
        yield Payment(satker, on, GUP, "Penggantian Uang Persediaan", _lines(refill))
    for akun, same in groupby(sorted(direct, key=lambda one: one.item.path), key=lambda one: one.item.path.akun):
        waiting = list(same)
        while waiting:
            count = rng.randint(1, 4)
            group, waiting = waiting[:count], waiting[count:]
            yield Payment(satker, on, LS, DESCRIPTIONS[akun], _lines(group))


def _lines(spends: Sequence[Spend]) -> tuple[tuple[Path, str, int], ...]:
    return tuple((spend.item.path, spend.item.code, spend.amount_rp) for spend in spends)


def _advance_payments(rng: Random, satker: DemoSatker, advance_rp: int, payments: list[Payment]) -> list[Payment]:
    """The payments with the advance handed out in January or July and settled in December."""
    year = payments[0].on.year
    first = next((payment.on for payment in payments if payment.kind == GUP), payments[0].on)
    opened = max(date(year, 1, 17), first - timedelta(days=rng.randint(8, 20)))
    while opened.weekday() > 4:
        opened -= timedelta(days=1)
    last = max((index for index, one in enumerate(payments) if one.kind == GUP and one.on.month == 12), default=None)
    left_rp = advance_rp
    if last is not None:
        nil = payments[last]
        payments[last] = Payment(satker, nil.on, GUP_NIHIL, "GUP Nihil akhir tahun", nil.lines)
        left_rp -= sum(amount for _path, _item, amount in nil.lines)
    opening = Payment(
        satker, opened, UP, "Penyediaan Uang Persediaan", ((NO_PATH._replace(akun=UP_AKUN), "", advance_rp),)
    )
    if not left_rp:
        return [opening, *payments]
    text = f"Setoran sisa UP NTPN {rng.randrange(16**16):016X}"
    closing = Payment(
        satker, date(year, 12, 28), RETURN, text, ((NO_PATH._replace(akun=UP_RETURN_AKUN), "", -left_rp),)
    )
    return [opening, *payments, closing]


def payments_of(rng: Random, satker: DemoSatker, versions: Sequence[Version], blocks: Sequence[Block]) -> list[Payment]:
    """All payments of a satker but those of the cases."""
    by_path = {block.path: block for block in blocks}
    totals = list(zip(*([item.total_rp for item in version.items] for version in versions), strict=True))
    rhythm = _rhythm(rng, satker, versions[0].effective_on.year)
    spends: dict[date, list[Spend]] = {}
    for item, item_totals in zip(versions[0].items, totals, strict=True):
        if item.kept or rng.random() < 0.006:
            continue
        block = {item.path: by_path.pop(item.path)} if item.path in by_path and _bears(item, by_path[item.path]) else {}
        for spend in _spends_of_item(rng, satker, item, _room(item, versions, item_totals, block), rhythm):
            spends.setdefault(spend.on, []).append(spend)
    own_advance = satker.code != ADVANCE_LINES[0].satker
    advance_rp = rng.randint(2, 8) * 5 * MILLION if own_advance else 0
    payments = [payment for on in sorted(spends) for payment in _grouped(rng, satker, on, spends[on], advance_rp)]
    return _advance_payments(rng, satker, advance_rp, payments) if own_advance else payments


def _bears(item: Item, block: Block) -> bool:
    """Whether the item is the one that the block was cut from."""
    return item.total_rp > block.amount_rp


def numbered_lines(rng: Random, payments: Sequence[Payment]) -> Iterator[Line]:
    """The lines of all payments in order of time, with numbers of SPP and SP2D as satker and KPPN would give them."""
    spp_count: dict[str, int] = {}
    sp2d_count: dict[str, int] = {}
    for payment in sorted(payments, key=lambda one: (one.on, one.satker.code)):
        code, kppn = payment.satker.code, payment.satker.place.kppn
        spp_count[code] = spp_count.get(code, 0) + 1
        sp2d_count[kppn] = sp2d_count.get(kppn, 100_000) + rng.randint(2, 40)
        number = f"{payment.on.year % 100:02}{kppn}{sp2d_count[kppn]:010}"
        requested = payment.on - timedelta(days=rng.randint(1, 6))
        for path, item, amount_rp in payment.lines:
            yield Line(
                payment.satker, payment.kind, f"{spp_count[code]:05}T", requested, number, payment.on, payment.text,
path,
                item, amount_rp, PAID, False, import_day(payment.on),
            )  # fmt: skip
