"""Imports: bring a file, read what was found, apply it, take it back."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from ninja import File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from dekon.api.access import allow, caller
from dekon.api.envelope import MANY_LINES, ONE_LINE, answers, language
from dekon.api.paging import Page, PageQuery, Rows, paged
from dekon.audit import services as audit
from dekon.audit.choices import Reading
from dekon.budget import selectors, services
from dekon.budget.services import ImportOptions
from dekon.gateways import files
from dekon.lib.findings import Finding
from dekon.org.choices import Action

router = Router()

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FindingOut(Schema):
    """One thing wrong or noteworthy in a file, with its place."""

    severity: Literal["error", "warning"]
    code: str
    message: str
    sheet: str
    cell: str
    row: int | None
    column: str
    value: str

    @classmethod
    def of(cls, finding: Finding) -> FindingOut:
        """The finding in the language of the request."""
        return cls(
            severity=finding.severity, code=finding.code, message=finding.message(language()), sheet=finding.sheet,
            cell=finding.cell, row=finding.row, column=finding.column, value=finding.value,
        )  # fmt: skip


class RowsOut(Schema):
    """What became of the rows of a file."""

    read: int = Field(alias="rows_read")
    new: int = Field(alias="rows_new")
    changed: int = Field(alias="rows_changed")
    same: int = Field(alias="rows_same")
    refused: int = Field(alias="rows_refused")


class ImportOut(Schema):
    """A file that somebody brought: what it is, what was found, what it changed."""

    id: int
    file: str = Field(alias="file_name", examples=["fa_detail_maret.xlsx"])
    sha256: str
    size_bytes: int
    kind: str = Field(examples=["fa-detail"])
    status: str = Field(
        description="checking, checked, applying, applied, unchanged, refused, discarded or undone",
        examples=["checked"],
    )
    year: int | None = Field(alias="fiscal_year", examples=[2022])
    period: date | None = Field(description="last day of the period it speaks of", examples=["2022-03-31"])
    satker: list[str] = Field(alias="satker_codes")
    rows: RowsOut
    totals_rp: dict[str, int] = Field(examples=[{"pagu": 52738349000, "realised": 5841454998}])
    finding_count: int
    by: str = Field(alias="created_by.username")
    created_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None
    undo_reason: str

    @staticmethod
    def resolve_rows(run: object) -> object:
        """The counts stand on the record itself."""
        return run


class ImportDetailOut(ImportOut):
    """A file with its preview and everything that was found in it."""

    breakdown: list[dict[str, str | int]] = Field(
        description="totals by programme and spending type, stored and stated"
    )
    versions: list[dict[str, str | int]] = Field(description="versions of the budget found in the file")
    findings: list[FindingOut]

    @staticmethod
    def resolve_findings(run: Any) -> list[FindingOut]:
        """The stored findings in the language of the request."""
        return [FindingOut.of(Finding.from_record(record)) for record in run.findings]


class ProgressOut(Schema):
    """How far the check or application of a file is."""

    id: int
    status: str = Field(examples=["applying"])
    waiting: bool = Field(description="whether it is still going on; ask again after a second")
    phase: str = Field(description="queued, reading, comparing or posting; empty when done", examples=["reading"])
    rows_done: int = Field(description="rows read so far", examples=[12000])
    rows_expected: int | None = Field(description="rows there are, where an earlier check counted them")

    @staticmethod
    def resolve_rows_expected(run: Any) -> int | None:
        """Only an application knows from its check."""
        return run.rows_read if run.status == "applying" else None


class ImportForm(Schema):
    """What the sender says about a file; all of it is found by itself where the file says so."""

    kind: Annotated[str, Field(pattern=ONE_LINE, max_length=24, examples=["fa-detail"])] = ""
    year: Annotated[int | None, Field(ge=2000, le=2100, examples=[2022])] = None
    period: Annotated[date | None, Field(description="last day of the period", examples=["2022-03-31"])] = None
    satker: Annotated[str, Field(pattern=ONE_LINE, max_length=6, examples=["029108"])] = ""
    create_missing: Annotated[bool, Field(description="create satker and codes that the file knows enough about")] = (
        False
    )
    version_code: Annotated[
        str,
        Field(
            pattern=ONE_LINE, max_length=3, examples=["B01"],
            description="confirms which version of a budget counts; needed where none of the file is in force (B, C)",
        ),
    ] = ""  # fmt: skip
    background: Annotated[bool, Field(description="answer at once with status checking; ask for the progress")] = False


class ApplyQuery(Schema):
    """How to apply a file."""

    background: Annotated[bool, Field(description="answer at once with status applying; ask for the progress")] = False


class ImportQuery(PageQuery):
    """The history of imports."""

    status: Annotated[str, Field(pattern=ONE_LINE, max_length=12, examples=["applied"])] = ""
    kind: Annotated[str, Field(pattern=ONE_LINE, max_length=24, examples=["fa-detail"])] = ""


class UndoIn(Schema):
    """Why an import is taken back."""

    reason: Annotated[
        str, Field(pattern=MANY_LINES, min_length=3, max_length=1000, examples=["Berkas bulan yang salah"])
    ]


@router.post(
    "/imports", auth=allow(Action.IMPORT_FILES), response=answers(ImportDetailOut, status=201), summary="Bring a file"
)
def bring(request: HttpRequest, file: File[UploadedFile], form: Form[ImportForm]) -> Status[object]:
    """Check a file: everything that is wrong with it, and what it would change. Nothing is changed yet."""
    kept = files.keep(file.chunks())
    options = ImportOptions(**form.model_dump(exclude={"background"}))
    check = services.bring_file if form.background else services.check_file
    made = check(actor=caller(request), path=kept.path, file_name=file.name or "-", options=options, now=timezone.now())
    return Status(201, made)


@router.get(
    "/imports", auth=allow(Action.IMPORT_FILES), response=answers(Page[ImportOut]), summary="History of imports"
)
def history(request: HttpRequest, query: Query[ImportQuery]) -> Rows:
    """Everything that was tried, applied, refused or undone, newest first."""
    return paged(selectors.import_runs(caller(request), status=query.status, kind=query.kind), query)


@router.get(
    "/imports/{number}", auth=allow(Action.IMPORT_FILES), response=answers(ImportDetailOut), summary="One import"
)
def one(request: HttpRequest, number: int) -> object:
    """An import with its preview and findings."""
    return selectors.import_run(caller(request), number)


@router.get(
    "/imports/{number}/progress", auth=allow(Action.IMPORT_FILES), response=answers(ProgressOut), summary="Progress"
)
def progress(request: HttpRequest, number: int) -> object:
    """How far the check or application of a file is that was asked for with `background`."""
    return selectors.import_run(caller(request), number)


@router.post(
    "/imports/{number}/apply", auth=allow(Action.APPLY_IMPORT), response=answers(ImportDetailOut), summary="Apply"
)
def apply(request: HttpRequest, number: int, query: Query[ApplyQuery]) -> object:
    """Apply a checked file in one transaction; it is read again, since the book may have moved on."""
    run = selectors.import_run(caller(request), number)
    if query.background:
        return services.ask_to_apply(actor=caller(request), import_id=run.pk, now=timezone.now())
    path = files.stored(run.sha256)
    return services.apply_import(actor=caller(request), import_id=run.pk, path=path, now=timezone.now())


@router.post(
    "/imports/{number}/stop", auth=allow(Action.STOP_IMPORT), response=answers(ImportDetailOut), summary="Stop"
)
def stop(request: HttpRequest, number: int) -> object:
    """Take back the wish to apply a file while that goes on: nothing of it is written, it waits again."""
    run = selectors.import_run(caller(request), number)
    return services.stop_applying(actor=caller(request), import_id=run.pk)


@router.post(
    "/imports/{number}/discard", auth=allow(Action.DISCARD_IMPORT), response=answers(ImportDetailOut), summary="Discard"
)
def discard(request: HttpRequest, number: int) -> object:
    """Drop a file that is not applied; the record that it was tried stays."""
    run = selectors.import_run(caller(request), number)
    return services.discard_import(actor=caller(request), import_id=run.pk, now=timezone.now())


@router.post(
    "/imports/{number}/undo", auth=allow(Action.UNDO_IMPORT), response=answers(ImportDetailOut), summary="Undo"
)
def undo(request: HttpRequest, number: int, body: UndoIn) -> object:
    """Take an applied import back by reversing entries; what it had posted stays readable."""
    return services.undo_import(actor=caller(request), import_id=number, reason=body.reason, now=timezone.now())


@router.get(
    "/imports/{number}/workbook",
    auth=allow(Action.IMPORT_FILES),
    response=answers(None),
    summary="The own workbook with marks",
    openapi_extra={"responses": {200: {"description": "a workbook (xlsx)", "content": {WORKBOOK: {}}}}},
)
def workbook(request: HttpRequest, number: int) -> FileResponse:
    """The file as it was brought, its bad cells marked, with a sheet in front that lists what to do."""
    run = selectors.import_run(caller(request), number)
    findings = [Finding.from_record(record) for record in run.findings]
    audit.record_reading(
        actor=caller(request), kind=Reading.FILE, subject_type="import", subject_id=run.pk, subject_name=run.file_name,
        facts={"sha256": run.sha256},
    )  # fmt: skip
    with TemporaryDirectory() as folder:
        target = Path(folder) / "marked.xlsx"
        services.write_marked_workbook(files.stored(run.sha256), findings, target, language())
        content = io.BytesIO(target.read_bytes())
    return FileResponse(content, as_attachment=True, filename=f"{PurePath(run.file_name).stem}-bertanda.xlsx")
