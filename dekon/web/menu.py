"""The main menu: groups in the order in which a year runs. A group of which only one entry is open is that entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dekon.org.choices import Action

NOTHING: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Entry:
    """What the menu may offer: the name of an address, the right it takes, where else it counts as shown."""

    words: Promise
    name: str
    action: Action | None = None
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """One entry of the menu as a person sees it; `count` is how much waits there."""

    words: str
    href: str
    current: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one word."""

    words: str
    areas: tuple[Area, ...]

    @property
    def current(self) -> bool:
        """Whether the page that is shown belongs to it."""
        return any(area.current for area in self.areas)

    @property
    def count(self) -> int:
        """How much waits in all of its entries."""
        return sum(area.count for area in self.areas)


OFFERED: tuple[tuple[Promise, tuple[Entry, ...]], ...] = (
    (_("Beranda"), (Entry(_("Beranda"), "start"),)),
    (_("Provinsi"), (Entry(_("Provinsi"), "provinces", Action.VIEW_PLACE),)),
    (
        _("Anggaran"),
        (
            Entry(
                _("Rencana"), "policies", Action.VIEW_PLACE,
                ("/tema/", "/blokir/", "/cadangan/", "/hasil/", "/tahun/", "/rpd/"),
            ),
            Entry(_("Impor"), "imports", Action.IMPORT_FILES),
            Entry(_("Rekonsiliasi"), "cases", Action.VIEW_PLACE),
        ),
    ),
    (
        _("Koordinasi"),
        (
            Entry(_("Rapat"), "meetings", Action.VIEW_PLACE),
            Entry(_("Paparan"), "presentation", Action.VIEW_PLACE),
        ),
    ),
    (
        _("Kinerja"),
        (
            Entry(_("Skor"), "scores", Action.VIEW_PLACE),
            Entry(_("Pemenuhan Komitmen"), "promises", Action.VIEW_PLACE),
            Entry(_("Peringatan dini"), "alerts", Action.VIEW_PLACE, ("/proyeksi/",)),
        ),
    ),
    (
        _("Naskah"),
        (
            Entry(_("Register naskah"), "documents"),
            Entry(_("Menunggu tanda tangan saya"), "signing"),
            Entry(_("Dosir"), "dossier", Action.TAKE_DOSSIER),
        ),
    ),
    (
        _("Pengelolaan"),
        (
            Entry(_("Pejabat"), "offices", Action.VIEW_OFFICIALS),
            Entry(_("Orang"), "people", Action.MANAGE_OFFICE_USERS),
            Entry(_("Data rujukan"), "reference", Action.EDIT_REFERENCE),
        ),
    ),
)  # fmt: skip
"""All that the menu knows, in the order in which it is shown."""


def menu(path: str, is_open: Callable[[Action], bool], counts: Mapping[str, int] = NOTHING) -> Iterator[Group]:
    """The groups that hold something for a person, on the page at `path`.

    Args:
        path: of the page that is shown.
        is_open: says of an action whether the person may do it anywhere.
        counts: how much waits, by the name of an entry.
    """
    for words, entries in OFFERED:
        offered = [one for one in entries if one.action is None or is_open(one.action)]
        shown = tuple(area_of(one, path, counts.get(one.name, 0)) for one in offered)
        if shown:
            yield Group(str(words) if len(shown) > 1 else shown[0].words, shown)


def area_of(entry: Entry, path: str, count: int = 0) -> Area:
    """An entry with its address, whether the page at `path` lies below it, and how much waits there."""
    href = reverse(entry.name)
    current = path == href if entry.name == "start" else path.startswith((href, *entry.beside))
    return Area(str(entry.words), href, current, count)
