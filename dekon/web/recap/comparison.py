"""This year beside the year before, on the same day of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from dekon.lib.periods import same_day_last_year
from dekon.performance import selectors
from dekon.performance.selectors import Figures, Recap, RecapFilter
from dekon.web.recap.drill import Level
from dekon.web.tables import Cell, Column, Line, Table, cells


@dataclass(frozen=True, slots=True)
class Compared:
    """A cut now and a year before, with what changed; `absorption` is a difference of shares."""

    year: int
    as_of: date
    now: Figures
    before: Figures
    absorption: Decimal | None

    @property
    def pagu_rp(self) -> int:
        """Pagu now less pagu then."""
        return self.now.pagu_rp - self.before.pagu_rp

    @property
    def realised_rp(self) -> int:
        """Realised now less realised by that day then."""
        return self.now.realised_rp - self.before.realised_rp


def year_before(asked: RecapFilter) -> RecapFilter:
    """The same cut a year before, on the same day; the end of a month stays the end of a month."""
    return replace(asked, year=asked.year - 1, as_of=same_day_last_year(asked.as_of))


def compared(asked: RecapFilter, now: Figures) -> Compared | None:
    """The cut beside the same one a year before; None where that year has no pagu there.

    Args:
        asked: the cut.
        now: its figures.
    """
    before = year_before(asked)
    figures = selectors.totals(before)
    if not figures.pagu_rp:
        return None
    return Compared(before.year, before.as_of, now, figures, _change(now, figures))


def _change(now: Figures, before: Figures) -> Decimal | None:
    if now.absorption is None or before.absorption is None:
        return None
    return now.absorption - before.absorption


def comparison_table(
    now: Recap,
    before: Recap,
    level: Level,
    *,
    words: Mapping[str, tuple[str, str]],
    links: Mapping[str, str],
    unit: str,
) -> Table:
    """Each place (or code) in both years, also where it was in one of them only.

    Args:
        words: key → name and second line, where the recap's own name does not tell rows apart.
        links: key → where its name leads.
    """
    years = str(now.year), str(before.year)
    columns = (
        Column("nama", level.words),
        *(Column(f"pagu{year}", _("Pagu %(year)s") % {"year": year}, "money", unit, "w") for year in years),
        *(Column(f"realisasi{year}", _("Realisasi %(year)s") % {"year": year}, "money", unit, "u") for year in years),
        *(
            Column(f"serapan{year}", _("Penyerapan %(year)s") % {"year": year}, "percent", _("% pagu"))
            for year in years
        ),
        Column("beda", _("Perubahan"), "points", _("poin")),
        Column("catatan", _("Catatan"), "badge", "", "w"),
    )
    rows_now, rows_before = ({row.key: row for row in recap.rows} for recap in (now, before))
    lines = []
    for key in sorted({*rows_now, *rows_before}):
        one, other = rows_now.get(key), rows_before.get(key)
        name, sub = words.get(key) or ((one or other).name or key, "")  # type: ignore[union-attr]  # in one of them
        figures = one.figures if one else None, other.figures if other else None
        note = _note(*figures, years) if now.total.pagu_rp and before.total.pagu_rp else Cell(None)
        lines.append(Line((Cell(name, links.get(key, ""), sub), *_cells(*figures), note)))
    total = Line((Cell(_("Jumlah")), *_cells(now.total, before.total), Cell(None)))
    empty = _("Tidak ada angka tahun %(now)s maupun %(before)s untuk saringan ini.") % {
        "now": years[0],
        "before": years[1],
    }
    return Table("banding", _("Perbandingan tahunan"), columns, tuple(lines), total if lines else None, empty)


def _cells(now: Figures | None, before: Figures | None) -> tuple[Cell, ...]:
    both = (now, before)
    return cells(
        *(figures.pagu_rp if figures else None for figures in both),
        *(figures.realised_rp if figures else None for figures in both),
        *(figures.absorption if figures else None for figures in both),
        _change(now, before) if now and before else None,
    )


def _note(now: Figures | None, before: Figures | None, years: tuple[str, str]) -> Cell:
    """Where a row has pagu in one of the years only."""
    if not (before and before.pagu_rp):
        return Cell(_("Baru pada %(year)s") % {"year": years[0]}, tone="info")
    if not (now and now.pagu_rp):
        return Cell(_("Hanya pada %(year)s") % {"year": years[1]}, tone="mute")
    return Cell(None)
