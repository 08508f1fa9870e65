"""Files whose check and application the worker does, while the person goes on."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.tasks import TaskResultStatus, task
from django.tasks.exceptions import TaskResultDoesNotExist
from django.utils.timezone import now as present

from dekon.audit.services import acting_from
from dekon.budget.choices import IMPORT_WAITING, ImportPhase, ImportStatus
from dekon.budget.models import ImportRun
from dekon.budget.selectors.matters import matter_of_import
from dekon.budget.services import runs
from dekon.budget.services.outcome import ImportOptions, Job
from dekon.budget.services.progress import ImportStopped, Progress
from dekon.errors import Conflict, DekonError, NotFound
from dekon.gateways import files
from dekon.lib.findings import Finding
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.scope import scoped_transaction

if TYPE_CHECKING:
    from dekon.org.models import User

SMALL_BYTES = 2 * 1024 * 1024
FIRST, LATER = 10, 0
PATIENCE = timedelta(minutes=2)
"""So long a file may wait without a task before it counts as lost."""


@transaction.atomic
def bring_file(*, actor: User, path: Path, file_name: str, options: ImportOptions, now: datetime) -> ImportRun:
    """Take a file in and let the worker check it; the record says how far it is.

    Args:
        actor: who brings it.
        path: where it lies in the store of files; file_name: what its owner calls it.
        options: what the actor says about it.
        now: the moment.

    Raises:
        NotAllowed: the actor does not import files.
    """
    run = runs.record_try(actor=actor, path=path, file_name=file_name, options=options, now=now)
    _queue(run, actor)
    return run


@transaction.atomic
def ask_to_apply(*, actor: User, import_id: int, now: datetime) -> ImportRun:
    """Let the worker apply a checked file. Asked twice, it is done once.

    Raises:
        Conflict: it is not waiting to be applied.
        NotFound: no such import, or its file is gone.
        NotAllowed: the actor does not import files.
    """
    run = _locked(import_id)
    org.require(actor, Action.APPLY_IMPORT)
    if run.status in {ImportStatus.APPLYING, ImportStatus.APPLIED}:
        return run
    org.require(actor, Action.APPLY_IMPORT, matter_of_import(run))
    files.stored(run.sha256)
    _move(run, ImportStatus.APPLYING, applied_by=actor, asked_at=now)
    _queue(run, actor)
    runs.note(run, actor, "import-asked")
    return run


@transaction.atomic
def stop_applying(*, actor: User, import_id: int) -> ImportRun:
    """Take back the wish to apply a file, as long as it is not done: it waits again, nothing of it is written.

    Raises:
        Conflict: it is applied already, or nobody asked for it.
        NotFound: no such import.
        NotAllowed: the actor does not import files.
    """
    run = _locked(import_id)
    org.require(actor, Action.STOP_IMPORT, matter_of_import(run))
    _move(run, ImportStatus.CHECKED, applied_by=None)
    runs.note(run, actor, "import-stopped")
    return run


@transaction.atomic
def discard_import(*, actor: User, import_id: int, now: datetime) -> ImportRun:
    """Drop a file that is being checked or waits to be applied; that it was tried stays on record.

    Raises:
        Conflict: it is applied, refused or discarded already.
        NotFound: no such import.
        NotAllowed: the actor does not import files.
    """
    run = _locked(import_id)
    org.require(actor, Action.DISCARD_IMPORT, matter_of_import(run))
    _move(run, ImportStatus.DISCARDED, discarded_by=actor, discarded_at=now)
    runs.note(run, actor, "import-discarded")
    return run


def _locked(import_id: int) -> ImportRun:
    run = ImportRun.objects.select_for_update().filter(pk=import_id).first()
    if run is None:
        raise NotFound("import-unknown", number=import_id)
    return run


def _move(run: ImportRun, status: ImportStatus, **fields: object) -> None:
    if not runs.settle(run, status=status, **fields):
        raise Conflict("import-not-waiting", number=run.pk, status=run.get_status_display())


def _queue(run: ImportRun, actor: User) -> None:
    """Put the work into the queue, small files in front; it is seen once the transaction ends."""
    waiting = carry_out_import.using(priority=FIRST if run.size_bytes < SMALL_BYTES else LATER)
    run.task_id = waiting.enqueue(run.pk, actor.pk).id
    run.phase, run.rows_done = ImportPhase.QUEUED, 0
    run.save(update_fields=["task_id", "phase", "rows_done"])


@task
def carry_out_import(import_id: int, actor_id: int) -> str:
    """Check or apply a file, whatever its record waits for, in one transaction as the actor. Returns where it stands.

    Done again after a worker died it begins anew, since nothing of the first attempt is there.
    """
    actor = org_selectors.user_by_id(actor_id)

    def reached() -> str:
        return org_selectors.scope_of(actor)

    task_id = ImportRun.objects.filter(pk=import_id).values_list("task_id", flat=True).first()
    try:
        with acting_from("job", task_id or ""), scoped_transaction(str(actor_id), reached):
            return _carry_out(import_id, actor)
    except Exception:
        with scoped_transaction(str(actor_id), reached):
            run = ImportRun.objects.get(pk=import_id)
            if run.status in IMPORT_WAITING:
                _give_up(run, "import-broke", actor)
        raise


def _carry_out(import_id: int, actor: User) -> str:
    run = ImportRun.objects.get(pk=import_id)
    if run.status not in IMPORT_WAITING:
        return run.status
    progress = Progress(
        run_id=run.pk, status=run.status, user_id=str(actor.pk), scope=org_selectors.scope_of(actor)
    )  # fmt: skip
    now = present()
    job = Job(actor, run, ImportOptions.from_record(run.options), runs.day_of(now), progress.tell)
    try:
        org.require(actor, Action.IMPORT_FILES)
        runs.work_through(job, files.stored(run.sha256), now, apply=run.status == ImportStatus.APPLYING)
    except Conflict:
        return ImportRun.objects.values_list("status", flat=True).get(pk=import_id)
    except DekonError as refused:
        runs.settle(run, status=ImportStatus.REFUSED, **_only(refused.code, dict(refused.params)))
    finally:
        progress.close()
    return run.status


def _only(code: str, params: dict[str, str | int]) -> dict[str, object]:
    """The fields of a record whose only finding is this error."""
    return {"findings": [Finding("error", code, params).as_record()], "finding_count": 1}


def _give_up(run: ImportRun, code: str, actor: User) -> None:
    """End work that cannot be finished: a check refuses the file, an application leaves it waiting; both say why."""
    runs.note(run, actor, "import-given-up", reason=code)
    if run.status == ImportStatus.CHECKING:
        runs.settle(run, status=ImportStatus.REFUSED, **_only(code, {"number": run.pk}))
        return
    said = [*run.findings, Finding("warning", code, {"number": run.pk}).as_record()]
    runs.settle(run, status=ImportStatus.CHECKED, applied_by=None, findings=said, finding_count=run.finding_count + 1)


def give_up_lost_imports(*, now: datetime) -> int:
    """End imports that nobody works on any more: their command was killed, or several workers died with them.

    Returns: how many there were.
    """
    waiting = ImportRun.objects.filter(status__in=IMPORT_WAITING, asked_at__lt=now - PATIENCE).order_by("pk")
    return sum(_give_up_if_lost(run) for run in waiting)


@transaction.atomic
def _give_up_if_lost(run: ImportRun) -> bool:
    if run.task_id and _is_queued(run.task_id):
        return False
    try:
        runs.hold(run)
    except ImportStopped:
        return False
    _give_up(run, "import-interrupted", org_selectors.system_user())
    return True


def _is_queued(task_id: str) -> bool:
    try:
        result = carry_out_import.get_result(task_id)
    except TaskResultDoesNotExist:
        return False
    return result.status in {TaskResultStatus.READY, TaskResultStatus.RUNNING}
