"""`dekon import`: files of the Treasury in."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import date
from pathlib import Path

from django.utils import timezone

from dekon import env
from dekon.budget import services
from dekon.budget.choices import ImportKind, ImportStatus
from dekon.budget.models import ImportRun
from dekon.lib.findings import Finding
from dekon.lib.periods import month_end
from dekon.ops.output import add_json, print_json
from dekon.org import selectors as org


def _period(text: str) -> date:
    """`YYYY-MM` as the last day of that month."""
    try:
        year, month = text.split("-")
        return month_end(int(year), int(month))
    except ValueError as error:
        raise ArgumentTypeError(f"{text}: a period is YYYY-MM") from error


def _file(text: str) -> Path:
    """A file that is there."""
    path = Path(text)
    if not path.is_file():
        raise ArgumentTypeError(f"{text}: no such file")
    return path


def add_arguments(parser: ArgumentParser) -> None:
    """Files, and what may be said about them."""
    parser.add_argument("files", nargs="+", type=_file, metavar="FILE")
    parser.add_argument("--kind", choices=ImportKind.values, default="", help="found by itself where not given")
    parser.add_argument("--year", type=int, help="fiscal year")
    parser.add_argument("--period", type=_period, metavar="YYYY-MM", help="the month that the file ends with")
    parser.add_argument("--satker", default="", metavar="KODE")
    parser.add_argument(
        "--create-missing", action="store_true", help="create satker and codes the file knows enough about"
    )
    parser.add_argument("--version-code", default="", metavar="KODE", help="confirms which version of a budget counts")
    parser.add_argument("--dry-run", action="store_true", help="check and preview only")
    add_json(parser)


def run(args: Namespace) -> int:
    """Import the files in order; the exit status is 1 if any was refused."""
    options = services.ImportOptions(
        kind=args.kind, year=args.year, period=args.period, satker=args.satker, create_missing=args.create_missing,
        version_code=args.version_code,
    )  # fmt: skip
    bring = services.check_file if args.dry_run else services.import_file
    results = []
    for path in args.files:
        if sys.stderr.isatty():
            print(f"dekon: {path.name} …", file=sys.stderr)
        run_ = bring(actor=org.system_user(), path=path, file_name=path.name, options=options, now=timezone.now())
        results.append(_result(run_, path))
    if args.json:
        print_json({"results": results})
    else:
        for result in results:
            _print(result)
    return int(any(result["status"] == ImportStatus.REFUSED for result in results))


def _result(run_: ImportRun, path: Path) -> dict[str, object]:
    language = env.text("DEKON_LANGUAGE", "id")
    findings = [Finding.from_record(record) for record in run_.findings]
    return {
        "file": str(path),
        "sha256": run_.sha256,
        "kind": run_.kind or None,
        "status": str(run_.status),
        "import_id": run_.pk,
        "rows": {
            "read": run_.rows_read,
            "new": run_.rows_new,
            "changed": run_.rows_changed,
            "same": run_.rows_same,
            "refused": run_.rows_refused,
        },
        "totals_rp": run_.totals_rp,
        "findings": [
            {
                "severity": f.severity,
                "code": f.code,
                "message": f.message(language),
                "sheet": f.sheet,
                "cell": f.cell,
                "row": f.row,
                "column": f.column,
                "value": f.value,
            }
            for f in findings
        ],
    }


def _print(result: dict[str, object]) -> None:
    print(f"{result['file']}: {result['status']} ({result['kind'] or '?'}) {result['rows']} {result['totals_rp']}")
    findings = result["findings"]
    for finding in findings if isinstance(findings, list) else []:
        place = " ".join(str(part) for part in (finding["sheet"], finding["cell"]) if part)
        print(f"  {finding['severity']}: {place + ': ' if place else ''}{finding['message']}")
