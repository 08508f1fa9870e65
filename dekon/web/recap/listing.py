"""The tables of the recap pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.performance.selectors import Figures, Gap, Recap, RecapRow
from dekon.web.address import Address
from dekon.web.recap.board import judged, point_gap, share
from dekon.web.tables import Cell, Column, Line, Table, cells


def figure_columns(first: str, unit: str) -> tuple[Column, ...]:
    """The columns of every recap by one grouping."""
    return (
        Column("nama", first),
        Column("pagu", _("Pagu"), "money", unit, "w"),
        Column("blokir", _("Blokir"), "money", unit, "u"),
        Column("realisasi", _("Realisasi"), "money", unit, "w"),
        Column("dicadangkan", _("Dicadangkan"), "money", unit, "u"),
        Column("diparkir", _("Diparkir"), "money", unit, "u"),
        Column("bebas", _("Belum terikat"), "money", unit, "u"),
        Column("penyerapan", _("Penyerapan"), "bar", _("% pagu")),
        Column("efektif", _("Penyerapan"), "percent", _("% pagu efektif"), "u"),
        Column("selisih", _("Selisih"), "points", _("poin dari rencana")),
    )


def figure_cells(figures: Figures) -> tuple[Cell, ...]:
    """The cells of those columns after the first."""
    plan = share(figures.planned_rp, figures.pagu_rp)
    return cells(
        figures.pagu_rp,
        figures.blocked_rp,
        figures.realised_rp,
        figures.reserved_rp,
        figures.parked_rp,
        figures.available_rp,
        Cell(figures.absorption, plan=plan),
        figures.absorption_effective,
        point_gap(figures),
    )


def recap_table(
    recap: Recap,
    *,
    name: str,
    caption: str,
    first: str,
    unit: str,
    links: Mapping[str, str],
    total: str,
    words: Mapping[str, tuple[str, str]] | None = None,
) -> Table:
    """A recap by one grouping.

    Args:
        links: key of a row → where its name leads.
        total: the words before the sums.
        words: key of a row → name and second line, where the recap's own name does not tell rows apart.
    """
    lines = tuple(Line((_named(row, links, words or {}), *figure_cells(row.figures))) for row in recap.rows)
    foot = Line((Cell(total), *figure_cells(recap.total)))
    return Table(name, caption, figure_columns(first, unit), lines, foot if lines else None)


def _named(row: RecapRow, links: Mapping[str, str], words: Mapping[str, tuple[str, str]]) -> Cell:
    name, sub = words.get(row.key, (row.name or row.key, _code(row)))
    return Cell(name, links.get(row.key, ""), sub)


def _code(row: RecapRow) -> str:
    return row.key if row.name and row.name != row.key and not row.name.startswith(row.key) else ""


def province_table(
    recap: Recap,
    matrix: Mapping[tuple[str, str], Figures],
    units: Mapping[str, str],
    links: Mapping[str, str],
    unit: str,
) -> Table:
    """Provinces × units: absorption of each, the plan as a tick."""
    codes = sorted({code for _province, code in matrix})
    columns = (
        Column("provinsi", _("Provinsi")),
        Column("pagu", _("Pagu"), "money", unit, "w"),
        Column("realisasi", _("Realisasi"), "money", unit, "w"),
        Column("penyerapan", _("Penyerapan"), "bar", _("% pagu")),
        Column("selisih", _("Selisih"), "points", _("poin")),
        *(Column(f"u{code}", units.get(code, code), "bar", _("% pagu"), "u") for code in codes),
        Column("status", _("Status"), "badge", "", "w"),
    )
    lines = tuple(_province_line(row, recap, matrix, codes, links) for row in recap.rows)
    return Table("provinsi", _("Provinsi dan unit"), columns, lines, _province_total(recap, matrix, codes))


def _absorbed(figures: Figures | None) -> Cell:
    if figures is None:
        return Cell(None)
    return Cell(figures.absorption, plan=share(figures.planned_rp, figures.pagu_rp))


def _province_line(
    row: RecapRow, recap: Recap, matrix: Mapping[tuple[str, str], Figures], codes: list[str], links: Mapping[str, str]
) -> Line:
    figures = row.figures
    tone, words = judged(figures, recap.as_of)
    return Line(
        cells(
            Cell(row.name, links.get(row.key, "")),
            figures.pagu_rp,
            figures.realised_rp,
            _absorbed(figures),
            point_gap(figures),
            *(_absorbed(matrix.get((row.key, code))) for code in codes),
            Cell(words, tone=tone),
        )
    )


def _province_total(recap: Recap, matrix: Mapping[tuple[str, str], Figures], codes: list[str]) -> Line:
    def of_unit(code: str) -> Decimal | None:
        mine = [figures for (_province, unit), figures in matrix.items() if unit == code]
        return share(sum(f.realised_rp for f in mine), sum(f.pagu_rp for f in mine))

    total = recap.total
    return Line(
        cells(
            _("Nasional"),
            total.pagu_rp,
            total.realised_rp,
            _absorbed(total),
            point_gap(total),
            *(of_unit(code) for code in codes),
            None,
        )
    )


def gap_table(gaps: Iterable[Gap], names: Mapping[str, str], unit: str, address: Address) -> Table:
    """The satker furthest behind their plan, and a way to act on each."""
    columns = (
        Column("satker", _("Provinsi dan satker")),
        Column("kurang", _("Kurang dari rencana"), "money", unit),
        Column("rencana", _("Realisasi"), "percent", _("% rencana")),
        Column("sebab", _("Yang tercatat"), wide=True),
        Column("tindakan", _("Tindakan berikutnya"), wide=True),
    )
    lines = tuple(
        Line(
            cells(
                Cell(
                    names.get(gap.province) or gap.name,
                    _drill(address, gap),
                    f"{gap.satker} · {names.get(f'u{gap.unit}', gap.unit)}",
                ),
                gap.figures.gap_rp,
                gap.figures.plan_ratio,
                "; ".join(cause_words(cause) for cause in gap.causes) or None,
                action_cell(gap, address),
            )
        )
        for gap in gaps
    )
    return Table(
        "selisih",
        _("Selisih terbesar dari rencana"),
        columns,
        lines,
        empty=_("Tidak ada satker yang tertinggal dari rencana."),
    )


def cause_words(cause: str) -> str:
    """What the books know of a reason."""
    return {
        "pagu-minus": _("pembayaran diparkir karena pagu minus"),
        "blocked": _("sebagian pagu diblokir"),
        "open-cases": _("selisih rekonsiliasi terbuka"),
    }.get(cause, cause)


def action_cell(gap: Gap, address: Address) -> Cell:
    """The next step for a satker, with the page where it is taken."""
    if "pagu-minus" in gap.causes:
        return Cell(
            _("Minta revisi DIPA; lihat yang diparkir"), address.elsewhere(reverse("parked"), satker=gap.satker)
        )
    if "open-cases" in gap.causes:
        return Cell(_("Selesaikan selisih rekonsiliasi"), address.elsewhere(reverse("cases"), satker=gap.satker))
    if "blocked" in gap.causes:
        return Cell(_("Urus pembukaan blokir"), address.elsewhere(reverse("blocks"), satker=gap.satker))
    return Cell(_("Percepat penarikan atau perbarui RPD"), address.elsewhere(reverse("dipa", args=[gap.satker])))


def _drill(address: Address, gap: Gap) -> str:
    return address.elsewhere(reverse("drill"), provinsi=gap.province, satker=gap.satker)
