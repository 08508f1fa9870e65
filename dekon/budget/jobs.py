"""Work that is due by itself."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from dekon.budget import services
from dekon.lib.schedule import Daily, Every, scheduled


@scheduled(name="renew-codes", every=Daily(time(0, 5)), catch_up="latest")
def renew_codes(due_at: datetime) -> None:  # noqa: ARG001  every job has it
    """Changes of codes whose first day has come take effect in the lists."""
    services.refresh_all_codes()


@scheduled(name="give-up-lost-imports", every=Every(timedelta(minutes=5)))
def give_up_lost_imports(due_at: datetime) -> None:
    """End imports that nobody works on any more, so that no page waits for ever."""
    services.give_up_lost_imports(now=due_at)
