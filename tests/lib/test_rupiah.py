from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dekon.lib.rupiah import (
    Language,
    NotAnAmount,
    format_headline,
    format_million,
    format_number,
    format_percent,
    format_points,
    format_rupiah,
    parse_rupiah,
    round_half_up,
    rupiah_from_number,
)

AMOUNTS = st.integers(min_value=-(10**18), max_value=10**18)
LANGUAGES: st.SearchStrategy[Language] = st.sampled_from(["id", "en"])


@given(AMOUNTS, LANGUAGES)
def test_an_exact_amount_reads_back_as_itself(amount_rp: int, language: Language) -> None:
    text = format_rupiah(amount_rp, language)
    assert parse_rupiah(text) == amount_rp
    assert parse_rupiah(f" {text.replace('Rp', 'Rp ')}{',00' if language == 'id' else '.00'} ") == amount_rp


@given(AMOUNTS, LANGUAGES)
def test_a_headline_is_never_off_by_more_than_half_of_its_last_digit(amount_rp: int, language: Language) -> None:
    number, _, unit = format_headline(amount_rp, language, prefix=False).partition("\u00a0")
    scale = {"": 1, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}.get(unit) or {
        "million": 10**6, "billion": 10**9, "trillion": 10**12,
    }[unit]  # fmt: skip
    plain = number.replace("\u2212", "-")
    plain = plain.replace(".", "").replace(",", ".") if language == "id" else plain.replace(",", "")
    assert abs(Decimal(plain) * scale - amount_rp) <= (Decimal(scale) / 200 if unit else 0)
    assert unit in {"triliun", "trillion"} or abs(Decimal(plain)) < 1000 or not unit


@pytest.mark.parametrize(
    ("amount_rp", "indonesian", "english"),
    [
        (128_900_000_000, "Rp128,90 miliar", "Rp128.90 billion"),
        (0, "Rp0", "Rp0"),
        (999_999, "Rp999.999", "Rp999,999"),
        (1_000_000, "Rp1,00 juta", "Rp1.00 million"),
        (1_005_000, "Rp1,01 juta", "Rp1.01 million"),
        (1_004_999, "Rp1,00 juta", "Rp1.00 million"),
        (999_994_999, "Rp999,99 juta", "Rp999.99 million"),
        (999_995_000, "Rp1,00 miliar", "Rp1.00 billion"),
        (999_995_000_000, "Rp1,00 triliun", "Rp1.00 trillion"),
        (12_345_678_900_000_000, "Rp12.345,68 triliun", "Rp12,345.68 trillion"),
        (-14_400_000, "−Rp14,40 juta", "−Rp14.40 million"),
    ],
)
def test_headlines_round_half_up_and_change_unit_in_time(amount_rp: int, indonesian: str, english: str) -> None:
    assert format_headline(amount_rp).replace("\u00a0", " ") == indonesian
    assert format_headline(amount_rp, "en").replace("\u00a0", " ") == english


def test_figures_of_tables_follow_the_words_of_the_design() -> None:
    assert format_rupiah(128_900_000_000) == "Rp128.900.000.000"
    assert format_million(-14_400_000) == "−14,4"
    assert format_million(-1_530_800_000) == "−1.530,8"
    assert (format_million(0), format_million(None)) == ("0,0", "–")
    assert format_percent(Decimal("0.631")) == "63,1\u00a0%"
    assert format_percent(Decimal("0.631"), "en") == "63.1%"
    assert format_points(Decimal("-0.023")) == "−2,3\u00a0poin"
    assert format_headline(128_900_000_000, prefix=False) == "128,90\u00a0miliar"
    assert format_headline(128_945_000_000, decimals=3) == "Rp128,945\u00a0miliar"
    assert [form(None) for form in (format_rupiah, format_headline, format_percent, format_points)] == ["–"] * 4


def test_a_value_that_rounds_to_zero_has_no_sign() -> None:
    assert (format_million(-49_999), format_million(-50_000)) == ("0,0", "−0,1")


def test_half_is_rounded_away_from_zero() -> None:
    assert [round_half_up(Decimal(text), 0) for text in ("0.5", "1.5", "2.5", "-0.5", "-2.5")] == [1, 2, 3, -1, -3]
    assert format_number(Decimal("1234.565"), 2) == "1.234,57"


@pytest.mark.parametrize(
    ("text", "amount_rp"),
    [
        ("1.234.567", 1_234_567),
        ("1,234,567", 1_234_567),
        ("1 234 567", 1_234_567),
        ("1\u00a0234\u202f567", 1_234_567),
        ("1.000", 1000),
        ("1,000", 1000),
        ("Rp1.234,00", 1234),
        ("Rp. 1.000,-", 1000),
        ("IDR 1,234.00", 1234),
        ("rp 5", 5),
        ("1234.0", 1234),
        ("1234,00", 1234),
        ("(1.000)", -1000),
        ("-1000", -1000),
        ("−Rp1.000", -1000),
        ("Rp -1.000", -1000),
        ("'0001", 1),
        ("0", 0),
        ("0,00", 0),
        ("-0", 0),
    ],
)
def test_amounts_are_read_as_offices_write_them(text: str, amount_rp: int) -> None:
    assert parse_rupiah(text) == amount_rp


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("Rp", "empty"),
        ("1.5", "fraction"),
        ("1.234,56", "fraction"),
        ("1234.567", "fraction"),
        ("0.123", "fraction"),
        ("1.234,567", "ambiguous"),
        ("1234.000", "ambiguous"),
        ("12.34.567", "grouping"),
        ("1.23,456.00", "grouping"),
        ("1.234,567.89", "grouping"),
        ("01.234.567", "grouping"),
        ("abc", "not-an-amount"),
        ("1e5", "not-an-amount"),
        ("--5", "not-an-amount"),
        ("(-5)", "not-an-amount"),
        ("-", "not-an-amount"),
        ("1.", "not-an-amount"),
        ("=1+1", "not-an-amount"),
        ("\u0663\u0664", "not-an-amount"),
        ("9" * 41, "too-long"),
    ],
)
def test_what_is_no_whole_amount_is_refused_with_its_reason(text: str, problem: str) -> None:
    with pytest.raises(NotAnAmount) as refused:
        parse_rupiah(text)
    assert refused.value.problem == problem


@given(st.text(max_size=50))
def test_no_text_makes_the_reader_fail_in_another_way(text: str) -> None:
    with contextlib.suppress(NotAnAmount):
        assert isinstance(parse_rupiah(text), int)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 0.5, 1e17, Decimal("1.5"), Decimal("NaN")])
def test_a_number_cell_that_is_no_whole_amount_is_refused(value: float | Decimal) -> None:
    with pytest.raises(NotAnAmount):
        rupiah_from_number(value)


def test_a_number_cell_gives_whole_rupiah() -> None:
    assert [rupiah_from_number(value) for value in (52_738_349_000.0, -1.0, Decimal("5.0"), float(2**53))] == [
        52_738_349_000, -1, 5, 2**53,
    ]  # fmt: skip
