"""The command line prints one JSON document, keeps logs apart, and says by its status how it went."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dekon.org.models import User
from tests.builders import small_year
from tests.meta.source import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def dekon(database: str, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command on the database of this test."""
    return subprocess.run(
        [sys.executable, "-m", "dekon.ops.cli", *words],
        cwd=ROOT, env={**os.environ, "DATABASE_URL": database}, input=typed, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip


def test_a_deadline_skips_weekends_and_holidays(database_url: str) -> None:
    done = dekon(database_url, "deadline", "--after", "2022-04-28", "--working-days", "1", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["due_on"] == "2022-05-09"  # Idul Fitri and collective leave lie between


def test_people_are_added_listed_and_disabled(database_url: str) -> None:
    add = ("user", "add", "sari", "--role", "auditor", "--password-stdin", "--json")
    assert dekon(database_url, *add, typed="kata-sandi-panjang-2022\n").returncode == 0
    listed = json.loads(dekon(database_url, "user", "list", "--json").stdout)["users"]
    assert next(user for user in listed if user["user"] == "sari")["active"] is True
    token = json.loads(dekon(database_url, "token", "create", "--user", "sari", "--scope", "read", "--json").stdout)
    assert token
    assert dekon(database_url, "user", "disable", "sari", "--json").returncode == 0
    listed = json.loads(dekon(database_url, "user", "list", "--json").stdout)["users"]
    assert next(user for user in listed if user["user"] == "sari")["active"] is False


def test_a_refusal_is_one_json_document_and_status_1(database_url: str) -> None:
    done = dekon(database_url, "user", "disable", "nobody-of-this-name", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["code"]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        (), ("dance",), ("deadline",), ("deadline", "--after", "yesterday", "--working-days", "1"),
        ("deadline", "--after", "2022-01-01", "--working-days", "1", "--colour"),
    ],
)  # fmt: skip
def test_wrong_usage_is_status_2_and_prints_nothing_on_standard_output(
    database_url: str, words: tuple[str, ...]
) -> None:
    done = dekon(database_url, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_the_code_of_a_demo_login_is_six_digits_and_of_anybody_else_a_refusal(database_url: str) -> None:
    add = ("user", "add", "pembina", "--role", "auditor", "--password-stdin", "--json")
    assert dekon(database_url, *add, typed="kata-sandi-panjang-2022\n").returncode == 0
    real = dekon(database_url, "demo", "code", "pembina", "--json")
    assert (real.returncode, json.loads(real.stdout)["code"]) == (1, "demo-code-only")
    User.objects.filter(username="pembina").update(is_demo=True)
    shown = dekon(database_url, "demo", "code", "pembina")
    assert shown.returncode == 0, shown.stderr
    assert re.fullmatch(r"[0-9]{6}\n", shown.stdout)
    assert set(json.loads(dekon(database_url, "demo", "code", "pembina", "--json").stdout)) == {"user", "code"}
    unknown = dekon(database_url, "demo", "code", "nobody-of-this-name", "--json")
    assert (unknown.returncode, json.loads(unknown.stdout)["code"]) == (1, "user-unknown")
    nonsense = dekon(database_url, "demo", "code", "--json")
    assert (nonsense.returncode, json.loads(nonsense.stdout)["code"]) == (1, "demo-words")


def test_verify_ledger_agrees_with_an_empty_book(database_url: str) -> None:
    done = dekon(database_url, "verify", "ledger", "--json")
    assert done.returncode == 0, done.stderr
    json.loads(done.stdout)


def test_a_database_that_cannot_be_reached_is_one_clear_line() -> None:
    done = dekon(
        "postgresql://dekon@/dekon?host=/nonexistent", "deadline", "--after", "2022-01-03", "--working-days", "1"
    )
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1


def test_scores_of_satker_and_of_a_place_come_from_the_books(database_url: str, tmp_path: Path) -> None:
    small_year.build(tmp_path)
    month = ("--year", "2022", "--month", "9", "--json")
    every = json.loads(dekon(database_url, "score", "ikpa", *month).stdout)
    assert {one["code"] for one in every["scores"]} == {small_year.WEST_JAVA, small_year.PAPUA}
    assert (every["subject"], every["year"], every["month"], every["status"]) == ("ikpa", 2022, 9, "estimate")
    one = next(one for one in every["scores"] if one["code"] == small_year.WEST_JAVA)
    assert {*one} == {
        "code", "name", "satker", "value", "category", "regulation", "missing", "indicators", "steps",
    }  # fmt: skip
    known = {found["name"]: found for found in one["indicators"] if found["value"] is not None}
    assert set(known) == {"revisi_dipa", "deviasi_hal_iii", "penyerapan", "dispensasi_spm"}
    assert all(found["missing"] for found in one["indicators"] if found["value"] is None)
    whole = json.loads(dekon(database_url, "score", "nka", *month, "--province", "32").stdout)["scores"]
    assert [(found["code"], found["satker"]) for found in whole] == [("32", 1)]


@pytest.mark.parametrize("words", [["--year", "2031"], ["--year", "2022", "--month", "13"]])
def test_a_score_that_cannot_be_is_refused_in_words(database_url: str, words: list[str]) -> None:
    done = dekon(database_url, "score", "nka", *words, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["code"] in {"score-without-satker", "score-month-wrong"}
    assert dekon(database_url, "score", "nka", "--year", "2022", "--satker", "1", "--national").returncode == 2
