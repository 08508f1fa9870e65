"""Writing down the values of scores: every place, month by month, a new row only where a value came out differently."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from dekon.budget.selectors.records import ImportChange, imports_since
from dekon.lib.periods import MONTHS, month_end
from dekon.lib.rupiah import round_half_up
from dekon.org import selectors as org
from dekon.org.selectors import Place
from dekon.scoring import selectors
from dekon.scoring.choices import SnapshotCause, SnapshotScope
from dekon.scoring.models import ScoreSnapshot
from dekon.scoring.results import Score, Subject
from dekon.scoring.selectors import ScoredSatker

PLACES, BA = 6, "026"
SUBJECTS: tuple[Subject, ...] = ("ikpa", "nka")


@dataclass(frozen=True, slots=True)
class Scored:
    """A score with the place it is of: scope, the number of the place (None: the nation), the codes of its satker."""

    scope: str
    number: int | None
    satker: frozenset[str]
    score: Score


@transaction.atomic
def take_snapshots(*, year: int, months: Iterable[int], now: datetime) -> int:
    """Compute all scores of months and keep what is new or differs from the newest value kept. Returns how many rows.

    Args:
        year: fiscal year.
        months: 1 to 12; those that have not ended by the day of `now` are left out.
        now: the moment.
    """
    known = {
        (one.subject, one.month, one.scope, one.satker_id or one.province_id or one.unit_id): one
        for one in ScoreSnapshot.objects.filter(fiscal_year=year).order_by("computed_at", "pk")
    }
    since = min((one.computed_at for one in known.values()), default=now)
    changes = imports_since(since) if known else []
    numbers = org.satker_numbers()
    made: list[ScoreSnapshot] = []
    for month in (one for one in months if month_end(year, one) <= localdate(now)):
        scored = selectors.of_satker(year=year, month=month, place=Place())
        for of in _scores(year, scored, numbers):
            row = _row(of, known.get((of.score.subject, month, of.scope, of.number)), changes, now)
            made += [row] if row else []
    ScoreSnapshot.objects.bulk_create(made, batch_size=1000)
    return len(made)


def kept(year: int) -> bool:
    """Whether anything of a year is kept."""
    return ScoreSnapshot.objects.filter(fiscal_year=year).exists()


def ended_months(year: int, now: datetime) -> list[int]:
    """The months of a year that have ended by the day of a moment, in Jakarta."""
    return [month for month in MONTHS if month_end(year, month) <= localdate(now)]


def _scores(year: int, scored: Sequence[ScoredSatker], numbers: Mapping[str, int]) -> Iterator[Scored]:
    """Both scores of every place."""
    provinces: dict[str, list[ScoredSatker]] = defaultdict(list)
    units: dict[str, list[ScoredSatker]] = defaultdict(list)
    for one in scored:
        provinces[one.province].append(one)
        units[one.unit].append(one)
        for subject in SUBJECTS:
            yield Scored(SnapshotScope.SATKER, numbers[one.satker], frozenset([one.satker]), one.score(subject))
    at_province = {one.code: one.pk for one in org.provinces_in_year(year)}
    at_unit = {one.code: one.pk for one in org.units_in_year(year) if one.ba_code == BA}
    places: list[tuple[str, int | None, list[ScoredSatker]]] = [
        *((SnapshotScope.PROVINCE, at_province[code], of) for code, of in provinces.items() if code in at_province),
        *((SnapshotScope.UNIT, at_unit[code], of) for code, of in units.items() if code in at_unit),
        *(((SnapshotScope.NATION, None, list(scored)),) if scored else ()),
    ]
    for scope, number, of in places:
        for subject in SUBJECTS:
            whole = selectors.of_place(of, subject, code="", name=scope)
            if whole:
                yield Scored(scope, number, frozenset(one.satker for one in of), whole)


def _row(
    of: Scored, before: ScoreSnapshot | None, changes: Sequence[ImportChange], now: datetime
) -> ScoreSnapshot | None:
    """The row to keep of a score; None where the newest row says the same."""
    score = of.score
    value = None if score.value is None else round_half_up(score.value, PLACES)
    weight = round_half_up(score.active_weight, PLACES)
    if before and (before.value, before.active_weight) == (value, weight):
        return None
    cause, import_id = SnapshotCause.FIRST, None
    if before:
        brought = (one for one in changes if one.at > before.computed_at and of.satker & one.satker_codes)
        import_id = next((one.number for one in brought), None)
        cause = SnapshotCause.IMPORT if import_id else SnapshotCause.OTHER
    place = {} if of.scope == SnapshotScope.NATION else {f"{of.scope}_id": of.number}
    return ScoreSnapshot(
        subject=score.subject, fiscal_year=score.year, month=score.month, scope=of.scope, value=value,
        active_weight=weight, before=before.value if before else None, cause=cause, import_run_id=import_id,
        computed_at=now, **place,
    )  # fmt: skip
