"""`dekon score cases FILE.yaml`: a list of worked cases of NKA and IKPA.

It needs no database: it counts with the parameters and the list of holidays that come with this version, so that a case
gives the same everywhere.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from dekon import env
from dekon.errors import RuleBroken
from dekon.ops.holidays import shipped_holidays
from dekon.ops.output import add_json
from dekon.rules.cases.reading import read_cases
from dekon.rules.cases.run import Outcome, Runner

AS_EXPECTED, NOT_ALL = 0, 1


def add_arguments(parser: ArgumentParser) -> None:
    """The file, as the second word of `dekon score`."""
    add_cases(parser.add_subparsers(dest="what", required=True, metavar="cases"))


def add_cases(what: _SubParsersAction[ArgumentParser]) -> None:
    """`cases` among the things that can be scored."""
    cases = what.add_parser("cases", help="a file with a list of cases (YAML or JSON)")
    cases.add_argument("file", type=Path, metavar="FILE.yaml")
    add_json(cases)


def run(args: Namespace) -> int:
    """Print the outcome of each case; those that differ from what they expect are told on standard error."""
    language = env.text("DEKON_LANGUAGE", "id")
    outcomes = outcomes_of(args.file)
    if args.json:
        print_cases(outcomes, language)
    else:
        for outcome in outcomes:
            print(line(outcome, language))
    for outcome in outcomes:
        if outcome.differences and not outcome.error:
            print(f"dekon: {outcome.id}: {'; '.join(outcome.differences)}", file=sys.stderr)
    return AS_EXPECTED if all(outcome.as_expected for outcome in outcomes) else NOT_ALL


def outcomes_of(file: Path) -> Sequence[Outcome]:
    """The outcome of every case of a file.

    Raises:
        RuleBroken: `cases-file-missing`, `cases-unreadable`, `cases-not-a-list`.
    """
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise RuleBroken("cases-file-missing", file=str(file), reason=reason) from error
    runner = Runner(shipped_holidays(), date.today())  # noqa: DTZ011  # a day to show, not a moment to keep
    return [runner.outcome(case) for case in read_cases(text)]


def print_cases(outcomes: Sequence[Outcome], language: str) -> None:
    """One JSON document with one case a line: ten thousand of them are written at once, not indented piece by piece."""
    lines = (json.dumps(document(outcome, language), ensure_ascii=False) for outcome in outcomes)
    print('{"cases": [\n' + ",\n".join(lines) + "\n]}")


def document(outcome: Outcome, language: str) -> dict[str, object]:
    """An outcome as its contract writes it."""
    if outcome.error:
        return {"id": outcome.id, "error": {"code": outcome.error.code, "message": outcome.error.message(language)}}
    return {"id": outcome.id, "result": outcome.result, "exact": outcome.exact, "steps": outcome.steps}


def line(outcome: Outcome, language: str) -> str:
    """An outcome as one line for a person."""
    if outcome.error:
        return f"{outcome.id}: {outcome.error.code}: {outcome.error.message(language)}"
    said = ", ".join(f"{name} {value}" for name, value in outcome.result.items())
    return f"{outcome.id}: {said}" + ("" if outcome.as_expected else f" ({'; '.join(outcome.differences)})")
