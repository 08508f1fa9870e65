"""The bench measures what it says: pages that answer, as many lines as a bare COPY gives, goals judged."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker

from dekon.ops import postgres
from dekon.ops.bench import __main__ as bench
from dekon.ops.bench import guarded, pages, rows
from dekon.ops.bench.databases import Database
from dekon.ops.bench.rows import Figure
from tests.demo_database import in_demo

SCALE = 100


@pytest.fixture(scope="module")
def demo(database_server: str, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), in_demo(database_server):
        yield


@pytest.mark.parametrize("name", ["nation", "province", "satker", "payments"])
def test_each_page_is_found_and_takes_time(demo: None, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(pages, "ROUNDS", 3)
    measured = pages.page(Path(name))
    assert 0 < measured["best_seconds"] <= measured["seconds"] <= measured["worst_seconds"]
    assert 0 < measured["app_seconds"] < measured["worst_seconds"]


def test_the_page_of_payments_shows_payments(demo: None) -> None:
    answer = pages.signed_in().get(pages.address("payments"))
    assert b'id="t-sp2d"' in answer.content


def test_a_page_that_is_refused_is_not_measured(demo: None) -> None:
    with pytest.raises(SystemExit, match="answered 404"):
        pages.visit(pages.signed_in(), "/provinsi/99/")


def test_the_export_carries_the_lines_of_the_bare_copy(demo: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "EXPORTED_LINES", 40_000)  # more than the year has
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM budget_paymentline WHERE fiscal_year = 2022 AND pos_id IS NULL")
        without_pos = cursor.fetchone()[0]
    exported = pages.export()
    assert exported["rows"] == pages.copy()["rows"] - without_pos
    assert 0 < exported["first_seconds"] <= exported["first_line_seconds"] < exported["seconds"]


@pytest.mark.parametrize(("name", "login"), [("nation", "perencana"), ("province", "kadis-32")])
def test_a_page_is_asked_for_as_the_app_and_as_the_owner_in_turns(
    demo: None, monkeypatch: pytest.MonkeyPatch, name: str, login: str
) -> None:
    monkeypatch.setattr(guarded, "ROUNDS", 2)
    asked: list[str] = []
    visit = guarded._visited

    def visited(role: str, client: Client, address: str) -> tuple[float, float]:
        asked.append(role)
        return visit(role, client, address)

    monkeypatch.setattr(guarded, "_visited", visited)
    measured = guarded.guarded(Path(name), Path(login))
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        owner = str(cursor.fetchone()[0])
    assert sorted(asked) == sorted(["dekon_app"] * 3 + [owner] * 3)
    assert measured["share"] == measured["seconds"] / measured["without_seconds"] - 1


def judged(monkeypatch: pytest.MonkeyPatch, large_seconds: float) -> dict[str, Figure]:
    def measured(where: Database, _name: str, *_words: object) -> rows.Result:
        seconds = large_seconds if where.name == str(SCALE) else 0.03
        return dict.fromkeys(("seconds", "best_seconds", "app_seconds", "database_seconds"), seconds)

    monkeypatch.setattr(rows, "measure", measured)
    monkeypatch.setattr(rows, "demo_database", lambda _use, scale: Database(str(scale), "", ""))
    use: postgres.Use = object()  # type: ignore[assignment]  # nobody asks it anything here
    return {figure.work: figure for figure in rows.page_figures(use, SCALE)}


@pytest.mark.parametrize(
    ("seconds", "page", "ratio"), [(0.044, True, True), (0.046, True, False), (0.05, False, False)]
)
def test_the_national_page_is_judged_by_time_and_by_growth(
    monkeypatch: pytest.MonkeyPatch, seconds: float, page: bool, ratio: bool
) -> None:
    figures = judged(monkeypatch, seconds)
    assert figures["national page, demo × 1"].met
    assert figures["national page, demo × 100"].met is page
    assert figures["… × 100 against × 1"].met is ratio


def test_a_missed_goal_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for figure in judged(monkeypatch, 0.3).values():
        bench.show(figure)
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.endswith("MISSED")] == lines[1:]


def test_a_busy_machine_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(os, "getloadavg", lambda: (0.9, 0, 0))
    assert "BUSY" not in bench.machine()
    monkeypatch.setattr(os, "getloadavg", lambda: (1.1, 0, 0))
    assert "BUSY" in bench.machine()
