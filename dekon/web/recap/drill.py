"""Going down the budget: which level comes next, how it is called, and the way back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from dekon.budget import selectors as budget
from dekon.budget.selectors import OutputView
from dekon.org import selectors as org
from dekon.org.choices import Action
from dekon.org.selectors import Place
from dekon.performance.selectors import Recap, RecapFilter
from dekon.web.access import may
from dekon.web.address import Address
from dekon.web.filters import Asked
from dekon.web.formats import money_head
from dekon.web.pages import Crumb
from dekon.web.recap import listing
from dekon.web.recap.payments import payment_table
from dekon.web.tables import Table

PATH = {
    "provinsi": "province",
    "satker": "satker",
    "program": "program",
    "kegiatan": "kegiatan",
    "kro": "kro",
    "ro": "ro",
    "komponen": "komponen",
    "akun": "akun",
}
"""Name in the address → level, coarse to fine."""

type Step = tuple[str, str, str]
"""One level of the way down: its name in the address, its code, its words."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the budget."""

    name: str
    by: str
    words: str


def level_words(level: str) -> str:
    """How a level is called."""
    return {
        "province": _("Provinsi"),
        "satker": _("Satker"),
        "program": _("Program"),
        "kegiatan": _("Kegiatan"),
        "kro": _("KRO"),
        "ro": _("Rincian output"),
        "komponen": _("Komponen"),
        "akun": _("Akun"),
    }[level]


def level_below(asked: RecapFilter) -> Level:
    """The level that comes after the deepest one the address names."""
    named = [index for index, field in enumerate(PATH.values()) if getattr(asked, field)]
    deepest = max(named, default=-1)
    name = list(PATH)[min(deepest + 1, len(PATH) - 1)]
    return Level(name, PATH[name], level_words(PATH[name]))


def place_of(asked: RecapFilter) -> Place:
    """Where the page is: of a satker its province and unit count, whatever the address says beside it."""
    if asked.satker:
        satker = org.satker_or_none(asked.satker)
        if satker:
            return org.satker_place(satker)
    province = org.province_or_none(asked.province)
    return Place(asked.province, asked.unit, "", province.name if province else "")


def level_table(recap: Recap, chosen: Asked, level: Level, address: Address) -> Table:
    """The next level down."""
    links = {row.key: deeper(address, level, row.key) for row in recap.rows}
    return listing.recap_table(
        recap,
        name="rincian",
        caption=level.words,
        first=level.words,
        links=links,
        total=_("Jumlah"),
        unit=money_head(chosen.money_unit),
        words=satker_words(links) if level.by == "satker" else None,
    )


def payment_tables(chosen: Asked) -> tuple[Table, ...]:
    """The payments themselves, below a kegiatan of a satker; before that they would be too many to mean something."""
    asked = chosen.recap
    return (payment_table(asked, money_head(chosen.money_unit)),) if asked.satker and asked.kegiatan else ()


def satker_words(codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Satker by code and unit: the offices of one province all bear the same name."""
    return {code: (f"{code} · {one.unit}", one.name) for code, one in org.satker_by_code(codes).items()}


def deeper(address: Address, level: Level, key: str, page: str = "drill") -> str:
    """The address one level further down, of the figures or of another page that goes the same way."""
    path = {name: value for name, value in address.params.items() if name in PATH}
    return address.elsewhere(reverse(page), **{**path, level.name: key})


def same_path(address: Address, page: str) -> str:
    """Another page of the same cut."""
    return address.elsewhere(reverse(page), **{name: value for name, value in address.params.items() if name in PATH})


def names_of(asked: RecapFilter) -> dict[str, str]:
    """How the codes of the path are called."""
    names = dict(
        budget.path_names(
            asked.year, asked.satker, asked.program, asked.kegiatan, asked.kro, asked.ro, asked.komponen, asked.akun
        )
    )
    if asked.province and (province := org.province_or_none(asked.province)):
        names["province"] = province.name
    if asked.satker and (satker := org.satker_or_none(asked.satker)):
        names["satker"] = satker.name
    return names


def steps(asked: RecapFilter) -> Iterator[Step]:
    """Each level that the address names: its name there, its code, its words."""
    names = names_of(asked)
    for name, field in PATH.items():
        if code := getattr(asked, field):
            yield name, code, names.get(field, "")


def heading(trail: Sequence[Step]) -> str:
    """What the page is of: the deepest level with its name."""
    if not trail:
        return _("Seluruh anggaran")
    name, code, words = trail[-1]
    label = level_words(PATH[name])
    return words if name == "provinsi" else f"{label} {code}{f': {words}' if words else ''}"


def crumbs(request: HttpRequest, levels: Sequence[Step]) -> list[Crumb]:
    """The way back, one link a level."""
    address, trail = Address.of(request), [(_("Beranda"), reverse("start"))]
    path: dict[str, str] = {}
    for name, code, words in levels:
        path[name] = code
        href = reverse("province", args=[code]) if name == "provinsi" else reverse("drill")
        trail.append(
            (words if name == "provinsi" else code, address.elsewhere(href, **(path if name != "provinsi" else {})))
        )
    return trail


def crumbs_to_province(request: HttpRequest, name: str) -> list[Crumb]:
    """The way back from a province."""
    address, trail = Address.of(request), [(_("Beranda"), reverse("start"))]
    if may(request, Action.VIEW_NATIONAL):
        trail.append((_("Provinsi"), address.elsewhere(reverse("provinces"))))
    return [*trail, (name, "")]


def output_of(asked: RecapFilter) -> OutputView | None:
    """Progress of the RO, on a page that is of one."""
    if not (asked.satker and asked.ro):
        return None
    found = budget.outputs(year=asked.year, satker=asked.satker, as_of=asked.as_of)
    wanted = (asked.kegiatan, asked.kro, asked.ro)
    return next((output for output in found if (output.kegiatan, output.kro, output.ro) == wanted), None)
