"""Names of files as they may be stored, shown and sent back: no paths, no signs that cannot be seen."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_NAME: Final = 120
MAX_NAME_BYTES: Final = 200
MAX_ENDING: Final = 12
NAMELESS: Final = "berkas"

_SEPARATORS: Final = re.compile(r"[/\\\u2044\u2215\u29f8\ufe68]+")
_RESERVED_SIGNS: Final = re.compile(r'[<>:"|?*%;]')
_RESERVED_WORDS: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
MAX_MARKS: Final = 2


def clean_name(raw: str) -> str:
    """The last part of a name, in plain signs, at most 120 of them.

    Wide and composed forms become plain ones first (a wide slash is a slash), then paths, signs that cannot be seen
    or that turn the direction of writing, piled-up accents, and what file systems reserve are taken out.

    Args:
        raw: the name as a browser or an archive says it.

    Returns:
        A name that is never empty, begins with no dot and ends with its own ending.
    """
    plain = unicodedata.normalize("NFKC", raw)
    last = [part for part in _SEPARATORS.split(plain) if part.strip(". ")][-1:] or [NAMELESS]
    seen = "".join(" " if sign.isspace() else sign for sign in last[0] if unicodedata.category(sign) not in _UNSEEN)
    name = " ".join(_few_marks(_RESERVED_SIGNS.sub("_", seen)).split()).strip(". ")
    if _RESERVED_WORDS.match(name):
        name = f"_{name}"
    return _shortened(name) or NAMELESS


def ending_of(name: str) -> str:
    """What stands after the last dot, in small letters; empty where there is none."""
    head, dot, ending = name.rpartition(".")
    return ending.lower() if head and dot else ""


def hidden_signs(raw: str) -> bool:
    """Whether a name carries signs that cannot be seen or that turn the direction of writing."""
    return any(unicodedata.category(sign) in _UNSEEN for sign in raw)


def _few_marks(text: str) -> str:
    """At most two accents over one letter."""
    kept: list[str] = []
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= MAX_MARKS:
            kept.append(sign)
    return "".join(kept)


def _shortened(name: str) -> str:
    """The name within the limits of signs and bytes; its ending stays."""
    ending = ending_of(name)
    if len(ending) > MAX_ENDING:
        ending = ""
    stem, tail = (name[: -len(ending) - 1], f".{ending}") if ending else (name, "")
    stem = stem[: MAX_NAME - len(tail)]
    while len(f"{stem}{tail}".encode()) > MAX_NAME_BYTES:
        stem = stem[:-1]
    return f"{stem.rstrip('. ')}{tail}"
