"""Lists of codes whose facts change from a day on, and how they read on any day."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.db.models import FETCH_PEERS, Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dekon.org.choices import VersionKind
from dekon.org.models import Authority, CodeVersion, FundSource, Kppn, Province, Satker, Unit

type Words = str | Promise
type FactValue = str | bool
type Facts = Mapping[str, FactValue]

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a list says about its codes.

    `listing` names the list that a reference points into. A `unique` fact is shared by no two codes. A fact that
    `places` a code decides under which heading recaps of any year count it: always that of today.
    """

    name: str
    label: Words
    kind: Literal["text", "flag", "code"] = "text"
    length: int = 64
    listing: str = ""
    required: bool = True
    pattern: str = ""
    unique: bool = False
    places: bool = False


@dataclass(frozen=True, slots=True)
class DatedList:
    """A list of codes: its name in addresses, its table, the form of its codes, and its facts."""

    name: str
    title: Words
    model: type[Any]
    pattern: str
    form: Words
    facts: tuple[Fact, ...]

    def fact(self, name: str) -> Fact | None:
        """The fact with this name."""
        return next((fact for fact in self.facts if fact.name == name), None)


def _name(length: int) -> Fact:
    return Fact("name", _("Nama"), length=length)


TWO, THREE, SIX = _("dua angka"), _("tiga angka"), _("enam angka")

ORG_LISTS = (
    DatedList(
        "provinsi", _("Provinsi"), Province, r"\d{2}", TWO,
        (
            _name(64),
            Fact("short_name", _("Nama pendek"), length=16),
            Fact("bps_code", _("Kode BPS"), length=2, pattern=r"\d{2}", unique=True),
            Fact("kdlokasi", _("Kode lokasi Kementerian Keuangan"), length=2, pattern=r"\d{2}", unique=True),
            Fact("iso_code", _("Kode ISO"), length=5, pattern=r"ID-[A-Z]{2}", unique=True),
            Fact("parent", _("Provinsi induk"), "code", listing="provinsi", required=False),
        ),
    ),
    DatedList(
        "unit", _("Unit eselon I"), Unit, r"\d{2}", TWO, (_name(160), Fact("short_name", _("Nama pendek"), length=32))
    ),
    DatedList(
        "satker", _("Satker"), Satker, r"\d{6}", SIX,
        (
            _name(160),
            Fact("unit", _("Unit eselon I"), "code", listing="unit", places=True),
            Fact("province", _("Provinsi"), "code", listing="provinsi", required=False, places=True),
            Fact("authority", _("Kewenangan"), "code", listing="kewenangan", required=False, places=True),
            Fact("kppn", _("KPPN"), "code", listing="kppn", required=False),
        ),
    ),
    DatedList(
        "kewenangan", _("Kewenangan"), Authority, r"\d", _("satu angka"),
        (_name(64), Fact("abbreviation", _("Singkatan"), length=2, pattern=r"[A-Z]{2}", unique=True)),
    ),
    DatedList("kppn", _("KPPN"), Kppn, r"\d{3}", THREE, (_name(64),)),
    DatedList(
        "sumber-dana", _("Sumber dana"), FundSource, r"[A-Z0-9]{1,2}", _("satu atau dua huruf besar atau angka"),
        (
            _name(64),
            Fact("abbreviation", _("Singkatan"), length=8),
            Fact("span_code", _("Kode SPAN"), length=1, required=False),
        ),
    ),
)  # fmt: skip
"""The lists of people and places."""


@dataclass(frozen=True, slots=True)
class Span:
    """What a code said from one day to another. Version 0 is the row itself, which never changed."""

    version: int
    valid_from: date
    valid_to: date | None
    facts: Facts
    reason: str = ""
    recorded: CodeVersion | None = None


def facts_of(listing: DatedList, row: Model) -> dict[str, FactValue]:
    """The facts of a row as texts, references by code."""
    found: dict[str, FactValue] = {}
    for fact in listing.facts:
        value = getattr(row, fact.name)
        if fact.kind == "flag":
            found[fact.name] = bool(value)
        else:
            found[fact.name] = str(value.code if fact.kind == "code" and value else value or "")
    return found


def versions_of(listing: DatedList, code: str) -> list[CodeVersion]:
    """Everything ever recorded about a code, by the day it holds from; who recorded it is read along."""
    return list(CodeVersion.objects.filter(listing=listing.name, code=code).fetch_mode(FETCH_PEERS))


