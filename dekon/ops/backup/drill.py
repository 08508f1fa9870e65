"""The rehearsal of the way back: back up, restore into a scratch database, prove it there, compare, report."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connections

from dekon.audit import selectors as audit
from dekon.documents import services as documents
from dekon.documents.choices import DocumentKind
from dekon.gateways import heads
from dekon.ledger import selectors as ledger
from dekon.lib.periods import JAKARTA, format_date, format_time
from dekon.ops import prepare
from dekon.ops.backup import restore
from dekon.ops.backup.archive import Manifest, read_manifest, refuse_damaged
from dekon.ops.backup.make import count_rows, make_backup

if TYPE_CHECKING:
    from dekon.documents.models import Document
    from dekon.org.models import User

SCRATCH = "dekon_drill"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found in a restored database. `complaint` is empty where everything holds."""

    rows: int
    positions: int
    entries: int
    trail_rows: int
    complaint: str

    @property
    def holds(self) -> bool:
        """Whether counts, book and trail are what they should be."""
        return not self.complaint


@dataclass(frozen=True, slots=True)
class Drill:
    """A rehearsal: its proof, its durations in seconds, the size of the backup in bytes, its sealed report."""

    proof: Proof
    backup_seconds: float
    restore_seconds: float
    size_bytes: int
    report: Document


def prove(database: str, manifest: Manifest) -> Proof:
    """Recompute book and trail in a restored database and compare its rows with what the backup says it holds."""
    with working_on(database):
        rows = count_rows(prepare.owner_alias())
        book = ledger.prove_book()
        copies = [audit.ChainHead(chain, seq, bytes.fromhex(digest)) for chain, seq, digest in heads.copies()]
        kept = {head.chain: head.seq for head in audit.heads()}
        trail = audit.prove_trail(copy for copy in copies if copy.seq <= kept.get(copy.chain, 0))
    differing = sorted(table for table in {*rows, *manifest.rows} if rows.get(table) != manifest.rows.get(table))
    complaint = ""
    if differing:
        complaint = f"rows of {differing[0]}: {rows.get(differing[0])}, backup says {manifest.rows.get(differing[0])}"
    elif book.disagreement:
        complaint = f"book: {book.disagreement.path} {book.disagreement.figure}"
    elif trail.bad:
        complaint = f"trail: chain {trail.bad.chain or 'centre'} row {trail.bad.seq}: {trail.bad.fault}"
    return Proof(sum(rows.values()), book.positions, book.entries, trail.rows, complaint)


@contextmanager
def working_on(database: str) -> Iterator[None]:
    """Every query of the block goes to another database of the same server, as the owner."""
    alias = prepare.owner_alias()
    usual = connections[alias]
    aside = usual.copy()
    aside.settings_dict["NAME"] = database
    connections[alias] = aside
    try:
        with prepare.everything_as(alias):
            yield
    finally:
        connections[alias] = usual
        aside.close()


def rehearse(*, actor: User, now: datetime) -> Drill:
    """Back up, restore aside, prove, remove again; the report is sealed and numbered.

    Raises:
        RuleBroken, GatewayFailed: as making and restoring a backup do.
    """
    with tempfile.TemporaryDirectory(prefix="dekon-drill-") as folder:
        path = Path(folder) / "drill.zip"
        started = time.monotonic()
        with path.open("wb") as stream:
            make_backup(stream, now=now)
        made = time.monotonic()
        manifest = read_manifest(path)
        refuse_damaged(path, manifest)
        with restore.scratch_database(SCRATCH) as scratch:
            restore.load_dump(path, scratch)
            proof = prove(scratch, manifest)
        ended, size = time.monotonic(), path.stat().st_size
    report = documents.issue(actor=actor, draft=_draft(proof, now, made - started, ended - made, size), at=now)
    return Drill(proof, made - started, ended - made, size, report)


def _draft(proof: Proof, now: datetime, backup: float, back: float, size: int) -> documents.Draft:
    day = format_date(now.astimezone(JAKARTA).date())
    return documents.Draft(
        DocumentKind.DRILL, f"Laporan uji pemulihan {day}", "uji-pemulihan.typ",
        {
            "waktu": f"{day} pukul {format_time(now)}", "hasil": "Berhasil" if proof.holds else "GAGAL",
            "keterangan": proof.complaint or "Semua pemeriksaan terpenuhi.",
            "baris": proof.rows, "pos": proof.positions, "mutasi": proof.entries, "jejak": proof.trail_rows,
            "ukuran": f"{size / 1_000_000:.1f}".replace(".", ","), "cadangan": f"{backup:.1f}".replace(".", ","),
            "pemulihan": f"{back:.1f}".replace(".", ","),
        },
    )  # fmt: skip
