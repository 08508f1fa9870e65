"""The measurements of the trail: they leave a trail that holds, and judge what they measure."""

from __future__ import annotations

from pathlib import Path

import pytest

from dekon.audit.models import Event
from dekon.audit.selectors import prove_trail
from dekon.budget.models import Reservation
from dekon.ops import postgres
from dekon.ops.bench import rows, trail
from dekon.ops.bench.databases import Database
from dekon.ops.bench.rows import Figure, Result
from tests.builders import small_year


@pytest.mark.django_db(transaction=True)
def test_rows_are_linked_and_verified_and_hold_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LINK_TURNS": 1, "INSERTS": 3, "AT_ONCE": 20, "ROWS": 300, "PORTION": 100}.items():
        monkeypatch.setattr(trail, name, value)
    assert all(seconds > 0 for seconds in trail.linking().values())
    verified = trail.verifying()
    assert verified["rows"] >= 300
    assert prove_trail().bad is None


@pytest.mark.django_db(transaction=True)
def test_postings_are_made_with_and_without_trail(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    small_year.build(tmp_path)
    for name, value in {"TURNS": 1, "CALLS": 2, "WARM": 1, "ROOM_RP": 100}.items():
        monkeypatch.setattr(trail, name, value)
    before = Event.objects.filter(action="pagu-reserved").count()
    measured = trail.posting(Path("2"))
    assert measured["calls"] == 4
    assert Reservation.objects.count() == 12
    assert Event.objects.filter(action="pagu-reserved").count() - before == 6


def judged(monkeypatch: pytest.MonkeyPatch, added: float, speed: float) -> dict[str, Figure]:
    def measured(_where: Database, name: str, *_words: object) -> Result:
        if name == "verify":
            return {"seconds": 1.0, "rows": speed}
        return {"seconds": 1 + added, "bare_seconds": 1.0, "many_seconds": 2.0, "many_bare_seconds": 1.0}

    here = Database("here", "", "")
    monkeypatch.setattr(rows, "measure", measured)
    monkeypatch.setattr(rows, "demo_database", lambda _use, _scale: here)
    monkeypatch.setattr(rows, "copied", lambda _use, _source, _name: here)
    monkeypatch.setattr(rows, "drop", lambda _use, _name: None)
    use: postgres.Use = object()  # type: ignore[assignment]  # nobody asks it anything here
    return {figure.work: figure for figure in rows.trail_figures(use)}


@pytest.mark.parametrize(
    ("added", "speed", "met"),
    [(0.19, 100_000, (True, True, True)), (0.29, 99_999, (False, True, False)), (0.31, 0, (False,) * 3)],
)  # fmt: skip
def test_the_trail_is_judged(
    monkeypatch: pytest.MonkeyPatch, added: float, speed: float, met: tuple[bool, bool, bool]
) -> None:
    found = judged(monkeypatch, added, speed)
    goals = ("posting with trail, writers: 16", "insert of one row, linked", "verify audit")
    assert tuple(found[work].met for work in goals) == met
