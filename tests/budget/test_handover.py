"""A leaver's open work goes to the successor: cases that the person owns and imports that the person looks after."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from dekon.audit.models import Event
from dekon.budget import selectors as budget
from dekon.budget import services
from dekon.budget.models import ImportRun, ReconciliationCase
from dekon.errors import NotAllowed, Unfit
from dekon.org import selectors
from dekon.org import services as org
from dekon.org.models import RoleAssignment, Satker, User
from tests.builders import small_year

DECREE = org.Decree("SK 1/2026", date(2026, 1, 5))


@pytest.fixture
def leaver(db: None, tmp_path: Path) -> User:
    """An operator with an import and an owned case of the own province, beside one of another province."""
    small_year.build(tmp_path)
    user = User.objects.get(username="operator-32")
    run = ImportRun.objects.earliest("pk")
    ImportRun.objects.filter(pk=run.pk).update(created_by=user)
    for code in (small_year.WEST_JAVA, small_year.PAPUA):
        ReconciliationCase.objects.create(
            fiscal_year=2022, satker=Satker.objects.get(code=code), kind="total-differs", subject="uji",
            span_from=date(2022, 1, 1), span_to=date(2022, 1, 31), stated_rp=2, booked_rp=1, owner_role="ppk",
            import_run=run,
        )  # fmt: skip
    mine = ReconciliationCase.objects.get(satker__code=small_year.WEST_JAVA, subject="uji")
    services.answer_case(actor=user, case_id=mine.pk, text="ditelusuri", status="answered", now=timezone.now())
    return user


def hand_over(leaver: User, actor: User | None = None, **change: object) -> org.HandedOver:
    User.objects.get_or_create(username="pengganti")
    today = timezone.localdate()
    wanted: dict[str, object] = {
        "successor": "pengganti", "last_day": today, "first_day": today + timedelta(days=1), "decree": DECREE,
        "reason": "mutasi", "now": timezone.now(), **change,
    }  # fmt: skip
    row = RoleAssignment.objects.get(user=leaver)
    return org.hand_over(actor=actor or selectors.system_user(), number=row.pk, **wanted)  # type: ignore[arg-type]  # by name


def test_whoever_answers_first_owns_the_case(leaver: User) -> None:
    assert ReconciliationCase.objects.get(owner=leaver).satker.code == small_year.WEST_JAVA


def test_open_work_goes_to_the_successor_and_the_record_stays(leaver: User) -> None:
    assert org.open_items(RoleAssignment.objects.get(user=leaver)) == {"cases": 1, "imports": 1}
    done = hand_over(leaver)
    successor = User.objects.get(username="pengganti")
    assert done.moved == {"cases": 1, "imports": 1}
    assert (done.ended.valid_to, done.assigned.assignment.valid_from) == (
        timezone.localdate(), timezone.localdate() + timedelta(days=1)
    )  # fmt: skip
    assert ReconciliationCase.objects.get(owner=successor).notes.get().author == leaver
    run = ImportRun.objects.get(keeper=successor)
    assert run.created_by == leaver
    assert org.open_items(RoleAssignment.objects.get(user=leaver)) == {"cases": 0, "imports": 0}
    tomorrow = timezone.localdate() + timedelta(days=1)
    successor.held_today = selectors.assignments_of(successor, tomorrow)  # type: ignore[attr-defined]  # that day
    assert [one.pk for one in budget.import_runs(successor)] == [run.pk]
    assert Event.objects.get(action="role-handed-over").after == {"successor": "pengganti", "cases": 1, "imports": 1}


def test_the_leaver_reads_today_and_nothing_tomorrow(leaver: User) -> None:
    hand_over(leaver)
    today = timezone.localdate()
    assert [selectors.scope_of(leaver, day) for day in (today, today + timedelta(days=1))] == ["32", ""]


def test_a_successor_does_not_begin_before_the_end(leaver: User) -> None:
    with pytest.raises(Unfit) as refused:
        hand_over(leaver, first_day=timezone.localdate())
    assert refused.value.problems[0].code == "handover-overlaps"
    assert RoleAssignment.objects.get(user=leaver).ended_at is None


def test_a_gap_between_the_two_is_kept(leaver: User) -> None:
    done = hand_over(leaver, first_day=timezone.localdate() + timedelta(days=4))
    assert (done.assigned.assignment.valid_from - done.ended.valid_to).days == 4  # type: ignore[operator]  # it has ended


def test_nobody_hands_over_the_own_role(leaver: User) -> None:
    with pytest.raises(NotAllowed):
        hand_over(leaver, actor=leaver)
