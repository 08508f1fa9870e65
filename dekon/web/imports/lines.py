"""The payment lines that a file brought; those of an undone import are still to be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from dekon.budget import selectors as budget
from dekon.web.tables import Cell, Column, Line, Order, Source, Table, cells

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dekon.budget.models import ImportRun, PaymentLine

PAGE_SIZE = 25
KINDS = frozenset({"monsakti-realisasi", "myintress-detail"})
"""Kinds of files that bring payment lines."""
SORTED_BY = {
    "sp2d": "sp2d_no",
    "tanggal": "sp2d_on",
    "satker": "satker__code",
    "akun": "akun",
    "uraian": "description",
    "jumlah": "amount_rp",
}
"""Column → field that the database sorts by."""


def brought(run: ImportRun) -> list[Table]:
    """The table of its lines, where the file was applied at some time and is of a kind that has any."""
    return [lines_table(run)] if run.kind in KINDS and run.status in {"applied", "undone"} else []


def lines_table(run: ImportRun) -> Table:
    """The payment lines that the file brought first; they stay in the database but for a page."""
    columns = (
        Column("sp2d", _("Nomor SP2D"), "code"),
        Column("tanggal", _("Tanggal SP2D"), "date"),
        Column("satker", _("Satker"), "code"),
        Column("akun", _("Akun"), "code"),
        Column("uraian", _("Uraian"), wide=True),
        Column("jumlah", _("Jumlah"), "money", _("juta rupiah")),
        Column("keadaan", _("Keadaan"), "badge", place="st"),
    )
    lines = budget.lines_of_import(run.pk)
    return Table(
        "baris",
        _("Baris pembayaran dari berkas ini"),
        columns,
        empty=_("Berkas ini tidak membawa baris pembayaran baru."),
        page_size=PAGE_SIZE,
        source=Source(lambda search: (sought(lines, search).count(), None), lambda *asked: _portion(lines, *asked)),
    )


def sought(lines: QuerySet[PaymentLine], search: str) -> QuerySet[PaymentLine]:
    """The lines in which each word stands: number, description, satker, akun."""
    for word in search.split()[:10]:
        lines = lines.filter(
            Q(sp2d_no__icontains=word)
            | Q(description__icontains=word)
            | Q(satker__code=word)
            | Q(akun__startswith=word)
        )
    return lines


def _portion(lines: QuerySet[PaymentLine], order: Order, start: int, limit: int | None) -> Iterator[Line]:
    found = sought(lines, order.search)
    if field := SORTED_BY.get(order.column):
        found = found.order_by(f"-{field}" if order.descending else field, "id")
    portion = found[start:] if limit is None else found[start : start + limit]
    return map(_line, portion.iterator(chunk_size=500))


def _line(line: PaymentLine) -> Line:
    if line.withdrawn_at:
        state = Cell(_("Ditarik"), tone="warn")
    else:
        state = Cell(budget.effect_words(line.stage, line.effect), tone="mute")
    return Line(cells(line.sp2d_no, line.sp2d_on, line.satker.code, line.akun, line.description, line.amount_rp, state))
