from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from dekon.lib.terbilang import LIMIT, terbilang, terbilang_rupiah

DIGITS = {
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
}  # fmt: skip
GROUPS = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12, "kuadriliun": 10**15}
SPELT_OUT = {"seribu": "satu ribu", "seratus": "satu ratus", "sepuluh": "satu puluh", "sebelas": "satu belas"}


def value_of(words: str) -> int:
    """A reader of numerals written from their grammar, the other way round than the writer."""
    for short, long in SPELT_OUT.items():
        words = re.sub(rf"\b{short}\b", long, words)
    total = group = digit = 0
    for word in words.split():
        if word in DIGITS:
            digit = DIGITS[word]
        elif word in {"ratus", "puluh"}:
            group, digit = group + digit * (100 if word == "ratus" else 10), 0
        elif word == "belas":
            group, digit = group + 10 + digit, 0
        elif word in GROUPS:
            total, group, digit = total + (group + digit) * GROUPS[word], 0, 0
    return total + group + digit


@given(st.integers(min_value=0, max_value=LIMIT - 1))
def test_words_read_back_as_the_number(number: int) -> None:
    assert value_of(terbilang(number)) == number


def test_every_number_to_ten_thousand_reads_back() -> None:
    assert all(value_of(terbilang(number)) == number for number in range(10_001))


@given(st.integers(min_value=1, max_value=10**15 - 1))
def test_words_equal_those_of_num2words_but_for_its_known_mistake(number: int) -> None:
    """num2words writes "satu ribu" where the thousands are exactly 1 below a higher group."""
    expected = num2words(number, lang="id")
    if number > 10**6 and number // 1000 % 1000 == 1:
        expected = re.sub(r"\bsatu ribu\b", "seribu", expected)
    assert terbilang(number) == expected


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (19, "sembilan belas"),
        (100, "seratus"),
        (1_000, "seribu"),
        (1_100, "seribu seratus"),
        (11_000, "sebelas ribu"),
        (111_000, "seratus sebelas ribu"),
        (201_000, "dua ratus satu ribu"),
        (1_001_000, "satu juta seribu"),
        (5_001_000, "lima juta seribu"),
        (1_001_500, "satu juta seribu lima ratus"),
        (128_900_000_000, "seratus dua puluh delapan miliar sembilan ratus juta"),
        (15_000_000_000_000, "lima belas triliun"),
        (2 * 10**15, "dua kuadriliun"),
        (-1_000, "minus seribu"),
    ],
)
def test_known_numbers_are_written_as_documents_write_them(number: int, words: str) -> None:
    assert terbilang(number) == words


def test_a_number_without_a_name_is_refused() -> None:
    assert terbilang(LIMIT - 1).startswith("sembilan ratus sembilan puluh sembilan kuadriliun")
    for number in (LIMIT, -LIMIT):
        with pytest.raises(ValueError, match="too large"):
            terbilang(number)
    assert terbilang_rupiah(1_000) == "seribu rupiah"
