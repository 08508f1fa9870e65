"""The early warning: alerts open and close by their reason, every day; people put them off, take them, write notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from dekon.audit import services as audit
from dekon.audit.choices import EVERYWHERE
from dekon.errors import NotFound, RuleBroken
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.choices import Action, Role
from dekon.performance.board.execution import OutputStand, outputs_on
from dekon.performance.board.measures import BoardFilter
from dekon.performance.choices import AlertEventKind, AlertState
from dekon.performance.early.checks import Hold, Situation, held, locks_of
from dekon.performance.early.rules import WarningRule, rules
from dekon.performance.models import Alert, AlertEvent
from dekon.performance.selectors.alerts import matter_of_alert
from dekon.performance.stands import stands_on

if TYPE_CHECKING:
    from dekon.org.models import User

LONGEST_SNOOZE_DAYS = 90
CHANGING = ("severity", "last_seen_on", "measured", "compared", "limit", "amount_rp", "due_on")


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What an evaluation did: how many alerts opened, went on and closed."""

    year: int
    on: date
    opened: int
    going_on: int
    closed: int


@transaction.atomic
def evaluate_warnings(*, actor: User, year: int, on: date, known: Sequence[WarningRule] | None = None) -> Evaluated:
    """Hold every rule against every satker as of a day: open what is new, close what is gone. Again changes nothing.

    Alerts that were seen on a later day already are left as they are.

    Args:
        actor: the system, or whoever runs it by hand.
        year: fiscal year.
        on: day of the data.
        known: other rules than those of the house.

    Raises:
        NotAllowed: the actor may not evaluate for the whole nation.

    Legal:
        house rule; limits that rest on a regulation name it in `rules.yaml`.
    """
    org.require(actor, Action.EVALUATE_WARNINGS)
    of_house = rules() if known is None else known
    situations, numbers = _situations(year, on)
    found = held(of_house, situations)
    by_name = {rule.name: rule for rule in of_house}
    running = {
        (one.rule, one.satker.code, one.subject): one
        for one in Alert.objects.select_for_update(of=("self",)).select_related("satker")
        .filter(fiscal_year=year, state=AlertState.OPEN).order_by("pk")
    }  # fmt: skip
    fresh = [(by_name[key[0]], hold) for key, hold in found.items() if key not in running]
    opened = [_open(rule, hold, numbers[hold.satker], year, on) for rule, hold in fresh]
    going_on = [_go_on(running[key], by_name[key[0]], found[key], on) for key in found.keys() & running.keys()]
    gone = [one for key, one in running.items() if key not in found and one.last_seen_on <= on]
    _keep(opened, [one for one in going_on if one], gone, on)
    _tell(actor, year, on, opened, gone)
    return Evaluated(year, on, len(opened), len(going_on), len(gone))


def _situations(year: int, on: date) -> tuple[list[Situation], Mapping[str, int]]:
    calendar = org_selectors.working_calendar()
    locks = locks_of(year, calendar)
    outputs: dict[str, list[OutputStand]] = defaultdict(list)
    for one in outputs_on(BoardFilter(year, on)):
        outputs[one.satker].append(one)
    stands = stands_on(year=year, as_of=on)
    situations = [Situation(stand, outputs[stand.satker], locks, calendar) for stand in stands]
    return situations, {stand.satker: stand.number for stand in stands}


def _open(rule: WarningRule, hold: Hold, satker_id: int, year: int, on: date) -> Alert:
    return Alert(
        rule=rule.name, satker_id=satker_id, fiscal_year=year, subject=hold.subject, severity=rule.severity,
        opened_on=on, last_seen_on=on, measured=hold.measured, compared=hold.compared, limit=hold.limit,
        amount_rp=hold.amount_rp, due_on=hold.due_on, owner_role=rule.owner,
    )  # fmt: skip


def _go_on(alert: Alert, rule: WarningRule, hold: Hold, on: date) -> Alert | None:
    """The alert with its newest numbers; None where a later day has said them already."""
    if alert.last_seen_on > on:
        return None
    alert.severity, alert.last_seen_on, alert.measured = rule.severity, on, hold.measured
    alert.compared, alert.limit, alert.amount_rp, alert.due_on = hold.compared, hold.limit, hold.amount_rp, hold.due_on
    return alert


def _keep(opened: list[Alert], going_on: list[Alert], gone: list[Alert], on: date) -> None:
    Alert.objects.bulk_create(opened)
    Alert.objects.bulk_update(going_on, CHANGING)
    for one in gone:
        one.state, one.closed_on = AlertState.CLOSED, on
    Alert.objects.bulk_update(gone, ["state", "closed_on"])
    AlertEvent.objects.bulk_create(
        [AlertEvent(alert=one, kind=AlertEventKind.OPENED, on=on, measured=one.measured) for one in opened]
        + [AlertEvent(alert=one, kind=AlertEventKind.CLOSED, on=on, measured=one.measured) for one in gone]
    )


