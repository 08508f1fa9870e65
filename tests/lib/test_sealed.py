"""Values kept encrypted: they open for their own row and by a key that is here, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dekon.lib.sealed import FieldKey, Unreadable, is_newest, new_key, read_keys, seal, unseal

OLD, NEW = FieldKey("2026a", b"a" * 32), FieldKey("2026b", b"b" * 32)
NIK, ROW = "3204112233440001", "org_user.nik:17"


@given(st.text(max_size=60))
def test_what_was_sealed_opens_again(value: str) -> None:
    assert unseal(seal(value, ROW, [NEW, OLD]), ROW, [NEW, OLD]) == value


def test_a_sealed_value_tells_nothing_and_is_never_the_same() -> None:
    one, two = seal(NIK, ROW, [NEW]), seal(NIK, ROW, [NEW])
    assert one != two
    assert NIK not in one
    assert one.startswith("2026b.")


def test_it_does_not_open_in_another_row() -> None:
    with pytest.raises(Unreadable):
        unseal(seal(NIK, ROW, [NEW]), "org_user.nik:18", [NEW])


def test_it_does_not_open_without_its_key_or_by_another_of_the_same_name() -> None:
    sealed = seal(NIK, ROW, [OLD])
    with pytest.raises(Unreadable):
        unseal(sealed, ROW, [NEW])
    with pytest.raises(Unreadable):
        unseal(sealed, ROW, [FieldKey("2026a", b"x" * 32)])


@given(place=st.integers(0, 40), sign=st.sampled_from("AZaz09-_=. "))
def test_a_changed_value_does_not_open(place: int, sign: str) -> None:
    sealed = seal(NIK, ROW, [NEW])
    changed = sealed[:place] + sign + sealed[place + 1 :]
    if changed != sealed:
        with pytest.raises(Unreadable):
            unseal(changed, ROW, [NEW])


def test_an_old_key_still_opens_and_a_new_one_takes_over() -> None:
    sealed = seal(NIK, ROW, [OLD])
    assert not is_newest(sealed, [NEW, OLD])
    again = seal(unseal(sealed, ROW, [NEW, OLD]), ROW, [NEW, OLD])
    assert is_newest(again, [NEW, OLD])
    assert unseal(again, ROW, [NEW]) == NIK


def test_keys_are_read_from_commas_and_lines() -> None:
    text = f"{new_key('b')}\n{new_key('a')},\n"
    assert [key.name for key in read_keys(text)] == ["b", "a"]
    assert read_keys("") == ()


@pytest.mark.parametrize(
    "text", ["a", "a:x", "a:" + "A" * 20, "a-b:" + "A" * 44, "x:" + "A" * 43 + "=,x:" + "A" * 43 + "="]
)
def test_keys_written_otherwise_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="key"):
        read_keys(text)
