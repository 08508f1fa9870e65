"""How much memory a process held."""

from __future__ import annotations

import resource
from pathlib import Path as FilePath

KILOBYTES = 1024


def peak_mb() -> float:
    """The most memory that this process has held, in megabytes (`ru_maxrss` would carry that of its parent)."""
    status = FilePath("/proc/self/status")
    for line in status.read_text("ascii", errors="replace").splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / KILOBYTES
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES
