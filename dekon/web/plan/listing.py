"""The tables of the plan pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.budget import selectors as budget
from dekon.budget.selectors import RpdView
from dekon.performance import selectors
from dekon.web.address import Address
from dekon.web.filters import Asked
from dekon.web.formats import money_head
from dekon.web.recap.listing import figure_cells, figure_columns
from dekon.web.tables import Cell, Column, Line, Table, cells

if TYPE_CHECKING:
    from dekon.budget.models import Block, DipaRevision, Outcome

YEARS_SHOWN = 5


def national(series: Iterable[Outcome]) -> list[Outcome]:
    """The values of the nation, oldest first."""
    return [one for one in series if one.province is None]


def outcome_table(series: Sequence[Outcome], year: int) -> Table:
    """An indicator by province and year, with the change to the year before."""
    years = sorted({one.year for one in series if one.year <= year + 1})[-YEARS_SHOWN:]
    by_place: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for one in series:
        by_place[one.province.name if one.province else _("Nasional")][one.year] = one.value
    columns = (
        Column("provinsi", _("Provinsi")),
        *(Column(f"t{y}", str(y), "rate", _("persen, Agustus")) for y in years),
        Column("beda", _("Perubahan"), "rate", _("poin, setahun")),
    )
    lines = tuple(
        Line(cells(place, *(values.get(y) for y in years), change(values, years))) for place, values in by_place.items()
    )
    return Table("tpt", _("Tingkat pengangguran terbuka"), columns, lines, empty=_("Belum ada seri hasil."))


def change(values: dict[int, Decimal], years: Sequence[int]) -> Decimal | None:
    """The last value less the one before."""
    if len(years) < 2 or years[-1] not in values or years[-2] not in values:
        return None
    return values[years[-1]] - values[years[-2]]


def theme_table(chosen: Asked, address: Address) -> Table:
    """Each theme with its figures; themes overlap, so there is no sum."""
    lines = []
    for name in budget.theme_names():
        total = selectors.recap(replace(chosen.recap, theme=name), "program").total
        lines.append(Line((Cell(name, address.elsewhere(reverse("drill"), tema=name)), *figure_cells(total))))
    columns = figure_columns(_("Tema"), money_head(chosen.money_unit))
    return Table("tema", _("Tema"), columns, tuple(lines), empty=_("Belum ada tema."))


def revision_table(revisions: Iterable[DipaRevision], *, may_edit: bool) -> Table:
    """The versions of a DIPA; who may edit the plan completes what their letters say."""
    columns = (
        Column("versi", _("Versi")),
        Column("jenis", _("Jenis")),
        Column("tanggal", _("Tanggal"), "date"),
        Column("sebelum", _("Pagu semula"), "money", _("rupiah")),
        Column("pagu", _("Pagu menjadi"), "money", _("rupiah")),
        Column("pengesah", _("Disahkan oleh")),
        Column("surat", _("Surat pengesahan"), wide=True),
        Column("dasar", _("Dasar"), wide=True),
        *((Column("tindakan", _("Tindakan")),) if may_edit else ()),
    )
    lines = tuple(
        Line(
            cells(
                Cell(str(one.sequence), sub=one.version_code),
                one.get_kind_display(),
                one.dated_on,
                one.pagu_before_rp,
                one.pagu_rp,
                one.authority or None,
                one.document or None,
                one.reason or None,
                *((Cell(_("Lengkapi"), reverse("revision", args=[one.pk])),) if may_edit else ()),
            )
        )
        for one in revisions
    )
    return Table("revisi", _("Versi dan revisi DIPA"), columns, lines, empty=_("Belum ada DIPA yang diimpor."))


def rpd_table(versions: Iterable[RpdView]) -> Table:
    """The versions of the monthly plan, by quarter."""
    columns = (
        Column("versi", _("Versi")),
        Column("sejak", _("Berlaku sejak"), "date"),
        *(
            Column(f"tw{quarter}", _("TW %(number)s") % {"number": roman}, "money", _("juta rupiah"))
            for quarter, roman in enumerate(("I", "II", "III", "IV"), 1)
        ),
        Column("jumlah", _("Setahun"), "money", _("juta rupiah")),
        Column("kunci", _("Terkunci untuk")),
    )
    lines = tuple(
        Line(
            cells(
                Cell(str(one.sequence), reverse("rpd-version", args=[one.number])),
                one.valid_from,
                *one.quarters_rp,
                sum(one.quarters_rp),
                ", ".join(
                    _("TW %(number)s") % {"number": ("I", "II", "III", "IV")[quarter - 1]} for quarter in one.locked_for
                )
                or None,
            )
        )
        for one in versions
    )
    return Table("rpd", _("Versi RPD (Halaman III DIPA)"), columns, lines, empty=_("Belum ada RPD yang diimpor."))


def block_table(blocks: Iterable[Block], address: Address) -> Table:
    """Blocks with their letters and releases."""
    columns = (
        Column("satker", _("Satker dan baris anggaran")),
        Column("jenis", _("Jenis")),
        Column("jumlah", _("Diblokir"), "money", _("rupiah")),
        Column("dibuka", _("Dibuka"), "money", _("rupiah")),
        Column("sisa", _("Masih diblokir"), "money", _("rupiah")),
        Column("sejak", _("Sejak"), "date"),
        Column("surat", _("Surat"), wide=True),
    )
    lines = tuple(
        Line(
            cells(
                Cell(
                    f"{one.pos.satker.code} {one.pos.satker.name}",
                    address.elsewhere(reverse("drill"), satker=one.pos.satker.code),
                    f"{one.pos.kegiatan}.{one.pos.kro}.{one.pos.ro}.{one.pos.akun}",
                ),
                one.get_kind_display(),
                one.amount_rp,
                one.released_rp,
                one.amount_rp - one.released_rp,
                one.blocked_on,
                Cell(one.letter_no or str(one.get_origin_display()), reverse("block", args=[one.pk])),
            )
        )
        for one in blocks
    )
    return Table("blokir", _("Blokir"), columns, lines, empty=_("Tidak ada pagu yang diblokir."))