def _tell(actor: User, year: int, on: date, opened: list[Alert], gone: list[Alert]) -> None:
    if not opened and not gone:
        return
    codes = org_selectors.satker_numbers()
    by_number = {number: code for code, number in codes.items()}
    audit.record(
        actor=actor, action="warnings-evaluated", subject_type="alerts", subject_id=f"{year}-{on.isoformat()}",
        place=EVERYWHERE, after={"on": on.isoformat(), "opened": len(opened), "closed": len(gone)},
        each_satker=sorted({by_number[one.satker_id] for one in (*opened, *gone)}),
    )  # fmt: skip


@transaction.atomic
def snooze_alert(*, actor: User, alert_id: int, until: date, reason: str, now: datetime) -> Alert:
    """Put an alert off until a day: it stays open and counts again from then on.

    Args:
        until: last day on which it is quiet, from today to `LONGEST_SNOOZE_DAYS` from now.
        reason: why, in the words of the person.

    Raises:
        NotFound: no such alert.
        RuleBroken: no reason, or a day that has passed or lies too far away.
        NotAllowed: the alert belongs to another place, or is closed.
    """
    alert = _held(actor, alert_id)
    today = timezone.localdate(now)
    if not 0 <= (until - today).days <= LONGEST_SNOOZE_DAYS:
        raise RuleBroken("alert-snooze-day", until=until.isoformat(), days=LONGEST_SNOOZE_DAYS)
    alert.snoozed_until = until
    alert.save(update_fields=["snoozed_until"])
    _happened(_event(alert, actor, AlertEventKind.SNOOZED, today, text=_reason(reason), until=until))
    return alert


@transaction.atomic
def assign_alert(*, actor: User, alert_id: int, role: str, to_self: bool, text: str, now: datetime) -> Alert:
    """Say who acts on an alert: a role, and the actor by name where the actor takes it.

    Args:
        role: code of a role.
        to_self: whether the actor takes it; else nobody has it by name.
        text: what is said with it; may be empty.

    Raises:
        NotFound: no such alert.
        RuleBroken: no such role.
        NotAllowed: the alert belongs to another place, or is closed.
    """
    alert = _held(actor, alert_id)
    if role not in Role.values:
        raise RuleBroken("alert-role-unknown", role=role)
    alert.owner_role, alert.owner = role, actor if to_self else None
    alert.save(update_fields=["owner_role", "owner"])
    words = f"{Role(role).value}{', ' + actor.get_username() if to_self else ''}: {text.strip()}".strip(": ")
    _happened(_event(alert, actor, AlertEventKind.ASSIGNED, timezone.localdate(now), text=words))
    return alert


@transaction.atomic
def note_alert(*, actor: User, alert_id: int, text: str, now: datetime) -> Alert:
    """Write down what was done or found about an alert.

    Raises:
        NotFound: no such alert.
        RuleBroken: nothing is written.
        NotAllowed: the alert belongs to another place, or is closed.
    """
    alert = _held(actor, alert_id)
    _happened(_event(alert, actor, AlertEventKind.NOTED, timezone.localdate(now), text=_reason(text)))
    return alert


def _held(actor: User, alert_id: int) -> Alert:
    """The alert, locked, if the actor may act on it."""
    found = Alert.objects.select_for_update(of=("self",)).select_related("satker__unit", "satker__province")
    alert = found.filter(pk=alert_id).first()
    if alert is None:
        raise NotFound("alert-unknown", number=alert_id)
    org.require(actor, Action.HANDLE_ALERT, matter_of_alert(alert))
    return alert


def _reason(text: str) -> str:
    if not text.strip():
        raise RuleBroken("alert-words-missing")
    return text.strip()[:500]


def _event(alert: Alert, actor: User, kind: AlertEventKind, on: date, **said: Any) -> AlertEvent:  # noqa: ANN401  the fields of an event
    return AlertEvent(alert=alert, actor=actor, kind=kind, on=on, **said)


def _happened(event: AlertEvent) -> None:
    """Keep what somebody did, and tell the trail."""
    event.save(force_insert=True)
    alert, until, actor = event.alert, event.until, event.actor
    audit.record(
        actor=actor, action=f"alert-{event.kind}", subject_type="alert", subject_id=alert.pk,
        subject_name=alert.rule, satker_code=alert.satker.code, reason=event.text,
        after={"until": until.isoformat()} if until else {"owner_role": alert.owner_role},
    )  # fmt: skip
