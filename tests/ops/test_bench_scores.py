"""The bench of worked cases measures cases that are computed, none of them refused."""

from __future__ import annotations

import pytest

from dekon.ops.bench import rows, scores
from dekon.ops.bench.scores import SHAPES, Times, score_many


def test_every_case_of_the_bench_is_computed() -> None:
    times = score_many(20 * len(SHAPES))
    assert times.refused == 0
    assert times.read_seconds > 0
    assert times.score_seconds > 0


def test_the_line_of_the_bench_is_judged_by_its_goal(monkeypatch: pytest.MonkeyPatch) -> None:
    for seconds, met in ((5.0, True), (5.01, False)):
        monkeypatch.setattr(scores, "score_many", lambda seconds=seconds: Times(1.0, seconds, 0))
        assert next(rows.score_figures()).met is met
