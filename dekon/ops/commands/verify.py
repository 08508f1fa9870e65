"""`dekon verify`: the book recomputed from its entries, the trail from its rows, stored files from their bytes."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from dekon.audit import selectors as audit
from dekon.documents import selectors as documents
from dekon.errors import RuleBroken
from dekon.gateways import heads
from dekon.ledger import selectors
from dekon.ops import prepare, stored_files
from dekon.ops.output import add_json, print_json

FAULTS = {
    "unlinked": "it has no place in the chain",
    "missing-event": "the row that was linked here is gone",
    "altered": "who, what, where or when differs from what was linked",
    "details-altered": "names, reason or facts differ from what was linked",
    "gap": "a link before it is missing",
    "link-altered": "its hash is not that of its row and the link before",
    "head-differs": "the chain ends elsewhere than its head says",
    "anchor-differs": "a copy of the heads outside the database says otherwise",
    "cut-short": "a copy of the heads outside the database knows more rows",
}

WRONG_FILES = {
    "missing": "the store has lost it",
    "changed": "its bytes are not those that were stored",
    "orphan": "nothing in the database names it",
}


def add_arguments(parser: ArgumentParser) -> None:
    """What to verify."""
    parser.add_argument("what", choices=["ledger", "audit", "files", "document"])
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE.pdf", help="document: the copy to check")
    parser.add_argument(
        "--heads", type=Path, metavar="FILE", help="audit: a copy of the heads that was carried away (default: our own)"
    )
    add_json(parser)


def run(args: Namespace) -> int:
    """Say that all is in order, or name the first line that disagrees (exit status 1).

    The owner reads, from whom no row hides.
    """
    if args.what == "document":
        return verify_document(args)
    with prepare.everything_as(prepare.owner_alias()):
        return {"audit": verify_audit, "files": verify_files, "ledger": verify_ledger}[args.what](args)


def verify_audit(args: Namespace) -> int:
    """The trail: every link, every row, every head, every copy outside."""
    copies = heads.copies(args.heads)
    proof = audit.prove_trail(audit.ChainHead(chain, seq, bytes.fromhex(digest)) for chain, seq, digest in copies)
    bad = proof.bad
    if args.json:
        first = bad and {"fault": bad.fault, "chain": bad.chain, "seq": bad.seq, "event_id": bad.event_id}
        print_json({
            "ok": bad is None, "rows": proof.rows, "chains": proof.chains, "anchors": proof.anchors, "first": first,
        })  # fmt: skip
    elif bad is None:
        print(f"{proof.rows} rows in {proof.chains} chains hold; {proof.anchors} copies outside agree")
    else:
        print(f"chain {bad.chain or 'centre'}, row {bad.seq} (event {bad.event_id or '-'}): {FAULTS[bad.fault]}")
    return int(bad is not None)


def verify_ledger(args: Namespace) -> int:
    """The book: every total against its entries."""
    proof = selectors.prove_book()
    wrong = proof.disagreement
    if args.json:
        first = wrong and {
            "pos": wrong.path, "figure": wrong.figure, "kept_rp": wrong.kept_rp, "recomputed_rp": wrong.recomputed_rp,
        }  # fmt: skip
        print_json({"ok": wrong is None, "positions": proof.positions, "entries": proof.entries, "first": first})
    elif wrong is None:
        print(f"{proof.positions} positions, {proof.entries} entries: every total is what its entries add up to")
    else:
        print(f"{wrong.path}: {wrong.figure} is {wrong.kept_rp}, its entries add up to {wrong.recomputed_rp}")
    return int(wrong is not None)


def verify_files(args: Namespace) -> int:
    """The store: every file's bytes against its name in the database, lost files, files that nothing names."""
    proof = stored_files.prove_files(show)
    if args.json:
        found = [{"fault": one.fault, "shelf": one.shelf, "name": one.name} for one in proof.findings]
        print_json({
            "ok": not found, "files": proof.files, "size_bytes": proof.size_bytes, "elsewhere": proof.elsewhere,
            "findings": found,
        })  # fmt: skip
        return int(bool(found))
    for one in proof.findings:
        print(f"{one.shelf}/{one.name}: {WRONG_FILES[one.fault]}")
    verdict = f"{len(proof.findings)} findings" if proof.findings else "every file is what the database says"
    print(f"{proof.files} files, {proof.size_bytes:,} bytes, {proof.elsewhere} imported from elsewhere: {verdict}")
    return int(bool(proof.findings))


def show(done: int, total: int) -> None:
    """A line that follows the work on a terminal; nothing where nobody watches."""
    if sys.stderr.isatty():
        print(f"\r\033[K{done}/{total}", end="\n" if done == total else "", file=sys.stderr, flush=True)


def verify_document(args: Namespace) -> int:
    """A copy of a document: whether it is known and whole, and who signed it. Status 0 only for a genuine one.

    Raises:
        RuleBroken: `verify-no-file`: no file is named, or it cannot be read.
    """
    if args.file is None or not args.file.is_file():
        raise RuleBroken("verify-no-file", file=str(args.file or "-"))
    verdict = documents.check(args.file.read_bytes(), at=datetime.now(UTC))
    paper = verdict.document
    if args.json:
        print_json({
            "known": verdict.known, "intact": verdict.intact, "number": paper.number if paper else None,
            "title": paper.title if paper else None, "revoked": bool(paper and paper.revoked_at),
            "standing": verdict.standing, "reasons": list(verdict.reasons), "code": paper.code if paper else None,
            "signatures": [_signature(one) for one in verdict.signers],
            "on_paper": [f"{one.standing} {one.name}, {one.office}".strip() for one in paper.papers] if paper else [],
        })  # fmt: skip
    else:
        print(f"{verdict.standing}: {paper.number if paper else '-'} {paper.title if paper else ''}".rstrip())
        for reason in verdict.reasons:
            print(f"  ! {reason}")
        for one in verdict.signers:
            print(f"  {'valid' if one.valid else 'INVALID'} {one.level} {one.name} {one.role} {one.signed_at or '-'}")
        for sheet in paper.papers if paper else ():
            print(f"  by hand, not in the file: {sheet.standing} {sheet.name} {sheet.office} {sheet.signed_on}")
    return int(verdict.standing != "genuine" or not verdict.intact)


def _signature(one: documents.Signer) -> dict[str, object]:
    return {
        "name": one.name, "role": one.role, "level": one.level, "certified": one.certified,
        "signed_at": one.signed_at.isoformat() if one.signed_at else None, "valid": one.valid, "method": one.method,
        "trusted_time": one.trusted_time, "flaw": one.flaw,
    }  # fmt: skip
