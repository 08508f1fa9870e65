"""What the trail puts into a dossier: whole chains, copies of their heads, and the program that checks them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from dekon.audit import selectors
from dekon.gateways import heads
from dekon.lib.dossier import File, Files, Section, Wanted

CENTRE = ""
VERIFIER = Path(__file__).with_name("offline.py")


def verifier(_wanted: Wanted) -> Iterator[File]:
    """The program that checks the trail with nothing but Python."""
    yield File("verifikasi.py", "Pemeriksa jejak: python3 verifikasi.py jejak/jejak.jsonl", (VERIFIER.read_bytes(),))


def chains_of(wanted: Wanted) -> list[str]:
    """The chains of these satker; of the nation that of the centre too."""
    return [*([CENTRE] if wanted.national else []), *wanted.satker]


def trail(wanted: Wanted) -> Iterator[File]:
    """The rows of the chains from the first one on, and every copy of their heads."""
    # copies first: one that is made while the rows are read would tell of rows that are not there yet
    yield File("kepala.jsonl", "Salinan kepala rantai dari luar basis data", _copies(set(chains_of(wanted))))
    yield File("jejak.jsonl", "Baris jejak dengan mata rantainya", _rows(wanted))


def _rows(wanted: Wanted) -> Iterator[bytes]:
    for row in selectors.excerpt(chains_of(wanted), disclosed=wanted.disclosed):
        yield json.dumps(row, ensure_ascii=False).encode() + b"\n"


def _copies(chains: set[str]) -> Iterator[bytes]:
    for chain, seq, digest in heads.copies():
        if chain in chains:
            yield json.dumps({"heads": {chain: [seq, digest]}}).encode() + b"\n"


SECTION = Section("jejak", 90, "Jejak audit", (Files(trail),), top=Files(verifier))
