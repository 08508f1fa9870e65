"""The dossier of the nation, and a recap as at a past moment."""

from __future__ import annotations

import statistics
import time
from datetime import datetime

from django.db import transaction

from dekon.history import selectors as history
from dekon.history.services import as_at
from dekon.ops.bench.memory import peak_mb
from dekon.org.selectors import Place
from dekon.performance import selectors
from dekon.performance.selectors import RecapFilter
from dekon.web.dossier import book

YEAR = 2022
TURNS = 7
SETTLED_BYTES = 2_000_000
"""So much of the dossier is sent before memory counts as settled."""

type Result = dict[str, float]


def dossier() -> Result:
    """The whole dossier of the nation: seconds to the first byte, to the end, and how much memory grew on the way."""
    with transaction.atomic():
        started = time.perf_counter()
        asked = book.order(year=YEAR, place=Place(), taken_by="bench", taken_at=history.present())
        first = settled = 0.0
        size = 0
        with as_at(asked.taken_at):
            for piece in book.pieces(asked):
                first = first or (time.perf_counter() - started if piece else 0.0)
                size += len(piece)
                settled = settled or (peak_mb() if size > SETTLED_BYTES else 0.0)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "first_seconds": first, "size": size, "grown_mb": peak_mb() - (settled or peak_mb())}


def past() -> Result:
    """The recap of the nation of now, as at just now, and as at the first moment on record: the median of each."""
    return {
        "now_seconds": _median(None), "recent_seconds": _median(history.present()),
        "oldest_seconds": _median(history.begun_at()),
    }  # fmt: skip


def _median(moment: datetime | None) -> float:
    seconds = []
    for _turn in range(TURNS):
        with transaction.atomic(), as_at(moment):
            started = time.perf_counter()
            selectors.overview(RecapFilter(year=YEAR, as_of=selectors.default_as_of(YEAR)))
            seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)
