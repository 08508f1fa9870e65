"""Real printouts of the Treasury as an oracle: the final value of every row follows from its indicators.

The files carry no licence, so they are read where they lie beside the project and never copied.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from typing import Final

import pytest
from openpyxl import load_workbook

from dekon.rules.formulas.ikpa import WEIGHTS, ikpa_total
from tests.meta.source import ROOT

FOLDER: Final = ROOT.parent / "shared" / "data" / "contoh"
FLAT, NATIVE = FOLDER / "ikpa_satker_bulanan_sampel.csv", FOLDER / "ikpa_satker_bentuk_asli_sd_september_2025.xlsx"
ROUNDING: Final = Decimal("0.011")
"""Values are printed to two decimals, and the total once more."""

INDICATORS: Final = (
    "revisi_dipa", "deviasi_hal_iii", "penyerapan", "belanja_kontraktual", "penyelesaian_tagihan", "up_tup",
    "capaian_output",
)  # fmt: skip
FIRST: Final = 4
MISSING: Final = "the sample of the Treasury is not beside the project"


def number(value: object) -> Decimal:
    return Decimal(str(value).rstrip("%").replace(",", "."))


@pytest.mark.skipif(not NATIVE.exists(), reason=MISSING)
def test_the_final_value_of_every_satker_of_the_native_printout_follows_from_its_indicators() -> None:
    rows = list(load_workbook(NATIVE, read_only=True).worksheets[0].iter_rows(min_row=FIRST + 1, values_only=True))
    satker = [rows[at : at + 4] for at in range(0, len(rows) - 3, 4) if rows[at][5] == "Nilai"]
    assert len(satker) == 68
    for values, weights, _, _ in satker:
        weighed = {name: number(weights[column]) for column, name in enumerate(INDICATORS, 6)}
        scores = {name: number(values[column]) if weighed[name] else None for column, name in enumerate(INDICATORS, 6)}
        result = ikpa_total(scores, 2025, weights=weighed, deduction=number(values[15] or 0))
        assert abs(result.value - number(values[16])) <= ROUNDING
        assert result.parts["jumlah_bobot"] == number(values[14])
        assert {name: w for name, w in weighed.items() if w} == {
            name: w for name, w in WEIGHTS.for_year(2025).items() if weighed[name]
        }


def flat_rows() -> Iterator[dict[str, str]]:
    with FLAT.open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


@pytest.mark.skipif(not FLAT.exists(), reason=MISSING)
def test_the_final_value_of_every_flat_row_follows_from_its_indicators_by_the_weights_of_its_year() -> None:
    checked, bare = 0, 0
    for row in flat_rows():
        year = int(row["tahun"])
        deduction = number(row["dispensasi_spm"]) if year >= 2024 else Decimal(0)
        if not row["revisi_dipa"]:  # one month of the sample shows totals alone
            final = number(row["nilai_total"]) / number(row["konversi_bobot"]) * 100 - deduction
            assert abs(final - number(row["nilai_akhir"])) <= ROUNDING
            bare += 1
            continue
        assert any(fits(row, year, dropped, deduction) for dropped in droppable(row, year)), row
        checked += 1
    assert (checked, bare) == (392, 7)


def droppable(row: dict[str, str], year: int) -> Iterator[frozenset[str]]:
    """Sets of indicators whose weights were converted: the printed conversion says how much, the flat row not which."""
    weights = WEIGHTS.for_year(year)
    gone = 100 - number(row["konversi_bobot"])
    for count in range(len(weights)):
        for names in combinations(weights, count):
            if sum(weights[name] for name in names) == gone:
                yield frozenset(names)


def fits(row: dict[str, str], year: int, dropped: frozenset[str], deduction: Decimal) -> bool:
    scores = {name: None if name in dropped else number(row[name]) for name in WEIGHTS.for_year(year)}
    result = ikpa_total(scores, year, deduction=deduction)
    total = result.parts["nilai_total"]
    assert isinstance(total, Decimal)
    return (
        abs(result.value - number(row["nilai_akhir"])) <= ROUNDING
        and abs(total - number(row["nilai_total"])) <= ROUNDING
    )  # fmt: skip


@pytest.mark.skipif(not FLAT.exists(), reason=MISSING)
def test_printed_deviation_shows_no_value_between_95_and_100_as_the_tolerance_on_the_mean_gives() -> None:
    values = [number(row["deviasi_hal_iii"]) for row in flat_rows() if row["deviasi_hal_iii"]]
    assert values
    assert [value for value in values if 95 < value < 100] == []
