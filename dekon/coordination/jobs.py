"""Scheduled work of the meetings."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from dekon.coordination import services
from dekon.lib.schedule import Daily, Every, scheduled
from dekon.org.selectors import system_user


@scheduled(name="minimise-participants", every=Daily(time(2, 50)))
def minimise_participants(due_at: datetime) -> None:
    """NIP and mail addresses of meetings that are long over go."""
    services.minimise_participants(actor=system_user(), now=due_at)


@scheduled(name="retry-invitations", every=Every(timedelta(minutes=5)))
def retry_invitations(due_at: datetime) -> None:
    """Mails with invitations that no server took are tried again."""
    services.retry_mails(now=due_at)
