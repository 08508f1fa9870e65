"""Files in: checked, applied in one transaction, undone by reversing entries. What was tried stays on record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.timezone import localtime

from dekon.audit import services as audit
from dekon.budget.choices import IMPORT_TRANSITIONS, ImportKind, ImportPhase, ImportStatus, RecordKind
from dekon.budget.imports.reading import ReadOptions, read_file
from dekon.budget.imports.rows import AnyRow, ParsedFile
from dekon.budget.models import DipaRevision, ImportDependency, ImportRun
from dekon.budget.selectors.matters import matter_of_import
from dekon.budget.services import budgets, headers, outputs, payments, places, record_lists, statements
from dekon.budget.services.outcome import ImportOptions, Job, Outcome
from dekon.budget.services.progress import ImportStopped, counted
from dekon.errors import Conflict, DekonError, NotFound
from dekon.lib.findings import Finding
from dekon.lib.hashing import sha256_of_file
from dekon.lib.uploads import clean_name
from dekon.org import services as org
from dekon.org.choices import Action

if TYPE_CHECKING:
    from dekon.org.models import User

MAX_KEPT_FINDINGS = 1000
LOCK_FAMILY = 5307
"""Of advisory locks: those of imports, by number (docs/locking.md)."""
MAX_LOCK = 2**31

LOADERS: dict[str, Callable[[ParsedFile[AnyRow], Job], Outcome]] = {
    ImportKind.FA_DETAIL: statements.load,
    ImportKind.DATAANG: budgets.load,
    ImportKind.REALISASI: payments.load,
    ImportKind.MYINTRESS_DETAIL: payments.load,
    ImportKind.MYINTRESS_SP2D: headers.load,
    ImportKind.CAPAIAN_RO: outputs.load,
    ImportKind.REFADMIN: places.load,
    **dict.fromkeys(RecordKind, record_lists.load),
}


class _LeaveNothing(Exception):
    """Raised to take back everything that a check did."""


def check_file(*, actor: User, path: Path, file_name: str, options: ImportOptions, now: datetime) -> ImportRun:
    """Read a file, say everything that is wrong and what it would change; changes nothing but the record of the try.

    Args:
        actor: who brings it.
        path: where it lies; file_name: what its owner calls it.
        options: what the actor says about it.
        now: the moment.

    Raises:
        NotAllowed: the actor does not import files.
    """
    return _bring(actor=actor, path=path, file_name=file_name, options=options, now=now, apply=False)


def import_file(*, actor: User, path: Path, file_name: str, options: ImportOptions, now: datetime) -> ImportRun:
    """Read a file and apply it at once if nothing forbids it. Arguments and errors as `check_file`."""
    return _bring(actor=actor, path=path, file_name=file_name, options=options, now=now, apply=True)


def apply_import(*, actor: User, import_id: int, path: Path, now: datetime) -> ImportRun:
    """Apply a file that was checked before; it is read again, since the book may have moved on.

    Raises:
        Conflict: it is not waiting to be applied, or the file is another one now.
        NotFound: no such import.
        NotAllowed: the actor does not import files.
    """
    run = ImportRun.objects.filter(pk=import_id).first()
    if run is None:
        raise NotFound("import-unknown", number=import_id)
    org.require(actor, Action.APPLY_IMPORT, matter_of_import(run))
    if sha256_of_file(path) != run.sha256:
        raise Conflict("import-file-changed", file=run.file_name)
    return work_through(Job(actor, run, ImportOptions.from_record(run.options), day_of(now)), path, now, apply=True)


def _bring(*, actor: User, path: Path, file_name: str, options: ImportOptions, now: datetime, apply: bool) -> ImportRun:
    run = record_try(actor=actor, path=path, file_name=file_name, options=options, now=now)
    return work_through(Job(actor, run, options, day_of(now)), path, now, apply=apply)


def record_try(*, actor: User, path: Path, file_name: str, options: ImportOptions, now: datetime) -> ImportRun:
    """The record that somebody brought a file, before anybody looks into it.

    Raises:
        NotAllowed: the actor does not import files.
    """
    org.require(actor, Action.IMPORT_FILES)
    run = ImportRun.objects.create(
        file_name=clean_name(file_name), sha256=sha256_of_file(path), size_bytes=path.stat().st_size, created_by=actor,
        options=options.as_record(), asked_at=now,
    )  # fmt: skip
    note(run, actor, "import-brought")
    return run


def note(run: ImportRun, actor: User, action: str, reason: str = "") -> None:
    """What somebody did with a file, in the trail."""
    audit.record(
        actor=actor, action=action, subject_type="import", subject_id=run.pk, subject_name=run.file_name,
        after={"sha256": run.sha256, "kind": run.kind}, reason=reason,
    )  # fmt: skip


def day_of(now: datetime) -> date:
    """The day in Jakarta."""
    return localtime(now).date()


def work_through(job: Job, path: Path, now: datetime, *, apply: bool) -> ImportRun:
    """Read, check and compare a file, and write it where it is to be applied and may be; the record says what became.

    Raises:
        Conflict: somebody else works on it, has finished it or taken it back.
    """
    try:
        return _work_through(job, path, now, apply=apply)
    except ImportStopped as stopped:
        run = ImportRun.objects.get(pk=job.run.pk)
        raise Conflict("import-not-waiting", number=run.pk, status=run.get_status_display()) from stopped


@transaction.atomic
def _work_through(job: Job, path: Path, now: datetime, *, apply: bool) -> ImportRun:
    hold(job.run)
    outcome = Outcome(kind=job.options.kind)
    try:
        with transaction.atomic():
            outcome = _load(job, path, applying=apply)
            _stop_unless(applying=apply and outcome.changes and not outcome.refused)
            _finish(job, outcome, ImportStatus.APPLIED, now)
    except _LeaveNothing:
        _finish(job, outcome, _status_of(outcome), now)
    except DekonError as error:
        outcome.findings.append(Finding("error", error.code, dict(error.params)))
        _finish(job, outcome, ImportStatus.REFUSED, now)
    return job.run


def hold(run: ImportRun) -> None:
    """Keep others from working on the same import until the transaction ends.

    Raises:
        ImportStopped: somebody else does, or it no longer stands where this one saw it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s::int)", [LOCK_FAMILY, run.pk % MAX_LOCK])
        free = cursor.fetchone()[0]
    if not free or not ImportRun.objects.filter(pk=run.pk, status=run.status).exists():
        raise ImportStopped


