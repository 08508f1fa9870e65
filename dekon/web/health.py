"""Is the process up (`/healthz`), and can it work (`/readyz`: database, storage, worker)?"""

from __future__ import annotations

import os
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

WORKER_SILENCE = timedelta(seconds=60)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
            return cursor.fetchone() is not None
    except DatabaseError:
        return False


def storage_writable() -> bool:
    folder = settings.MEDIA_ROOT if settings.MEDIA_ROOT.exists() else settings.HOME
    return os.access(folder, os.W_OK)


def worker_beats() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT 1 FROM ops_workerheartbeat WHERE beat_at > now() - make_interval(secs => %s))",
                [WORKER_SILENCE.total_seconds()],
            )
            return bool(cursor.fetchone()[0])
    except DatabaseError:
        return False


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    parts = {"database": database_answers(), "storage": storage_writable(), "worker": worker_beats()}
    ready = all(parts.values())
    states = {name: "ok" if good else "failed" for name, good in parts.items()}
    return JsonResponse({"status": "ok" if ready else "failed", **states}, status=200 if ready else 503)
