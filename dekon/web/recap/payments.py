"""The table of single payment lines, whose rows stay in the database."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dekon.performance import selectors
from dekon.performance.selectors import PaymentLineView, PaymentOrder, RecapFilter
from dekon.web.formats import number
from dekon.web.tables import Column, Line, Order, Source, Table, cells

PAGE_SIZE = 25
ORDERS = {
    "tanggal": "date",
    "sp2d": "sp2d",
    "spm": "spm",
    "uraian": "description",
    "jenis": "kind",
    "pengaruh": "effect",
    "jumlah": "amount",
    "dihitung": "counted",
}
"""Column → what the database sorts by."""


def payment_table(asked: RecapFilter, unit: str) -> Table:
    """The payment lines of a cut: sought, sorted and added up over all of them, whatever page is shown."""
    columns = (
        Column("sp2d", _("Nomor SP2D"), "code"),
        Column("tanggal", _("Tanggal SP2D"), "date"),
        Column("spm", _("Nomor SPM"), "code", "", "u"),
        Column("uraian", _("Uraian"), wide=True),
        Column("jenis", _("Jenis SPP")),
        Column("pengaruh", _("Pengaruh")),
        Column("jumlah", _("Jumlah"), "money", unit),
        Column("dihitung", _("Dihitung realisasi"), "money", unit),
    )
    return Table(
        "sp2d",
        _("Baris SP2D"),
        columns,
        empty=_("Belum ada baris SP2D; realisasi berasal dari jumlah FA Detail."),
        page_size=PAGE_SIZE,
        source=Source(partial(_sums, asked), partial(_lines, asked)),
    )


def _sums(asked: RecapFilter, search: str) -> tuple[int, Line | None]:
    sums = selectors.payment_sums(asked, search)
    words = ngettext("Jumlah %(num)s baris", "Jumlah %(num)s baris", sums.count) % {"num": number(sums.count)}
    total = Line(cells(words, None, None, None, None, None, sums.amount_rp, sums.counted_rp))
    return sums.count, total if sums.count else None


def _lines(asked: RecapFilter, order: Order, start: int, limit: int | None) -> Iterator[Line]:
    wanted = PaymentOrder(order.search, ORDERS.get(order.column, "date"), order.descending)
    return map(_line, selectors.payment_lines(asked, wanted, start=start, limit=limit))


def _line(line: PaymentLineView) -> Line:
    return Line(
        cells(
            line.sp2d_no,
            line.sp2d_on,
            line.spm_no,
            line.description,
            line.spp_kind_name or line.spp_kind,
            line.effect_words,
            line.amount_rp,
            line.counted_rp,
        )
    )
