"""`dekon verify ledger`: the book recomputed from its entries."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from dekon.ledger import selectors
from dekon.ops.output import add_json, print_json


def add_arguments(parser: ArgumentParser) -> None:
    """What to verify."""
    parser.add_argument("what", choices=["ledger"])
    add_json(parser)


def run(args: Namespace) -> int:
    """Say that all is in order, or name the first line that disagrees (exit status 1)."""
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
