"""One command of the command line, carried out on a database that is ready."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import nullcontext
from importlib import import_module
from uuid import uuid4

from dekon.audit.services import acting_from
from dekon.ops import prepare
from dekon.scope import acting_everywhere


def run_command(module: str, words: Sequence[str], summary: str) -> int:
    """Parse what follows the command's word and do it.

    Args:
        module: name of the module below `commands`.
        words: the command's word and its arguments.
        summary: what the command is for, for its help.

    Raises:
        DekonError: what the command refuses.
        SystemExit: after help, or with status 2 for wrong usage.
    """
    command = import_module(f"dekon.ops.commands.{module}")
    parser = ArgumentParser(prog=f"dekon {words[0]}", description=summary)
    command.add_arguments(parser)
    args = parser.parse_args(words[1:])
    prepare.ensure()
    acting = nullcontext() if getattr(command, "IN_SCOPES", False) else acting_everywhere()
    with acting, acting_from("cli", uuid4().hex):
        return int(command.run(args))
