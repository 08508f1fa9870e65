"""Pages and the export of payment lines, asked for in this process: server time without network and browser."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterable
from pathlib import Path as FilePath
from typing import cast
from urllib.parse import urlencode

from django.db import connection
from django.test import Client

from dekon.ops.bench.memory import peak_mb
from dekon.ops.static import ensure_collected
from dekon.org.models import User

type Result = dict[str, float]

ROUNDS = 25
CUT = {"tahun": "2022", "per": "2022-12-31"}
EXPORT = "/api/v1/payments?year=2022&format=csv&as_of=2022-12-31"
EXPORTED_LINES = 100_000
SETTLED_LINES = 5_000
"""Lines after which whatever an export keeps in memory is there."""
FULLEST = """
    SELECT v.code, o.code, p.program, p.kegiatan, p.kro, p.ro, p.komponen, p.subkomponen, p.akun
    FROM ledger_pos p JOIN org_satker o ON o.id = p.satker_id JOIN org_province v ON v.id = o.province_id
    JOIN ledger_dailysum d ON d.pos_id = p.id WHERE p.fiscal_year = 2022 AND v.code LIKE %s
    GROUP BY p.id, o.id, v.id ORDER BY count(*) DESC, p.id LIMIT 1"""
LEVELS = ("provinsi", "satker", "program", "kegiatan", "kro", "ro", "komponen", "subkomponen", "akun")
COPY = f"""
    COPY (SELECT sp2d_no, sp2d_on, satker_id, pos_id, akun, amount_rp, stage, effect, spp_kind, spp_no, spm_no,
                 description
          FROM budget_paymentline WHERE fiscal_year = 2022 AND sp2d_on <= '2022-12-31'
          ORDER BY sp2d_on, sp2d_no, id LIMIT {EXPORTED_LINES}) TO STDOUT (FORMAT CSV)"""


def signed_in() -> Client:
    """A browser of the planner."""
    ensure_collected()
    client = Client()
    client.force_login(User.objects.get(username="perencana"))
    return client


def address(name: str, province: str = "") -> str:
    """Address of a page by its name; below the nation, of the position on which most days have payments.

    Args:
        name: `nation`, `province`, `satker` or `payments`.
        province: of which the position is to be; empty for any.
    """
    with connection.cursor() as cursor:
        cursor.execute(FULLEST, [province or "%"])
        path = dict(zip(LEVELS, cursor.fetchone(), strict=True))
    if name == "province":
        return f"/provinsi/{path['provinsi']}/?{urlencode(CUT)}"
    shown = {"nation": 0, "satker": 2, "payments": len(LEVELS)}[name]
    asked = CUT | {level: path[level] for level in LEVELS[:shown]}
    return f"{'/nasional/' if name == 'nation' else '/telusur/'}?{urlencode(asked)}"


def database_seconds() -> float:
    """CPU time of the server process behind this connection so far; 0 where it cannot be seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        number = cursor.fetchone()[0]
    try:
        after_name = FilePath(f"/proc/{number}/stat").read_text("ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def page(name: FilePath) -> Result:
    """Server time of a page, median of several rounds; the first request warms the process.

    The CPU time of application and database beside it tells how much of it was waiting for a busy machine.
    """
    client, asked = signed_in(), address(str(name))
    visit(client, asked)
    database, process, times = database_seconds(), time.process_time(), []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        visit(client, asked)
        times.append(time.perf_counter() - started)
    used = time.process_time() - process
    return {
        "seconds": statistics.median(times), "best_seconds": min(times), "worst_seconds": max(times),
        "app_seconds": used / ROUNDS, "database_seconds": (database_seconds() - database) / ROUNDS,
    }  # fmt: skip


def visit(client: Client, asked: str) -> None:
    """Asks for a page; one that is refused would be worth nothing."""
    response = client.get(asked)
    if response.status_code != 200:
        raise SystemExit(f"bench: {asked} answered {response.status_code}")


def export() -> Result:
    """The first 100,000 lines of the CSV of payments: time to the first piece, to the first line, and in all.

    `grown_mb` is what the peak memory grew after the first 5,000 lines.
    """
    client = signed_in()
    visit(client, address("nation"))
    started = time.perf_counter()
    response = client.get(EXPORT)
    lines, first, first_line, settled_mb = 0, 0.0, 0.0, 0.0
    for piece in cast("Iterable[bytes]", response.streaming_content):  # type: ignore[attr-defined]  # a streaming response
        lines += piece.count(b"\n")
        first = first or time.perf_counter() - started
        if lines > 1:  # the first is the head
            first_line = first_line or time.perf_counter() - started
        if lines >= SETTLED_LINES:
            settled_mb = settled_mb or peak_mb()
        if lines > EXPORTED_LINES:
            break
    seconds = time.perf_counter() - started
    response.close()
    return {
        "seconds": seconds, "first_seconds": first, "first_line_seconds": first_line, "rows": lines - 1,
        "grown_mb": peak_mb() - settled_mb,
    }  # fmt: skip


def copy() -> Result:
    """The same lines by a bare COPY, nothing made of them."""
    started, lines = time.perf_counter(), 0
    with connection.cursor() as cursor, cursor.copy(COPY) as rows:
        for piece in rows:
            lines += bytes(piece).count(b"\n")
    return {"seconds": time.perf_counter() - started, "rows": lines}
