"""`dekon drill`: the rehearsal of the way back."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from django.utils import timezone

from dekon.ops.backup.drill import rehearse
from dekon.ops.output import add_json, print_json
from dekon.org.selectors import system_user


def add_arguments(parser: ArgumentParser) -> None:
    """Nothing but the form of the answer."""
    add_json(parser)


def run(args: Namespace) -> int:
    """Rehearse; exit status 1 where what came back is not what was there."""
    drill = rehearse(actor=system_user(), now=timezone.now())
    proof = drill.proof
    if args.json:
        print_json({
            "ok": proof.holds, "complaint": proof.complaint, "rows": proof.rows, "positions": proof.positions,
            "entries": proof.entries, "trail_rows": proof.trail_rows, "bytes": drill.size_bytes,
            "backup_seconds": round(drill.backup_seconds, 1), "restore_seconds": round(drill.restore_seconds, 1),
            "report": drill.report.number, "report_sha256": drill.report.sha256,
        })  # fmt: skip
    elif proof.holds:
        print(f"{proof.rows} rows came back, book and trail hold; report {drill.report.number}")
    else:
        print(f"what came back differs: {proof.complaint}; report {drill.report.number}")
    return int(not proof.holds)
