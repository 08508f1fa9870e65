"""Scheduled work of the trail."""

from __future__ import annotations

from datetime import datetime, timedelta

from dekon.audit import services
from dekon.lib.schedule import Every, scheduled


@scheduled(name="copy-trail-heads", every=Every(timedelta(hours=1)))
def copy_heads(due_at: datetime) -> None:
    """Copy the ends of all chains to the outside."""
    services.copy_heads(at=due_at)
