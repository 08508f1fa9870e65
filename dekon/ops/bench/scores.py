"""Ten thousand worked cases: how long reading the file takes, and how long what comes after it."""

from __future__ import annotations

import io
import json
import time
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date
from typing import Final

from dekon.ops.commands.score_cases import print_cases
from dekon.ops.holidays import shipped_holidays
from dekon.rules.cases.reading import read_cases
from dekon.rules.cases.run import Runner

CASES: Final = 10_000
SHAPES: Final = (
    {"indicator": "nka_satker", "regulation": "PMK 22/PMK.02/2021"},
    {"indicator": "penyerapan", "regulation": "PER-5/PB/2024"},
    {"indicator": "deviasi_hal_iii", "regulation": "PER-5/PB/2024"},
    {"indicator": "total", "regulation": "PER-5/PB/2022"},
    {"indicator": "batas_waktu", "regulation": "PER-5/PB/2022"},
)
INDICATORS: Final = (
    "revisi_dipa", "deviasi_hal_iii", "penyerapan", "belanja_kontraktual", "penyelesaian_tagihan", "up_tup",
    "dispensasi_spm", "capaian_output",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds for reading, and for computing, explaining and writing out as JSON; how many were refused."""

    read_seconds: float
    score_seconds: float
    refused: int


def cases_text(count: int = CASES) -> str:
    """A file of so many cases, each with other numbers."""
    return json.dumps([{"id": str(n), **SHAPES[n % len(SHAPES)], "inputs": _inputs(n)} for n in range(count)])


def _inputs(number: int) -> dict[str, object]:
    part = number % 100
    akun = [{"jenis": kind, "pagu": 1000 + number, "realisasi": 5 * part} for kind in ("51", "52", "53")]
    shapes: tuple[dict[str, object], ...] = (
        {"cro": part, "ne": 50, "konsistensi": part, "penyerapan": 70},
        {"triwulan": 1, "akun": akun},
        {"dev_bulanan": [part, part / 2, 3.5, 12.25, 0, 8]},
        {"indikator": [{"nama": name, "nilai": part} for name in INDICATORS]},
        {"bast": date(2022 + number % 4, 1 + number % 12, 1 + number % 28).isoformat(), "hari_kerja": 17},
    )
    return shapes[number % len(shapes)]


def score_many(count: int = CASES) -> Times:
    """Reads and computes so many cases as `dekon score cases --json` does."""
    text = cases_text(count)
    started = time.perf_counter()
    cases = read_cases(text)
    read = time.perf_counter()
    runner = Runner(shipped_holidays(), date(2026, 1, 2))
    outcomes = [runner.outcome(case) for case in cases]
    with redirect_stdout(io.StringIO()):
        print_cases(outcomes, "id")
    done = time.perf_counter()
    return Times(read - started, done - read, sum(outcome.error is not None for outcome in outcomes))
