"""Gathers the sections that the apps declare and writes them into one ZIP, piece by piece, with an index for offline.

An app takes part by a module `dossier.py` with `SECTION` (docs/howto/add-a-dossier-section.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.staticfiles import finders
from django.db import connection
from django.template.loader import render_to_string
from django.utils import translation

from dekon.budget import selectors as budget
from dekon.errors import NotFound, RuleBroken
from dekon.lib.dossier import Archive, Entry, File, Section, Table, Wanted
from dekon.lib.exports import csv_stream
from dekon.lib.periods import JAKARTA
from dekon.org import selectors as org
from dekon.org.selectors import Place
from dekon.performance import selectors
from dekon.performance.selectors import Figures, RecapFilter

if TYPE_CHECKING:
    from dekon.org.models import Satker

PORTION = 2_000
STYLE = "aset/dekon.css"
LOGO = "aset/logo.svg"


@dataclass(frozen=True, slots=True)
class Order:
    """A dossier that somebody asked for: what is in it, how the place is called, by whom and when."""

    wanted: Wanted
    place: Place
    title: str
    taken_by: str
    taken_at: datetime

    @property
    def file_name(self) -> str:
        """How the file is called."""
        place = self.place.satker or (f"provinsi-{self.place.province}" if self.place.province else "nasional")
        return f"dosir-{self.wanted.year}-{place}-{self.taken_at.astimezone(JAKARTA):%Y%m%d}.zip"


def order(*, year: int, place: Place, taken_by: str, taken_at: datetime) -> Order:
    """What a dossier of a place and year holds: every satker there.

    Args:
        place: a satker, a province (Kemendagri code), a unit, or everything.

    Raises:
        NotFound: no such place.
        RuleBroken: no satker lies there.
    """
    codes: tuple[str, ...]
    if place.satker:
        satker = org.satker_or_none(place.satker)
        codes, title = (place.satker,), f"{place.satker} {satker.name if satker else ''}"
        if satker and not _lies_in(satker, place):
            codes = ()
    else:
        codes = tuple(sorted(one.code for one in org.listed_satker(province=place.province, unit=place.unit)))
        province = org.province_or_none(place.province)
        title = f"Provinsi {province.name}" if province else "Nasional"
        title += f", unit {place.unit}" if place.unit else ""
    if not codes:
        raise RuleBroken("dossier-empty", place=title, year=year)
    national = not (place.satker or place.province or place.unit)
    return Order(Wanted(year, codes, national), place, title, taken_by, taken_at)


def _lies_in(satker: Satker, place: Place) -> bool:
    """Whether a satker lies in the province and unit that were asked for beside it."""
    province = satker.province.code if satker.province else ""
    return place.province in {"", province} and place.unit in {"", satker.unit.code}


def sections() -> list[Section]:
    """The sections of all apps, in their order."""
    names = [config.name for config in apps.get_app_configs() if config.name.startswith("dekon.")]
    modules = [import_module(f"{name}.dossier") for name in names if find_spec(f"{name}.dossier")]
    found = [module.SECTION for module in modules if hasattr(module, "SECTION")]
    return sorted(found, key=lambda section: (section.order, section.folder))


def pieces(asked: Order) -> Iterator[bytes]:
    """The ZIP, piece by piece, the first one before anything was read. Only inside of a transaction."""
    with translation.override("id"), whole_reads():
        archive = Archive()
        yield from archive.add(File(STYLE, "", (_asset("dekon.css"),)))
        yield from archive.add(File(LOGO, "", (_asset("logo.svg"),)))
        for section in sections():
            for file in section.top.found(asked.wanted) if section.top else ():
                yield from archive.add(file)
        contents: list[tuple[Section, list[Entry]]] = []
        for section in sections():
            before = len(archive.entries)
            for file in _files(section, asked.wanted):
                yield from archive.add(replace(file, path=f"{section.folder}/{file.path}"))
            contents.append((section, archive.entries[before:]))
        yield from archive.add(File("index.html", "", (_index(asked, contents),)))
        yield from archive.close()


WHOLE_READS = {"cursor_tuple_fraction": "1", "enable_nestloop": "off"}
"""What the planner is told where every row is read to the end.

Of a cursor it takes the way that gives the first tenth soonest, and it cannot know how many rows the views of a past
moment give: it expects one, and joins row by row. That took minutes in place of a second.
"""


@contextmanager
def whole_reads() -> Iterator[None]:
    """Inside, queries are planned for reading everything. Only inside of a transaction."""
    with connection.cursor() as cursor:
        for name, value in WHOLE_READS.items():
            cursor.execute(f"SET LOCAL {name} = {value}")
    yield
    with connection.cursor() as cursor:
        for name in WHOLE_READS:
            cursor.execute(f"SET LOCAL {name} TO DEFAULT")


def _files(section: Section, wanted: Wanted) -> Iterator[File]:
    for part in section.parts:
        if isinstance(part, Table):
            yield File(part.path, part.title, _rows(part, wanted))
        else:
            yield from part.found(wanted)


def _rows(table: Table, wanted: Wanted) -> Iterator[bytes]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(table.sql, {"year": wanted.year, "satker": list(wanted.satker)})
        first = cursor.fetchmany(PORTION)
        heads = [column.name for column in cursor.description]

        def rows() -> Iterator[tuple[str | int | date | None, ...]]:
            portion = first
            while portion:
                yield from portion
                portion = cursor.fetchmany(PORTION)

        yield from csv_stream(heads, rows(), separator=",")


def _asset(name: str) -> bytes:
    path = finders.find(name)
    if not path:
        raise NotFound("file-not-stored", sha256=name)
    with open(path, "rb") as stream:  # noqa: PTH123  what finders give is a text
        return stream.read()


def _index(asked: Order, contents: list[tuple[Section, list[Entry]]]) -> bytes:
    place, year = asked.place, asked.wanted.year
    cut = RecapFilter(
        year=year, as_of=selectors.default_as_of(year), province=place.province, unit=place.unit, satker=place.satker
    )
    total: Figures = selectors.totals(cut)
    page = render_to_string(
        "dossier/index.html.jinja",
        {
            "order": asked, "contents": contents, "total": total, "as_of": cut.as_of,
            "synthetic": budget.is_synthetic(year), "count": sum(len(files) for _section, files in contents),
            "by_satker": selectors.recap(cut, "satker").rows,
        },
        using="jinja2",
    )  # fmt: skip
    return page.encode()