def _stop_unless(*, applying: bool) -> None:
    """Take everything back where the file is only checked, refused, or changes nothing."""
    if not applying:
        raise _LeaveNothing


def _status_of(outcome: Outcome) -> ImportStatus:
    if outcome.refused:
        return ImportStatus.REFUSED
    return ImportStatus.CHECKED if outcome.changes else ImportStatus.UNCHANGED


def _load(job: Job, path: Path, *, applying: bool) -> Outcome:
    options = job.options
    parsed = read_file(
        path,
        ReadOptions(
            kind=options.kind or None,  # type: ignore[arg-type]  # an unknown kind is refused by the reader
            satker=options.satker, fiscal_year=options.year, period=options.period,
        ),
    )  # fmt: skip
    parsed.rows = counted(parsed.rows, job.tell, ImportPhase.POSTING if applying else ImportPhase.COMPARING)
    return LOADERS[parsed.kind](parsed, job)


@transaction.atomic
def _finish(job: Job, outcome: Outcome, status: ImportStatus, now: datetime) -> None:
    """Write what became of the file, and in the trail that it was applied or refused.

    Raises:
        ImportStopped: meanwhile somebody took the file back.
    """
    run = job.run
    applied = status == ImportStatus.APPLIED
    done = settle(
        run, status=status, kind=outcome.kind, fiscal_year=outcome.fiscal_year, period=outcome.period,
        satker_codes=outcome.satker_codes, rows_read=outcome.rows["read"], rows_new=outcome.rows["new"],
        rows_changed=outcome.rows["changed"], rows_same=outcome.rows["same"], rows_refused=outcome.rows["refused"],
        totals_rp=outcome.totals_rp, breakdown=outcome.breakdown, versions=outcome.versions,
        finding_count=len(outcome.findings), findings=[_called_as_its_owner(run, f).as_record()
                                                       for f in outcome.findings[:MAX_KEPT_FINDINGS]],
        applied_by=job.actor if applied else None, applied_at=now if applied else None,
    )  # fmt: skip
    if not done:
        raise ImportStopped
    if applied:
        ImportDependency.objects.bulk_create(
            ImportDependency(import_run=run, depends_on_id=earlier)
            for earlier in sorted((outcome.rests_on | _earlier_budgets(outcome)) - {run.pk})
        )
    if status in {ImportStatus.APPLIED, ImportStatus.REFUSED}:
        audit.record(
            actor=job.actor, action=f"import-{status}", subject_type="import", subject_id=run.pk,
            subject_name=run.file_name, after={"sha256": run.sha256, "kind": run.kind, **outcome.totals_rp},
            each_satker=outcome.satker_codes if applied else (),
        )  # fmt: skip


def _called_as_its_owner(run: ImportRun, finding: Finding) -> Finding:
    """A finding that names the file as its owner does; readers know it only by its place in the store."""
    return replace(finding, params={**finding.params, "file": run.file_name}) if "file" in finding.params else finding


def _earlier_budgets(outcome: Outcome) -> set[int]:
    """The imports that stated the pagu of the same satker and year: the file has posted its difference to them."""
    if outcome.kind not in {ImportKind.FA_DETAIL, ImportKind.DATAANG} or outcome.fiscal_year is None:
        return set()
    stated = DipaRevision.objects.filter(
        dipa__fiscal_year=outcome.fiscal_year, dipa__satker__code__in=outcome.satker_codes, withdrawn_at__isnull=True,
        import_run__isnull=False,
    )  # fmt: skip
    return set(stated.order_by().values_list("import_run_id", flat=True).distinct())


def settle(run: ImportRun, *, status: ImportStatus, **fields: object) -> bool:
    """Move a record on that still stands where it was seen, if it may; no work waits for it any more.

    Returns: whether it did.
    """
    if status != run.status and status not in IMPORT_TRANSITIONS[ImportStatus(run.status)]:
        return False
    changed = {"status": status, "phase": "", **fields}
    if not ImportRun.objects.filter(pk=run.pk, status=run.status).update(**changed):
        return False
    for name, value in changed.items():
        setattr(run, name, value)
    return True
