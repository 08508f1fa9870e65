"""The tables of the reference pages: lists as of a day, and the history of a code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.history import selectors as history
from dekon.org import selectors as org
from dekon.org.choices import VersionKind
from dekon.org.selectors import dated
from dekon.org.selectors.dated import DatedList, Fact, FactValue
from dekon.web.tables import Cell, Column, Line, Table, Tone, Value, cells

if TYPE_CHECKING:
    from dekon.org.models import CodeVersion, Holiday


def list_table(listing: DatedList, on: date | None) -> Table:
    """The codes of a list, all as of today or those of a day, with their facts and the days on which they hold."""
    columns = (
        Column("kode", _("Kode")),
        *(Column(fact.name.replace("_", "-"), str(fact.label), wide=fact.name == "name") for fact in listing.facts),
        Column("sejak", _("Berlaku sejak"), "date"),
        Column("sampai", _("Sampai"), "date"),
    )
    lines = tuple(
        Line(
            cells(
                Cell(row.code, reverse("reference-entry", args=[listing.name, row.code])),
                *(in_cell(fact, value) for fact, value in zip(listing.facts, facts_in(listing, row), strict=True)),
                row.valid_from if row.valid_from.year > 1945 else None,
                row.valid_to,
            )
        )
        for row in dated.listed(listing, on)
    )
    return Table(listing.name, str(listing.title), columns, lines, empty=_("Tidak ada kode pada hari itu."))


def facts_in(listing: DatedList, row: Any) -> list[FactValue]:  # noqa: ANN401  rows of several models
    """The facts of a row in the order of the list."""
    return list(dated.facts_of(listing, row).values())


def facts_in_words(listing: DatedList, row: Any) -> list[tuple[str, str]]:  # noqa: ANN401  rows of several models
    """Label and value of every fact, references with their names."""
    found = []
    for fact, value in zip(listing.facts, facts_in(listing, row), strict=True):
        referred = getattr(row, fact.name) if fact.kind == "code" else None
        found.append(
            (str(fact.label), f"{referred.code} {referred.name}" if referred else str(in_cell(fact, value) or "–"))
        )
    return found


def in_cell(fact: Fact, value: FactValue) -> Value:
    """A fact as a cell shows it."""
    if fact.kind == "flag":
        return _("ya") if value else _("tidak")
    return str(value) or None


def history_table(
    listing: DatedList,
    row: Any,  # noqa: ANN401  rows of several models
    versions: Sequence[CodeVersion],
    on: date | None = None,
) -> Table:
    """Everything that was ever recorded of a code, newest day first; what began by a day, where one is said."""
    columns = (
        Column("sejak", _("Mulai"), "date"),
        Column("keadaan", _("Keadaan"), "badge"),
        *(Column(fact.name.replace("_", "-"), str(fact.label), wide=fact.name == "name") for fact in listing.facts),
        Column("alasan", _("Alasan atau dasar"), wide=True),
        Column("oleh", _("Dicatat oleh")),
        Column("pada", _("Dicatat pada"), "moment"),
        Column("tindakan", _("Tindakan")),
    )
    if not versions:
        lines: tuple[Line, ...] = (_first_line(listing, row),)
    else:
        counting = {version.pk for version in dated.counting(versions)}
        held = dated.in_force(versions, on or history.today())
        holds = _("berlaku waktu itu") if on or history.moment() else _("berlaku sekarang")
        lines = tuple(
            _line(
                listing, version, counts=version.pk in counting, holds=holds if held and held.pk == version.pk else ""
            )
            for version in sorted(versions, key=lambda one: (one.valid_from, one.pk), reverse=True)
            if on is None or version.valid_from <= on
        )
    return Table("riwayat", _("Riwayat %(code)s") % {"code": row.code}, columns, lines)


def _first_line(listing: DatedList, row: Any) -> Line:  # noqa: ANN401  rows of several models
    facts = [in_cell(fact, value) for fact, value in zip(listing.facts, facts_in(listing, row), strict=True)]
    correct = Cell(_("Koreksi"), reverse("reference-correct", args=[listing.name, row.code, 0]))
    since = row.valid_from if row.valid_from.year > 1945 else None
    return Line(cells(since, Cell(_("catatan awal"), tone="ok"), *facts, None, None, None, correct))


def _line(listing: DatedList, version: CodeVersion, *, counts: bool, holds: str) -> Line:
    words, tone = state_of(version, counts=counts, holds=holds)
    facts = [in_cell(fact, version.facts.get(fact.name, "")) if version.facts else None for fact in listing.facts]
    correct = reverse("reference-correct", args=[listing.name, version.code, version.pk])
    ended = counts and version.kind == VersionKind.END
    void = reverse("reference-void", args=[listing.name, version.code, version.pk])
    action = Cell(_("Batalkan"), void) if ended else Cell(_("Koreksi"), correct) if counts else Cell(None)
    return Line(
        cells(
            version.valid_from if version.valid_from.year > 1945 else None,
            Cell(words, tone=tone),
            *facts,
            version.reason or None,
            str(version.recorded_by) if version.recorded_by else None,
            version.recorded_at,
            action,
        )
    )


def state_of(version: CodeVersion, *, counts: bool, holds: str) -> tuple[str, Tone]:
    """What a record is worth, in words; `holds` are those of the one that holds."""
    if not counts:
        void = version.kind == VersionKind.VOID
        return (_("pembatalan"), "mute") if void else (_("tidak dihitung lagi"), "mute")
    if version.kind == VersionKind.END:
        return _("tidak berlaku lagi"), "info"
    if holds:
        return holds, "ok"
    return (_("akan berlaku"), "info") if version.valid_from > history.today() else (_("dahulu"), "mute")


def holiday_table(year: int | None, on: date | None = None) -> Table:
    """Closed days with the decree that set or withdrew each; what had been decreed by a day, where one is said."""
    columns = (
        Column("tanggal", _("Tanggal"), "date"),
        Column("nama", _("Nama"), wide=True),
        Column("jenis", _("Jenis")),
        Column("dasar", _("Dasar"), wide=True),
        Column("ditetapkan", _("Ditetapkan"), "date"),
        Column("dicabut", _("Dicabut"), "date"),
        Column("tindakan", _("Tindakan")),
    )
    decreed = [row for row in org.holidays(year) if on is None or row.published_on is None or row.published_on <= on]
    lines = tuple(_holiday(row, on) for row in decreed)
    return Table("libur", _("Libur dan cuti bersama"), columns, lines)


def _holiday(row: Holiday, on: date | None) -> Line:
    """A closed day; what withdrew it later than a day is not told on that day."""
    withdrawn = row.withdrawn_on if row.withdrawn_on and (on is None or row.withdrawn_on <= on) else None
    action = Cell(None) if row.withdrawn_on else Cell(_("Cabut"), reverse("holiday-withdraw", args=[row.pk]))
    return Line(
        cells(row.day, row.name, row.get_kind_display(), row.decree or None, row.published_on, withdrawn, action)
    )
