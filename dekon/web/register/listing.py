"""The table of the register; its rows stay in the database but for a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.documents import selectors
from dekon.documents.choices import RegisterState
from dekon.documents.selectors import Sought
from dekon.web.tables import Cell, Column, Line, Order, Source, Table, Tone, cells

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dekon.documents.models import Document

TONES: dict[str, Tone] = {
    RegisterState.WAITING: "warn", RegisterState.VALID: "ok", RegisterState.SUPERSEDED: "mute",
    RegisterState.REVOKED: "bad",
}  # fmt: skip
SORTED_BY = {
    "nomor": "number", "tanggal": "issued_at", "judul": "title", "jenis": "kind", "sifat": "openness",
    "status": "state", "klasifikasi": "said_classification", "mitra": "said_partner_number", "hal": "said_subject",
}  # fmt: skip


def register_table(sought: Sought) -> Table:
    """The documents that are sought."""
    columns = (
        Column("nomor", _("Nomor"), "code"),
        Column("tanggal", _("Tanggal"), "moment"),
        Column("judul", _("Naskah"), wide=True),
        Column("jenis", _("Jenis")),
        Column("mitra", _("Nomor mitra"), "code"),
        Column("klasifikasi", _("Kode klasifikasi"), "code"),
        Column("sifat", _("Sifat")),
        Column("hal", _("Hal"), wide=True),
        Column("status", _("Status"), "badge", place="st"),
    )
    return Table(
        "naskah", _("Register naskah"), columns, empty=_("Tidak ada naskah untuk saringan ini."),
        source=Source(partial(_count, sought), partial(_lines, sought)),
    )  # fmt: skip


def _rows(sought: Sought, words: str) -> QuerySet[Document]:
    return selectors.register(replace(sought, words=words))


def _count(sought: Sought, words: str) -> tuple[int, None]:
    return _rows(sought, words).count(), None


def _lines(sought: Sought, order: Order, start: int, limit: int | None) -> Iterator[Line]:
    found = _rows(sought, order.search)
    if field := SORTED_BY.get(order.column):
        found = found.order_by(f"-{field}" if order.descending else field, "-pk")
    portion = found[start:] if limit is None else found[start : start + limit]
    return map(_line, portion.iterator(chunk_size=500))


def _line(document: Any) -> Line:  # noqa: ANN401  a document with what the selector annotates
    state = RegisterState(document.state)
    return Line(
        cells(
            Cell(document.number, reverse("document", args=[document.pk])),
            document.issued_at,
            Cell(document.title, sub=str(document.satker) if document.satker else ""),
            document.get_kind_display(),
            document.said_partner_number or None,
            document.said_classification or None,
            document.get_openness_display(),
            document.said_subject or None,
            Cell(str(state.label), tone=TONES[state]),
        )
    )
