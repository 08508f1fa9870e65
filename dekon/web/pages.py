"""What every page shares: the frame around it, the tools of its tables, and how it is answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from dekon.audit import services as audit
from dekon.audit.choices import Reading
from dekon.budget import selectors as budget
from dekon.history import selectors as history
from dekon.org import selectors as org
from dekon.org.choices import Action, Role
from dekon.performance.selectors import alerts
from dekon.web import cells, moments, tables
from dekon.web.about import Cut, FileFacts, facts_of
from dekon.web.access import may, may_open, person
from dekon.web.address import Address
from dekon.web.exports import sent
from dekon.web.formats import Unit
from dekon.web.loading import Loading, demo_loading
from dekon.web.menu import Group, menu
from dekon.web.tables import Column, Table

if TYPE_CHECKING:
    from dekon.budget.models import FiscalYear
    from dekon.org.models import RoleAssignment

type Crumb = tuple[str, str]


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
    menu: tuple[Group, ...]
    who: str
    role: str
    here: str
    crumbs: tuple[Crumb, ...]
    loading: Loading | None = None
    trail_href: str = ""
    moment: moments.Banner | None = None


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

    def rows(self, table: Table) -> Markup:
        """The rows of the table."""
        return cells.rows(table, table.lines, self.unit)

    def total(self, table: Table) -> Markup:
        """The row of its sums, if it has one."""
        return cells.rows(table, (table.total,) if table.total else (), self.unit, foot=True)

    def hidden(self, table: Table) -> Iterator[tuple[str, str]]:
        """The other parameters of the page, for the search form."""
        own = {f"cari-{table.name}", f"hal-{table.name}"}
        return ((name, value) for name, value in self.address.params.items() if name not in own)

    def page(self, table: Table, number: int | Literal["semua"]) -> str:
        """Where a page of a table is."""
        return tables.page_link(table, number, self.address)


def answer(
    request: HttpRequest,
    template: str,
    *,
    crumbs: Sequence[Crumb] = (),
    year: int | None = None,
    tabled: Sequence[Table] = (),
    cut: Cut | None = None,
    status: int = 200,
    **content: object,
) -> HttpResponseBase:
    """The page, or one of its tables as a file where the address asks for it.

    Args:
        tabled: the tables of the page; the template finds each in `tabled` by its name, arranged as asked.
        year: the fiscal year shown, if the page is of one.
        cut: what the figures of the tables are cut by, for the files to say.
    """
    if wanted := file_wanted(request, tabled, year, cut):
        return wanted
    address = Address.of(request)
    unit: Unit = "rupiah" if address.params.get("satuan") == "rupiah" else "juta"
    context = {
        **content,
        "tabled": {table.name: tables.paged(tables.arranged(table, address)) for table in tabled},
        "tools": Tools(address, unit),
        "money_unit": unit,
        "address": address,
        "frame": frame_of(request, address, crumbs, year),
        "notices": [(tone_of(notice), str(notice)) for notice in messages.get_messages(request)],
    }
    page = render_to_string(template, context, request, using="jinja2")
    return HttpResponse(moments.carried(request, page), status=status)


def tone_of(notice: Message) -> Literal["ok", "warn"]:
    """How a notice looks: something done, or done and yet to be looked at."""
    return "warn" if notice.level >= messages.WARNING else "ok"


def file_wanted(
    request: HttpRequest, tabled: Iterable[Table], year: int | None, cut: Cut | None
) -> HttpResponseBase | None:
    """The table that the address asks for as a file; None where it asks for none of these."""
    address = Address.of(request)
    name, _dot, form = address.params.get("unduh", "").partition(".")
    table = next((table for table in tabled if table.name == name), None)
    if table is None or form not in {"csv", "xlsx"}:
        return None
    table = tables.arranged(table, address)
    shown, synthetic = year_shown(budget.fiscal_years(), year)
    facts = facts_of(request, table, year=shown if year else 0, synthetic=synthetic, cut=cut)
    log_export(request, table, form, facts, cut)
    return sent(request, table, "csv" if form == "csv" else "xlsx", facts)


def log_export(request: HttpRequest, table: Table, form: str, facts: FileFacts, cut: Cut | None) -> None:
    """Have the owner of the data see that somebody takes it away; what a visitor reads is published."""
    if not request.user.is_authenticated:
        return
    chosen = "; ".join(f"{words} {value}" for _name, words, value in facts.filters)
    audit.record_reading(
        actor=person(request), kind=Reading.EXPORT, subject_type="export", subject_id=table.name,
        subject_name=f"{table.caption} {facts.year or ''}".strip(), satker_code=cut.satker if cut else "",
        place=audit.place_of(cut.province, cut.unit) if cut else "",
        facts={"rows": table.matching, "form": form, "filters": chosen},
    )  # fmt: skip


def year_shown(known: Sequence[FiscalYear], year: int | None) -> tuple[int, bool]:
    """The fiscal year of a page, the newest where it is of none, and whether its figures are made up."""
    shown = year or (known[0].year if known else 0)
    return shown, any(one.synthetic for one in known if one.year == shown)


def frame_of(request: HttpRequest, address: Address, crumbs: Sequence[Crumb], year: int | None) -> Frame:
    """The frame for who asks, where."""
    known = budget.fiscal_years()
    shown, synthetic = year_shown(known, year)
    years = tuple(YearLink(y.year, y.synthetic, address.changed(tahun=str(y.year), per="", urut="")) for y in known)
    signed_in = request.user.is_authenticated
    return Frame(
        year=shown,
        synthetic=synthetic,
        years=years,
        menu=tuple(menu(request.path, partial(may_open, request), waiting(request, shown))) if signed_in else (),
        who=who(request) if signed_in else _("Tamu"),
        role=role_words(request) if signed_in else "",
        here=request.get_full_path(),
        crumbs=tuple(crumbs),
        loading=demo_loading(),
        trail_href=reverse("trail") if may(request, Action.VIEW_TRAIL) else "",
        moment=moments.banner(request, address, year),
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


def waiting(request: HttpRequest, year: int) -> dict[str, int]:
    """How much waits for the person in the entries of the menu: alerts of the year at the own place."""
    if not may_open(request, Action.VIEW_PLACE):
        return {}
    return {"alerts": alerts.waiting(year, history.today())}
