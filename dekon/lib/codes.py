"""Codes that people read off paper and type: ten signs without I, L, O and U, the last of which notices slips."""

from __future__ import annotations

import secrets
from typing import Final

SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 10
MISREAD: Final = str.maketrans({"I": "1", "L": "1", "O": "0"})
PRIME: Final = 31
"""Below the number of signs: weights that are no multiple of it notice one wrong sign and two that were exchanged."""


def new_code() -> str:
    """A code that nobody can guess (45 bits), as it is printed: `XXXX-XXXX-XX`."""
    body = "".join(secrets.choice(SIGNS) for _ in range(LENGTH - 1))
    return _grouped(body + _check(body))


def read_code(typed: str) -> str | None:
    """A code as it is printed, from what somebody typed: any case, hyphens or none, I and O for 1 and 0.

    Returns: None for what cannot be a code.
    """
    signs = "".join(typed.upper().split()).replace("-", "").translate(MISREAD)
    if len(signs) != LENGTH or any(sign not in SIGNS for sign in signs) or _check(signs[:-1]) != signs[-1]:
        return None
    return _grouped(signs)


def _check(body: str) -> str:
    return SIGNS[sum(place * SIGNS.index(sign) for place, sign in enumerate(body, start=2)) % PRIME]


def _grouped(signs: str) -> str:
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"
