"""National identity numbers: what one looks like, and how it is shown. They are kept encrypted, elsewhere."""

from __future__ import annotations

import re
from typing import Final

LENGTH: Final = 16
SHOWN: Final = 4
COVERED: Final = "•"

_SIGNS: Final = re.compile(r"[\s.-]+")
_SHAPE: Final = re.compile(r"[1-9][0-9]{5}([0-9]{2})([0-9]{2})[0-9]{6}", re.ASCII)


def read_nik(text: str) -> str | None:
    """The sixteen digits of a number that could be one, however it is spaced; None for what is none.

    Digits 7 to 12 are the day (women: plus 40), month and year of birth; day and month must exist.
    """
    digits = _SIGNS.sub("", text)
    shape = _SHAPE.fullmatch(digits)
    if shape is None:
        return None
    day, month = int(shape[1]) % 40, int(shape[2])
    return digits if 1 <= day <= 31 and int(shape[1]) <= 71 and 1 <= month <= 12 else None


def masked(nik: str) -> str:
    """The number with all but its last four digits covered: neither birthday nor place can be read."""
    return COVERED * (LENGTH - SHOWN) + nik[-SHOWN:]
