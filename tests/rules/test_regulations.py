"""Which regulation counts when, what a revoked or doubtful one says, and what the Treasury set aside for a quarter."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dekon.errors import RuleBroken
from dekon.rules.explained import Explained
from dekon.rules.files import ParameterProblems
from dekon.rules.overrides import override_for, overrides, overrides_from, with_overrides
from dekon.rules.regulations import regulation_at, regulation_for_year, regulations, regulations_from


@pytest.mark.parametrize(
    ("subject", "on", "regulation"),
    [
        ("nka", date(2020, 12, 31), "PMK 214/PMK.02/2017"),
        ("nka", date(2021, 1, 1), "PMK 22/PMK.02/2021"),
        ("nka", date(2022, 12, 31), "PMK 22/PMK.02/2021"),
        ("nka", date(2023, 1, 1), "PMK 62/2023"),
        ("ikpa", date(2021, 12, 31), "PER-4/PB/2021"),
        ("ikpa", date(2022, 1, 1), "PER-5/PB/2022"),
        ("ikpa", date(2023, 12, 31), "PER-5/PB/2022"),
        ("ikpa", date(2024, 1, 1), "PER-5/PB/2024"),
        ("dekonsentrasi", date(2022, 5, 8), "PP 7/2008"),
        ("dekonsentrasi", date(2022, 5, 9), "PP 19/2022"),
        ("pembayaran", date(2022, 12, 31), "PMK 190/PMK.05/2012"),
        ("pembayaran", date(2023, 1, 1), "PMK 210/PMK.05/2022"),
    ],
)
def test_each_day_has_one_regulation_the_day_before_a_change_and_on_it(subject: str, on: date, regulation: str) -> None:
    assert regulation_at(subject, on).id == regulation


def test_a_day_before_the_first_regulation_is_refused() -> None:
    with pytest.raises(RuleBroken) as refused:
        regulation_at("ikpa", date(2020, 12, 31))
    assert (refused.value.code, refused.value.params["first"]) == ("regulation-not-recorded", "2021-01-01")


def test_a_revoked_regulation_says_so_from_the_day_after_its_last() -> None:
    old = regulation_for_year("ikpa", 2021)
    assert not old.revoked(date(2021, 12, 31))
    assert old.shown(date(2021, 12, 31)) == "PER-4/PB/2021"
    assert (
        old.shown(date(2022, 1, 1)) == "PER-4/PB/2021 (dicabut, dipakai sampai 31 Desember 2021, diganti PER-5/PB/2022)"
    )


def test_a_passage_that_nobody_has_read_is_shown_as_not_verified() -> None:
    shown = regulation_for_year("nka", 2024).shown(date(2024, 6, 30))
    assert shown.startswith("PMK 62/2023 (sebagaimana diubah dengan PMK 107/2024; masa peralihan belum terverifikasi")
    assert not Explained(Decimal(1), regulation=regulation_for_year("nka", 2024)).verified
    assert Explained(Decimal(1), regulation=regulation_for_year("nka", 2021)).verified


def test_every_year_from_2018_has_rules_of_nka_and_from_2021_of_ikpa() -> None:
    assert [regulation_for_year("nka", year).id for year in range(2018, 2027)]
    assert [regulation_for_year("ikpa", year).id for year in range(2021, 2027)]
    assert {regulation.subject for regulation in regulations().values()} == {
        "nka", "ikpa", "dekonsentrasi", "laporan", "pembayaran",
    }  # fmt: skip


GAP = """
A 1/2020:
  {title: A, subject: x, since: 2020-01-01, until: 2020-12-30, revoked_by: B 2/2021, published: ,
   checked: , confidence: known}
