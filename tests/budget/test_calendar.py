"""A changed calendar counts at once: in deadlines, in lock dates of the RPD, and in the plan that hangs on them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dekon.budget import services
from dekon.budget.models import Dipa, PlannedMonth, PlannedTotal, RpdMonth, RpdVersion
from dekon.errors import Conflict, NotAllowed, Unfit
from dekon.ledger.models import Pos
from dekon.org import services as org
from dekon.org.models import Holiday, User
from dekon.org.selectors import system_user, working_calendar
from dekon.org.services import NewDay
from dekon.rules.formulas.deadlines import rpd_lock_dates
from tests.builders import small_year
from tests.builders.small_year import WEST_JAVA

pytestmark = pytest.mark.django_db

DECREE, SET_ON = "SKB 3 Menteri Nomor 1 Tahun 2022", date(2022, 1, 3)
NEW = NewDay(date(2022, 2, 8), "cuti_bersama", "Cuti bersama percobaan")


@pytest.fixture
def admin() -> User:
    return org.add_user(actor=system_user(), username="pengelola", password="", role="admin")


def add(admin: User, *days: NewDay) -> list[Holiday]:
    return services.add_holidays(actor=admin, days=days, decree=DECREE, published_on=SET_ON)


def lock() -> date:
    return rpd_lock_dates(2022, working_calendar())[1]


def test_a_holiday_moves_the_lock_and_its_withdrawal_moves_it_back(admin: User) -> None:
    before = lock()
    made = add(admin, NEW)[0]
    assert lock() == working_calendar().next_working_day(before)
    services.withdraw_holiday(actor=admin, number=made.pk, withdrawn_on=date(2022, 1, 10), reason="SKB dicabut")
    assert lock() == before
    assert Holiday.objects.get(pk=made.pk).withdrawn_on == date(2022, 1, 10)


def test_the_plan_that_counts_follows_the_lock(admin: User, tmp_path: Path) -> None:
    small_year.build(tmp_path)
    dipa = Dipa.objects.get(satker__code=WEST_JAVA, fiscal_year=2022)
    day_after = working_calendar().next_working_day(lock())
    late = RpdVersion.objects.create(dipa=dipa, sequence=90, valid_from=day_after)
    pos = Pos.objects.filter(satker__code=WEST_JAVA).earliest("pk")
    RpdMonth.objects.create(version=late, pos=pos, month=1, planned_rp=123)
    assert not PlannedMonth.objects.filter(version=late, month__lte=3).exists()
    made = add(admin, NEW)[0]
    assert PlannedMonth.objects.get(version=late, month=1).planned_rp == 123
    assert PlannedTotal.objects.get(satker=dipa.satker, fiscal_year=2022, month=1).planned_rp == 123
    services.withdraw_holiday(actor=admin, number=made.pk, withdrawn_on=date(2022, 1, 10), reason="SKB dicabut")
    assert not PlannedMonth.objects.filter(version=late, month__lte=3).exists()


def test_every_line_that_cannot_be_kept_is_told_and_none_is_kept(admin: User) -> None:
    count = Holiday.objects.count()
    days = (NewDay(date(2022, 1, 1), "libur_nasional", "Tahun Baru"), NewDay(date(2022, 2, 9), "libur", ""), NEW, NEW)
    with pytest.raises(Unfit) as problem:
        add(admin, *days)
    assert [(one.field, one.code) for one in problem.value.problems] == [
        ("days.1.day", "holiday-known"),
        ("days.2.kind", "holiday-kind-unknown"),
        ("days.2.name", "entry-missing"),
        ("days.4.day", "holiday-twice"),
    ]
    assert Holiday.objects.count() == count


def test_a_day_is_withdrawn_once_and_not_before_it_was_set(admin: User) -> None:
    made = add(admin, NEW)[0]
    with pytest.raises(Unfit, match="1 isian"):
        services.withdraw_holiday(actor=admin, number=made.pk, withdrawn_on=date(2021, 1, 1), reason="SKB dicabut")
    services.withdraw_holiday(actor=admin, number=made.pk, withdrawn_on=SET_ON, reason="SKB dicabut")
    with pytest.raises(Conflict, match="sudah dicabut"):
        services.withdraw_holiday(actor=admin, number=made.pk, withdrawn_on=SET_ON, reason="SKB dicabut")


def test_a_withdrawn_day_stays_withdrawn_when_the_shipped_list_is_loaded_again(admin: User) -> None:
    shipped = Holiday.objects.filter(day__year=2022).earliest("day")
    services.withdraw_holiday(actor=admin, number=shipped.pk, withdrawn_on=date(2022, 1, 10), reason="salah catat")
    org.load_reference()
    assert Holiday.objects.filter(day=shipped.day, withdrawn_on__isnull=True).count() == 0


def test_nobody_else_changes_the_calendar(admin: User) -> None:
    planner = org.add_user(actor=system_user(), username="perencana-2", password="", role="perencana")
    with pytest.raises(NotAllowed):
        add(planner, NEW)
