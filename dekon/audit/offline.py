"""Checks an excerpt of Dekon's trail without Dekon: one file, nothing but Python's standard library.

    python3 verifikasi.py jejak.jsonl [kepala.jsonl ...]

`jejak.jsonl` has one row a line: chain, seq, hash, body and, where names are disclosed, salt and details.
`kepala.jsonl` holds copies of heads that you got at another time or from somebody else.
What this proves is written in docs/trail.md: rows were not changed since the newest copy that you trust.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

GENESIS = b"dekon trail "


def part(value: str) -> bytes:
    """A text with its length in bytes, so that two texts never read as one."""
    raw = value.encode()
    return b"%d:%s," % (len(raw), raw)


def details_hash(salt: str, details: Iterable[str]) -> str:
    """The salted hash of the disclosed texts of a row: six, or seven with the address it came from."""
    return hashlib.sha256(salt.encode() + b"".join(part(detail) for detail in details)).hexdigest()


def faults(rows: Iterable[dict[str, Any]], copies: dict[str, dict[int, str]]) -> Iterator[str]:
    """Every row that does not hold. Rows come in the order of their chains, each from its first row on."""
    chain: str = "-"
    seq, digest = 0, b""
    ends: dict[str, int] = {}
    for row in rows:
        if row["chain"] != chain:
            chain, seq = row["chain"], 0
            digest = hashlib.sha256(GENESIS + chain.encode()).digest()
        seq += 1
        digest = hashlib.sha256(digest + row["body"].encode()).digest()
        place = f"chain {chain or 'centre'}, row {row['seq']}"
        if row["seq"] != seq:
            yield f"{place}: a row before it is missing"
        elif digest.hex() != row["hash"]:
            yield f"{place}: the row or one before it was changed"
        if "details" in row and details_hash(row["salt"], row["details"]) != row["body"].rsplit("\t", 1)[-1]:
            yield f"{place}: names, reason or facts are not those that were hashed"
        if copies.get(chain, {}).get(seq, digest.hex()) != digest.hex():
            yield f"{place}: a copy of the heads says otherwise"
        ends[chain], seq, digest = seq, row["seq"], bytes.fromhex(row["hash"])
    for name in sorted(ends):
        newest = max(copies.get(name, {}), default=0)
        if newest > ends[name]:
            yield f"chain {name or 'centre'}: rows up to {newest} are known, the excerpt ends at {ends[name]}"


def read_lines(path: str) -> Iterator[dict[str, Any]]:
    """The JSON documents of a file, one a line."""
    with Path(path).open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def main(arguments: list[str]) -> int:
    """Prints what does not hold; exit status 0 all holds, 1 something does not, 2 wrong usage."""
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    copies: dict[str, dict[int, str]] = {}
    for path in arguments[1:]:
        for copy in read_lines(path):
            for chain, (seq, digest) in copy["heads"].items():
                copies.setdefault(chain, {})[seq] = digest
    rows = list(read_lines(arguments[0]))
    found = list(faults(rows, copies))
    for fault in found:
        print(fault)
    for chain in sorted(copies.keys() - {row["chain"] for row in rows}):
        print(f"not in this excerpt: chain {chain or 'centre'}")
    verdict = "DIFFERENCES FOUND" if found else "all hold"
    print(f"{len(rows)} rows, {sum(map(len, copies.values()))} copies of heads: {verdict}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
