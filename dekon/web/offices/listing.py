"""The tables of offices and people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dekon.org.choices import Role, Standing
from dekon.org.selectors import matrix
from dekon.org.selectors.offices import OfficeBook, Tenure
from dekon.web.formats import day as day_words
from dekon.web.pages import place_words
from dekon.web.tables import Cell, Column, Line, Table, Tone, cells

if TYPE_CHECKING:
    from dekon.org.models import RoleAssignment, User

TONES: Mapping[str, Tone] = {Standing.DEFINITIVE: "ok", Standing.ACTING: "warn", Standing.DAILY: "warn"}


def officials_table(books: Sequence[OfficeBook], on: date) -> Table:
    """Who holds the offices of each satker on a day; an office without anybody says so."""
    order = matrix().offices.order
    columns = (
        Column("satker", _("Satker"), noted=True),
        *(Column(office.value, str(office.label), "badge", noted=True) for office in order),
        Column("kosong", _("Hari kosong tahun ini"), "number"),
    )
    lines = tuple(
        Line(
            cells(
                Cell(book.satker.code, reverse("offices-satker", args=[book.satker.code]), book.satker.name),
                *(office_cell(book, office, on) for office in order),
                sum(gap.days for gap in book.gaps()) or None,
            ),
            tone="bad" if any(not holder(book, office, on) for office in order) else "",
        )
        for book in books
    )
    return Table("pejabat", _("Pejabat per satker"), columns, lines, empty=_("Tidak ada satker di tempat ini."))


def holder(book: OfficeBook, office: str, on: date) -> RoleAssignment | None:
    """Who answers for an office on a day; None where nobody does."""
    return next((one.held for one in book.on(on, office) if one.held), None)


def office_cell(book: OfficeBook, office: str, on: date) -> Cell:
    """Who answers for an office on a day, and by which title."""
    held = holder(book, office, on)
    if held is None:
        return Cell(_("Kosong"), sub=_("tidak ada pejabat"), tone="bad")
    return Cell(str(held.user), sub=standing_words(held), tone=TONES[held.standing])


def standing_words(held: RoleAssignment) -> str:
    """By which title and until when."""
    title = str(Standing(held.standing).label)
    return f"{title} {_('sampai %(day)s') % {'day': day_words(held.valid_to)}}" if held.valid_to else title


@dataclass(frozen=True, slots=True)
class Bar:
    """A tenure as a bar of the year, in hundredths."""

    x: str
    width: str
    look: str


@dataclass(frozen=True, slots=True)
class TenureRow:
    """A tenure with what the page says of it."""

    office: str
    tenure: Tenure
    status: str
    tone: Tone
    bar: Bar


def tenure_rows(book: OfficeBook, first: date, last: date, today: date) -> list[TenureRow]:
    """The offices of a satker through a year, days without an official among them."""
    whole = (last - first).days + 1
    return [_tenure_row(one, first, whole, today) for one in book.tenures]


def at_day(day: date, first: date) -> str:
    """Where a day stands in its year, in hundredths."""
    return f"{(day - first).days * 100 / 365:.1f}"


def _tenure_row(one: Tenure, first: date, whole: int, today: date) -> TenureRow:
    look = "x" if one.held is None else "h" if one.held.standing == Standing.DEFINITIVE else "p"
    bar = Bar(f"{(one.first - first).days * 100 / whole:.1f}", f"{one.days * 100 / whole:.1f}", look)
    office = str(Role(one.office).label)
    if one.held is None:
        return TenureRow(office, one, _("Kosong %(days)s hari") % {"days": one.days}, "bad", bar)
    ended = one.held.valid_to is not None and one.held.valid_to < today
    title = str(Standing(one.held.standing).label)
    status = _("%(title)s, berakhir") % {"title": title} if ended else title
    return TenureRow(office, one, status, "mute" if ended else TONES[one.held.standing], bar)


def roles_in_words(held: Iterable[RoleAssignment]) -> str:
    """Roles with their places; of several satker the codes after one another, whose names the own office knows."""
    satker: dict[str, list[str]] = {}
    words: dict[str, None] = {}
    for one in held:
        label = f"{Role(one.role).label}"
        if one.standing != Standing.DEFINITIVE:
            label = f"{Standing(one.standing).label} {label}"
        if one.satker:
            satker.setdefault(label, []).append(one.satker.code)
            words[label] = None
        else:
            words[f"{label}{place_words(one)}"] = None
    return "; ".join(" ".join([label, ", ".join(satker.get(label, ()))]).strip() for label in words)


def people_table(people: Iterable[User], roles: Mapping[int, Sequence[RoleAssignment]], on: date) -> Table:
    """People with what they hold on a day."""
    head = _("Peran hari ini") if on == timezone.localdate() else _("Peran pada %(day)s") % {"day": day_words(on)}
    columns = (
        Column("nama", _("Nama"), noted=True),
        Column("peran", head, wide=True),
        Column("akun", _("Akun"), "badge"),
    )
    lines = tuple(
        Line(
            cells(
                Cell(str(one), reverse("person", args=[one.pk]), one.username),
                roles_in_words(roles.get(one.pk, ())) or None,
                Cell(_("terbuka"), tone="ok") if one.is_active else Cell(_("ditutup"), tone="mute"),
            )
        )
        for one in people
    )
    return Table("orang", _("Orang dan perannya"), columns, lines, empty=_("Belum ada orang di tempat ini."))