B 2/2021: {title: B, subject: x, since: 2021-01-01, published: , checked: , confidence: known}
"""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (GAP, "list.yaml: A 1/2020: leaves a gap before B 2/2021 for x; end it on 2020-12-31"),
        (GAP.replace("2020-12-30", "2021-01-01"), "list.yaml: A 1/2020: overlaps B 2/2021 for x; end it on 2020-12-31"),
        (GAP.replace("revoked_by: B 2/2021, ", ""), "list.yaml: A 1/2020: until without revoked_by"),
        (GAP.replace("title: B,", ""), "list.yaml: B 2/2021: title is missing"),
        (GAP.replace("title: B", "colour: red, title: B"), "list.yaml: B 2/2021: colour is unknown"),
        (
            GAP.replace("confidence: known", "confidence: sourced"),
            "list.yaml: A 1/2020: sourced, but nobody checked it",
        ),
        (GAP.replace("published: ,", "published: , transition: unsure,"), "list.yaml: A 1/2020: transition without"),
        ("A: 5", "list.yaml: A: not a regulation"),
    ],
)
def test_a_list_of_regulations_with_a_hole_or_without_its_source_is_refused(
    tmp_path: Path, text: str, problem: str
) -> None:
    (tmp_path / "list.yaml").write_text(text, "utf-8")
    with pytest.raises(ParameterProblems) as found:
        regulations_from(tmp_path / "list.yaml")
    assert any(line.startswith(problem) for line in found.value.problems), found.value.problems


def test_in_the_first_quarter_of_2025_every_indicator_with_data_counts_100() -> None:
    values = {"penyerapan": Decimal("63.2"), "up_tup": None}
    after, steps = with_overrides("ikpa", values, 2025, 1)
    assert after == {"penyerapan": Decimal(100), "up_tup": None}
    assert [(step.about, step.value) for step in steps] == [("penyerapan", Decimal(100))]
    assert "Inpres 1/2025" in steps[0].how
    for year, quarter in ((2024, 4), (2025, 2), (2026, 1)):
        assert with_overrides("ikpa", values, year, quarter) == (values, ())


OVERRIDE = """
- {subject: ikpa, year: 2025, quarter: 2, indicators: [penyerapan], effect: excluded, reason: why, letter: S-1/PB/2025,
   legal: PER-5/PB/2024, confidence: unsure}
"""


def test_an_indicator_can_be_left_out_for_a_quarter(tmp_path: Path) -> None:
    (tmp_path / "o.yaml").write_text(OVERRIDE, "utf-8")
    known = overrides_from(tmp_path / "o.yaml")
    after, (step,) = with_overrides("ikpa", {"penyerapan": Decimal(50), "up_tup": Decimal(90)}, 2025, 2, known)
    assert after == {"penyerapan": None, "up_tup": Decimal(90)}
    assert "S-1/PB/2025" in step.how
    assert override_for("ikpa", "up_tup", 2025, 2, known) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (OVERRIDE + OVERRIDE, "o.yaml: two overrides for ikpa 2025 quarter 2"),
        (OVERRIDE.replace("reason: why, ", ""), "o.yaml: number 1: reason is missing"),
        (OVERRIDE.replace("letter: S-1/PB/2025,", ""), "o.yaml: number 1: letter is missing"),
        (OVERRIDE.replace("quarter: 2", "quarter: 5"), "o.yaml: number 1: year and quarter"),
        (OVERRIDE.replace("excluded", "fixed"), "o.yaml: number 1: effect must be fixed with a value"),
        (OVERRIDE.replace("excluded", 'fixed, value: "101"'), "o.yaml: number 1: value '101' is no score"),
        (OVERRIDE.replace("[penyerapan]", "some"), "o.yaml: number 1: indicators must be a list"),
        (OVERRIDE.replace("year: 2025,", "year: 2025, month: 4,"), "o.yaml: number 1: month is unknown"),
        ("a: 1", "o.yaml: not a list"),
        ("- [", "o.yaml: "),
    ],
)
def test_an_override_without_reason_letter_or_clear_effect_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "o.yaml").write_text(text, "utf-8")
    with pytest.raises(ParameterProblems) as found:
        overrides_from(tmp_path / "o.yaml")
    assert any(line.startswith(problem) for line in found.value.problems), found.value.problems


def test_the_shipped_overrides_name_indicators_of_their_year() -> None:
    assert overrides()
    assert all(override.letter and override.reason for override in overrides())
