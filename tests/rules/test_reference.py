"""The shipped reference lists hold together."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

DEKON = Path(__file__).parents[2] / "dekon"


def rows(area: str, name: str) -> list[dict[str, str]]:
    with (DEKON / area / "reference" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def existing(on: date) -> Iterator[str]:
    return (row["code"] for row in rows("org", "provinces") if date.fromisoformat(row["valid_from"]) <= on)


@pytest.mark.parametrize(
    ("on", "count"),
    [
        (date(2022, 11, 10), 34),
        (date(2022, 11, 11), 37),
        (date(2022, 12, 8), 37),
        (date(2022, 12, 9), 38),
    ],
)
def test_there_were_as_many_provinces_as_the_laws_say(on: date, count: int) -> None:
    assert len(list(existing(on))) == count


def test_the_code_systems_of_provinces_are_complete_and_differ_in_papua() -> None:
    provinces = rows("org", "provinces")
    for system in ("code", "bps_code", "kdlokasi", "iso_code", "name", "short_name"):
        assert len({row[system] for row in provinces}) == 38, system
    differing = {row["code"]: row["bps_code"] for row in provinces if row["code"] != row["bps_code"]}
    assert differing == {"91": "94", "92": "91", "93": "95", "94": "96", "95": "97", "96": "92"}
    assert {row["code"]: row["parent"] for row in provinces if row["parent"]} == {
        "93": "91", "94": "91", "95": "91", "96": "92",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("area", "name", "shape"),
    [
        ("org", "units", r"\d{2}"),
        ("org", "authorities", r"\d"),
        ("org", "fund_sources", r"\d{2}"),
        ("org", "kppn", r"\d{3}"),
        ("budget", "programs", r"[A-Z]{2}"),
        ("budget", "kegiatan", r"\d{4}"),
        ("budget", "kro", r"[A-Z]{3}|9[0-9A-Z]{2}"),
        ("budget", "akun", r"[58]\d{5}"),
        ("budget", "spending_types", r"5[1-8]"),
    ],
)
def test_codes_have_their_shape_occur_once_and_have_a_readable_name(area: str, name: str, shape: str) -> None:
    found = rows(area, name)
    assert len({row["code"] for row in found}) == len(found)
    assert [row for row in found if not re.fullmatch(shape, row["code"], re.ASCII)] == []
    assert [row for row in found if not row["name"] or row["name"] != " ".join(row["name"].split())] == []
    assert [row["name"] for row in found if row["name"].isupper() and len(row["name"]) > 3] == []


def test_kegiatan_name_units_programmes_and_kro_that_exist() -> None:
    pairs = {(row["unit"], row["program"]) for row in rows("budget", "unit_programs")}
    kegiatan = {row["code"] for row in rows("budget", "kegiatan")}
    kro = {row["code"] for row in rows("budget", "kro")}
    assert {(row["unit"], row["program"]) for row in rows("budget", "kegiatan")} <= pairs
    assert {unit for unit, _ in pairs} == {row["code"] for row in rows("org", "units")}
    assert {row["kegiatan"] for row in rows("budget", "kegiatan_kro")} <= kegiatan
    assert {row["kro"] for row in rows("budget", "kegiatan_kro")} <= kro


def test_outcomes_name_provinces_and_their_source() -> None:
    outcomes = rows("budget", "outcomes")
    assert {row["province"] for row in outcomes} == {row["code"] for row in rows("org", "provinces")}
    assert sum(row["year"] == "2022" for row in outcomes) == 34
    assert all(row["source"].startswith("BPS") for row in outcomes)
