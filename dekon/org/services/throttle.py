"""Guessing is slow: every failure beyond a few makes the next attempt wait longer, by account, device and address.

An account is never locked: the wait ends by itself, and a browser on which its owner has signed in before is counted by
itself, so that guesses of strangers do not keep the owner out. Keys are hashes; an unknown name is counted like a known
one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection

from dekon.org.models import FailedSignIn

FREE = {"account": 5, "device": 10, "address": 60, "code": 5, "asking": 10}
"""Failures without a wait, by kind of key: many people share the address of an office."""
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)
FORGIVEN = timedelta(hours=1)
"""After so long without a failure the count begins anew."""

COUNT_ONE = """
INSERT INTO org_failedsignin AS f (key, failures, last_at) VALUES (%s, 1, %s)
ON CONFLICT (key) DO UPDATE SET last_at = EXCLUDED.last_at,
    failures = CASE WHEN f.last_at < %s THEN 1 ELSE f.failures + 1 END
RETURNING failures
"""

type Key = tuple[str, str]
"""Kind of key, a word of `FREE`, and what is counted."""


def digest(key: Key) -> str:
    """What is kept of a key."""
    return hashlib.sha256("\0".join((key[0], key[1].strip().casefold())).encode()).hexdigest()


def wait_after(kind: str, failures: int) -> timedelta:
    """How long the next attempt has to wait after so many failures in a row."""
    beyond = failures - FREE[kind]
    return min(FIRST_WAIT * 2 ** min(beyond, 16), LONGEST_WAIT) if beyond >= 0 else timedelta()


def seconds_to_wait(keys: Iterable[Key], *, now: datetime) -> int:
    """How many seconds until an attempt with these keys is looked at; 0 for at once."""
    kinds = {digest(key): key[0] for key in keys}
    found = FailedSignIn.objects.filter(key__in=kinds, last_at__gt=now - FORGIVEN)
    waits = [one.last_at + wait_after(kinds[one.key], one.failures) - now for one in found]
    longest = max(waits, default=timedelta())
    return max(0, -(-longest // timedelta(seconds=1)))


def count_failure(keys: Iterable[Key], *, now: datetime) -> dict[str, int]:
    """Count one more failure; also of attempts at the same moment none is lost. Returns the counts by kind."""
    counts: dict[str, int] = {}
    with connection.cursor() as cursor:
        for key in sorted(keys, key=digest):
            cursor.execute(COUNT_ONE, [digest(key), now, now - FORGIVEN])
            counts[key[0]] = cursor.fetchone()[0]
    return counts


def forget_failures(keys: Iterable[Key]) -> None:
    """The owner has come: what was counted against these keys is forgotten."""
    FailedSignIn.objects.filter(key__in=[digest(key) for key in keys]).delete()


def forget_old_failures(*, now: datetime) -> None:
    """Counts that no longer count go."""
    FailedSignIn.objects.filter(last_at__lt=now - FORGIVEN).delete()
