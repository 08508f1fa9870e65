"""The tables of execution records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.budget.choices import RECORD_FIELDS, AdvanceMove, RecordKind
from dekon.web import formats
from dekon.web.records.forms import field_words
from dekon.web.tables import Cell, Column, Kind, Line, Table

if TYPE_CHECKING:
    from dekon.budget.models import ExecutionRecord

KINDS: dict[str, Kind] = {
    "amount_rp": "money", "percent": "percent", "dated_on": "date", "arrived_on": "date", "paid_on": "date",
    "akun": "code", "ro": "code",
}  # fmt: skip
PERCENT = 100


def record_tables(records: Iterable[ExecutionRecord], *, may_withdraw: bool) -> list[Table]:
    """A table for each kind, also for those of which nothing is recorded."""
    by_kind: dict[str, list[ExecutionRecord]] = {kind: [] for kind in RecordKind.values}
    for one in records:
        by_kind[one.kind].append(one)
    return [_table(RecordKind(kind), found, may_withdraw=may_withdraw) for kind, found in by_kind.items()]


def _table(kind: RecordKind, records: Iterable[ExecutionRecord], *, may_withdraw: bool) -> Table:
    names = RECORD_FIELDS[kind]
    columns = [
        Column(name, field_words(kind, name), KINDS.get(name, "text"), _("rupiah") if name == "amount_rp" else "")
        for name in names
    ]
    columns.append(Column("asal", _("Asal")))
    if may_withdraw:
        columns.append(Column("tindakan", _("Tindakan")))
    lines = tuple(
        Line((*(_cell(one, name) for name in names), *_last(one, may_withdraw=may_withdraw))) for one in records
    )
    return Table(kind.value, str(kind.label), tuple(columns), lines, empty=_("Belum ada yang dicatat."))


def _cell(one: ExecutionRecord, name: str) -> Cell:
    value = getattr(one, name)
    if name == "month":
        return Cell(formats.month(value))
    if name == "move":
        return Cell(str(AdvanceMove(value).label))
    if name == "percent":
        return Cell(value / PERCENT)
    return Cell(value)


def _last(one: ExecutionRecord, *, may_withdraw: bool) -> Iterable[Cell]:
    if one.import_run_id:
        yield Cell(_("Impor #%(number)s") % {"number": one.import_run_id}, reverse("import", args=[one.import_run_id]))
    else:
        yield Cell(_("dicatat"), sub=formats.day(one.recorded_at.date()))
    if may_withdraw:
        yield Cell(_("Tarik"), reverse("record-withdraw", args=[one.pk]))


def withdrawn_table(records: Iterable[ExecutionRecord]) -> Table:
    """What was withdrawn, and why."""
    columns = (
        Column("jenis", _("Jenis")), Column("apa", _("Catatan")), Column("kapan", _("Ditarik"), "moment"),
        Column("sebab", _("Sebab"), wide=True),
    )  # fmt: skip
    lines = tuple(
        Line((
            Cell(str(RecordKind(one.kind).label)), Cell(one.name), Cell(one.withdrawn_at),
            Cell(one.withdrawal_reason or _("diganti impor #%(number)s") % {"number": one.replaced_by_id or "–"}),
        ))
        for one in records
    )  # fmt: skip
    return Table("ditarik", _("Yang ditarik"), columns, lines, empty=_("Belum ada yang ditarik."))
