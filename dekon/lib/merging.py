"""Two people changed the same text: both changes together, where they do not touch; else nothing, and people decide.

Words and the space between them are what is compared, since paragraphs are long lines. Nobody's word is ever dropped: a
merge holds every word that either of the two wrote, or it is not made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

TOKEN = re.compile(r"\s|\S+")


@dataclass(frozen=True, slots=True)
class Edit:
    """Tokens `start` to `end` of the base give way to others."""

    start: int
    end: int
    words: tuple[str, ...]


def merged(base: str, one: str, other: str) -> str | None:
    """The base with the changes of both, or None where they touch each other.

    Args:
        base: the text that both began with.
        one, other: what each made of it.
    """
    tokens = TOKEN.findall(base)
    both = sorted(
        {*_edits(tokens, one), *_edits(tokens, other)}, key=lambda edit: (edit.start, edit.end)
    )  # a change that both made alike counts once
    if any(before.end >= after.start for before, after in pairwise(both)):
        return None
    for edit in reversed(both):
        tokens[edit.start : edit.end] = edit.words
    return "".join(tokens)


def _edits(base: list[str], changed: str) -> list[Edit]:
    """What turns the base into the changed text."""
    words = TOKEN.findall(changed)
    steps = SequenceMatcher(None, base, words, autojunk=False).get_opcodes()
    return [Edit(start, end, tuple(words[first:last])) for tag, start, end, first, last in steps if tag != "equal"]


def differences(before: str, after: str) -> list[tuple[str, str]]:
    """Two texts side by side as pieces: `same`, `gone` (only in the first) and `new` (only in the second)."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    found: list[tuple[str, str]] = []
    for tag, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(old[start:end])))
            continue
        if start < end:
            found.append(("gone", "".join(old[start:end])))
        if first < last:
            found.append(("new", "".join(new[first:last])))
    return found
