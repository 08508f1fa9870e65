"""Worked cases through the runner: our own, those beside the project where they are, and all that can be wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dekon.errors import RuleBroken
from dekon.rules.cases import calendar_shapes, contract_shapes, ikpa_shapes, nka_shapes
from dekon.rules.cases.reading import Case, read_cases
from dekon.rules.cases.run import Outcome, Runner, decimal_text, equal, shown
from tests.meta.source import ROOT
from tests.rules.seed import closed_days

OWN = sorted((Path(__file__).parent / "cases" / "skor").glob("*.yaml"))
SHARED = ROOT.parent / "shared" / "worked-examples.yaml"
RUNNER = Runner(closed_days(), date(2026, 11, 24))
INDICATORS = sorted(
    {*nka_shapes.SHAPES, *ikpa_shapes.SHAPES, *contract_shapes.SHAPES, *calendar_shapes.SHAPES}
)  # fmt: skip


def cases_in(*files: Path) -> list[Any]:
    return [
        pytest.param(case, id=case.id)
        for file in files
        if file.exists()
        for case in read_cases(file.read_text("utf-8"))
    ]


OWN_CASES = [case for file in OWN for case in read_cases(file.read_text("utf-8"))]


def outcome(text: str) -> Outcome:
    (case,) = read_cases(text)
    return RUNNER.outcome(case)


@pytest.mark.parametrize("case", cases_in(*OWN))
def test_a_case_gives_what_it_expects(case: Case) -> None:
    found = RUNNER.outcome(case)
    assert list(found.differences) == []
    if found.error is None:
        assert found.result
        assert found.steps


@pytest.mark.skipif(not SHARED.exists(), reason="the worked examples are not beside the project")
@pytest.mark.parametrize("case", cases_in(SHARED))
def test_a_worked_example_gives_what_it_expects(case: Case) -> None:
    found = RUNNER.outcome(case)
    assert found.error is None
    assert list(found.differences) == []
    assert {*found.result} == {*case.content["expected"]}  # type: ignore[misc]  # a table of figures


def test_every_indicator_has_a_case_of_ours() -> None:
    used = {case.values[0].content["indicator"] for case in cases_in(*OWN)}
    assert used == set(INDICATORS)


def test_a_case_without_expectation_gives_every_figure() -> None:
    found = outcome("- {id: a, indicator: nilai_efisiensi, inputs: {e: 25}}")
    assert (found.result, found.exact) == ({"ne": 100.0, "ne_unclipped": 112.5}, {"ne": "100", "ne_unclipped": "112.5"})
    assert found.as_expected


@pytest.mark.parametrize(
    "expected", ["{ne: 60.01}", "{ne: 60, other: 1}", "{error: input-negative}", "{ne: .nan}", "{ne: [60]}", "{ne: ya}"]
)
def test_a_case_that_comes_out_otherwise_is_told(expected: str) -> None:
    found = outcome(f"- {{id: a, indicator: nilai_efisiensi, inputs: {{e: 4}}, expected: {expected}}}")
    assert found.error is None
    assert not found.as_expected


def test_long_expected_figures_are_compared_to_all_their_digits() -> None:
    text = """
- {id: a, indicator: konsistensi, inputs: {rpd_kumulatif: [3], realisasi_kumulatif: [2]},
   expected_exact: {konsistensi: %s}}
