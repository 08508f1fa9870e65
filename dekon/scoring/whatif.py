"""What a satker must realise by month and spending type to end the quarter with a score, or the best that is left.

Spending goes along a path. First each cell (spending type and month) takes the same share of its plan, from nothing to
the whole; the score only rises on the way, since both the deviation shrinks and the absorption grows. Where the whole
plan is not enough, more is spent than planned, as the formulas make it cost least: deviation of a cell grows with
its money and stops at its cap, so that what is above the plan of a type goes into one month, that of the largest plan
or one that is left out of the deviation, and from type to type in the order that serves best. Nothing else can end
higher.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise, permutations

from dekon.errors import RuleBroken
from dekon.lib.periods import month_end
from dekon.lib.rupiah import round_half_up
from dekon.rules.formulas.ikpa_absorption import absorption_target
from dekon.rules.formulas.ikpa_deviation import DEVIATION_MONTHS_LEFT_OUT, DEVIATION_TOLERANCE
from dekon.rules.regulations import regulation_for_year
from dekon.scoring.ahead import Cells, ikpa_value, months_ahead, quarter_ahead, rooms_of, supposed
from dekon.scoring.figures import SatkerFigures
from dekon.scoring.ikpa import ikpa_of
from dekon.scoring.results import FULL

STEPS = 10_000
"""Steps from nothing to the whole plan: hundredths of a percent."""
DEVIATION = "deviasi_hal_iii"
MOST_ORDERS = 24
"""Orders of spending types that are tried: all of four."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What to spend by spending type and month, and the score that it gives.

    `share` is the share of the plan (0 to 1) where the plan is enough; `above_rp` what goes beyond it. Where the target
    is out of reach (`reached` is false) all of it is the best that is left.
    """

    target: Decimal
    quarter: int
    months: tuple[int, ...]
    reached: bool
    value: Decimal
    spent: Cells
    planned: Cells
    share: Decimal
    above_rp: int
    best: Decimal

    @property
    def total_rp(self) -> int:
        """Everything to be spent, rupiah."""
        return sum(self.spent.values())


@dataclass(slots=True)
class _Path:
    """The ways of a satker through the months to come, with the scores at their points."""

    figures: SatkerFigures
    planned: Cells
    months: tuple[int, ...]
    rooms: dict[str, int]
    known: dict[tuple[object, ...], tuple[Decimal, Decimal]] = field(default_factory=dict)

    @property
    def end(self) -> int:
        """The last month of the quarter."""
        return self.months[-1]

    def value(self, spent: Cells) -> Decimal:
        """The score of a way to spend; where there is none it counts as 0, so that a search goes on."""
        return self._scored(spent)[0]

    def deviation(self, spent: Cells) -> Decimal:
        """The points of the deviation from the plan; 0 where there are none."""
        return self._scored(spent)[1]

    def _scored(self, spent: Cells) -> tuple[Decimal, Decimal]:
        key = tuple(sorted(spent.items()))
        if key not in self.known:
            score = ikpa_of(supposed(self.figures, self.end, self.planned, spent))
            points = {one.name: one.value for one in score.indicators}
            self.known[key] = score.value or Decimal(0), points.get(DEVIATION) or Decimal(0)
        return self.known[key]

    def by_plan(self, step: int) -> dict[tuple[str, int], int]:
        """Each cell takes the same share of its plan; what the room of a type lacks is missing where it costs least."""
        spent = {cell: planned * step // STEPS for cell, planned in self.planned.items()}
        for kind, room in self.rooms.items():
            over = sum(spent.get((kind, month), 0) for month in self.months) - room
            for month in self.cheapest(kind):
                cut = min(max(0, over), spent.get((kind, month), 0))
                if cut:
                    spent[kind, month] -= cut
                    over -= cut
        return spent

    def cheapest(self, kind: str) -> list[int]:
        """Months in the order in which a deviation of a type costs least."""
        left_out = DEVIATION_MONTHS_LEFT_OUT.for_year(self.figures.year)
        return sorted(self.months, key=lambda month: (month not in left_out, -self.planned.get((kind, month), 0)))

    def above(self, order: Sequence[str], more_rp: int) -> dict[tuple[str, int], int]:
        """The whole plan, and so much above it, type by type."""
        spent = self.by_plan(STEPS)
        for kind in order:
            taken = min(more_rp, self.capacity(kind))
            cell = (kind, self.cheapest(kind)[0])
            spent[cell] = spent.get(cell, 0) + taken
            more_rp -= taken
        return spent

    def capacity(self, kind: str) -> int:
        """What a type can take above its plan and still be of use, rupiah."""
        plan = self.by_plan(STEPS)
        room = self.rooms[kind] - sum(plan.get((kind, month), 0) for month in self.months)
        return min(room, self.needs()[kind])

    def needs(self) -> dict[str, int]:
        """What each type lacks of the target of the quarter after its plan; of all types together until 2023."""
        plan, year, quarter = self.by_plan(STEPS), self.figures.year, quarter_ahead(self.figures.month)
        lacking, due_all = {}, 0
        for kind in self.rooms:
            one = self.figures.types[kind]
            target = absorption_target(kind, quarter, year) / FULL
            due = int(round_half_up(one.effective_rp(self.figures.month) * target, 0)) + 1
            due_all += due - one.realised_rp[-1] - sum(plan.get((kind, month), 0) for month in self.months)
            lacking[kind] = max(0, due - one.realised_rp[-1] - sum(plan.get((kind, m), 0) for m in self.months))
        if regulation_for_year("ikpa", year).id == "PER-5/PB/2024":
            return lacking
        return dict.fromkeys(self.rooms, max(0, due_all))


def solve(figures: SatkerFigures, planned: Cells, target: Decimal) -> Answer:
    """The least spending on the path that ends the running quarter with the target; else the best that is left.

    Args:
        figures: what the books hold up to the end of a month.
        planned: the plan of the months to come, rupiah by spending type and month.
        target: points of IKPA, 0 to 100.

    Raises:
        RuleBroken: the target is no score, the year has ended, there is no ceiling, or no rules for the year.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024 (the formulas of the year decide).
    """
    if not 0 <= target <= FULL:
        raise RuleBroken("whatif-target", target=f"{target:f}")
    months = months_ahead(figures.month)
    if not months:
        raise RuleBroken("whatif-year-over", on=month_end(figures.year, figures.month).isoformat())
    rooms = rooms_of(figures)
    path = _Path(figures, {cell: rp for cell, rp in planned.items() if cell[0] in rooms}, months, rooms)
    if not rooms or ikpa_value(supposed(figures, path.end, path.planned, path.by_plan(STEPS))) is None:
        raise RuleBroken("whatif-no-value", satker=figures.satker)
    orders = list(_orders(path))
    best_spent, best = _best(path, orders)
    if path.value(path.by_plan(STEPS)) >= target:
        step = _first(lambda step: path.value(path.by_plan(step)) >= target, 0, STEPS)
        spent = path.by_plan(step)
        return _answer(path, target, spent, best, share=Decimal(step) / STEPS, above_rp=0)
    ways = [(more, order) for order in orders if (more := _enough(path, order, target)) is not None]
    if not ways:
        return _answer(path, target, best_spent, best, share=Decimal(1), above_rp=_above(path, best_spent))
    more_rp, order = min(ways, key=lambda way: way[0])
    return _answer(path, target, path.above(order, more_rp), best, share=Decimal(1), above_rp=more_rp)


def _answer(path: _Path, target: Decimal, spent: Cells, best: Decimal, *, share: Decimal, above_rp: int) -> Answer:
    value = path.value(spent)
    return Answer(
        target, quarter_ahead(path.figures.month), path.months, value >= target, value, spent, path.planned, share,
        above_rp, best,
    )  # fmt: skip


def _above(path: _Path, spent: Cells) -> int:
    return sum(spent.values()) - sum(path.by_plan(STEPS).values())


def _orders(path: _Path) -> Iterator[tuple[str, ...]]:
    """The orders of types that can take something above their plan."""
    kinds = [kind for kind in path.rooms if path.capacity(kind) > 0]
    for number, order in enumerate(permutations(kinds)):
        if number < MOST_ORDERS:
            yield order


def _breaks(path: _Path, order: Sequence[str]) -> list[int]:
    """Where the score may bend or jump along an order, rupiah above the plan; in between it is a straight line."""
    tolerance, found, base = DEVIATION_TOLERANCE.for_year(path.figures.year), {0}, 0
    most = sum(path.capacity(kind) for kind in order)
    if regulation_for_year("ikpa", path.figures.year).id != "PER-5/PB/2024":
        most = min([most, *path.needs().values()])
    for kind in order:
        planned = path.planned.get((kind, path.cheapest(kind)[0]), 0)
        found |= {base + 1, base + int(planned * tolerance / FULL), base + planned, base + path.capacity(kind)}
        base += path.capacity(kind)
    inside = {at + more for at in found for more in (-1, 0, 1) if 0 <= at + more <= most} | {most}
    within = _tolerated(path, order, most)
    return sorted(inside | {at for at in (within, within + 1) if at <= most})


def _tolerated(path: _Path, order: Sequence[str], most: int) -> int:
    """The most above the plan that the tolerance of the mean deviation forgives."""
    if path.deviation(path.above(order, 0)) != FULL:
        return 0
    return max(0, _first(lambda more: path.deviation(path.above(order, more)) != FULL, 0, most + 1) - 1)


def _enough(path: _Path, order: Sequence[str], target: Decimal) -> int | None:
    """The least above the plan that reaches the target along an order; None where nothing does."""
    for low, high in pairwise(_breaks(path, order)):
        if path.value(path.above(order, high)) >= target:
            return _first(lambda more: path.value(path.above(order, more)) >= target, low, high)
    return None


def _best(path: _Path, orders: Sequence[Sequence[str]]) -> tuple[Cells, Decimal]:
    """The way that ends highest; of equal ones the cheapest."""
    ways: list[Cells] = [path.by_plan(STEPS)]
    ways += [path.above(order, more) for order in orders for more in _breaks(path, order)]
    best = max(ways, key=lambda spent: (path.value(spent), -sum(spent.values())))
    return best, path.value(best)


def _first(holds: Callable[[int], bool], low: int, high: int) -> int:
    """The first number from `low` to `high` of which something holds that holds of all after it; `high` where none."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
