"""Rupiah as people write it: formatting of whole rupiah and shares, and reading amounts back.

Money is a whole number of rupiah (`int`), a share is a `Decimal` from 0 to 1. Rounding is half-up and only for display.
Negative values carry the true minus sign, a number and its unit are kept on one line by a no-break space.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final, Literal

type Language = Literal["id", "en"]
type AmountProblem = Literal["empty", "not-an-amount", "grouping", "ambiguous", "fraction", "too-long"]

MINUS: Final = "\u2212"
MISSING: Final = "\u2013"
NO_BREAK: Final = "\u00a0"
MAX_AMOUNT_TEXT: Final = 40

_UNITS: Final[tuple[tuple[int, dict[Language, str]], ...]] = (
    (10**6, {"id": "juta", "en": "million"}),
    (10**9, {"id": "miliar", "en": "billion"}),
    (10**12, {"id": "triliun", "en": "trillion"}),
)
_POINTS: Final[dict[Language, str]] = {"id": "poin", "en": "points"}
_SPACES: Final = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_CURRENCY: Final = re.compile(r"^(?:rp\.?|idr)", re.IGNORECASE)
_BODY: Final = re.compile(r"[0-9]+(?:[., ][0-9]+)*", re.ASCII)

_PROBLEMS: Final[dict[AmountProblem, str]] = {
    "empty": "no amount",
    "not-an-amount": "not an amount of rupiah",
    "grouping": "digits are not grouped in threes",
    "ambiguous": "could be thousands or a fraction of a rupiah",
    "fraction": "has a fraction of a rupiah",
    "too-long": "too long for an amount",
}


class NotAnAmount(ValueError):
    """A text that does not state one whole amount of rupiah. `problem` says why, as a code."""

    def __init__(self, text: str, problem: AmountProblem) -> None:
        super().__init__(f"{text[:MAX_AMOUNT_TEXT]!r}: {_PROBLEMS[problem]}")
        self.text = text
        self.problem = problem


def round_half_up(value: Decimal | int, decimals: int) -> Decimal:
    """The value to so many decimals, half away from zero. For display only."""
    return Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def format_number(value: Decimal | int | None, decimals: int = 0, language: Language = "id") -> str:
    """A number with grouped thousands, `1.234,5` or `1,234.5`; missing is a dash, a rounded zero has no sign."""
    return MISSING if value is None else _formatted(value, decimals, language)


@lru_cache(maxsize=16_384)
def _formatted(value: Decimal | int, decimals: int, language: Language) -> str:
    """Written once: pages of many people show the same figures again and again."""
    rounded = round_half_up(value, decimals)
    text = f"{abs(rounded):,.{decimals}f}"
    if language == "id":
        text = text.translate({ord(","): ".", ord("."): ","})
    return f"{MINUS}{text}" if rounded < 0 else text


def format_rupiah(amount_rp: int | None, language: Language = "id") -> str:
    """The exact amount: `Rp128.900.000.000`, English `Rp128,900,000,000`, negative `−Rp1.000`."""
    if amount_rp is None:
        return MISSING
    sign = MINUS if amount_rp < 0 else ""
    return f"{sign}Rp{format_number(abs(amount_rp), 0, language)}"


def format_headline(amount_rp: int | None, language: Language = "id", *, prefix: bool = True, decimals: int = 2) -> str:
    """An amount short enough for a headline: `Rp128,90 miliar`, English `Rp128.90 billion`.

    Below one million the exact amount stands there. An amount that rounds up to the next unit is shown in that unit.

    Args:
        amount_rp: whole rupiah.
        language: of separators and unit.
        prefix: whether `Rp` stands before the number.
        decimals: digits after the comma; one more where rounded parts would not add up.
    """
    if amount_rp is None:
        return MISSING
    sign = MINUS if amount_rp < 0 else ""
    start = f"{sign}Rp" if prefix else sign
    size = abs(amount_rp)
    fitting = [position for position, (unit, _) in enumerate(_UNITS) if unit <= size]
    if not fitting:
        return f"{start}{format_number(size, 0, language)}"
    position = fitting[-1]
    rounded = round_half_up(Decimal(size) / _UNITS[position][0], decimals)
    if rounded >= 1000 and position + 1 < len(_UNITS):
        rounded, position = Decimal(1), position + 1
    return f"{start}{format_number(rounded, decimals, language)}{NO_BREAK}{_UNITS[position][1][language]}"


def format_million(amount_rp: int | None, language: Language = "id", decimals: int = 1) -> str:
    """An amount for a table whose head says "juta rupiah": `14,4`, `−14,4`, zero `0,0`, missing a dash."""
    return MISSING if amount_rp is None else format_number(Decimal(amount_rp) / 10**6, decimals, language)


def format_percent(share: Decimal | int | None, language: Language = "id", decimals: int = 1) -> str:
    """A share (1 is all) in percent: `63,1 %`, English `63.1%`."""
    if share is None:
        return MISSING
    gap = NO_BREAK if language == "id" else ""
    return f"{format_number(Decimal(share) * 100, decimals, language)}{gap}%"


def format_points(difference: Decimal | int | None, language: Language = "id", decimals: int = 1) -> str:
    """A difference of two shares in percentage points: `−2,3 poin`, English `−2.3 points`."""
    if difference is None:
        return MISSING
    return f"{format_number(Decimal(difference) * 100, decimals, language)}{NO_BREAK}{_POINTS[language]}"


def parse_rupiah(text: str) -> int:
    """The whole rupiah that a text states, as offices and their systems write amounts.

    Read are plain digits, thousands grouped by dot, comma or blank, decimals that are zero, `Rp` or `IDR` in front,
    `,-` behind, an apostrophe that kept a spreadsheet from counting, minus signs and brackets for negative amounts. A
    single mark with three digits behind it groups thousands: rupiah have no thousandths.

    Raises:
        NotAnAmount: the text states no amount, a fraction of a rupiah, or could be read in two ways.
    """
    if text.isascii() and text.isdigit() and len(text) <= MAX_AMOUNT_TEXT:
        return int(text)
    if len(text) > MAX_AMOUNT_TEXT:
        raise NotAnAmount(text, "too-long")
    negative, body = _unwrap(text)
    if not body:
        raise NotAnAmount(text, "empty")
    if not _BODY.fullmatch(body):
        raise NotAnAmount(text, "not-an-amount")
    amount = _whole(text, body)
    return -amount if negative else amount


def _unwrap(text: str) -> tuple[bool, str]:
    """Sign and bare digits with their separators: blanks, currency, brackets and the closing `,-` taken off."""
    body = _SPACES.sub(" ", text).strip().removeprefix("'").strip()
    negative = body.startswith("(") and body.endswith(")")
    if negative:
        body = body[1:-1].strip()
    body, minus_before = _strip_sign(body)
    body = _CURRENCY.sub("", body).strip()
    body, minus_after = _strip_sign(body) if not minus_before else (body, False)
    if body.endswith((",-", ".-", ",\u2013")):
        body = body[:-2]
    signed = minus_before or minus_after
    return negative or signed, "?" if negative and signed else body


def _strip_sign(body: str) -> tuple[str, bool]:
    if body[:1] in {"-", MINUS, MISSING} and len(body) > 1:
        return body[1:].strip(), True
    return body, False


def _whole(text: str, body: str) -> int:
    """The whole number in digits with separators."""
    marks = re.findall(r"[., ]", body)
    if not marks:
        return int(body)
    parts = re.split(r"[., ]", body)
    last, kinds = marks[-1], set(marks)
    if len(kinds) == 1 and last != " " and len(parts) == 2 and not _is_thousands(parts):
        return _without_fraction(text, [parts[0]], parts[1])
    if len(kinds) == 1:
        return _grouped(text, parts)
    if len(kinds) == 2 and last != " " and marks.count(last) == 1:
        return _without_fraction(text, parts[:-1], parts[-1])
    raise NotAnAmount(text, "grouping")


def _is_thousands(parts: list[str]) -> bool:
    """Whether digit groups are thousands: one to three digits without leading zero, then threes."""
    return 1 <= len(parts[0]) <= 3 and not parts[0].startswith("0") and all(len(part) == 3 for part in parts[1:])


def _grouped(text: str, parts: list[str]) -> int:
    if not _is_thousands(parts):
        raise NotAnAmount(text, "grouping")
    return int("".join(parts))


def _without_fraction(text: str, whole: list[str], fraction: str) -> int:
    """The part before the decimal mark, provided that nothing but zeros stands behind it."""
    if len(fraction) == 3 and (len(whole) > 1 or int(fraction) == 0):
        raise NotAnAmount(text, "ambiguous")
    if int(fraction) != 0:
        raise NotAnAmount(text, "fraction")
    return int(whole[0]) if len(whole) == 1 else _grouped(text, whole)


def rupiah_from_number(value: float | Decimal) -> int:
    """The whole rupiah in a number cell: spreadsheets hand every number over as a float.

    Raises:
        NotAnAmount: it is no finite whole number, or so large that a spreadsheet no longer holds it exactly.
    """
    if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124  # the one test for "not a number"
        raise NotAnAmount(str(value), "not-an-amount")
    whole = int(value)
    if whole != value:
        raise NotAnAmount(str(value), "fraction")
    if isinstance(value, float) and abs(whole) > 2**53:
        raise NotAnAmount(str(value), "too-long")
    return whole
