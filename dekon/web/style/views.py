"""Every component in one place, with invented figures; a new one is added here before a page uses it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dekon.performance.selectors import Figures
from dekon.web.access import public
from dekon.web.formats import money_head
from dekon.web.pages import answer
from dekon.web.recap import board
from dekon.web.tables import Cell, Column, Line, Table, cells

DAY = date(2022, 10, 7)
SAMPLE = Figures(
    pagu_rp=128_900_000_000, blocked_rp=272_450_000, reserved_rp=12_000_000, realised_rp=81_240_000_000,
    planned_rp=89_700_000_000,
)  # fmt: skip
COLOURS = (
    "ink", "ink-2", "ink-3", "nila", "nila-solid", "nila-wash", "merah", "surface", "sunk", "line", "line-strong",
    "ok", "ok-wash", "warn", "warn-wash", "bad", "bad-wash", "c-real", "c-plan", "c-gap",
)  # fmt: skip
ICONS = tuple(re.findall(r'id="i-([a-z]+)"', (Path(__file__).parent.parent / "static" / "ikon.svg").read_text("utf-8")))
ROWS = 60


def sample_table() -> Table:
    """One column of every kind, and enough rows for several pages."""
    unit = money_head("juta")
    columns = (
        Column("teks", _("Provinsi")),
        Column("kode", _("Kode"), "code"),
        Column("uang", _("Pagu"), "money", unit),
        Column("jumlah", _("Baris"), "number"),
        Column("batang", _("Penyerapan"), "bar", _("% pagu")),
        Column("poin", _("Selisih"), "points", _("poin")),
        Column("hari", _("Tanggal"), "date"),
        Column("saat", _("Waktu"), "moment", "", "u"),
        Column("status", _("Status"), "badge"),
    )
    lines = tuple(_sample_line(number) for number in range(1, ROWS + 1))
    total = Line(cells(_("Jumlah"), None, SAMPLE.pagu_rp, ROWS, SAMPLE.absorption, None, None, None, None))
    return Table("contoh", _("Contoh tabel"), columns, lines, total, page_size=5)


def _sample_line(number: int) -> Line:
    share = Decimal(number * 37 % 100) / 100
    tone, words = board.judged(Figures(pagu_rp=100, planned_rp=70, realised_rp=int(share * 100)), DAY)
    moment = datetime(DAY.year, DAY.month, DAY.day, number % 10, 40, tzinfo=UTC)
    return Line(
        cells(
            Cell(_("Contoh %(number)s") % {"number": number}, sub=f"2175.SCH.{number:03}"),
            f"{number:06}",
            number * 71_610_000,
            number,
            Cell(share, plan=Decimal("0.7")),
            share - Decimal("0.7"),
            DAY,
            moment,
            Cell(words, tone=tone),
        )
    )


@public
@require_GET
def style(request: HttpRequest) -> HttpResponseBase:
    return answer(
        request,
        "style/style.html.jinja",
        crumbs=[(_("Beranda"), reverse("start")), (_("Halaman gaya"), "")],
        tabled=[sample_table()],
        board=board.board(SAMPLE, DAY, ""),
        sample=SAMPLE,
        day=DAY,
        colours=COLOURS,
        icons=ICONS,
    )
