"""Upload, preview, apply, undo."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dekon.budget import selectors as budget
from dekon.budget import services
from dekon.errors import RuleBroken
from dekon.gateways import files
from dekon.lib.findings import Finding
from dekon.org.choices import Action
from dekon.web.access import access, may, person
from dekon.web.formats import reader_language
from dekon.web.imports import listing, marked
from dekon.web.imports.options import options_of
from dekon.web.pages import Crumb, answer

REASON_LENGTH = 5
MEGABYTE = 1024 * 1024


def _crumbs(*more: Crumb) -> list[Crumb]:
    return [(_("Beranda"), reverse("start")), (_("Impor"), reverse("imports")), *more]


@access(Action.IMPORT_FILES)
@require_GET
def imports(request: HttpRequest) -> HttpResponseBase:
    history = budget.import_runs(person(request))
    return answer(
        request,
        "imports/imports.html.jinja",
        crumbs=_crumbs()[:2],
        tabled=[listing.history_table(history)],
        limit_mb=files.MAX_BYTES // MEGABYTE,
    )


@access(Action.IMPORT_FILES)
@require_POST
def upload(request: HttpRequest) -> HttpResponseBase:
    brought = request.FILES.getlist("berkas")
    if not brought:
        raise RuleBroken("page-no-file")
    runs = [
        services.check_file(
            actor=person(request),
            path=files.keep(file.chunks()).path,
            file_name=file.name or "",
            options=options_of(request),
            now=timezone.now(),
        )
        for file in brought
    ]
    return redirect("import", runs[0].pk) if len(runs) == 1 else redirect(f"{reverse('imports')}?baru={len(runs)}")


@access(Action.IMPORT_FILES)
@require_GET
def preview(request: HttpRequest, number: int) -> HttpResponseBase:
    run = budget.import_run(person(request), number)
    content: dict[str, Any] = {
        "run": run,
        "totals": listing.totals(run),
        "unit_words": _("juta rupiah"),
        "may_undo": may(request, Action.UNDO_IMPORT),
        "waiting": run.status == "checking",
        "errors": listing.count(run, "error"),
        "warnings": listing.count(run, "warning"),
        "can_mark": marked.possible(run),
    }
    if request.headers.get("HX-Request"):
        return render(request, "imports/state.html.jinja", content, using="jinja2")
    return answer(
        request,
        "imports/preview.html.jinja",
        crumbs=_crumbs((f"#{run.pk}", "")),
        year=run.fiscal_year,
        tabled=[listing.breakdown_table(run), listing.findings_table(run)],
        **content,
    )


@access(Action.IMPORT_FILES)
@require_POST
def apply(request: HttpRequest, number: int) -> HttpResponseBase:
    run = budget.import_run(person(request), number)
    services.apply_import(actor=person(request), import_id=run.pk, path=files.stored(run.sha256), now=timezone.now())
    return redirect("import", run.pk)


@access(Action.IMPORT_FILES)
@require_POST
def recheck(request: HttpRequest, number: int) -> HttpResponseBase:
    """The same file again, with what the person has said about it since."""
    run = budget.import_run(person(request), number)
    again = services.check_file(
        actor=person(request),
        path=files.stored(run.sha256),
        file_name=run.file_name,
        options=options_of(request),
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
    with NamedTemporaryFile(suffix=".xlsx") as target:
        services.write_marked_workbook(files.stored(run.sha256), found, Path(target.name), reader_language())
        return FileResponse(Path(target.name).open("rb"), as_attachment=True, filename=marked.name_of(run))
