"""A three-way merge of a paragraph: both changes, or none; no word that somebody wrote is dropped."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from dekon.lib.merging import TOKEN, differences, merged

BASE = "Dana dekonsentrasi adalah uang rakyat. Sekecil apa pun harus dipertanggungjawabkan."
WORDS = st.lists(st.sampled_from(["satu", "dua", "tiga", "empat", "dana", "uang", "\n"]), max_size=9).map(" ".join)


def test_changes_in_different_places_stand_together() -> None:
    one = BASE.replace("uang rakyat", "uang seluruh rakyat")
    other = BASE.replace("dipertanggungjawabkan.", "dipertanggungjawabkan dengan bukti.")
    assert merged(BASE, one, other) == (
        "Dana dekonsentrasi adalah uang seluruh rakyat. Sekecil apa pun harus dipertanggungjawabkan dengan bukti."
    )


def test_changes_of_the_same_words_are_for_people_to_decide() -> None:
    assert merged(BASE, BASE.replace("rakyat", "negara"), BASE.replace("rakyat", "publik")) is None


def test_two_additions_at_the_same_place_are_for_people_to_decide() -> None:
    assert merged(BASE, f"{BASE} Pertama.", f"{BASE} Kedua.") is None


def test_the_same_change_twice_counts_once() -> None:
    one = BASE.replace("Sekecil", "Betapa pun kecil")
    assert merged(BASE, one, one) == one


@given(WORDS, WORDS, WORDS)
def test_no_word_that_somebody_wrote_is_dropped(base: str, one: str, other: str) -> None:
    together = merged(base, one, other)
    assert together == merged(base, other, one), "who saves first does not matter"
    if together is None:
        return
    known = Counter(TOKEN.findall(base))
    for own in (one, other):
        assert not Counter(TOKEN.findall(own)) - known - Counter(TOKEN.findall(together))


@given(WORDS, WORDS)
def test_what_only_one_changed_is_that_text(base: str, one: str) -> None:
    assert merged(base, one, base) == merged(base, base, one) == one


@given(WORDS, WORDS)
def test_side_by_side_holds_both_texts_whole(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert "".join(words for kind, words in pieces if kind != "new") == before
    assert "".join(words for kind, words in pieces if kind != "gone") == after
