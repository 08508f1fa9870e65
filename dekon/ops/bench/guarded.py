"""What row-level security costs a page: the same page and data, policies on and off in turns, over one connection."""

from __future__ import annotations

import statistics
import time
from pathlib import Path as FilePath

from django.conf import settings
from django.db import connection
from django.test import Client

from dekon.ops.bench import pages
from dekon.ops.grants import APP_ROLE
from dekon.ops.static import ensure_collected
from dekon.org.models import User

type Result = dict[str, float]

ROUNDS = 60


def guarded(name: FilePath, login: FilePath) -> Result:
    """Server time of a person's page as the app's role, and as the owner, whom no policy holds.

    Args:
        name: of the page; login: of the person. To be run as owner, who may take either role.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        roles = (APP_ROLE, str(cursor.fetchone()[0]))
    ensure_collected()
    client, asked = Client(), pages.address(str(name), str(login).partition("-")[2])
    client.force_login(User.objects.get(username=str(login)))
    usual, spent = settings.APP_ROLE, {role: [_visited(role, client, asked)] for role in roles}
    try:
        for turn in range(ROUNDS):
            for role in roles if turn % 2 else reversed(roles):
                spent[role].append(_visited(role, client, asked))
    finally:
        settings.APP_ROLE = usual
    on, off = (statistics.median(seconds for seconds, _cpu in spent[role][1:]) for role in roles)
    busy, idle = (sum(cpu for _seconds, cpu in spent[role][1:]) for role in roles)
    return {"seconds": on, "without_seconds": off, "share": on / off - 1, "cpu_share": busy / idle - 1}


def _visited(role: str, client: Client, asked: str) -> tuple[float, float]:
    """Seconds of a visit, and of the CPU of application and database in it."""
    settings.APP_ROLE = role
    database, process, started = pages.database_seconds(), time.process_time(), time.perf_counter()
    pages.visit(client, asked)
    seconds = time.perf_counter() - started
    return seconds, time.process_time() - process + pages.database_seconds() - database
