"""The early warning: each rule just below, at and above its limit; alerts open, go on, close; people act on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from dekon.audit.models import Event
from dekon.errors import Conflict, NotAllowed, NotFound, RuleBroken
from dekon.lib.workdays import Calendar
from dekon.ops.worker import load_jobs
from dekon.org.models import User
from dekon.org.selectors import system_user
from dekon.performance import services
from dekon.performance.choices import AlertState, Severity
from dekon.performance.early.checks import CHECKING, Hold, Situation, held
from dekon.performance.early.rules import WarningRule, rules
from dekon.performance.models import Alert, AlertEvent
from dekon.performance.selectors import alerts as selectors
from dekon.performance.stands import SatkerStand
from tests.builders import small_year
from tests.performance.test_board import stand as output
from tests.performance.test_forecast import stand as of_satker

YEAR = 2022


def rule(check: str, **limits: str) -> WarningRule:
    return WarningRule(check, check, {k: Decimal(v) for k, v in limits.items()}, Severity.HIGH, "kpa", {})


def found(one: WarningRule, at: Situation) -> list[Hold]:
    return list(CHECKING[one.check](one, at))


def at(stand: SatkerStand) -> Situation:
    return Situation(stand)


@pytest.mark.parametrize(("spent", "holds"), [([0, 0, 49], True), ([0, 0, 50], True), ([0, 0, 51], False)])
def test_behind_the_plan_by_ten_points_two_months_running(spent: list[int], *, holds: bool) -> None:
    plan = [0, 100, 50, *[0] * 9]
    stand = of_satker(spent, plan=plan, on=date(2022, 3, 31))
    one = rule("absorption-behind", points="10", months="2")
    assert bool(found(one, at(stand))) is holds
    assert not found(replace(one, limits={**one.limits, "months": Decimal(3)}), at(stand))  # January planned nothing


@pytest.mark.parametrize(("progress", "holds"), [(24, True), (25, True), (26, False)])
def test_money_ahead_of_output_by_so_many_points(progress: int, *, holds: bool) -> None:
    one = output(pagu_rp=1_000, realised_rp=500, progress=Decimal(progress))
    situation = Situation(of_satker([10]), [one])
    assert bool(found(rule("money-ahead", points="25", least_rp="1000"), situation)) is holds
    assert not found(rule("money-ahead", points="25", least_rp="1001"), situation)
    assert not found(rule("output-ahead", points="25", least_rp="0"), situation)


@pytest.mark.parametrize(("progress", "holds"), [(74, False), (75, True), (76, True)])
def test_output_ahead_of_money_by_so_many_points(progress: int, *, holds: bool) -> None:
    one = output(pagu_rp=1_000, realised_rp=500, progress=Decimal(progress))
    assert bool(found(rule("output-ahead", points="25", least_rp="0"), Situation(of_satker([10]), [one]))) is holds


@pytest.mark.parametrize(
    ("day", "spent", "holds"),
    [
        (date(2022, 7, 4), [0, 50, 93], True),  # eight working days before the lock, six percent off
        (date(2022, 7, 14), [0, 50, 93], True),  # the last day
        (date(2022, 7, 15), [0, 50, 93], False),  # locked
        (date(2022, 6, 1), [0, 50, 93], False),  # far away
        (date(2022, 7, 4), [0, 50, 94], False),
    ],
)
def test_a_lock_is_told_to_whoever_strays_while_it_can_be_mended(day: date, spent: list[int], *, holds: bool) -> None:
    stand = of_satker(spent, plan=[0, 50, 100, *[0] * 9], on=date(2022, 6, 30))
    stand.as_of = day
    situation = Situation(
        stand, (), {2: date(2022, 4, 14), 3: date(2022, 7, 14)}, Calendar(frozenset(), "", frozenset({2022}))
    )
    told = [hold.due_on for hold in found(rule("lock-near", working_days="10", percent="4"), situation)]
    assert told == ([date(2022, 7, 14)] if holds else [])


@pytest.mark.parametrize(("rate", "holds"), [("0.899", True), ("0.9", False), ("0.95", False)])
def test_a_forecast_below_ninety_percent(rate: str, *, holds: bool) -> None:
    plan = [1_000] * 10 + [0, 0]
    stand = of_satker([int(1_000 * Decimal(rate))] * 6, plan=plan, pagu=10_000)
    assert bool(found(rule("forecast-below", percent="90", from_month="6"), at(stand))) is holds
    assert not found(rule("forecast-below", percent="90", from_month="7"), at(stand))


def test_payments_above_the_ceiling_and_nothing_spent_by_june() -> None:
    stand = of_satker([0] * 6)
    assert not found(rule("above-ceiling", payments="1"), at(stand))
    stand.parked, stand.parked_rp = 1, 7
    assert [hold.amount_rp for hold in found(rule("above-ceiling", payments="1"), at(stand))] == [7]
    nothing = rule("nothing-by", month="6")
    assert found(nothing, at(stand))
    assert not found(nothing, at(of_satker([0] * 5, on=date(2022, 5, 31))))
    assert not found(nothing, at(of_satker([0] * 5 + [1])))


def test_what_holds_does_not_depend_on_the_order_of_the_satker() -> None:
    one, other = of_satker([0] * 6), of_satker([0] * 6)
    other.satker = "039108"
    assert held(rules(), [at(one), at(other)]) == held(rules(), [at(other), at(one)])
    assert len(held(rules(), [at(one), at(other)])) >= 4


@pytest.fixture
def year(db: None, tmp_path: Path) -> None:
    small_year.build(tmp_path)


def evaluate(on: date, known: Mapping[str, WarningRule] | None = None) -> services.Evaluated:
    some = list(known.values()) if known is not None else None
    return services.evaluate_warnings(actor=system_user(), year=YEAR, on=on, known=some)


def test_an_evaluation_opens_once_goes_on_and_closes_by_itself(year: None) -> None:
    first = evaluate(date(2022, 9, 30))
    assert first.opened > 0
    again = evaluate(date(2022, 9, 30))
    assert (again.opened, again.going_on, again.closed) == (0, first.opened, 0)
    assert AlertEvent.objects.count() == first.opened
    later = evaluate(date(2022, 10, 31))
    assert later.going_on + later.closed == first.opened
    gone = evaluate(date(2022, 11, 1), {})
    assert gone.closed == later.going_on + later.opened
    assert not Alert.objects.filter(state=AlertState.OPEN).exists()
    assert set(Alert.objects.filter(closed_on=date(2022, 11, 1)).values_list("state", flat=True)) == {"closed"}
    back = evaluate(date(2022, 11, 2))
    assert back.opened > 0  # the reason came back: new alerts, the old ones stay closed
    assert Alert.objects.count() == first.opened + later.opened + back.opened


def test_an_earlier_day_changes_nothing_of_what_a_later_one_said(year: None) -> None:
    evaluate(date(2022, 10, 31))
    before = list(Alert.objects.order_by("pk").values())
    old = evaluate(date(2022, 1, 2), {})
    assert (old.opened, old.closed) == (0, 0)
    assert list(Alert.objects.order_by("pk").values()) == before


def test_pagu_minus_names_the_satker_its_owner_and_the_amount(year: None) -> None:
    evaluate(date(2022, 9, 30))
    one = Alert.objects.get(rule="pagu-minus")
    assert one.satker.code == small_year.PAPUA
    assert (one.severity, one.owner_role) == ("high", "kpa")
    assert one.measured == 1
    assert "1 pembayaran melebihi pagu" in selectors.reason_words(one)
    assert Event.objects.filter(action="warnings-evaluated", satker_code=small_year.PAPUA).exists()


def test_the_daily_job_looks_at_the_running_year_and_in_january_at_the_one_before(year: None) -> None:
    job = next(one for one in load_jobs() if one.name == "evaluate-warnings")
    job.work(small_year.NOW + timedelta(days=1))
    assert set(Alert.objects.values_list("opened_on", flat=True)) == {date(2022, 10, 6)}
    job.work(small_year.NOW.replace(year=2023, month=1))
    assert Alert.objects.latest("last_seen_on").last_seen_on == date(2022, 12, 31)


@pytest.fixture
def alert(year: None) -> Alert:
    evaluate(date(2022, 9, 30))
    return Alert.objects.get(rule="pagu-minus")


def user(name: str) -> User:
    return User.objects.get(username=name)


def test_an_alert_that_is_put_off_counts_again_after_its_day(alert: Alert) -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    count = selectors.waiting(YEAR, today)
    services.snooze_alert(
        actor=user("operator-91"), alert_id=alert.pk, until=today + timedelta(days=2), reason="revisi diajukan", now=now
    )
    assert selectors.waiting(YEAR, today) == count - 1
    assert selectors.waiting(YEAR, today + timedelta(days=2)) == count - 1
    assert selectors.waiting(YEAR, today + timedelta(days=3)) == count
    event = selectors.events_of(alert)[-1]
    assert (event.kind, event.text, event.until) == ("snoozed", "revisi diajukan", today + timedelta(days=2))
    assert Event.objects.filter(action="alert-snoozed", satker_code=small_year.PAPUA).exists()


@pytest.mark.parametrize(("days", "reason"), [(-1, "sebab"), (91, "sebab"), (5, "  ")])
def test_a_day_that_passed_or_lies_too_far_or_no_reason_is_refused(alert: Alert, days: int, reason: str) -> None:
    now = timezone.now()
    until = timezone.localdate(now) + timedelta(days=days)
    with pytest.raises(RuleBroken):
        services.snooze_alert(actor=user("perencana"), alert_id=alert.pk, until=until, reason=reason, now=now)
    assert Alert.objects.get(pk=alert.pk).snoozed_until is None


def test_the_last_day_that_is_near_enough_is_taken(alert: Alert) -> None:
    now = timezone.now()
    until = timezone.localdate(now) + timedelta(days=90)
    services.snooze_alert(actor=user("perencana"), alert_id=alert.pk, until=until, reason="sebab", now=now)
    assert Alert.objects.get(pk=alert.pk).snoozed_until == until


def test_whoever_takes_an_alert_owns_it_until_it_is_given_on(alert: Alert) -> None:
    now, operator = timezone.now(), user("operator-91")
    services.assign_alert(actor=operator, alert_id=alert.pk, role="operator", to_self=True, text="saya urus", now=now)
    taken = Alert.objects.get(pk=alert.pk)
    assert (taken.owner_id, taken.owner_role) == (operator.pk, "operator")
    services.assign_alert(actor=operator, alert_id=alert.pk, role="ppk", to_self=False, text="", now=now)
    given = Alert.objects.get(pk=alert.pk)
    assert (given.owner_id, given.owner_role) == (None, "ppk")
    with pytest.raises(RuleBroken):
        services.assign_alert(actor=operator, alert_id=alert.pk, role="raja", to_self=False, text="", now=now)


def test_another_province_the_administrator_and_a_closed_alert_are_refused(alert: Alert) -> None:
    now = timezone.now()
    for name in ("operator-32", "admin"):
        with pytest.raises(NotAllowed):
            services.note_alert(actor=user(name), alert_id=alert.pk, text="catatan", now=now)
    with pytest.raises(NotFound):
        services.note_alert(actor=user("perencana"), alert_id=0, text="catatan", now=now)
    evaluate(date(2022, 11, 1), {})
    with pytest.raises(Conflict):
        services.note_alert(actor=user("perencana"), alert_id=alert.pk, text="catatan", now=now)
    with pytest.raises(NotAllowed):
        services.evaluate_warnings(actor=user("operator-32"), year=YEAR, on=date(2022, 11, 2))


def test_what_happened_to_an_alert_is_never_changed(alert: Alert) -> None:
    event = AlertEvent.objects.filter(alert=alert)
    with pytest.raises(DatabaseError), transaction.atomic():
        event.update(text="lain")
    with pytest.raises(DatabaseError), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(state="closed")  # without its day
