"""The trail as a table, and the last steps of one thing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.audit import selectors as audit
from dekon.audit.choices import Reading
from dekon.audit.selectors import Asked, Reach
from dekon.errors import RuleBroken
from dekon.history import selectors as history
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.org.selectors.reach import reached_by
from dekon.web.access import may, person
from dekon.web.address import Address
from dekon.web.tables import Cell, Column, Line, Order, Source, Table, cells
from dekon.web.trail import words

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from dekon.audit.models import Event

STEPS = 5
"""Rows that stand on the page of a thing."""
SORTED_BY = {"waktu": "id", "siapa": "actor_name", "apa": "action", "satker": "satker_code"}
NAMES = {
    "orang": "person", "aksi": "action", "objek": "subject_type", "nomor": "subject_id", "kata": "words",
    "satker": "satker", "permintaan": "request_id",
}  # fmt: skip
"""Name in the address → field of what is sought."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a timeline."""

    number: int
    event: Event
    done: str
    changes: tuple[words.Change, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The last steps of a thing, how the whole is found, and whether this person may see them."""

    steps: tuple[Step, ...]
    href: str
    allowed: bool = True


def reach_of(request: HttpRequest) -> Reach:
    """What of the trail the person's roles reach; an administrator sees people, roles and lists of codes."""
    who = person(request)
    reached = reached_by(org.scope_of(who))
    only = None if may(request, Action.VIEW_PLACE) else words.ADMINISTRATION
    return Reach(who.pk, reached.satker, reached.places, only)


def asked_of(request: HttpRequest, *, readings: bool | None) -> Asked:
    """What the address seeks.

    Raises:
        RuleBroken: a day is none, or a value cannot be what it stands for.
    """
    said = {field: request.GET.get(name, "").strip() for name, field in NAMES.items()}
    for value in said.values():
        if len(value) > 100 or "\x00" in value:
            raise RuleBroken("page-filter-wrong", value=value[:40].replace("\x00", "\ufffd"))
    place = request.GET.get("provinsi", "").strip()
    if place:
        said["satker"] = ",".join([*filter(None, [said["satker"]]), *_satker_of(place)])
    return Asked(
        **said, place=place, since=_day(request, "dari"), until=_day(request, "sampai"), readings=readings,
        known_at=history.moment(),
    )  # fmt: skip


def _satker_of(province: str) -> list[str]:
    return sorted(reached_by(province).satker or ()) if province.isdigit() and len(province) == 2 else []


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.GET.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as problem:
        raise RuleBroken("page-day-wrong", value=text[:40]) from problem


def trail_table(reach: Reach, asked: Asked, *, readings: bool) -> Table:
    """All rows that are sought; they stay in the database but for a page."""
    columns = (
        Column("waktu", _("Waktu"), "moment"),
        Column("siapa", _("Siapa"), noted=True),
        Column("apa", _("Apa")),
        Column("objek", _("Objek"), noted=True),
        Column("satker", _("Satker atau tempat"), "code"),
        Column("perubahan", _("Yang dibaca") if readings else _("Perubahan"), wide=True, noted=True),
        Column("asal", _("Asal"), wide=True, noted=True),
    )
    rows = audit.events(reach, asked)
    caption = _("Pembacaan data") if readings else _("Jejak audit")
    return Table(
        "jejak", caption, columns, empty=_("Tidak ada baris jejak untuk saringan ini."),
        source=Source(partial(_count, rows), partial(_portion, rows)),
    )  # fmt: skip


def _count(rows: QuerySet[Event], search: str) -> tuple[int, None]:
    return audit.with_words(rows, search).count(), None


def _portion(rows: QuerySet[Event], order: Order, start: int, limit: int | None) -> Iterator[Line]:
    found = audit.with_words(rows, order.search)
    if field := SORTED_BY.get(order.column):
        found = found.order_by(f"-{field}" if order.descending else field, "-id")
    portion = found[start:] if limit is None else found[start : start + limit]
    return map(_line, portion.iterator(chunk_size=500))


def _line(event: Event) -> Line:
    changed = "; ".join(one.words for one in words.changes(event.before, event.after) if not one.long)
    behalf = _("atas nama %(who)s") % {"who": event.on_behalf_of} if event.on_behalf_of else ""
    return Line(
        cells(
            Cell(event.recorded_at, reverse("trail-row", args=[event.pk])),
            Cell(event.actor_name, sub=behalf),
            words.action_words(event.action),
            Cell(_thing(event), words.thing_page(event.subject_type, event.subject_id), event.subject_name),
            place_words(event),
            Cell(changed, sub=event.reason),
            Cell(words.origin_words(event.origin), sub=event.address),
        )
    )


def _thing(event: Event) -> str:
    return f"{words.thing_words(event.subject_type)} {event.subject_id}".strip()


def place_words(event: Event) -> str:
    """Whom a row is about: a satker, a place, all, or the centre."""
    if event.place == "*":
        return _("semua")
    return event.satker_code or event.place.replace("unit:", _("unit") + " ") or _("pusat")


def timeline(request: HttpRequest, kind: str, key: str | int) -> Timeline:
    """The last steps of a thing; its page has asked for the right to show the thing."""
    return _timeline(request, Asked(subject_type=kind, subject_id=str(key)), {"objek": kind, "nomor": str(key)})


def timeline_of_place(request: HttpRequest, *, satker: str = "", province: str = "") -> Timeline:
    """The last steps that are about a satker, or about a province and its satker."""
    codes = satker or ",".join(_satker_of(province))
    return _timeline(
        request, Asked(satker=codes, place=province, readings=False), {"satker": satker, "provinsi": province}
    )  # fmt: skip


def timeline_of_offices(request: HttpRequest, satker: str) -> Timeline:
    """The last steps with the offices of a satker."""
    asked = Asked(subject_type="assignment", satker=satker)
    return _timeline(request, asked, {"objek": "assignment", "satker": satker})


def _timeline(request: HttpRequest, asked: Asked, params: dict[str, str]) -> Timeline:
    href = Address.at(reverse("trail"), params)
    if not may(request, Action.VIEW_TRAIL):
        return Timeline((), href, allowed=False)
    rows = audit.events(reach_of(request), replace(asked, known_at=history.moment()))[:STEPS]
    return Timeline(tuple(map(step_of, rows)), href)


def step_of(event: Event) -> Step:
    """A row with its facts in words."""
    return Step(event.pk, event, words.action_words(event.action), tuple(words.changes(event.before, event.after)))


def lists(*, readings: bool) -> dict[str, list[tuple[str, str]]]:
    """What the form offers to choose from: actions and kinds of things, by their words."""
    kinds = {key for key in words.ACTIONS if (key in Reading.values) == readings}
    return {
        "actions": sorted(((key, words.action_words(key)) for key in kinds), key=lambda pair: pair[1]),
        "things": sorted(((key, words.thing_words(key)) for key in words.THINGS), key=lambda pair: pair[1]),
    }
