"""Every text of the pages has its English."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from dekon.ops.texts import Text, catalogue, renewed, texts_in_source, untranslated

PLACE = re.compile(r"%\((\w+)\)[sd]")


def pairs() -> Iterator[tuple[str, str]]:
    """Every Indonesian text with its English, plural forms one by one."""
    for message in catalogue():
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id:
            yield from zip(ids, strings, strict=True)


def key(text: Text) -> str:
    return text if isinstance(text, str) else text[0]


def test_every_text_in_use_has_its_english() -> None:
    assert untranslated(renewed(catalogue())) == []


def test_the_catalogue_holds_no_text_that_is_gone() -> None:
    used = {key(text) for text in texts_in_source()}
    assert [message.id for message in catalogue() if message.id and key(message.id) not in used] == []


def test_english_fills_the_same_places() -> None:
    assert [(one, two) for one, two in pairs() if set(PLACE.findall(one)) != set(PLACE.findall(two))] == []


@pytest.mark.parametrize("sign", ["\u00a0", "  "])
def test_english_has_no_stray_spaces(sign: str) -> None:
    assert [two for _one, two in pairs() if sign in two] == []
