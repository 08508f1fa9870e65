"""One measurement in a process of its own, so that its memory is its own: prints one JSON document."""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path as FilePath

import django
from django.db import connection

from dekon.ops.bench.memory import peak_mb
from dekon.scope import acting_everywhere

type Result = dict[str, float]


def main() -> None:
    """Does the measurement that the first argument names with the others."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dekon.settings")
    django.setup()
    work = import_module("dekon.ops.bench.work")  # only now: it knows tables, which need the settings

    connection.ensure_connection()
    with acting_everywhere():  # as a command does; a page sets the scope of its person
        result: Result = work.WORK[sys.argv[1]](*map(FilePath, sys.argv[2:]))
    print(json.dumps({**result, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
