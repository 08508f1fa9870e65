"""Scheduled work of the documents."""

from __future__ import annotations

from datetime import datetime, time

from dekon.documents import services
from dekon.lib.schedule import Daily, scheduled
from dekon.org.selectors import system_user


@scheduled(name="seal-trail", every=Daily(time(23, 55)))
def seal_trail(due_at: datetime) -> None:
    """Put the ends of all chains into a sealed one-page document."""
    services.seal_trail(actor=system_user(), at=due_at)
