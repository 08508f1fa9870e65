"""Values that are kept: once, of every place, anew where they differ, with the old value and the import that did it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from dekon.budget import services as budget
from dekon.budget.choices import RecordKind
from dekon.budget.services import ImportOptions, RecordFacts
from dekon.org.models import User
from dekon.org.selectors import Place
from dekon.scoring import selectors
from dekon.scoring.jobs import score_snapshots, score_snapshots_after_import
from dekon.scoring.models import ScoreSnapshot
from dekon.scoring.services import ended_months, take_snapshots
from tests.builders import small_year
from tests.builders.files import payment_record, write_json
from tests.builders.small_year import WEST_JAVA

NOW = datetime(2022, 10, 20, 3, 0, tzinfo=UTC)


@pytest.fixture
def planner(db: None, tmp_path: Path) -> User:
    small_year.build(tmp_path)
    with connection.cursor() as cursor:
        cursor.execute("DISCARD TEMP")
    return User.objects.get(username="perencana")


def take(months: list[int], now: datetime = NOW) -> int:
    return take_snapshots(year=2022, months=months, now=now)


def pay(actor: User, folder: Path, now: datetime) -> int:
    path = write_json(
        folder / "lagi.json",
        [payment_record(KDSATKER=WEST_JAVA, NO_SP2D="220290000000777", TGL_SP2D="2022-08-30", NILAI_RUPIAH=12_345)],
    )  # fmt: skip
    options = ImportOptions(year=2022, create_missing=True)
    run = budget.import_file(actor=actor, path=path, file_name=path.name, options=options, now=now)
    assert run.status == "applied", run.findings
    with connection.cursor() as cursor:
        cursor.execute("DISCARD TEMP")
    return run.pk


def test_each_place_is_kept_once_and_only_months_that_have_ended(planner: User) -> None:
    assert take([9, 10]) > 0
    kept = {(one.scope, one.month) for one in ScoreSnapshot.objects.all()}
    assert kept == {(scope, 9) for scope in ("satker", "province", "unit", "nation")}
    assert take([9]) == 0
    assert ended_months(2022, NOW) == list(range(1, 10))
    shown = selectors.of_satker(year=2022, month=9, place=Place(satker=WEST_JAVA))[0].ikpa.value
    (row,) = selectors.history_of(satker=WEST_JAVA, year=2022, month=9, subject="ikpa")
    assert shown is not None
    assert row.value is not None
    assert abs(row.value - shown) < Decimal("1e-6")
    assert (row.cause, row.before) == ("first", None)


def test_an_import_leaves_old_and_new_value_with_its_number(planner: User, tmp_path: Path) -> None:
    take([8, 9])
    number = pay(planner, tmp_path, NOW + timedelta(minutes=1))
    score_snapshots_after_import(NOW + timedelta(minutes=5))
    new, old = selectors.history_of(satker=WEST_JAVA, year=2022, month=9, subject="ikpa")
    assert (new.before, new.cause, new.import_run_id) == (old.value, "import", number)
    assert new.value != old.value
    nation = ScoreSnapshot.objects.filter(scope="nation", subject="ikpa", month=9, import_run_id=number)
    assert nation.count() == 1
    before = ScoreSnapshot.objects.count()
    score_snapshots_after_import(NOW + timedelta(minutes=30))  # nothing was imported since
    assert ScoreSnapshot.objects.count() == before


def test_what_a_person_recorded_is_another_cause(planner: User) -> None:
    take([9])
    budget.record_execution(
        actor=planner, satker_code=WEST_JAVA, fiscal_year=2022, kind=RecordKind.BILL,
        facts=RecordFacts(number="1", dated_on=date(2022, 3, 1)), now=NOW,
    )  # fmt: skip
    take([9], NOW + timedelta(hours=1))
    new, old = selectors.history_of(satker=WEST_JAVA, year=2022, month=9, subject="ikpa")
    assert (new.cause, new.import_run_id) == ("other", None)
    assert new.active_weight == old.active_weight + 10


def test_the_night_keeps_every_month_and_nothing_twice(planner: User) -> None:
    score_snapshots(NOW)
    count = ScoreSnapshot.objects.count()
    assert {one.month for one in ScoreSnapshot.objects.all()} == set(range(1, 10))
    score_snapshots(NOW + timedelta(days=1))
    assert ScoreSnapshot.objects.count() == count


def test_a_kept_value_is_never_changed(planner: User) -> None:
    take([9])
    for statement in ("UPDATE scoring_scoresnapshot SET value = 1", "DELETE FROM scoring_scoresnapshot"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
