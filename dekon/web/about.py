"""What a file says about itself: of which day, cut by what, made when and by whom, and whether it is made up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from dekon.lib.periods import JAKARTA
from dekon.org.selectors import Place
from dekon.performance.selectors import RecapFilter
from dekon.web import formats, moments
from dekon.web.filters import NAMES
from dekon.web.tables import Table

type Cut = RecapFilter | Place
NAME_LENGTH = 180


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The facts of one file. `filters` are words for what was chosen and its value, by name in the address."""

    title: str
    year: int
    as_of: date | None
    filters: tuple[tuple[str, str, str], ...]
    rows: int
    made_at: datetime
    made_by: str
    synthetic: bool
    known_at: datetime | None = None

    def lines(self) -> tuple[str, ...]:
        """The facts as lines above a table."""
        return tuple(line for line in self._lines() if line)

    def _lines(self) -> Iterator[str]:
        if self.as_of and self.year:
            yield _("Tahun anggaran %(year)s, data per %(day)s") % {"year": self.year, "day": formats.day(self.as_of)}
        elif self.as_of:
            yield _("Data per %(day)s") % {"day": formats.day(self.as_of)}
        elif self.year:
            yield _("Tahun anggaran %(year)s") % {"year": self.year}
        if self.known_at:
            yield _("Sebagaimana tercatat pada %(moment)s") % {"moment": formats.moment(self.known_at)}
        chosen = "; ".join(f"{words} {value}" for _name, words, value in self.filters)
        yield _("Saringan: %(chosen)s") % {"chosen": chosen} if chosen else _("Tanpa saringan")
        yield _("%(rows)s baris, jumlah uang dalam rupiah penuh") % {"rows": formats.number(self.rows)}
        made = {"moment": formats.moment(self.made_at), "person": self.made_by or _("tamu")}
        yield _("Dibuat %(moment)s oleh %(person)s") % made
        if self.synthetic:
            yield _("Data sintetis: tahun peragaan, angka buatan; bukan angka resmi provinsi mana pun.")

    def file_name(self, form: str) -> str:
        """The same facts as the name of a file, since a table of plain text has no place for them."""
        return f"{slugify('-'.join(['dekon', *self._parts()]))[:NAME_LENGTH]}{self._marks()}.{form}"

    def _parts(self) -> Iterator[str]:
        yield self.title
        yield str(self.year or "")
        if self.as_of:
            yield _("per %(day)s") % {"day": f"{self.as_of:%Y%m%d}"}
        if self.known_at:
            yield _("tercatat %(moment)s") % {"moment": f"{self.known_at.astimezone(JAKARTA):%Y%m%dT%H%M%S}"}
        yield from (f"{name}-{value}" for name, _words, value in self.filters)
        yield _("dibuat %(moment)s oleh %(person)s") % {
            "moment": f"{self.made_at.astimezone(JAKARTA):%Y%m%dT%H%M}",
            "person": self.made_by or _("tamu"),
        }

    def _marks(self) -> str:
        marks = ((self.synthetic, _("data sintetis")), (not self.rows, _("tanpa baris")))
        return "".join(f"-{slugify(words)}" for holds, words in marks if holds)


def facts_of(request: HttpRequest, table: Table, *, year: int, synthetic: bool, cut: Cut | None) -> FileFacts:
    """The facts of a table of a page.

    Args:
        table: arranged, so that the words sought in it count as a filter.
        year: the fiscal year shown; 0 for none.
        synthetic: whether that year's figures are made up.
        cut: what the page's figures are cut by.
    """
    chosen = [(name, filter_words(name), value) for name, field in NAMES.items() if (value := _value(cut, field))]
    if table.search:
        chosen.append(("cari", _("kata"), f"“{table.search}”"))
    return FileFacts(
        title=table.caption,
        year=year,
        as_of=cut.as_of if isinstance(cut, RecapFilter) else moments.day_kept(request, year or None),
        filters=tuple(chosen),
        rows=table.matching,
        made_at=timezone.now(),
        made_by=request.user.get_username(),
        synthetic=synthetic,
        known_at=moments.moment_of(request),
    )


def _value(cut: Cut | None, field: str) -> str:
    return str(getattr(cut, field, "") or "")


def filter_words(name: str) -> str:
    """How a filter is called."""
    return {
        "provinsi": _("Provinsi"),
        "unit": _("Unit eselon I"),
        "satker": _("Satker"),
        "kewenangan": _("Kewenangan"),
        "tema": _("Tema"),
        "program": _("Program"),
        "kegiatan": _("Kegiatan"),
        "kro": _("KRO"),
        "ro": _("Rincian output"),
        "komponen": _("Komponen"),
        "subkomponen": _("Subkomponen"),
        "akun": _("Akun"),
        "jenis": _("Jenis belanja"),
    }[name]
