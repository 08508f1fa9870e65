"""Which lists there are, and how each is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.budget import selectors as budget
from dekon.org import selectors as org
from dekon.web.tables import Cell, Column, Line, Table, cells


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """A list of codes. Rows have `code`, `name`, `valid_from`, `valid_to`."""

    name: str
    title: str
    rows: Callable[[], Iterable[Any]]
    editable: bool = False
    detail: str = ""


def all_lists() -> tuple[ReferenceList, ...]:
    """Every list, places first."""
    return (
        ReferenceList("provinsi", _("Provinsi"), org.listed_provinces, True, "kdlokasi"),
        ReferenceList("unit", _("Unit eselon I"), org.listed_units, True, "short_name"),
        ReferenceList("satker", _("Satker"), org.listed_satker, True, "unit"),
        ReferenceList("kewenangan", _("Kewenangan"), org.listed_authorities, True, "abbreviation"),
        ReferenceList("kppn", _("KPPN"), org.listed_kppn, True),
        ReferenceList("sumber-dana", _("Sumber dana"), org.listed_fund_sources, True, "abbreviation"),
        ReferenceList("program", _("Program"), budget.listed_programs),
        ReferenceList("kegiatan", _("Kegiatan"), budget.listed_kegiatan, detail="unit"),
        ReferenceList("kro", _("KRO"), budget.listed_kro, detail="usual_unit"),
        ReferenceList("akun", _("Akun (BAS)"), budget.listed_akun),
        ReferenceList("libur", _("Libur dan cuti bersama"), org.holidays),
    )


def named(name: str) -> ReferenceList | None:
    """The list with this name in the address."""
    return next((one for one in all_lists() if one.name == name), None)


def row_of(listing: ReferenceList, code: str) -> Any:  # noqa: ANN401  rows of several models
    """One code of a list that can be edited."""
    return next((row for row in listing.rows() if row.code == code), None) if listing.editable else None


def table(listing: ReferenceList) -> Table:
    """The codes with the days on which they hold."""
    return _holidays(listing) if listing.name == "libur" else _codes(listing)


def _codes(listing: ReferenceList) -> Table:
    columns = (
        Column("kode", _("Kode")),
        Column("nama", _("Nama"), wide=True),
        Column("keterangan", _("Keterangan")),
        Column("sejak", _("Berlaku sejak"), "date"),
        Column("sampai", _("Sampai"), "date"),
    )
    lines = tuple(
        Line(
            cells(
                Cell(row.code, reverse("reference-entry", args=[listing.name, row.code]) if listing.editable else ""),
                row.name,
                str(getattr(row, listing.detail) or "") if listing.detail else None,
                row.valid_from,
                row.valid_to,
            )
        )
        for row in listing.rows()
    )
    return Table(listing.name, listing.title, columns, lines)


def _holidays(listing: ReferenceList) -> Table:
    columns = (
        Column("tanggal", _("Tanggal"), "date"),
        Column("nama", _("Nama"), wide=True),
        Column("jenis", _("Jenis")),
        Column("dasar", _("Dasar"), wide=True),
        Column("dicabut", _("Dicabut"), "date"),
    )
    lines = tuple(
        Line(cells(row.day, row.name, row.get_kind_display(), row.decree or None, row.withdrawn_on))
        for row in listing.rows()
    )
    return Table(listing.name, listing.title, columns, lines)
