"""The table of tasks: what, since when, by when, and where it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dekon.performance.selectors.tasks import Task, TaskKind, tasks_of
from dekon.web import moments
from dekon.web.access import person
from dekon.web.tables import Cell, Column, Line, Table, cells

SOON = 7
PAGES: Mapping[TaskKind, str] = {
    TaskKind.CASE_ANSWER: "case", TaskKind.CASE_CLOSE: "case", TaskKind.DECISION: "decision",
    TaskKind.DECISION_VERIFY: "decision", TaskKind.ISSUE: "issue", TaskKind.ISSUE_SETTLE: "issue",
    TaskKind.SIGNATURE: "signing-place", TaskKind.REGISTRATION: "registration",
}  # fmt: skip
"""Kind of task → the page where it is done."""


def kind_words(kind: TaskKind) -> str:
    """What is to be done."""
    return {
        TaskKind.CASE_ANSWER: _("Jawab selisih"),
        TaskKind.CASE_CLOSE: _("Tutup selisih"),
        TaskKind.DECISION: _("Laksanakan keputusan"),
        TaskKind.DECISION_VERIFY: _("Verifikasi keputusan"),
        TaskKind.ISSUE: _("Jawab persoalan"),
        TaskKind.ISSUE_SETTLE: _("Nilai jawaban"),
        TaskKind.SIGNATURE: _("Tanda tangani"),
        TaskKind.REGISTRATION: _("Putuskan pendaftaran"),
    }[kind]


def count_of(request: HttpRequest) -> int | None:
    """How many things wait for the person; None on pages of the past, where nothing is to be done."""
    if moments.moment_of(request):
        return None
    return len(tasks_of(person(request), timezone.localdate()))


def task_table(found: Iterable[Task], today: date) -> Table:
    """Tasks, the most urgent first."""
    columns = (
        Column("tugas", _("Tugas"), noted=True, wide=True),
        Column("jenis", _("Yang dilakukan")),
        Column("sejak", _("Menunggu sejak"), "date"),
        Column("tenggat", _("Tenggat"), "date"),
        Column("status", _("Keadaan"), "badge"),
    )
    lines = tuple(
        Line(
            cells(
                Cell(one.title, reverse(PAGES[one.kind], args=[one.number]), one.detail),
                kind_words(one.kind),
                one.since,
                one.due_on,
                _standing(one, today),
            )
        )
        for one in found
    )
    return Table("tugas", _("Tugas saya"), columns, lines, empty=_("Tidak ada yang menunggu Anda."))


def _standing(one: Task, today: date) -> Cell:
    if one.due_on is None:
        return Cell(_("Menunggu"), tone="info")
    days = (one.due_on - today).days
    if days < 0:
        return Cell(_("Terlambat %(days)s hari") % {"days": -days}, tone="bad")
    return Cell(
        _("%(days)s hari lagi") % {"days": days} if days else _("Hari ini"), tone="warn" if days < SOON else "info"
    )
