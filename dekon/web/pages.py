"""What every page shares: the frame around it, the tools of its tables, and how it is answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.budget import selectors as budget
from dekon.org import selectors as org
from dekon.org.choices import Action, Role
from dekon.web import tables
from dekon.web.access import may, person
from dekon.web.address import Address
from dekon.web.exports import sent
from dekon.web.formats import Unit
from dekon.web.tables import Column, Table

if TYPE_CHECKING:
    from dekon.org.models import RoleAssignment

type Crumb = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Area:
    """One entry of the main menu."""

    words: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class YearLink:
    """One entry of the year menu."""

    year: int
    synthetic: bool
    href: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Masthead, menus and crumbs of a page."""

    year: int
    synthetic: bool
    years: tuple[YearLink, ...]
    areas: tuple[Area, ...]
    who: str
    role: str
    here: str
    crumbs: tuple[Crumb, ...]


@dataclass(frozen=True, slots=True)
class Tools:
    """What the macros of tables need to know of the address."""

    address: Address
    unit: Unit

    @property
    def path(self) -> str:
        """The page itself."""
        return self.address.path

    def sort(self, table: Table, column: Column) -> str:
        """Where the head of a column leads."""
        return tables.sort_link(table, column, self.address)

    def download(self, table: Table, form: Literal["csv", "xlsx"]) -> str:
        """Where the table comes as a file."""
        return tables.download_link(table, form, self.address)

    def hidden(self, table: Table) -> Iterator[tuple[str, str]]:
        """The other parameters of the page, for the search form."""
        return ((name, value) for name, value in self.address.params.items() if name != f"cari-{table.name}")


def answer(
    request: HttpRequest,
    template: str,
    *,
    crumbs: Sequence[Crumb] = (),
    year: int | None = None,
    tabled: Sequence[Table] = (),
    status: int = 200,
    **content: object,
) -> HttpResponseBase:
    """The page, or one of its tables as a file where the address asks for it.

    Args:
        tabled: the tables of the page; the template finds each in `tabled` by its name, arranged as asked.
        year: the fiscal year shown, if the page is of one.
    """
    address = Address.of(request)
    shown = {table.name: tables.arranged(table, address) for table in tabled}
    name, _dot, form = address.params.get("unduh", "").partition(".")
    if name in shown and form in {"csv", "xlsx"}:
        return sent(shown[name], "csv" if form == "csv" else "xlsx")
    unit: Unit = "rupiah" if address.params.get("satuan") == "rupiah" else "juta"
    context = {
        **content,
        "tabled": shown,
        "tools": Tools(address, unit),
        "money_unit": unit,
        "address": address,
        "frame": frame_of(request, address, crumbs, year),
    }
    return HttpResponse(render_to_string(template, context, request, using="jinja2"), status=status)


def frame_of(request: HttpRequest, address: Address, crumbs: Sequence[Crumb], year: int | None) -> Frame:
    """The frame for who asks, where."""
    known = budget.fiscal_years()
    shown = year or (known[0].year if known else 0)
    years = tuple(YearLink(y.year, y.synthetic, address.changed(tahun=str(y.year), per="", urut="")) for y in known)
    signed_in = request.user.is_authenticated
    return Frame(
        year=shown,
        synthetic=any(y.synthetic for y in known if y.year == shown),
        years=years,
        areas=tuple(areas(request)) if signed_in else (),
        who=who(request) if signed_in else _("Tamu"),
        role=role_words(request) if signed_in else "",
        here=request.get_full_path(),
        crumbs=tuple(crumbs),
    )


def who(request: HttpRequest) -> str:
    """The person's name as the account says it."""
    return str(person(request))


def role_words(request: HttpRequest) -> str:
    """The roles of a person with their places."""
    held = org.assignments_of(person(request))
    words = [f"{Role(one.role).label}{place_words(one)}" for one in held]
    return "; ".join(words) or _("Tanpa peran")


def place_words(held: RoleAssignment) -> str:
    """Where a role holds, after a comma; nothing where it holds everywhere."""
    return "".join(f", {place}" for place in (held.unit, held.province, held.satker) if place)


def areas(request: HttpRequest) -> Iterator[Area]:
    """The main menu: what the person may open."""
    offered = (
        (_("Beranda"), "start", None),
        (_("Provinsi"), "provinces", Action.VIEW_PLACE),
        (_("Impor"), "imports", Action.IMPORT_FILES),
        (_("Rekonsiliasi"), "cases", Action.VIEW_PLACE),
        (_("Rencana"), "policies", Action.VIEW_PLACE),
        (_("Data rujukan"), "reference", Action.EDIT_REFERENCE),
    )
    for words, name, action in offered:
        if action is None or may(request, action):
            href = reverse(name)
            yield Area(words, href, request.path == href if name == "start" else request.path.startswith(href))
