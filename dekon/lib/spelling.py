"""Names of people and addresses of mail as they are kept: what looks the same is the same, and nothing is unseen."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_ACCOUNT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]*")
_MAIL: Final = re.compile(r"[\x21-\x7e]+@[\x21-\x7e]+")


def plain_name(raw: str) -> str:
    """A name in composed signs (NFC), without signs that cannot be seen or that turn the direction, blanks once."""
    composed = unicodedata.normalize("NFC", raw)
    spaced = "".join(" " if sign.isspace() else sign for sign in composed)
    return " ".join("".join(sign for sign in spaced if unicodedata.category(sign) not in _UNSEEN).split())


def is_latin(name: str) -> bool:
    """Whether a name holds letters, and none of another writing that looks like a Latin one."""
    letters = [sign for sign in name if sign.isalpha()]
    return bool(letters) and all(unicodedata.name(sign, "").startswith("LATIN ") for sign in letters)


def typed_account(raw: str) -> str:
    """A user name or mail address as somebody typed it: wide signs become plain ones, unseen ones fall away."""
    return plain_name(unicodedata.normalize("NFKC", raw))


def is_account_name(name: str) -> bool:
    """Whether a user name is of plain letters, figures and a few signs, so that no other looks like it."""
    return _ACCOUNT.fullmatch(name) is not None


def is_plain_mail(address: str) -> bool:
    """Whether a mail address is of plain signs, so that no other looks like it."""
    return _MAIL.fullmatch(address) is not None
