"""Which passwords are too easy to guess: the lists that attackers try first, and the turns people give such words.

Works offline: the list of the 20,000 most used passwords comes with Django.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

LOCAL_WORDS = frozenset(
    {
        "dekon", "dekonsentrasi", "disnaker", "kemnaker", "kementerian", "ketenagakerjaan", "bappeda", "indonesia",
        "jakarta", "garuda", "merdeka", "pancasila", "rahasia", "sandi", "katasandi", "katakunci", "password",
        "bismillah", "sayang", "admin", "administrator", "operator",
    }
)  # fmt: skip
"""Words that stand near at hand here."""
LEET = str.maketrans("013457$@!", "oieastsai")
LEAST_DIFFERENT = 6
"""Different characters that a password needs."""


@cache
def common_passwords() -> frozenset[str]:
    """What attackers try first."""
    return frozenset(CommonPasswordValidator().passwords) | LOCAL_WORDS


def turns_of(password: str) -> set[str]:
    """What a password is at heart: without numbers and signs around it, without letters written as numbers, once."""
    low = password.lower()
    found = {low, low.translate(LEET), re.sub(r"[^a-z]+", "", low)}
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", low)
    found |= {bare, bare.translate(LEET)}
    found |= {match.group(1) for one in found if (match := re.fullmatch(r"(.+?)\1+", one))}
    return found - {""}


class ObviousPasswordValidator:
    """Refuses well-known passwords in any turn, rows of numbers, and passwords of few different characters."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:  # noqa: ARG002  as Django calls it
        """Refuse what is guessed early.

        Raises:
            ValidationError: it is a turn of a well-known password, only digits, or of few different characters.
        """
        if password.isdigit():
            raise ValidationError(_("Kata sandi tidak boleh hanya angka."), code="password-digits")
        if len(set(password)) < LEAST_DIFFERENT:
            raise ValidationError(_("Kata sandi memakai terlalu sedikit karakter berbeda."), code="password-few")
        if turns_of(password) & common_passwords():
            raise ValidationError(
                _("Kata sandi ini ragam dari kata sandi yang umum. Pakai beberapa kata yang tidak berkaitan."),
                code="password-obvious",
            )

    def get_help_text(self) -> str:
        """What is asked for."""
        return _("Bukan ragam dari kata sandi yang umum, bukan hanya angka.")
