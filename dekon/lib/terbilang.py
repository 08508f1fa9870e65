"""Amounts in words, as official Indonesian documents write them below the figure."""

from __future__ import annotations

from typing import Final

_DIGITS: Final = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_GROUPS: Final = ("", "ribu", "juta", "miliar", "triliun", "kuadriliun")

LIMIT: Final = 1000 ** len(_GROUPS)
"""The first whole number too large to be put in words."""


def terbilang(number: int) -> str:
    """A whole number in words, `nol` to `kuadriliun`: 1001000 is "satu juta seribu".

    Raises:
        ValueError: the number has more digits than there are names for.
    """
    if abs(number) >= LIMIT:
        raise ValueError(f"{number} is too large to be put in words")
    if number == 0:
        return "nol"
    words: list[str] = ["minus"] if number < 0 else []
    rest, groups = abs(number), []
    while rest:
        rest, group = divmod(rest, 1000)
        groups.append(group)
    for position in reversed(range(len(groups))):
        words += _group_words(groups[position], _GROUPS[position])
    return " ".join(words)


def terbilang_rupiah(amount_rp: int) -> str:
    """An amount of rupiah in words: "seratus dua puluh delapan miliar sembilan ratus juta rupiah"."""
    return f"{terbilang(amount_rp)} rupiah"


def _group_words(group: int, name: str) -> list[str]:
    """Three digits with the name of their group; one thousand is a word of its own."""
    if group == 0:
        return []
    if group == 1 and name == "ribu":
        return ["seribu"]
    return [*_below_thousand(group), name] if name else _below_thousand(group)


def _below_thousand(number: int) -> list[str]:
    hundreds, rest = divmod(number, 100)
    words = [] if hundreds == 0 else ["seratus"] if hundreds == 1 else [_DIGITS[hundreds], "ratus"]
    tens, ones = divmod(rest, 10)
    if tens == 1:
        return [*words, *(("sepuluh",) if ones == 0 else ("sebelas",) if ones == 1 else (_DIGITS[ones], "belas"))]
    if tens > 1:
        words += [_DIGITS[tens], "puluh"]
    return [*words, _DIGITS[ones]] if ones else words
