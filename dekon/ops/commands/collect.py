"""`dekon collect`: style sheets, scripts and pictures gathered with hashes in their names, for the web server."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from dekon.ops.static import ensure_collected


def add_arguments(parser: ArgumentParser) -> None:
    """It takes none."""


def run(args: Namespace) -> int:
    """Gather them if anything changed."""
    ensure_collected()
    return 0
