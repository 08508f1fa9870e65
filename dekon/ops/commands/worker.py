"""`dekon worker`: one worker process, for `make run` and for services of an installation."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from dekon.ops.worker import work

IN_SCOPES = True
"""Each piece of work has a scope of its own; between them the worker reaches no place."""


def add_arguments(parser: ArgumentParser) -> None:
    """It takes none."""


def run(args: Namespace) -> int:
    """Work until stopped."""
    work()
    return 0
