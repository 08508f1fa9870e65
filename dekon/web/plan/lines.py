"""The tables of single things of the plan: tags, releases, reservations, one version of the RPD."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.web.address import Address
from dekon.web.filters import SPENDING_TYPES, spending_type_name
from dekon.web.formats import month_short
from dekon.web.plan.forms import path_words
from dekon.web.tables import Cell, Column, Line, Table, cells

if TYPE_CHECKING:
    from dekon.budget.models import BlockRelease, Reservation, ReservationRelease, Theme


def tag_table(theme: Theme) -> Table:
    """What a theme tags, year by year."""
    columns = (
        Column("tahun", _("Tahun"), "code"),
        Column("kode", _("Kegiatan atau RO"), "code"),
        Column("tindakan", _("Tindakan")),
    )
    lines = []
    for tag in sorted(theme.tags.all(), key=lambda tag: (-tag.fiscal_year, tag.kegiatan, tag.kro, tag.ro)):
        code = ".".join(filter(None, (tag.kegiatan, tag.kro, tag.ro)))
        untag = f"{reverse('theme-untag', args=[theme.pk, tag.fiscal_year])}?kode={code}"
        lines.append(Line(cells(str(tag.fiscal_year), code, Cell(_("Lepaskan"), untag))))
    return Table("penanda", _("Yang ditandai"), columns, tuple(lines), empty=_("Belum ada yang ditandai."))


def release_table(releases: Iterable[BlockRelease]) -> Table:
    """The releases of a block."""
    columns = (
        Column("sejak", _("Dibuka mulai"), "date"),
        Column("jumlah", _("Nilai"), "money", _("rupiah")),
        Column("surat", _("Surat"), wide=True),
        Column("tanggal", _("Tanggal surat"), "date"),
    )
    lines = tuple(
        Line(cells(one.released_on, one.amount_rp, one.letter_no or _("menurut berkas"), one.letter_on))
        for one in releases
    )
    return Table("pembukaan", _("Pembukaan"), columns, lines, empty=_("Belum ada yang dibuka."))


def free_table(releases: Iterable[ReservationRelease]) -> Table:
    """What of a reservation was given free."""
    columns = (
        Column("sejak", _("Dilepas mulai"), "date"),
        Column("jumlah", _("Nilai"), "money", _("rupiah")),
        Column("alasan", _("Alasan atau dasar"), wide=True),
    )
    lines = tuple(Line(cells(one.released_on, one.amount_rp, one.reason)) for one in releases)
    return Table("pelepasan", _("Pelepasan"), columns, lines, empty=_("Belum ada yang dilepas."))


def reservation_table(reservations: Iterable[Reservation], address: Address) -> Table:
    """What is set aside for contracts and orders."""
    columns = (
        Column("dokumen", _("Kontrak atau SPK")),
        Column("satker", _("Satker dan baris anggaran")),
        Column("jumlah", _("Dicadangkan"), "money", _("rupiah")),
        Column("dilepas", _("Dilepas"), "money", _("rupiah")),
        Column("sisa", _("Masih dicadangkan"), "money", _("rupiah")),
        Column("sejak", _("Sejak"), "date"),
    )
    lines = tuple(
        Line(
            cells(
                Cell(one.document, reverse("reservation", args=[one.pk]), one.description),
                Cell(
                    f"{one.pos.satker.code} {one.pos.satker.name}",
                    address.elsewhere(reverse("drill"), satker=one.pos.satker.code),
                    path_words(one.pos),
                ),
                one.amount_rp,
                one.released_rp,
                one.left_rp,
                one.reserved_on,
            )
        )
        for one in reservations
    )
    return Table("cadangan", _("Cadangan kontrak"), columns, lines, empty=_("Belum ada dana yang dicadangkan."))


def rpd_month_table(planned: Iterable[dict[str, Any]]) -> Table:
    """One version of the monthly plan: months by spending type."""
    by_month: dict[int, dict[str, int]] = defaultdict(dict)
    for row in planned:
        by_month[row["month"]][row["spending_type"]] = row["planned_rp"]
    used = [kind for kind in SPENDING_TYPES if any(kind in amounts for amounts in by_month.values())]
    columns = (
        Column("bulan", _("Bulan")),
        *(Column(f"b{kind}", spending_type_name(kind), "money", _("rupiah")) for kind in used),
        Column("jumlah", _("Jumlah"), "money", _("rupiah")),
    )
    lines = tuple(
        Line(cells(month_short(month), *(by_month[month].get(kind, 0) for kind in used), sum(by_month[month].values())))
        for month in range(1, 13)
    )
    sums = [sum(by_month[month].get(kind, 0) for month in range(1, 13)) for kind in used]
    total = Line(cells(_("Setahun"), *sums, sum(sums)))
    return Table("bulan", _("Rencana penarikan per bulan dan jenis belanja"), columns, lines, total)
