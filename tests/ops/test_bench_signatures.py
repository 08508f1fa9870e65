"""The measurements of signatures: they sign for real, look at every signature, and judge what they measure."""

from __future__ import annotations

import pytest

from dekon.documents.models import PlacedSignature
from dekon.ops import postgres
from dekon.ops.bench import rows, signatures
from dekon.ops.bench.databases import Database
from dekon.ops.bench.rows import Figure, Result


@pytest.mark.django_db(transaction=True)
def test_the_last_of_many_signatures_is_measured_and_every_one_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "SIGNED", 2)
    found = signatures.signing()
    assert PlacedSignature.objects.count() == 3
    assert found["signatures"] == 3
    assert 0 < found["grown_kb"] < found["size_kb"]
    assert 0 < found["again_seconds"] < found["first_seconds"]


def judged(monkeypatch: pytest.MonkeyPatch, **found: float) -> dict[str, Figure]:
    usual = {"seconds": 0.5, "grown_kb": 40.0, "size_kb": 900.0, "first_seconds": 6.0, "again_seconds": 0.2}
    usual["signatures"] = 39.0
    result: Result = {**usual, **found}
    monkeypatch.setattr(rows, "measure", lambda _where, _name: result)
    monkeypatch.setattr(rows, "database", lambda _use, _name: Database("here", "", ""))
    monkeypatch.setattr(rows, "drop", lambda _use, _name: None)
    use: postgres.Use = object()  # type: ignore[assignment]  # nobody asks it anything here
    return {figure.work: figure for figure in rows.signature_figures(use)}


def test_the_lines_are_judged_at_their_goals(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [one.met for one in judged(monkeypatch).values()] == [True, True, True, True]
    missed = judged(monkeypatch, seconds=0.51, grown_kb=40.1, first_seconds=6.1, again_seconds=0.21)
    assert [one.met for one in missed.values()] == [False, False, False, False]
