"""The map of the provinces: true outlines for the eye, equal tiles for small provinces and for fingers.

The outlines come from `cahyadsn/wilayah_boundaries` (MIT), projected once (equirectangular, shared arcs simplified).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from pathlib import Path

SHAPE = re.compile(r'<path id="p(\d\d)" data-c="(\d+) (\d+)" d="([^"]+)"')
NEW_PROVINCES = frozenset({"93", "94", "95", "96"})
LAST_NEW = "96"
PARENT_OF_LAST = "92"
WORST = "k1"

CALLOUTS: Mapping[str, tuple[str, int, int, int, str]] = {
    "21": ("M404 238L450 192", 470, 172, 510, "start"),
    "31": ("M523 537L409 608", 385, 623, 345, "end"),
    "34": ("M676 608L624 670", 606, 692, 566, "end"),
    "51": ("M876 628L871 676", 868, 704, 828, "end"),
}
"""Small places get a disc with name and value: leader line, centre of the disc, where the text starts and runs to."""

TILES: Mapping[str, tuple[str, int, int]] = {
    "11": ("ACE", 0, 0), "12": ("SUT", 1, 1), "13": ("SBR", 1, 2), "14": ("RIA", 2, 1), "21": ("KEP", 3, 1),
    "15": ("JAM", 2, 2), "17": ("BKL", 1, 3), "16": ("SSL", 2, 3), "19": ("BBL", 3, 2), "18": ("LAM", 2, 4),
    "36": ("BAN", 3, 5), "31": ("DKI", 4, 5), "32": ("JBR", 4, 6), "33": ("JTG", 5, 5), "34": ("DIY", 5, 6),
    "35": ("JTM", 6, 5), "51": ("BAL", 7, 6), "52": ("NTB", 8, 6), "53": ("NTT", 9, 6), "61": ("KBR", 4, 2),
    "62": ("KTG", 5, 2), "63": ("KSL", 5, 3), "64": ("KTM", 6, 2), "65": ("KTR", 6, 1), "76": ("SLB", 7, 3),
    "73": ("SSN", 7, 4), "72": ("STG", 8, 3), "74": ("STR", 8, 4), "75": ("GTO", 8, 2), "71": ("SLU", 9, 2),
    "82": ("MUT", 10, 2), "81": ("MAL", 10, 4), "92": ("PBR", 11, 3), "91": ("PAP", 12, 3), "96": ("PBD", 11, 2),
    "94": ("PTG", 12, 4), "95": ("PPG", 13, 4), "93": ("PSL", 13, 5),
}  # fmt: skip
TILE, GAP = 53, 3


@dataclass(frozen=True, slots=True)
class Shape:
    """A province on the paper: its outline and its middle."""

    code: str
    outline: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class PlaceValue:
    """What the map says of a province: `tone` is a class of the scale (`k1`-`k5`, or `k0` where nothing is known)."""

    code: str
    name: str
    short_name: str
    words: str
    value: str
    tone: str
    href: str


@cache
def shapes_of(folder: Path, edition: int) -> tuple[Shape, ...]:
    """The outlines of an edition of the map.

    Args:
        folder: where `peta-34.svg` and `peta-38.svg` lie.
        edition: 34, 37 or 38 provinces. From 11 November to 8 December 2022 there were 37: Papua Barat Daya was still
            part of Papua Barat.
    """
    text = (folder / f"peta-{34 if edition == 34 else 38}.svg").read_text("utf-8")
    shapes = [Shape(code, outline, int(x), int(y)) for code, x, y, outline in SHAPE.findall(text)]
    if edition != 37:
        return tuple(shapes)
    lost = next(shape for shape in shapes if shape.code == LAST_NEW)
    return tuple(
        Shape(shape.code, shape.outline + lost.outline, shape.x, shape.y) if shape.code == PARENT_OF_LAST else shape
        for shape in shapes
        if shape.code != LAST_NEW
    )


def edition_for(codes: Iterable[str]) -> int:
    """Which edition shows these provinces: the places that a recap knows decide, not today's date."""
    known = set(codes)
    if LAST_NEW in known:
        return 38
    return 37 if known & NEW_PROVINCES else 34


@lru_cache(maxsize=256)
def country_svg(shapes: tuple[Shape, ...], values: tuple[PlaceValue, ...], title: str) -> str:
    """The map. Provinces without a value stay land-coloured and lead nowhere."""
    by_code = {value.code: value for value in values}
    parts = [f'<svg class="geo" viewBox="0 0 2000 758" role="group" aria-label="{escape(title)}"><g class="land">']
    parts += [_land(shape, by_code.get(shape.code)) for shape in shapes]
    parts.append("</g>")
    parts += [
        f'<text class="mark" x="{shape.x}" y="{shape.y + 10}" aria-hidden="true">!</text>'
        for shape in shapes
        if shape.code in by_code and by_code[shape.code].tone == WORST and shape.code not in CALLOUTS
    ]
    parts += [_callout(by_code[code], CALLOUTS[code]) for code in CALLOUTS if code in by_code]
    return "".join([*parts, "</svg>"])


def _land(shape: Shape, value: PlaceValue | None) -> str:
    if value is None:
        return f'<path class="k0" d="{shape.outline}"/>'
    words = escape(f"{value.name}: {value.words}")
    return (
        f'<a href="{escape(value.href)}" aria-label="{words}"><title>{words}</title>'
        f'<path class="{value.tone}" d="{shape.outline}"/></a>'
    )


def _callout(value: PlaceValue, place: tuple[str, int, int, int, str]) -> str:
    lead, x, y, text_x, anchor = place
    short = value.short_name.split(maxsplit=1)[0]
    words = escape(f"{short} {value.value}: {value.name}: {value.words}")
    return (
        f'<a class="callout" href="{escape(value.href)}" aria-label="{words}" tabindex="-1"><title>{words}</title>'
        f'<path class="lead" d="{lead}"/><circle class="pin {value.tone}" cx="{x}" cy="{y}" r="28"/>'
        f'<text x="{text_x}" y="{y + 9}" text-anchor="{anchor}">{escape(short)}'
        f'<tspan class="val" font-weight="400"> {escape(value.value)}</tspan></text></a>'
    )


@lru_cache(maxsize=256)
def tiles_svg(values: tuple[PlaceValue, ...], title: str) -> str:
    """One square a province, all equal: the same content as the map, easy to hit with a finger."""
    return "".join(_tiles(values, title))


def _tiles(values: tuple[PlaceValue, ...], title: str) -> Iterator[str]:
    known = [value for value in values if value.code in TILES]
    columns = 1 + max((TILES[value.code][1] for value in known), default=0)
    width = columns * (TILE + GAP) + 2
    yield f'<svg class="petak" viewBox="0 0 {width} 394" role="group" aria-label="{escape(title)}">'
    for value in known:
        short, column, line = TILES[value.code]
        x, y = 2 + column * (TILE + GAP), 2 + line * (TILE + GAP)
        middle = x + TILE / 2
        words = escape(f"{value.name}: {value.words}")
        yield (
            f'<a href="{escape(value.href)}" aria-label="{short} {escape(value.value)}: {words}"><title>{words}</title>'
            f'<g class="{value.tone}t"><rect x="{x}" y="{y}" width="{TILE}" height="{TILE}" rx="4"/>'
            f'<text x="{middle}" y="{y + 23}">{short}</text> '
            f'<text class="v" x="{middle}" y="{y + 42}">{escape(value.value)}</text></g></a>'
        )
    yield "</svg>"
