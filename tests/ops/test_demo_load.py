"""Loading the demo year: each event once, in order, also when a load is killed in between."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from dekon.errors import RuleBroken
from dekon.ops.demo.timeline import Event, play, progress_of_load
from dekon.ops.models import LoadProgress


def silent(label: str, done: int, total: int) -> None:
    """Nobody watches."""


class Killed(Exception):
    """Stands for a kill -9."""


def events(ran: list[str], *, dies_at: str = "") -> list[Event]:
    def run(label: str) -> None:
        if label == dies_at:
            raise Killed
        ran.append(label)

    days = (("b", date(2022, 2, 1), 1), ("a", date(2022, 1, 3), 2), ("c", date(2022, 2, 1), 2))
    return [Event(on, rank, label, partial(run, label)) for label, on, rank in days]


@pytest.mark.django_db
def test_events_run_in_order_of_day_and_rank() -> None:
    ran: list[str] = []
    shown: list[tuple[str, int, int]] = []
    progress = progress_of_load(year=2022, seed=1, scale=1, total=3)
    assert play(events(ran), progress, lambda *facts: shown.append(facts)) == 3
    assert ran == ["a", "b", "c"]
    assert shown == [("a", 0, 3), ("b", 1, 3), ("c", 2, 3), ("", 3, 3)]
    assert LoadProgress.objects.get(pk=2022).finished_at is not None


@pytest.mark.django_db
def test_a_killed_load_goes_on_with_the_event_that_was_not_done() -> None:
    ran: list[str] = []
    with pytest.raises(Killed):
        play(events(ran, dies_at="b"), progress_of_load(year=2022, seed=1, scale=1, total=3), silent)
    assert LoadProgress.objects.get(pk=2022).done == 1
    assert play(events(ran), progress_of_load(year=2022, seed=1, scale=1, total=3), silent) == 2
    assert ran == ["a", "b", "c"]


@pytest.mark.django_db
def test_a_finished_load_does_nothing_again() -> None:
    ran: list[str] = []
    for _ in range(2):
        play(events(ran), progress_of_load(year=2022, seed=1, scale=1, total=3), silent)
    assert ran == ["a", "b", "c"]


@pytest.mark.django_db
def test_another_seed_is_refused_where_the_year_is_loaded() -> None:
    progress_of_load(year=2022, seed=1, scale=1, total=3)
    with pytest.raises(RuleBroken, match="2022"):
        progress_of_load(year=2022, seed=2, scale=1, total=3)


@pytest.mark.django_db
def test_why_a_load_stopped_is_kept_until_it_goes_on() -> None:
    def refuse() -> None:
        raise RuleBroken("demo-proposal-taken", file="usulan.json")

    progress = progress_of_load(year=2022, seed=1, scale=1, total=1)
    with pytest.raises(RuleBroken):
        play([Event(date(2022, 1, 3), 1, "usulan.json", refuse)], progress, silent)
    stopped = LoadProgress.objects.get(pk=2022)
    assert (stopped.step, stopped.done) == ("usulan.json", 0)
    assert "diterapkan tanpa penegasan" in stopped.error
    play([Event(date(2022, 1, 3), 1, "usulan.json", list)], progress, silent)
    assert LoadProgress.objects.get(pk=2022).error == ""
