"""Pictures that the server draws: what they say stands in them as text, and they are well-formed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from dekon.lib.charts.country import PlaceValue, country_svg, edition_for, shapes_of, tiles_svg
from dekon.lib.charts.curve import Curve, CurvePoint, CurveWords, axis_of, curve_svg
from dekon.lib.periods import month_short

MAPS = Path(__file__).parents[2] / "dekon" / "web" / "map"
MILLION = 10**6
LETTER = 7.5
"""Units that a letter of a label takes, rather too many."""
LETTER_AT_LEAST, LINE = 6.7, 15
"""Units that a letter and a line of labels take as drawn."""
NEW_IN_2022 = ("92", "93", "94", "95", "96")


def curve(realised: int, ceiling: int = 128_900) -> Curve:
    """A year planned evenly, with so many months realised at nine tenths of the plan."""
    words = CurveWords("Rencana & realisasi", "Sampai September", "Rencana", "Realisasi", "Kurang Rp8 miliar", "30 Sep")
    points = tuple(
        CurvePoint(
            month_short(m),
            ceiling * MILLION * m // 12,
            ceiling * MILLION * m // 12 * 9 // 10 if m <= realised else None,
        )
        for m in range(1, 13)
    )
    return Curve("uji", points, words)


def places(count: int) -> tuple[PlaceValue, ...]:
    """The provinces of an edition, all in one class."""
    codes = [shape.code for shape in shapes_of(MAPS, count)]
    return tuple(
        PlaceValue(code, f"Provinsi {code}", code, "penyerapan 63 %", "90", "k3", f"/provinsi/{code}/")
        for code in codes
    )


@pytest.mark.parametrize("drawing", ["wide", "narrow"])
@pytest.mark.parametrize("realised", [0, 1, 9, 12])
def test_a_curve_is_well_formed_and_says_what_it_shows(drawing: str, realised: int) -> None:
    svg = curve_svg(curve(realised), "wide" if drawing == "wide" else "narrow")
    root = ET.fromstring(svg)
    assert root.find("title") is not None
    assert ("Realisasi" in "".join(root.itertext()).replace("Rencana & realisasi", "")) == (realised > 0)


@pytest.mark.parametrize("drawing", ["wide", "narrow"])
@pytest.mark.parametrize("realised", range(1, 13))
def test_no_label_of_a_curve_leaves_the_paper(drawing: str, realised: int) -> None:
    root = ET.fromstring(curve_svg(curve(realised), "wide" if drawing == "wide" else "narrow"))
    paper = float(root.attrib["viewBox"].split()[2])
    for text in root.iter():
        if text.tag.endswith("text") and text.text:
            x, width = float(text.attrib["x"]), len(text.text) * LETTER
            right = {"start": x + width, "middle": x + width / 2, "end": x}[text.attrib["text-anchor"]]
            assert right <= paper, text.text


def boxes(svg: str) -> Iterator[tuple[float, float, float, str]]:
    """Left, right, line and words of every label beside the lines; those of the axes have whole numbers as places."""
    for text in ET.fromstring(svg).iter():
        x, anchor = text.get("x", ""), text.get("text-anchor")
        if text.tag.endswith("text") and "." in x and anchor != "middle":
            words = text.text or ""
            left = float(x) - (len(words) * LETTER_AT_LEAST if anchor == "end" else 0)
            yield left, left + len(words) * LETTER_AT_LEAST, float(text.attrib["y"]), words


@pytest.mark.parametrize("drawing", ["wide", "narrow"])
@pytest.mark.parametrize("now", [1, 2, 3, 6, 9, 10, 11, 12])
def test_labels_of_a_curve_keep_apart(drawing: str, now: int) -> None:
    """Also where little was planned or realised by now and both points lie near the axis, or on each other."""
    whole, shares = 128_900 * MILLION, (0, 2, 30, 100, 500, 1000)
    for planned, realised in itertools.product(shares, shares):
        by_now, done = whole * planned // 1000, whole * realised // 1000
        points = tuple(
            CurvePoint(
                month_short(m),
                by_now * m // now if m <= now else by_now + (whole - by_now) * (m - now) // (12 - now),
                done * m // now if m <= now else None,
            )
            for m in range(1, 13)
        )
        svg = curve_svg(Curve("uji", points, curve(9).words), "wide" if drawing == "wide" else "narrow")
        labels = list(boxes(svg))
        assert len(labels) >= 2
        for one, other in itertools.combinations(labels, 2):
            beside = one[1] <= other[0] or other[1] <= one[0]
            assert beside or abs(one[2] - other[2]) >= LINE, (planned, realised, one, other)
        assert min(line for _left, _right, line, _words in labels) >= LINE - 5


def test_a_year_without_any_figure_still_has_a_picture() -> None:
    assert ET.fromstring(curve_svg(curve(0, ceiling=0), "wide")).tag == "svg"


def test_amounts_in_the_picture_are_rounded_like_those_of_the_page() -> None:
    assert "6,91" in curve_svg(Curve("uji", (CurvePoint("Jan", 6_908_500_000, 6_908_500_000),), curve(1).words), "wide")


@pytest.mark.parametrize("largest", [1, 999_999, 5 * MILLION, 128_900 * MILLION, 9 * 10**12])
def test_the_axis_reaches_the_largest_figure_in_few_round_steps(largest: int) -> None:
    _unit, step, end = axis_of(largest)
    assert end >= largest
    assert end // step <= 8


def test_the_map_has_34_provinces_until_2022_and_more_afterwards() -> None:
    old = [place.code for place in places(34)]
    assert len(old) == 34
    assert edition_for(old) != edition_for([*old, *NEW_IN_2022])


def test_every_province_of_the_map_is_a_link_with_its_words() -> None:
    values = places(34)
    for svg in (
        country_svg(shapes_of(MAPS, edition_for(v.code for v in values)), values, "Peta"),
        tiles_svg(values, "Petak"),
    ):
        root = ET.fromstring(svg)
        links = {link.get("href") for link in root.iter("a")}
        assert links == {value.href for value in values}
        assert all("penyerapan 63 %" in (link.get("aria-label") or "") for link in root.iter("a"))
