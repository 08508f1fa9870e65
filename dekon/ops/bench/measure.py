"""One measurement in a process of its own, so that its memory is its own: prints one JSON document."""

from __future__ import annotations

import json
import os
import resource
import sys
from importlib import import_module
from pathlib import Path as FilePath

import django
from django.db import connection

MEGABYTE = 1024

type Result = dict[str, float]


def peak_mb() -> float:
    """The most memory that this process has held, in megabytes (`ru_maxrss` would carry that of its parent)."""
    for line in FilePath("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / MEGABYTE
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE


def main() -> None:
    """Does the measurement that the first argument names with the others."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dekon.settings")
    django.setup()
    work = import_module("dekon.ops.bench.work")  # only now: it knows tables, which need the settings

    connection.ensure_connection()
    before_mb = peak_mb()
    result: Result = work.WORK[sys.argv[1]](*map(FilePath, sys.argv[2:]))
    print(json.dumps({**result, "peak_mb": peak_mb(), "grown_mb": peak_mb() - before_mb}))


if __name__ == "__main__":
    main()
