"""Names that look the same are the same, and nothing in them is unseen."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dekon.lib.spelling import is_account_name, is_latin, is_plain_mail, plain_name, typed_account


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("Siti\u00a0 Contoh\t", "Siti Contoh"), ("Sit\u200bi", "Siti"), ("\u202eotnoC\u202c", "otnoC"),
        ("Rene\u0301", "Ren\u00e9"), ("Ren\u00e9", "Ren\u00e9"), ("a\u2066b\u2069", "ab"), ("\ufeffx\u0000", "x"),
        ("a\nb", "a b"), ("\U000e0041x", "x"),
    ],
)  # fmt: skip
def test_a_name_is_composed_and_holds_nothing_unseen(raw: str, kept: str) -> None:
    assert plain_name(raw) == kept


@given(st.text(max_size=40))
def test_a_plain_name_stays_as_it_is(raw: str) -> None:
    once = plain_name(raw)
    assert plain_name(once) == once
    assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp"} for sign in once)


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("Siti Contoh, S.E., M.Si.", True), ("Ren\u00e9", True), ("D'Souza-2", True), ("\u0410dmin", False),
        ("Admi\u03b7", False), ("管理", False), ("", False), ("123", False), ("\U0001f600", False),
    ],
)  # fmt: skip
def test_only_latin_letters_are_in_the_name_of_a_person(name: str, fits: bool) -> None:
    assert is_latin(name) is fits


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("\uff50erencana", "perencana"), (" perencana\u200b ", "perencana"), ("PERENCANA", "PERENCANA")],
)
def test_what_is_typed_at_the_door_is_read_in_plain_signs(typed: str, meant: str) -> None:
    assert typed_account(typed) == meant


@pytest.mark.parametrize("name", ["perenc\u0430na", "\u200bperencana", "", "a b", "-x", "x\u0301", "a\n", "\u0131x"])
def test_a_user_name_that_could_look_like_another_is_none(name: str) -> None:
    assert not is_account_name(name)
    assert not is_plain_mail(f"{name}@dinas.example") or name == "-x"


@pytest.mark.parametrize("name", ["perencana", "operator-32", "a.b_c@d+e", "9"])
def test_a_plain_user_name_is_one(name: str) -> None:
    assert is_account_name(name)
