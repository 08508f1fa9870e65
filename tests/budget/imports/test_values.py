from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dekon.budget.imports.values import (
    BadValue,
    amount_rp,
    clean_text,
    code_text,
    day,
    decimal_number,
    month_end,
    two_characters,
)

EXCEL_MOMENT = datetime(2022, 3, 1, 10)  # noqa: DTZ001  cells of Excel have no time zone


@pytest.mark.parametrize(
    ("written", "rupiah"),
    [
        ("1.234.567", 1_234_567),
        ("1,234,567", 1_234_567),
        ("1 234 567", 1_234_567),
        ("1234567", 1_234_567),
        ("1234567.00", 1_234_567),
        ("1.234.567,00", 1_234_567),
        ("1,234,567.00", 1_234_567),
        ("Rp 1.234.567,-", 1_234_567),
        ("(1.000)", -1_000),
        ("-1.000", -1_000),
        ("'5.000", 5_000),
        ("1.5E+8", 150_000_000),
        ("1,5E8", 150_000_000),
        (1_234_567.0, 1_234_567),
        (Decimal("12.00"), 12),
        (0, 0),
        ("0", 0),
        ("1.000", 1_000),
        ("12.5E1", 125),
        ("", None),
        (None, None),
        ("-", None),
    ],
)
def test_amounts_as_people_and_programs_write_them(written: object, rupiah: int | None) -> None:
    assert amount_rp(written) == rupiah


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1.234.56", "value-not-a-number"),
        ("12x", "value-not-a-number"),
        ("1.5", "amount-not-whole"),
        (0.5, "amount-not-whole"),
        (True, "value-wrong-type"),
        (date(2022, 1, 1), "value-wrong-type"),
        (float("nan"), "value-not-a-number"),
        (float("inf"), "value-not-a-number"),
        (10**17, "amount-too-large"),
        ("9" * 400, "value-not-a-number"),
        ("1e999999", "amount-too-large"),
        (Decimal("1e999999"), "amount-too-large"),
        ("1..000", "value-not-a-number"),
    ],
)
def test_what_is_no_amount_is_told_by_its_kind(written: object, code: str) -> None:
    with pytest.raises(BadValue) as caught:
        amount_rp(written)
    assert caught.value.code in {code, "amount-too-large"}


@given(st.integers(-(10**15), 10**15))
def test_an_amount_printed_in_any_house_style_comes_back_the_same(amount: int) -> None:
    english = f"{amount:,}"
    assert amount_rp(english) == amount_rp(english.replace(",", ".")) == amount_rp(f"{english}.00") == amount


def test_a_single_separator_is_a_fraction_of_a_volume_and_a_thousand_of_money() -> None:
    assert decimal_number("1.234") == Decimal("1.234")
    assert decimal_number("1.234", grouped_thousands=True) == 1234
    assert decimal_number("10,5000") == Decimal("10.5")


@pytest.mark.parametrize(
    "written",
    [
        EXCEL_MOMENT,
        date(2022, 3, 1),
        44621.0,
        44621,
        "44621",
        "20220301",
        "1 Maret 2022",
        "01-MAR-2022",
        "2022/03/01",
        "01/03/2022 10:15:00",
    ],
)
def test_dates(written: object) -> None:
    assert day(written) == date(2022, 3, 1)


@pytest.mark.parametrize(
    "written", ["31/02/2022", "x", "13/13/2022", "1 Foo 2022", 5, True, "0001-01-01", "2202-01-01", float("nan"), 1e300]
)
def test_what_is_no_date(written: object) -> None:
    with pytest.raises(BadValue):
        day(written)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (7130.0, "7130"),
        ("'007130", "007130"),
        (" 0A ", "0A"),
        ("521211.0", "521211"),
        ("\u0410\u0395\u0412", "AEB"),
        (None, ""),
    ],
)
def test_codes(raw: object, code: str) -> None:
    assert code_text(raw) == code


def test_small_things() -> None:
    assert two_characters("A") == two_characters("051.0A") == "0A"
    assert month_end(2024, 2) == date(2024, 2, 29)
    assert month_end(2022, 12) == date(2022, 12, 31)
    assert clean_text("a\x00b\nc\ud800") == "a b c"


@given(
    st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.decimals(), st.booleans(), st.none(), st.datetimes())
)
def test_no_cell_whatever_breaks_a_parser(value: object) -> None:
    for parse in (amount_rp, decimal_number, day, code_text, clean_text):
        try:
            parse(value)
        except BadValue as bad:
            assert bad.code  # noqa: PT017  either a value or a reason
