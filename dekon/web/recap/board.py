"""Key figures as the pages tell them: the equation, the verdict, the map, the curve."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from dekon.lib.charts.country import PlaceValue, country_svg, edition_for, shapes_of, tiles_svg
from dekon.lib.charts.curve import Curve, CurvePoint, CurveWords, curve_svg
from dekon.performance.selectors import Figures, MonthPoint, Recap, RecapFilter, RecapRow
from dekon.rules.formulas.absorption import ABSORPTION_LIMITS, absorption_class
from dekon.web import formats
from dekon.web.address import Address
from dekon.web.tables import Tone

MAPS = Path(__file__).parent.parent / "map"
TONES: tuple[Tone, ...] = ("bad", "warn", "warn", "ok", "ok")


@dataclass(frozen=True, slots=True)
class Board:
    """Key figures of one place."""

    figures: Figures
    tone: Tone
    verdict: str
    share: Decimal
    plan_share: Decimal | None
    plan_words: str
    parked_href: str

    @property
    def remaining_rp(self) -> int:
        """Sisa pagu efektif: what is neither blocked nor spent."""
        return self.figures.effective_rp - self.figures.realised_rp


def share(part_rp: int, whole_rp: int) -> Decimal | None:
    """One amount as a share of another."""
    return Decimal(part_rp) / whole_rp if whole_rp else None


def board(figures: Figures, as_of: date, parked_href: str) -> Board:
    """The key figures with their verdict: realised against planned by then."""
    tone, verdict = judged(figures, as_of)
    plan = share(figures.planned_rp, figures.pagu_rp)
    words = _("Rencana sampai %(day)s: %(share)s (RPD %(amount)s). %(gap)s.") % {
        "day": formats.day(as_of),
        "share": formats.percent(plan),
        "amount": formats.headline(figures.planned_rp),
        "gap": gap_words(figures),
    }
    done = figures.absorption or Decimal(0)
    return Board(figures, tone, verdict, done, plan, words if figures.planned_rp else _("Belum ada RPD."), parked_href)


def gap_words(figures: Figures) -> str:
    """How far realisation is behind or ahead of the plan, in rupiah."""
    amount = formats.headline(abs(figures.gap_rp))
    if figures.gap_rp > 0:
        return _("Kurang %(amount)s") % {"amount": amount}
    return _("Melampaui %(amount)s") % {"amount": amount} if figures.gap_rp < 0 else _("Tepat sesuai rencana")


def judged(figures: Figures, as_of: date) -> tuple[Tone, str]:
    """Tone and words for realised ÷ planned."""
    level = absorption_class(figures.plan_ratio, as_of)
    if level is None:
        return "mute", _("belum ada rencana")
    return TONES[level], _("%(share)s dari rencana") % {"share": formats.percent(figures.plan_ratio)}


def level_words() -> tuple[str, ...]:
    """The classes of realised ÷ planned, lowest first."""
    return (_("jauh tertinggal"), _("tertinggal"), _("sedikit tertinggal"), _("sesuai rencana"), _("di depan"))


def point_gap(figures: Figures) -> Decimal | None:
    """Absorption less planned absorption, as a difference of shares; None without a plan."""
    plan = share(figures.planned_rp, figures.pagu_rp)
    return None if plan is None or not figures.planned_rp else (figures.absorption or Decimal(0)) - plan


# The map ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ScaleStep:
    """One class of the map with how many provinces are in it."""

    tone: str
    range: str
    words: str
    count: str


@dataclass(frozen=True, slots=True)
class Country:
    """The map with its heading and its scale."""

    title: str
    as_of: date
    picture: Markup
    tiles: Markup
    scale: tuple[ScaleStep, ...]


def country(recap: Recap, short_names: dict[str, str], address: Address, *, linked: bool = True) -> Country:
    """The map of a recap by province. Which provinces there are, the recap decides."""
    values = tuple(_place(row, recap.as_of, short_names, address if linked else None) for row in recap.rows if row.key)
    shapes = shapes_of(MAPS, edition_for(value.code for value in values))
    title = _("Peta %(count)s provinsi menurut realisasi terhadap rencana") % {"count": len(values)}
    tiles = _("Petak provinsi, ukuran sama")
    return Country(
        title=map_heading(recap),
        as_of=recap.as_of,
        picture=Markup(country_svg(shapes, values, title)),  # noqa: S704  made by us, every text escaped
        tiles=Markup(tiles_svg(values, tiles)),  # noqa: S704  made by us, every text escaped
        scale=tuple(_scale(values, recap.as_of)),
    )


def map_heading(recap: Recap) -> str:
    """The answer first: how many provinces lag, and where it is worst."""
    limit = ABSORPTION_LIMITS.at(recap.as_of)[2]
    behind = [row for row in recap.rows if row.figures.plan_ratio is not None and row.figures.plan_ratio * 100 < limit]
    if not behind:
        return _("Semua provinsi sesuai rencana")
    worst = sorted(behind, key=lambda row: row.figures.plan_ratio or 0)[:2]
    return _("%(count)s provinsi tertinggal dari rencana, terberat di %(places)s") % {
        "count": len(behind),
        "places": _(" dan ").join(row.name for row in worst),
    }


def _place(row: RecapRow, as_of: date, short_names: dict[str, str], address: Address | None) -> PlaceValue:
    level = absorption_class(row.figures.plan_ratio, as_of)
    ratio = formats.number(None if row.figures.plan_ratio is None else row.figures.plan_ratio * 100)
    words = _("penyerapan %(share)s, %(ratio)s %% dari rencana") % {
        "share": formats.percent(row.figures.absorption),
        "ratio": ratio,
    }
    href = address.elsewhere(reverse("province", args=[row.key])) if address else "#h-provinsi"
    tone = "k0" if level is None else f"k{level + 1}"
    return PlaceValue(row.key, row.name, short_names.get(row.key, row.name), words, ratio, tone, href)


def _scale(values: Sequence[PlaceValue], as_of: date) -> list[ScaleStep]:
    limits = ABSORPTION_LIMITS.at(as_of)
    ranges = [
        f"< {limits[0]}",
        *(f"{low}–{high - 1}" for low, high in itertools.pairwise(limits)),
        f"≥ {limits[-1]}",
    ]
    counts = Counter(value.tone for value in values)
    return [
        ScaleStep(f"k{i + 1}", ranges[i], words, _("%(count)s prov.") % {"count": counts[f"k{i + 1}"]})
        for i, words in enumerate(level_words())
    ]


# The curve ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CurveView:
    """The curve in both drawings, with its heading and its figures."""

    title: str
    wide: Markup
    narrow: Markup
    months: tuple[MonthPoint, ...]


def curve(months: tuple[MonthPoint, ...], figures: Figures, asked: RecapFilter, name: str) -> CurveView:
    """The cumulative curve of a place."""
    points = tuple(CurvePoint(formats.month_short(p.month), p.planned_rp, p.realised_rp) for p in months)
    words = CurveWords(
        title=_("Rencana dan realisasi kumulatif %(name)s %(year)s") % {"name": name, "year": asked.year},
        description=_("Sampai %(day)s rencana %(planned)s, realisasi %(realised)s.")
        % {
            "day": formats.day(asked.as_of),
            "planned": formats.headline(figures.planned_rp),
            "realised": formats.headline(figures.realised_rp),
        },
        planned=_("Rencana"),
        realised=_("Realisasi"),
        gap=gap_words(figures),
        today=formats.day_short(asked.as_of)[:-5],
    )
    drawn = Curve("kurva", points, words, formats.reader_language())
    return CurveView(
        title=curve_heading(figures),
        wide=Markup(curve_svg(drawn, "wide")),  # noqa: S704  made by us, every text escaped
        narrow=Markup(curve_svg(drawn, "narrow")),  # noqa: S704  made by us, every text escaped
        months=months,
    )


def curve_heading(figures: Figures) -> str:
    """The answer first."""
    amount = formats.headline(abs(figures.gap_rp))
    if figures.gap_rp > 0:
        return _("Realisasi tertinggal %(amount)s dari rencana") % {"amount": amount}
    return _("Realisasi di depan rencana %(amount)s") % {"amount": amount}
