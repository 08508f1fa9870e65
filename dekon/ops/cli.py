"""`dekon`: the command line. Finds the command, gives it a database that is ready, turns refusals into exit statuses.

Exit status 0: done. 1: refused, or findings. 2: wrong usage. Commands live in `commands/`, one module each; only the
one that is called is loaded.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib import import_module

from django.core.management import execute_from_command_line

from dekon import env
from dekon.errors import DekonError
from dekon.ops import attach
from dekon.ops.output import report

DONE, REFUSED, WRONG_USAGE = 0, 1, 2
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Command:
    """One word of the command line: which module does it, and what it is for.

    `alone` are second words that need no database, so that none is started for them, each with its own module.
    """

    module: str
    summary: str
    shown: bool = True
    alone: Mapping[str, str] = field(default_factory=dict)


COMMANDS = {
    "import": Command("import_files", "take in files of the Treasury: check, preview, apply"),
    "recap": Command("recap", "what may be spent, is spent and was planned, by province, unit, satker, …"),
    "score": Command(
        "score",
        "NKA and IKPA: from the books (score nka | ikpa), or a file of cases (score cases)",
        alone={"cases": "score_cases"},
    ),
    "deadline": Command("deadline", "the day after a number of working days"),
    "verify": Command("verify", "recompute the book, the trail or the stored files (verify ledger | audit | files)"),
    "dossier": Command("dossier", "everything official about a satker, a province or the nation in a year, as one ZIP"),
    "backup": Command("backup", "everything in one file: database, files, copies of heads"),
    "restore": Command("restore", "put a backup into this installation"),
    "drill": Command("drill", "rehearse the way back: back up, restore aside, verify, report"),
    "seal": Command("seal", "a sealed page that states the ends of the trail; mail it out"),
    "reseal": Command("reseal", "encrypted columns go over to the newest key"),
    "user": Command("user", "add, list and disable people"),
    "token": Command("token", "create a key for the API"),
    "demo": Command("demo", "load the synthetic demo year"),
    "setup": Command("setup", "make the database ready and say so", shown=False),
    "worker": Command("worker", "do queued and scheduled work until stopped", shown=False),
    "collect": Command("collect", "gather the files that the web server hands out", shown=False),
}


def overview() -> ArgumentParser:
    """The parser of the bare `dekon`, whose help lists the commands."""
    lines = "\n".join(f"  {name:<10}{command.summary}" for name, command in COMMANDS.items() if command.shown)
    return ArgumentParser(
        prog="dekon", usage="dekon COMMAND … (dekon COMMAND --help explains one)",
        formatter_class=RawDescriptionHelpFormatter, epilog=f"commands:\n{lines}",
    )  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Do one command line and return its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in {"-h", "--help"}:
        overview().print_help(sys.stdout if words else sys.stderr)
        return DONE if words else WRONG_USAGE
    try:
        return call(words)
    except DekonError as error:
        report(error, as_json="--json" in words)
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def call(words: Sequence[str]) -> int:
    """Run the command that the first word names.

    Raises:
        DekonError: what the command refuses.
    """
    if words[0] == "run":
        return int(import_module("dekon.ops.run").main())
    command = COMMANDS.get(words[0])
    if command is None:
        print(f"dekon: unknown command “{words[0]}”\n", file=sys.stderr)
        overview().print_help(sys.stderr)
        return WRONG_USAGE
    if len(words) > 1 and words[1] in command.alone:
        return run_alone(command.alone[words[1]], command.summary, words)
    asks_help = bool({"-h", "--help"} & set(words[1:]))
    with ExitStack() as stack:
        if not asks_help:
            stack.enter_context(attach.database())
        attach.set_up_django()
        dispatch = import_module("dekon.ops.dispatch")  # only now: it knows tables, which need the settings
        return int(dispatch.run_command(command.module, words, command.summary))


def run_alone(name: str, summary: str, words: Sequence[str]) -> int:
    """Do a command that needs no database, and so neither settings nor tables.

    Raises:
        DekonError: what the command refuses.
        SystemExit: after help, or with status 2 for wrong usage.
    """
    env.load_dotenv()
    module = import_module(f"dekon.ops.commands.{name}")
    parser = ArgumentParser(prog=f"dekon {words[0]}", description=summary)
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(words[1:])))


def manage(argv: Sequence[str]) -> int:
    """Django's own commands on a running database; migrations and the like work as its owner."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dekon.settings")
    try:
        with attach.database():
            execute_from_command_line(list(argv))
    except DekonError as error:
        report(error, as_json=False)
        return REFUSED
    return DONE


if __name__ == "__main__":
    sys.exit(main())
