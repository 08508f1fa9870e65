"""Upload, preview, apply, undo."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dekon.audit import services as audit
from dekon.audit.choices import Reading
from dekon.budget import selectors as budget
from dekon.budget import services
from dekon.budget.choices import ImportStatus
from dekon.budget.selectors.matters import matter_of_import
from dekon.budget.services import ImportOptions
from dekon.errors import RuleBroken
from dekon.gateways import files
from dekon.lib.findings import Finding
from dekon.org.choices import Action
from dekon.web import moments
from dekon.web.access import access, offer, person
from dekon.web.formats import reader_language
from dekon.web.imports import lines, listing, marked, offers, waiting
from dekon.web.imports.options import options_of
from dekon.web.pages import Crumb, answer
from dekon.web.trail.listing import timeline

if TYPE_CHECKING:
    from dekon.budget.models import ImportRun

REASON_LENGTH = 5
MEGABYTE = 1024 * 1024


def _crumbs(*more: Crumb) -> list[Crumb]:
    return [(_("Beranda"), reverse("start")), (_("Impor"), reverse("imports")), *more]


@access(Action.IMPORT_FILES)
@require_GET
def imports(request: HttpRequest) -> HttpResponseBase:
    """All files; those that the worker is busy with stand above the others."""
    busy = [] if moments.moment_of(request) else waiting.all_of(request)
    content: dict[str, Any] = {"busy": [(run, waiting.words(run)) for run in busy], "waiting": bool(busy)}
    if request.headers.get("HX-Request"):
        return waiting.reload(busy) or render(request, "imports/busy.html.jinja", content, using="jinja2")
    return answer(
        request,
        "imports/imports.html.jinja",
        crumbs=_crumbs()[:2],
        tabled=[listing.history_table(budget.import_runs(person(request)))],
        limit_mb=files.MAX_BYTES // MEGABYTE,
        said=[str(message) for message in get_messages(request)],
        **content,
    )


@access(Action.IMPORT_FILES)
@require_POST
def upload(request: HttpRequest) -> HttpResponseBase:
    """Take the files in; each is checked for itself, so that a bad one keeps no other back."""
    brought = request.FILES.getlist("berkas")
    if not brought:
        raise RuleBroken("page-no-file")
    options = options_of(request)
    taken, refused = [], []
    for file in brought:
        try:
            taken.append(_take(request, file, options))
        except RuleBroken as problem:
            refused.append(problem)
            messages.error(request, f"{file.name}: {problem.message(reader_language())}")
    if refused and not taken:
        raise refused[0]
    return redirect("import", taken[0].pk) if len(brought) == 1 else redirect("imports")


def _take(request: HttpRequest, file: UploadedFile[Any], options: ImportOptions) -> ImportRun:
    kept = files.keep(file.chunks())
    return services.bring_file(
        actor=person(request), path=kept.path, file_name=file.name or "", options=options, now=timezone.now()
    )


@access(Action.IMPORT_FILES)
@require_GET
def preview(request: HttpRequest, number: int) -> HttpResponseBase:
    """What became of a file, or how far its check or application is."""
    run = waiting.one(request, number)
    content: dict[str, Any] = {
        "run": run,
        "totals": listing.totals(run),
        "unit_words": _("juta rupiah"),
        "offers": {
            "apply": offer(request, Action.APPLY_IMPORT, matter_of_import(run)),
            "undo": offer(
                request, Action.UNDO_IMPORT, matter_of_import(run), awaited=run.status == ImportStatus.APPLIED
            ),
        },
        "waiting": run.waiting,
        "past": bool(moments.moment_of(request)),
        "progress": waiting.words(run),
        "errors": listing.count(run, "error"),
        "warnings": listing.count(run, "warning"),
        "can_mark": marked.possible(run),
        "missing": offers.missing_codes(run),
        "open_versions": offers.open_versions(run),
    }
    if request.headers.get("HX-Request"):
        return waiting.reload([run]) or render(request, "imports/state.html.jinja", content, using="jinja2")
    return answer(
        request,
        "imports/preview.html.jinja",
        crumbs=_crumbs((f"#{run.pk}", "")),
        year=run.fiscal_year,
        tabled=[listing.breakdown_table(run), listing.findings_table(run), *lines.brought(run)],
        trail=timeline(request, "import", number),
        **content,
    )


@access(Action.APPLY_IMPORT)
@require_POST
def apply(request: HttpRequest, number: int) -> HttpResponseBase:
    """Let the worker apply it; a second click finds it on its way."""
    run = budget.import_run(person(request), number)
    services.ask_to_apply(actor=person(request), import_id=run.pk, now=timezone.now())
    return redirect("import", run.pk)


@access(Action.STOP_IMPORT)
@require_POST
def stop(request: HttpRequest, number: int) -> HttpResponseBase:
    """Take back the wish to apply it."""
    run = budget.import_run(person(request), number)
    services.stop_applying(actor=person(request), import_id=run.pk)
    return redirect("import", run.pk)


@access(Action.DISCARD_IMPORT)
@require_POST
def discard(request: HttpRequest, number: int) -> HttpResponseBase:
    """Drop a file that is not applied."""
    run = budget.import_run(person(request), number)
    services.discard_import(actor=person(request), import_id=run.pk, now=timezone.now())
    return redirect("import", run.pk)


@access(Action.IMPORT_FILES)
@require_POST
def recheck(request: HttpRequest, number: int) -> HttpResponseBase:
    """The same file again, with what the person has said about it since."""
    run = budget.import_run(person(request), number)
    again = services.bring_file(
        actor=person(request),
        path=files.stored(run.sha256),
        file_name=run.file_name,
        options=options_of(request, before=run),
        now=timezone.now(),
    )
    return redirect("import", again.pk)


@access(Action.UNDO_IMPORT)
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponseBase:
    reason = request.POST.get("alasan", "").strip()
    if len(reason) < REASON_LENGTH:
        raise RuleBroken("page-reason-missing", length=REASON_LENGTH)
    services.undo_import(actor=person(request), import_id=number, reason=reason[:1000], now=timezone.now())
    return redirect("import", number)


@access(Action.IMPORT_FILES)
@require_GET
def marked_file(request: HttpRequest, number: int) -> HttpResponseBase:
    run = budget.import_run(person(request), number)
    found = [Finding.from_record(record) for record in run.findings]
    audit.record_reading(
        actor=person(request), kind=Reading.FILE, subject_type="import", subject_id=run.pk,
        subject_name=marked.name_of(run), facts={"sha256": run.sha256},
    )  # fmt: skip
    with NamedTemporaryFile(suffix=".xlsx") as target:
        services.write_marked_workbook(files.stored(run.sha256), found, Path(target.name), reader_language())
        return FileResponse(Path(target.name).open("rb"), as_attachment=True, filename=marked.name_of(run))
