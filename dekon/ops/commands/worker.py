"""`dekon worker`: one worker process, for `make run` and for services of an installation."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from dekon.ops.worker import work


def add_arguments(parser: ArgumentParser) -> None:
    """It takes none."""


def run(args: Namespace) -> int:
    """Work until stopped."""
    work()
    return 0
