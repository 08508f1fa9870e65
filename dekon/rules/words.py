"""The words of calculations in English: formulas say their steps in Indonesian, readers may ask for the other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from dekon.rules.files import StrictLoader

ENGLISH_FILE: Final = Path(__file__).parent / "english.yaml"
ENGLISH: Final = "en"


def said_in(language: str, text: str) -> str:
    """A text of a step, a reason or a regulation as shown, in the language of the reader.

    Args:
        language: `id` or `en`; anything else reads Indonesian.
        text: what the formula says.
    """
    return _pattern().sub(lambda found: _phrases()[found[0]], text) if language == ENGLISH else text


def not_in_english(text: str) -> str:
    """What of a text has no English yet; empty where all of it has."""
    return _pattern().sub("", text)


@cache
def _phrases() -> Mapping[str, str]:
    content = yaml.load(ENGLISH_FILE.read_text("utf-8"), Loader=StrictLoader)  # noqa: S506  # derived from the safe loader
    return {str(phrase): str(english) for phrase, english in content.items()}


@cache
def _pattern() -> re.Pattern[str]:
    """Every phrase, the longest first, as whole words."""
    ordered = sorted(_phrases(), key=len, reverse=True)
    return re.compile(r"(?<![\w/])(?:" + "|".join(map(re.escape, ordered)) + r")(?![\w/])")
