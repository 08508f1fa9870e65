"""What the address asks for: fiscal year, day, and what the figures are cut by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dekon.budget import selectors as budget
from dekon.errors import NotFound, RuleBroken
from dekon.history import selectors as history
from dekon.lib.periods import year_end, year_start
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.org.selectors import Place
from dekon.performance import selectors
from dekon.performance.selectors import RecapFilter
from dekon.web import formats, moments
from dekon.web.access import person

SPENDING_TYPES = ("51", "52", "53", "54", "55", "56", "57")
NAMES: Mapping[str, str] = {
    "provinsi": "province",
    "unit": "unit",
    "satker": "satker",
    "kewenangan": "authority",
    "tema": "theme",
    "program": "program",
    "kegiatan": "kegiatan",
    "kro": "kro",
    "ro": "ro",
    "komponen": "komponen",
    "subkomponen": "subkomponen",
    "akun": "akun",
    "jenis": "spending_type",
}
"""Name in the address → field of the filter."""

LENGTHS = {field.name: 32 for field in fields(RecapFilter)} | {"province": 2, "unit": 2, "satker": 6}


class Choice(NamedTuple):
    """One entry of a list to choose from."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: the filter of the figures, and in which unit they stand."""

    recap: RecapFilter
    money_unit: str

    def __getattr__(self, name: str) -> object:
        """The fields of the filter, for the templates."""
        return getattr(self.recap, name)


def asked(request: HttpRequest, action: Action = Action.VIEW_PLACE, **fixed: str) -> Asked:
    """The filter that the address asks for.

    Args:
        action: what for; the filter is narrowed to where the person may do it.
        fixed: fields that the path already says (`province="32"`).

    Raises:
        RuleBroken: a value cannot be a year, a day or a code.
        NotAllowed: no role of the person reaches there.
    """
    year = year_of(request)
    as_of = day_of(request, year) or selectors.default_as_of(year)
    values = {field: request.GET.get(name, "").strip() for name, field in NAMES.items()} | fixed
    for field, value in values.items():
        if len(value) > LENGTHS.get(field, 32) or "\x00" in value:
            raise RuleBroken("page-filter-wrong", value=value[:40].replace("\x00", "\ufffd"))
    place = org.narrowed(person(request), action, Place(values["province"], values["unit"], values["satker"]))
    values |= {"province": place.province, "unit": place.unit, "satker": place.satker}
    unit = "rupiah" if request.GET.get("satuan") == "rupiah" else "juta"
    return Asked(RecapFilter(year=year, as_of=as_of, **values), unit)


def place_asked(request: HttpRequest, action: Action = Action.VIEW_PLACE) -> Place:
    """The place of the address, narrowed to what the person's roles reach.

    Args:
        action: what for.

    Raises:
        NotAllowed: no role reaches there.
    """
    wanted = Place(*(request.GET.get(name, "").strip()[:6] for name in ("provinsi", "unit", "satker")))
    return org.narrowed(person(request), action, wanted)


def year_of(request: HttpRequest) -> int:
    """The fiscal year of the address; without one the newest that has figures."""
    text = request.GET.get("tahun", "")
    if not text:
        return budget.default_year() or history.today().year
    if not (text.isascii() and text.isdigit() and 2000 <= int(text[:5]) <= 2100):
        raise RuleBroken("page-year-wrong", value=text[:40])
    return int(text)


def day_of(request: HttpRequest, year: int) -> date | None:
    """The day of the address, kept within its year; None where none is asked for."""
    text = request.GET.get("per", "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text[:10]) if moments.has_time(text) else date.fromisoformat(text)
    except ValueError as problem:
        raise RuleBroken("page-day-wrong", value=text[:40]) from problem
    return min(max(day, year_start(year)), year_end(year))


def require_begun(request: HttpRequest, year: int, thing: str, since: date) -> date | None:
    """Go on only if a thing was in effect by the day of the address. Returns that day, None where none is asked for.

    Args:
        year: the fiscal year of the thing.
        thing: what it is called.
        since: the day from which it holds.

    Raises:
        NotFound: `not-yet-in-effect`.
    """
    day = day_of(request, year)
    if day and since > day:
        raise NotFound("not-yet-in-effect", thing=thing, since=formats.day(since), day=formats.day(day))
    return day


@dataclass(frozen=True, slots=True)
class FilterForm:
    """The form of filters with its lists."""

    asked: Asked
    action: str
    programs: tuple[Choice, ...]
    units: tuple[Choice, ...]
    themes: tuple[Choice, ...]
    hidden: tuple[tuple[str, str], ...] = ()

    @property
    def spending_types(self) -> tuple[Choice, ...]:
        """Spending types by their two digits."""
        return tuple(Choice(code, f"{code} {spending_type_name(code)}") for code in SPENDING_TYPES)

    @property
    def money_units(self) -> tuple[Choice, ...]:
        """How amounts in tables are shown."""
        return (Choice("juta", _("Juta rupiah")), Choice("rupiah", _("Rupiah penuh")))

    @property
    def words(self) -> str:
        """What is chosen, for the folded form on a phone."""
        return ", ".join(self._chosen()) or _("semua program, semua unit")

    def _chosen(self) -> Iterator[str]:
        recap = self.asked.recap
        lists = ((recap.program, self.programs), (recap.unit, self.units), (recap.theme, self.themes))
        for code, choices in (*lists, (recap.spending_type, self.spending_types)):
            yield from (choice.name for choice in choices if code and choice.code == code)


def filter_form(request: HttpRequest, chosen: Asked, *, keep: tuple[str, ...] = ()) -> FilterForm:
    """The form for a page; `keep` names parameters that stay although the form does not show them."""
    year = chosen.recap.year
    hidden = [("tahun", str(year)), *((name, request.GET.get(name, "")) for name in keep)]
    return FilterForm(
        asked=chosen,
        action=request.path,
        programs=tuple(Choice(code, f"{code} {name}") for code, name in budget.programs_in_year(year)),
        units=tuple(Choice(unit.code, str(unit)) for unit in org.units_in_year(year)),
        themes=tuple(Choice(name, name) for name in budget.theme_names()),
        hidden=tuple((name, value) for name, value in hidden if value),
    )


def spending_type_name(code: str) -> str:
    """The name of a spending type."""
    return {
        "51": _("Belanja pegawai"),
        "52": _("Belanja barang"),
        "53": _("Belanja modal"),
        "54": _("Belanja pembayaran kewajiban utang"),
        "55": _("Belanja subsidi"),
        "56": _("Belanja hibah"),
        "57": _("Belanja bantuan sosial"),
    }.get(code, code)
