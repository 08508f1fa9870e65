"""`dekon setup`: the database ready for use.

Loading it is what every command does first, so there is nothing more to do.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """It takes none."""


def run(args: Namespace) -> int:
    """Say that it is done."""
    print("dekon: the database is ready")
    return 0
