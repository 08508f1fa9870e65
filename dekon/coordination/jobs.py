"""Scheduled work of the commitments."""

from __future__ import annotations

from datetime import datetime, timedelta

from dekon.coordination.selectors import commitments as selectors
from dekon.coordination.services import commitments as services
from dekon.lib.schedule import Every, scheduled
from dekon.org.selectors import system_user
from dekon.scope import scoped_transaction


@scheduled(name="follow-commitments", every=Every(timedelta(minutes=1)))
def follow_commitments(due_at: datetime) -> None:
    """See what became of each commitment that waits for signatures: completed, somebody succeeded, a day passed."""
    actor = system_user()
    with scoped_transaction(str(actor.pk), "*"):
        waiting = [one.pk for one in selectors.under_way()]
    for number in waiting:
        with scoped_transaction(str(actor.pk), "*"):
            services.follow(actor=actor, number=number, at=due_at)
