"""Pages of files that the worker is busy with: a small file is waited for, a large one is shown with its progress."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from dekon.budget import selectors as budget
from dekon.budget.choices import ImportPhase, ImportStatus
from dekon.web.access import person
from dekon.web.formats import number

if TYPE_CHECKING:
    from dekon.budget.models import ImportRun

PATIENCE = timedelta(seconds=1.5)
"""So long after the wish a page waits for its result before it shows the progress."""
LOOK_SECONDS = 0.1


def one(request: HttpRequest, import_id: int) -> ImportRun:
    """The import, once its work is done or patience has ended.

    Raises:
        NotFound: there is none with that number for this person.
    """

    def look() -> list[ImportRun]:
        return [budget.import_run(person(request), import_id)]

    return _patient(look, look())[0]


def all_of(request: HttpRequest) -> list[ImportRun]:
    """The imports that the person's work waits for, after the small ones of a moment ago are done."""

    def look() -> list[ImportRun]:
        return budget.waiting_imports(person(request))

    return _patient(look, look())


def _patient(look: Callable[[], list[ImportRun]], found: list[ImportRun]) -> list[ImportRun]:
    until = max((run.asked_at + PATIENCE for run in found), default=timezone.now())
    while any(run.waiting for run in found) and timezone.now() < until:
        time.sleep(LOOK_SECONDS)
        found = look()
    return found


def reload(runs: Iterable[ImportRun]) -> HttpResponse | None:
    """To whoever asks again and again: load the whole page, since nothing is waited for any more."""
    return None if any(run.waiting for run in runs) else HttpResponse(headers={"HX-Refresh": "true"})


def words(run: ImportRun) -> str:
    """How far it is."""
    phase = str(ImportPhase(run.phase).label) if run.phase else _("Menunggu giliran")
    if not run.rows_done:
        return phase
    done = number(run.rows_done)
    if run.status == ImportStatus.APPLYING and run.rows_read:
        return _("%(phase)s: %(done)s dari %(all)s baris") % {
            "phase": phase, "done": done, "all": number(run.rows_read),
        }  # fmt: skip
    return _("%(phase)s: %(done)s baris") % {"phase": phase, "done": done}
