"""What the presentation shows: policies with targets, the money by programme, unit and theme, each region's share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import batched
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from dekon.budget import selectors as budget
from dekon.performance import selectors
from dekon.performance.selectors import Figures, Recap, RecapFilter
from dekon.scope import published
from dekon.web.recap.board import share

if TYPE_CHECKING:
    from dekon.budget.models import Policy, PolicyLink, PolicyTarget

ROWS = 17
"""Rows that a hall can read on one slide: half of the provinces of 2022."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a slide: what it is called, its money, and its share of the whole."""

    name: str
    figures: Figures
    share: Decimal | None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Slide:
    """A table of money. `total` is None where its rows overlap; `whole` says of what the shares are."""

    key: str
    title: str
    first: str
    rows: tuple[Row, ...]
    total: Row | None
    note: str = ""
    share_words: str = ""


@dataclass(frozen=True, slots=True)
class Aim:
    """A target of a policy, and what its indicator came to last; years with their value, newest last."""

    target: PolicyTarget
    latest: tuple[int, Decimal] | None


@dataclass(frozen=True, slots=True)
class Course:
    """A strategic policy with its aims and the money that serves it."""

    policy: Policy
    aims: tuple[Aim, ...]
    money: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Deck:
    """All slides. `national_rp` is the pagu of the nation under the same filters, for the share of a place."""

    total: Figures
    national_rp: int
    courses: tuple[Course, ...]
    tables: tuple[Slide, ...]

    @property
    def own_share(self) -> Decimal | None:
        """The pagu shown as a share of the nation's."""
        return share(self.total.pagu_rp, self.national_rp)


def deck(asked: RecapFilter) -> Deck:
    """The presentation of a year and cut, as of its day."""
    programs = selectors.recap(asked, "program")
    narrowed = bool(asked.province or asked.satker)
    national_rp = _national_rp(asked) if narrowed else programs.total.pagu_rp
    return Deck(
        total=programs.total,
        national_rp=national_rp,
        courses=tuple(_courses(asked, programs)),
        tables=tuple(_tables(asked, programs, national_rp)),
    )


def _national_rp(asked: RecapFilter) -> int:
    """The published ceiling of the nation under the same filters; nothing else of another place is read."""
    with published():
        return selectors.totals(replace(asked, province="", satker="")).pagu_rp


def _courses(asked: RecapFilter, programs: Recap) -> Iterator[Course]:
    kegiatan = selectors.recap(asked, "kegiatan")
    known = {row.key: row for one in (programs, kegiatan) for row in one.rows}
    for policy in budget.policies(asked.year):
        links = policy.links.all()
        yield Course(
            policy,
            tuple(Aim(target, _latest(target, asked.year)) for target in policy.targets.all()),
            tuple(_served(links, known, programs.total.pagu_rp)),
        )


def _latest(target: PolicyTarget, year: int) -> tuple[int, Decimal] | None:
    """The newest value of the nation up to a year."""
    found = [one for one in budget.outcomes(target.indicator) if one.province is None and one.year <= year]
    return (found[-1].year, found[-1].value) if found else None


def _served(links: Iterable[PolicyLink], known: Mapping[str, selectors.RecapRow], whole_rp: int) -> Iterator[Row]:
    """The money of programmes and activities; an activity whose programme stands there whole is not told twice."""
    chosen = list(links)
    wholes = {one.program for one in chosen if not one.kegiatan}
    for one in chosen:
        row = known.get(one.kegiatan or one.program)
        if row and not (one.kegiatan and one.program in wholes):
            yield Row(row.name, row.figures, share(row.figures.pagu_rp, whole_rp), row.key)


def _tables(asked: RecapFilter, programs: Recap, national_rp: int) -> Iterator[Slide]:
    of_all = _("% pagu yang ditampilkan")
    units = selectors.recap(asked, "unit")
    yield _slide("program", _("Anggaran menurut program"), _("Program"), programs, of_all)
    yield _slide("unit", _("Anggaran menurut unit eselon I"), _("Unit eselon I"), units, of_all)
    yield _themes(asked, programs.total.pagu_rp)
    yield from _regions(asked, national_rp)


def _slide(key: str, title: str, first: str, recap: Recap, share_words: str) -> Slide:
    whole_rp = recap.total.pagu_rp
    rows = tuple(_row(row, whole_rp) for row in recap.rows)
    return Slide(key, title, first, rows, _sum(recap.total, whole_rp), share_words=share_words)


def _row(row: selectors.RecapRow, whole_rp: int) -> Row:
    code = row.key if row.name and row.name != row.key else ""
    return Row(row.name or row.key or _("tanpa provinsi"), row.figures, share(row.figures.pagu_rp, whole_rp), code)


def _sum(total: Figures, whole_rp: int) -> Row:
    return Row(_("Jumlah"), total, share(total.pagu_rp, whole_rp))


def _themes(asked: RecapFilter, whole_rp: int) -> Slide:
    """Themes overlap, so that they have no sum."""
    names = [asked.theme] if asked.theme else budget.theme_names()
    sums = {name: selectors.totals(replace(asked, theme=name)) for name in names}
    rows = tuple(
        Row(name, sums[name], share(sums[name].pagu_rp, whole_rp)) for name in names if sums[name] != Figures()
    )
    return Slide(
        "tema", _("Anggaran menurut tema"), _("Tema"), rows, None,
        _("Satu kegiatan dapat mempunyai beberapa tema; karena itu tidak dijumlahkan."), _("% pagu yang ditampilkan"),
    )  # fmt: skip


def _regions(asked: RecapFilter, national_rp: int) -> Iterator[Slide]:
    """The share of each province, or of each satker of the place; in parts that a hall can read."""
    by = "satker" if asked.province or asked.satker else "province"
    recap = selectors.recap(asked, by)
    rows = sorted((_row(row, national_rp) for row in recap.rows), key=lambda row: -row.figures.pagu_rp)
    parts: Sequence[tuple[Row, ...]] = list(batched(rows, ROWS)) or [()]
    title = _("Bagian tiap satker") if by == "satker" else _("Bagian tiap daerah")
    for number, part in enumerate(parts, 1):
        last = number == len(parts)
        yield Slide(
            f"daerah-{number}",
            f"{title} ({number}/{len(parts)})" if len(parts) > 1 else title,
            _("Satker") if by == "satker" else _("Provinsi"),
            part,
            _sum(recap.total, national_rp) if last else None,
            "" if last else _("Bersambung; jumlah pada bagian terakhir."),
            _("% pagu nasional"),
        )
