"""What a change of the monthly plan or a revision of the DIPA does to the scores, before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from dekon.lib.periods import quarter_end, quarter_of_month
from dekon.lib.workdays import Calendar
from dekon.rules.formulas.ikpa_revision import REVISION_CODES, Revision
from dekon.rules.regulations import regulation_for_year
from dekon.scoring.ahead import Cells, months_ahead, supposed
from dekon.scoring.figures import SatkerFigures
from dekon.scoring.ikpa import ikpa_of
from dekon.scoring.nka import nka_of
from dekon.scoring.results import Score

SECOND, LAST = 2, 4


@dataclass(frozen=True, slots=True)
class Change:
    """What is meant to be sent: a new plan of months to come, more or less ceiling by type, the code of a revision."""

    planned: Cells = field(default_factory=dict)
    pagu: Mapping[str, int] = field(default_factory=dict)
    revision: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """An indicator or a score before and after the change; None where it has no value."""

    name: str
    before: Decimal | None
    after: Decimal | None

    @property
    def points(self) -> Decimal | None:
        """What the change brings; None where one of the two has no value."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Preflight:
    """Everything that a change does.

    `locked` are the months whose plan is locked already, so that their change does not count; `plan_by` and `revise_by`
    the last working days on which the plan of the quarter and a revision still count for it, None where not known.
    `counts` says whether the revision is one of those that the indicator counts.
    """

    end: int
    effects: tuple[Effect, ...]
    locked: tuple[int, ...]
    plan_by: date | None
    revise_by: date | None
    counts: bool


def expected_ahead(figures: SatkerFigures, planned: Cells, rooms: Mapping[str, int]) -> dict[tuple[str, int], int]:
    """What each type will spend of its plan in months to come if it keeps it as it did so far; never beyond its room.

    Args:
        figures: as it stands.
        planned: of the months to come.
        rooms: what each type may still spend, rupiah.
    """
    left, expected = dict(rooms), {}
    for (kind, month), planned_rp in sorted(planned.items(), key=lambda cell: (cell[0][1], cell[0][0])):
        one = figures.types.get(kind)
        due = sum(one.planned_rp) if one else 0
        rate = min(Decimal(1), Decimal(max(0, one.realised_rp[-1])) / due) if one and due > 0 else Decimal(1)
        expected[kind, month] = taken = min(left.get(kind, 0), int(planned_rp * rate))
        left[kind] = left.get(kind, 0) - taken
    return expected


def preflight(
    figures: SatkerFigures, planned: Cells, spent: Cells, change: Change, *, on: date, locks: Mapping[int, date],
    calendar: Calendar,
) -> Preflight:  # fmt: skip
    """The scores at the end of the running quarter without and with a change, with the same spending.

    Args:
        figures: what the books hold up to the end of a month.
        planned: the plan of the months to come as it stands; spent: what is expected to be spent in them.
        change: what is meant to be sent.
        on: the day on which it would be sent.
        locks: quarter → last day on which its plan may be updated.
        calendar: working days.

    Legal:
        PER-5/PB/2022; PER-5/PB/2024 Pasal 6 and 7.
    """
    end, year = months_ahead(figures.month)[-1], figures.year
    quarter = quarter_of_month(end)
    locked = tuple(sorted({month for _kind, month in change.planned if _is_locked(month, on, locks)}))
    counting = {cell: rp for cell, rp in change.planned.items() if cell[1] not in locked}
    before = supposed(figures, end, planned, spent)
    after = supposed(figures, end, {**planned, **counting}, spent, change.pagu)
    counts = bool(change.revision) and _counts(change, year)
    if change.revision:
        made = Revision(on, change.revision, pagu_unchanged=not any(change.pagu.values()))
        after = replace(after, revisions=[*after.revisions, made])
    return Preflight(
        end, tuple(_effects(before, after)), locked, locks.get(quarter),
        _last_working_day(quarter_end(year, _period_end(year, quarter)), calendar), counts,
    )  # fmt: skip


def _is_locked(month: int, on: date, locks: Mapping[int, date]) -> bool:
    lock = locks.get(quarter_of_month(month))
    return lock is not None and on > lock


def _counts(change: Change, year: int) -> bool:
    return not any(change.pagu.values()) and change.revision in REVISION_CODES.for_year(year)


def _period_end(year: int, quarter: int) -> int:
    """The last quarter of the period by which revisions are counted: the quarter, since 2024 the half-year."""
    if regulation_for_year("ikpa", year).id != "PER-5/PB/2024":
        return quarter
    return SECOND if quarter <= SECOND else LAST


def _last_working_day(day: date, calendar: Calendar) -> date | None:
    if day.year not in calendar.years:
        return None
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return day


def _effects(before: SatkerFigures, after: SatkerFigures) -> list[Effect]:
    old, new = ikpa_of(before), ikpa_of(after)
    names = ("revisi_dipa", "deviasi_hal_iii", "penyerapan")
    found = [Effect(name, _value(old, name), _value(new, name)) for name in names]
    found.append(Effect("ikpa", old.value, new.value))
    return [*found, Effect("nka", nka_of(before, old).value, nka_of(after, new).value)]


def _value(score: Score, name: str) -> Decimal | None:
    return next((one.value for one in score.indicators if one.name == name), None)
