"""Work on accounts that is due by itself."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from dekon.lib.schedule import Daily, Every, scheduled
from dekon.org import services


@scheduled(name="close-idle-accounts", every=Daily(time(6, 0)))
def close_idle_accounts(due_at: datetime) -> None:
    """Warn who has not come for long; close who was warned."""
    services.close_idle_accounts(now=due_at)


@scheduled(name="deliver-waiting-mails", every=Every(timedelta(minutes=2)))
def deliver_waiting_mails(due_at: datetime) -> None:
    """Try mails again that no server took."""
    services.deliver_waiting(now=due_at)


@scheduled(name="forget-sign-ins", every=Daily(time(2, 20)))
def forget_sign_ins(due_at: datetime) -> None:
    """Old sessions, addresses and counts of failures go."""
    services.forget_old_sign_ins(now=due_at)
    services.forget_old_failures(now=due_at)
    services.forget_old_mails(now=due_at)


@scheduled(name="minimise-leavers", every=Daily(time(2, 40)))
def minimise_leavers(due_at: datetime) -> None:
    """Personal data of accounts that were closed long ago go."""
    services.minimise_leavers(now=due_at)