"""
    assert outcome(text % "66.66666666666667").as_expected
    assert not outcome(text % "66.66666666666767").as_expected
    assert not outcome(text % "66.67").differences


BROKEN: Mapping[str, str] = {
    "- 5": "case-not-a-table",
    "- [1, 2]": "case-not-a-table",
    "- {id: a, indicator: nka, indicator: nka, inputs: {nka: 1}}": "case-unreadable",
    "- {id: a, indicator: nka, inputs: !!python/object:os.system {}}": "case-unreadable",
    "- &a {id: a, indicator: nka, inputs: {perencanaan: *a, ikpa: 1}}": "input-wrong-type",
    "- {id: a, inputs: {e: 1}}": "case-without-indicator",
    "- {id: a, indicator: [nka], inputs: {e: 1}}": "case-without-indicator",
    "- {id: a, indicator: nka}": "case-without-inputs",
    "- {id: a, indicator: nka, inputs: 7}": "case-without-inputs",
    "- {id: a, indicator: nkaa, inputs: {e: 1}}": "case-indicator-unknown",
    "- {id: a, indicator: nilai_efisiensi, inputs: {1: 1}}": "input-wrong-type",
    "- {id: a, indicator: nilai_efisiensi, inputs: {x: 1}}": "input-missing",
    "- {id: a, indicator: nilai_efisiensi, inputs: {e: }}": "input-wrong-type",
    "- {id: a, indicator: nilai_efisiensi, inputs: {e: true}}": "input-wrong-type",
    "- {id: a, indicator: nilai_efisiensi, inputs: {e: '20'}}": "input-wrong-type",
    "- {id: a, indicator: nilai_efisiensi, inputs: {e: 007}}": "input-wrong-type",
    "- {id: a, indicator: nilai_efisiensi, inputs: {e: .nan}}": "input-not-a-number",
    "- {id: a, indicator: nilai_efisiensi, inputs: {e: -.inf}}": "input-not-a-number",
    "- {id: a, indicator: nilai_efisiensi, inputs: {e: 1.0e+99999}}": "input-not-a-number",
    "- {id: a, indicator: nilai_efisiensi, inputs: {e: []}}": "input-empty",
    "- {id: a, indicator: nilai_efisiensi, inputs: {e: [[1]]}}": "input-wrong-type",
    "- {id: a, indicator: nilai_efisiensi, inputs: {e: 1}, expected: 5}": "input-wrong-type",
    "- {id: a, indicator: nka, inputs: {tahun: 99999, perencanaan: 1, ikpa: 1}}": "input-out-of-range",
    "- {id: a, indicator: nka, regulation: PMK 62/2023, inputs: {tahun: 2022, perencanaan: 1, ikpa: 1}}":
        "year-outside-regulation",
    "- {id: a, indicator: nka, inputs: {tahun: 2022, perencanaan: 1, ikpa: 1}}": "parameter-not-in-force",
    "- {id: a, indicator: batas_waktu, inputs: {bast: 2022-02-30, hari_kerja: 1}}": "input-wrong-type",
    "- {id: a, indicator: batas_waktu, inputs: {bast: 2022-02-01, hari_kerja: 100000}}": "input-out-of-range",
    "- {id: a, indicator: jumlah_hari_kerja, inputs: {tahun: 0}}": "input-out-of-range",
}  # fmt: skip


@pytest.mark.parametrize("text", BROKEN)
def test_what_cannot_be_computed_is_a_named_error_and_no_number(text: str) -> None:
    found = outcome(text)
    assert found.error is not None
    assert found.error.code == BROKEN[text]
    assert found.error.message("id") != found.error.message("en")
    assert (found.result, found.as_expected) == ({}, False)


def test_one_broken_case_leaves_the_others_whole() -> None:
    text = "\n".join([*BROKEN, "- {id: last, indicator: nilai_efisiensi, inputs: {e: 0}}"])
    text = text.replace("&a ", "").replace("*a", "1")
    found = [RUNNER.outcome(case) for case in read_cases(text)]
    assert len(found) == len(BROKEN) + 1
    assert found[-1].result["ne"] == 50.0


def test_an_expected_error_counts_as_computed_as_expected() -> None:
    text = "- {id: a, indicator: nilai_efisiensi, inputs: {e: ya}, expected: {error: input-wrong-type}}"
    assert outcome(text).as_expected
    assert not outcome(text.replace("wrong-type", "empty")).as_expected


@pytest.mark.parametrize(
    ("text", "code"), [("a: [", "cases-unreadable"), ("a: 1", "cases-not-a-list"), ("", "cases-not-a-list")]
)
def test_a_file_that_is_no_list_of_cases_is_refused_whole(text: str, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        read_cases(text)
    assert refused.value.code == code


def test_a_table_with_the_one_key_cases_is_taken_as_its_list_and_json_as_yaml() -> None:
    (case,) = read_cases('{"cases": [{"id": "a", "indicator": "nilai_efisiensi", "inputs": {"e": 19.9}}]}')
    assert case.content["inputs"] == {"e": Decimal("19.9")}


def test_a_day_in_quotes_is_a_day_since_json_has_none() -> None:
    text = '[{"indicator": "batas_waktu", "inputs": {"bast": "2022-03-01", "hari_kerja": 17}}]'
    assert outcome(text).result == {"batas": "2022-03-25"}
    refused = outcome(text.replace("2022-03-01", "2022-03-32")).error
    assert refused is not None
    assert refused.code == "input-wrong-type"


def test_steps_name_the_regulation_whether_it_was_revoked_and_what_is_not_verified() -> None:
    steps = outcome("- {id: a, regulation: PMK 22/PMK.02/2021, indicator: nilai_efisiensi, inputs: {e: 1}}").steps
    told = {str(step["value"]): str(step["how"]) for step in steps if step["label"] in {"dasar", "parameter"}}
    regulation = "PMK 22/PMK.02/2021 (dicabut, dipakai sampai 31 Desember 2022, diganti PMK 62/2023)"
    assert told[regulation] == "status: perkiraan (estimate)"
    assert told["nka/efficiency_clip sejak 2018-01-01"].endswith("belum terverifikasi")
    assert told["nka/efficiency_middle sejak 2018-01-01"].endswith("; terverifikasi")


def test_inputs_that_nobody_asked_for_are_named() -> None:
    steps = outcome("- {id: a, indicator: nilai_efisiensi, inputs: {e: 1, efisiensii: 5, keterangan: x}}").steps
    assert [step["value"] for step in steps if step["label"] == "masukan yang tidak dipakai"] == ["efisiensii"]


def test_absorption_says_over_what_it_is_counted() -> None:
    steps = outcome("- {id: a, indicator: penyerapan, inputs: {pagu_efektif: 4, realisasi: 1}}").steps
    assert str(steps[0]["how"]).endswith("terhadap pagu efektif (pagu − blokir)")


@pytest.mark.parametrize(
    ("number", "rounded", "text"),
    [("87.135", 87.14, "87.135"), ("0.005", 0.01, "0.005"), ("-0.005", -0.01, "-0.005"), ("1E+2", 100.0, "100")],
)
def test_numbers_are_rounded_half_up_for_display_and_kept_in_full(number: str, rounded: float, text: str) -> None:
    assert (shown(Decimal(number)), decimal_text(Decimal(number))) == (rounded, text)


def test_a_figure_equals_to_the_decimals_that_are_expected() -> None:
    assert equal(Decimal("9.995"), Decimal("10.00"))
    assert equal(Decimal("9.9949"), Decimal("9.99"))
    assert not equal(Decimal("9.9949"), Decimal("9.9950"))
    assert not equal(Decimal(1), True)
    assert not equal([Decimal(1)], [Decimal(1), Decimal(1)])


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 130), st.integers(), st.text(max_size=5),
    st.decimals(allow_nan=True, allow_infinity=True), st.dates(), st.decimals(0, 100, places=2),
)  # fmt: skip
NAMES = st.sampled_from(
    [
        "akun", "akhir_triwulan", "bast", "bobot", "bulan", "bulan_terakhir", "capaian", "cro", "cuti_bersama",
        "dev", "dev_bulanan", "dikenal_pada", "e", "efektivitas", "efisiensi", "gup", "hari_antar_sp2d",
        "hari_bulan", "hari_kerja", "hari_kerja_ke", "id", "ikpa", "implementasi", "indikator", "jenis",
        "jumlah_revisi_per_triwulan", "jumlah_revisi_triwulan", "keluaran", "ketepatan", "ketepatan_waktu",
        "kkp", "konsistensi", "kontrak", "kontrak_semua", "libur", "libur_2023", "manfaat", "nama", "ne",
        "nilai", "nilai_capaian_ro", "nilai_sebelum", "nilai_triwulan", "nilai_triwulan_sebelumnya",
        "output_program", "pagu", "pagu_share", "pasangan_rpd_realisasi", "pcro", "pengurang", "penyerapan",
        "permil", "perencanaan", "program", "r", "rasio", "rata_rata", "realisasi", "realisasi_kumulatif",
        "revisi", "revisi_semester_1", "ro", "rpd", "rpd_kumulatif", "rv", "rvro", "semester", "semua",
        "spm_semua", "spm_tepat_waktu", "t", "tahun", "tanggal", "target_pct", "tgl_kontrak", "tgl_sp2d",
        "tpcro", "triwulan", "tup", "tv", "tvro", "unit", "up", "values", "weights",
    ]
)  # fmt: skip
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=6)),
    max_leaves=12,
)


@given(st.sampled_from(INDICATORS), st.dictionaries(NAMES, ANYTHING, max_size=10), ANYTHING)
def test_whatever_stands_in_a_case_the_outcome_is_figures_or_a_named_error(
    indicator: str, inputs: dict[str, object], expected: object
) -> None:
    content = {"id": "a", "indicator": indicator, "inputs": inputs, "expected": expected}
    found = RUNNER.outcome(Case("a", content))
    if found.error:
        assert found.error.message("id")
        assert (found.result, found.exact, found.steps) == ({}, {}, ())
    else:
        assert found.steps
        assert json.dumps([found.result, found.exact, list(found.steps)], allow_nan=False)


MUTANTS = st.one_of(SCALARS, st.lists(SCALARS, max_size=3), st.just({}))


@given(st.sampled_from(OWN_CASES), MUTANTS, st.randoms(use_true_random=False))
def test_a_good_case_with_one_value_spoilt_is_figures_or_a_named_error(
    case: Case, value: object, random: Random
) -> None:
    content = dict(case.content)
    content["inputs"] = spoilt(content["inputs"], value, random)
    found = RUNNER.outcome(Case("a", content))
    assert found.error is None or found.error.message("id")


def spoilt(inputs: object, value: object, random: Random) -> object:
    """The inputs with one value somewhere inside of them replaced."""
    if isinstance(inputs, dict) and inputs:
        name = random.choice(sorted(inputs))
        return {**inputs, name: spoilt(inputs[name], value, random)}
    if isinstance(inputs, list) and inputs and random.random() < 0.8:
        at = random.randrange(len(inputs))
        return [*inputs[:at], spoilt(inputs[at], value, random), *inputs[at + 1 :]]
    return value