def counting(versions: Iterable[CodeVersion]) -> list[CodeVersion]:
    """The versions that no other stands in for, by day."""
    found = sorted(versions, key=lambda version: (version.valid_from, version.pk))
    replaced = {version.replaces_id for version in found}
    return [version for version in found if version.pk not in replaced and version.kind != VersionKind.VOID]


def in_force(versions: Iterable[CodeVersion], day: date) -> CodeVersion | None:
    """The version that holds on a day; None before the first and after an end."""
    begun = [version for version in counting(versions) if version.valid_from <= day]
    return begun[-1] if begun and begun[-1].kind == VersionKind.FACTS else None


def spans(listing: DatedList, row: Any, versions: Sequence[CodeVersion]) -> list[Span]:  # noqa: ANN401  rows of several models
    """What a code said, oldest first, each to the day before the next; ends are gaps."""
    if not versions:
        return [Span(0, row.valid_from, row.valid_to, facts_of(listing, row))]
    found = counting(versions)
    following = [*(version.valid_from - ONE_DAY for version in found[1:]), None]
    return [
        Span(version.pk, version.valid_from, end, version.facts, version.reason, version)
        for version, end in zip(found, following, strict=True)
        if version.kind == VersionKind.FACTS
    ]


def row_of(listing: DatedList, code: str) -> Any | None:  # noqa: ANN401  rows of several models
    """The row of a code as of today, with what it refers to."""
    return _rows(listing).filter(code=code).first() if re.fullmatch(listing.pattern, code, re.ASCII) else None


def listed(listing: DatedList, on: date | None = None) -> list[Any]:
    """The rows of a list by code: all as of today, or those that held on a day with the facts of that day."""
    rows = list(_rows(listing).order_by("code"))
    if on is None:
        return rows
    recorded: dict[str, list[CodeVersion]] = defaultdict(list)
    for version in CodeVersion.objects.filter(listing=listing.name):
        recorded[version.code].append(version)
    referred = {fact.name: _by_code(listing, fact) for fact in listing.facts if fact.kind == "code" and recorded}
    return [read for row in rows if (read := _read_on(listing, row, recorded[row.code], on, referred))]


def row_on(listing: DatedList, code: str, on: date) -> Any | None:  # noqa: ANN401  rows of several models
    """The row of a code with the facts of a day; None where it did not hold then."""
    row = row_of(listing, code)
    recorded = versions_of(listing, code)
    referred = {fact.name: _by_code(listing, fact) for fact in listing.facts if fact.kind == "code" and recorded}
    return _read_on(listing, row, recorded, on, referred) if row else None


def _rows(listing: DatedList) -> Any:  # noqa: ANN401  rows of several models
    references = [fact.name for fact in listing.facts if fact.kind == "code"]
    rows = listing.model.objects.all()
    return rows.select_related(*references) if references else rows


def _by_code(listing: DatedList, fact: Fact) -> dict[str, Any]:
    return {row.code: row for row in listing.model._meta.get_field(fact.name).related_model.objects.all()}


def _read_on(
    listing: DatedList,
    row: Any,  # noqa: ANN401  rows of several models
    recorded: Sequence[CodeVersion],
    on: date,
    referred: Mapping[str, dict[str, Any]],
) -> Any | None:  # noqa: ANN401  rows of several models
    if not recorded:
        return row if row.valid_from <= on and (row.valid_to is None or row.valid_to >= on) else None
    version = in_force(recorded, on)
    if version is None:
        return None
    for fact in listing.facts:
        value = version.facts.get(fact.name, "")
        setattr(row, fact.name, referred[fact.name].get(value) if fact.kind == "code" else value)
    return row


def names_on(listings: Iterable[str], on: date) -> dict[tuple[str, str], str]:
    """The names of a day by list and code, of codes that ever changed; the rows say all others."""
    recorded: dict[tuple[str, str], list[CodeVersion]] = defaultdict(list)
    for version in CodeVersion.objects.filter(listing__in=list(listings)):
        recorded[version.listing, version.code].append(version)
    held = {key: in_force(versions, on) for key, versions in recorded.items()}
    return {key: str(version.facts["name"]) for key, version in held.items() if version}
