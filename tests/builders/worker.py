"""The worker's part of a test: what is queued is done in this process."""

from __future__ import annotations

from unittest.mock import patch

from django.db import connection
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from dekon.ops.worker import Worker


def work_off() -> list[DBTaskResult[..., object]]:
    """Do everything that waits in the queue, on the test's own connection. Returns all tasks, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("DISCARD TEMP")  # what the owner staged in this transaction is not the app's
    with patch.object(db_worker, "close_old_connections"):
        Worker(()).tasks.run()
    return list(DBTaskResult.objects.order_by("enqueued_at"))
