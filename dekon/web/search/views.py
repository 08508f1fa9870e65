"""Search: provinces, satker, outputs, payments by SP2D number; only within the person's place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dekon.budget import selectors as budget
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.org.selectors import Place
from dekon.web import formats
from dekon.web.access import access, may
from dekon.web.address import Address
from dekon.web.filters import place_asked, year_of
from dekon.web.pages import answer
from dekon.web.tables import Cell, Column, Line, Table, cells

MIN_LENGTH, MAX_LENGTH = 2, 80
LEVELS = ("program", "kegiatan", "kro", "ro", "komponen", "akun")


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found."""

    kind: str
    words: str
    detail: str
    href: str


@access(Action.VIEW_PLACE)
@require_GET
def search(request: HttpRequest) -> HttpResponseBase:
    text, year = request.GET.get("q", "").strip()[:MAX_LENGTH].replace("\x00", ""), year_of(request)
    hits = list(found(request, text, year)) if len(text) >= MIN_LENGTH else []
    return answer(
        request,
        "search/search.html.jinja",
        year=year,
        crumbs=[(_("Beranda"), reverse("start")), (_("Cari"), "")],
        text=text,
        tabled=[hit_table(hits)] if len(text) >= MIN_LENGTH else [],
        count=len(hits),
    )


def found(request: HttpRequest, text: str, year: int) -> Iterator[Hit]:
    """Everything that carries the text."""
    place, address, low = place_asked(request), Address.of(request), text.lower()
    for province in org.listed_provinces():
        seen = may(request, Action.VIEW_PLACE, Place(province=province.code)) if low in province.name.lower() else False
        if seen:
            yield Hit(
                _("Provinsi"),
                province.name,
                province.code,
                address.elsewhere(reverse("province", args=[province.code])),
            )
    for satker in org.listed_satker(province=place.province, unit=place.unit):
        if (low in satker.name.lower() or satker.code.startswith(text)) and place.satker in {"", satker.code}:
            yield Hit(_("Satker"), satker.name, satker.code, address.elsewhere(reverse("drill"), satker=satker.code))
    for output in budget.find_outputs(text, year=year, province=place.province, unit=place.unit, satker=place.satker):
        path = {
            "satker": output.satker,
            "program": output.program,
            "kegiatan": output.kegiatan,
            "kro": output.kro,
            "ro": output.ro,
        }
        code = f"{output.satker} · {output.kegiatan}.{output.kro}.{output.ro}"
        yield Hit(_("Rincian output"), output.name or code, code, address.elsewhere(reverse("drill"), **path))
    if text.isascii() and text.isalnum():
        for payment in budget.find_payments(text, province=place.province, unit=place.unit, satker=place.satker):
            path = dict(zip(LEVELS, payment.path, strict=True))
            detail = f"{payment.satker} · {formats.day_short(payment.sp2d_on)} · {formats.exact(payment.amount_rp)}"
            yield Hit(
                _("SP2D"), payment.sp2d_no, detail, address.elsewhere(reverse("drill"), satker=payment.satker, **path)
            )


def hit_table(hits: list[Hit]) -> Table:
    """What was found."""
    columns = (
        Column("nama", _("Ditemukan")),
        Column("jenis", _("Jenis")),
        Column("keterangan", _("Keterangan"), wide=True),
    )
    lines = tuple(Line(cells(Cell(hit.words, hit.href), hit.kind, hit.detail)) for hit in hits)
    return Table(
        "hasil",
        _("Hasil pencarian"),
        columns,
        lines,
        empty=_("Tidak ada yang cocok. Coba kode satker, nama RO, atau awal nomor SP2D."),
    )
