"""Single values kept encrypted in their column, by keys that change: AES-256-GCM, bound to the row they belong to.

A sealed value names the key that made it (`2026a.…`), so that old values stay readable while a new key takes over. The
row goes in as additional data: a value that is copied into another row does not open there.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
MARK: Final = "."


class Unreadable(ValueError):
    """The value was made by a key that is not here, belongs to another row, or was changed."""


@dataclass(frozen=True, slots=True)
class FieldKey:
    """A key and the name by which sealed values call it."""

    name: str
    secret: bytes


def read_keys(text: str) -> tuple[FieldKey, ...]:
    """The keys of a text: `name:key`, separated by commas or lines, the newest first.

    Args:
        text: each key is 32 bytes in URL-safe base64; names are letters and digits, each only once.

    Raises:
        ValueError: it is not written like that.
    """
    keys = tuple(_key(part.strip()) for part in text.replace("\n", ",").split(",") if part.strip())
    if len({key.name for key in keys}) != len(keys):
        raise ValueError("two keys have the same name")
    return keys


def new_key(name: str) -> str:
    """A fresh key, as `read_keys` takes it."""
    return f"{name}:{base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()}"


def seal(value: str, row: str, keys: Sequence[FieldKey]) -> str:
    """Encrypt a value for one row with the newest key.

    Args:
        value: what nobody may read without the key.
        row: what it belongs to, such as `org_user.nik:17`; needed again to open it.
        keys: the newest first.
    """
    nonce = os.urandom(NONCE_BYTES)
    closed = AESGCM(keys[0].secret).encrypt(nonce, value.encode(), row.encode())
    return f"{keys[0].name}{MARK}{base64.urlsafe_b64encode(nonce + closed).decode()}"


def unseal(sealed: str, row: str, keys: Sequence[FieldKey]) -> str:
    """What `seal` was given.

    Raises:
        Unreadable: its key is not here, it is another row's, or it was changed.
    """
    name, _, packed = sealed.partition(MARK)
    key = next((one for one in keys if one.name == name), None)
    if key is None:
        raise Unreadable(f"no key is called {name[:16]!r}")
    try:
        raw = base64.b64decode(packed, altchars=b"-_", validate=True)
        return AESGCM(key.secret).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], row.encode()).decode()
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise Unreadable("the value does not belong here or was changed") from error


def is_newest(sealed: str, keys: Sequence[FieldKey]) -> bool:
    """Whether a value was made by the newest key."""
    return sealed.startswith(f"{keys[0].name}{MARK}")


def _key(part: str) -> FieldKey:
    name, _, packed = part.partition(":")
    if not name.isalnum() or not name.isascii() or len(name) > 16:
        raise ValueError("the name of a key is up to 16 letters and digits")
    try:
        secret = base64.b64decode(packed, altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("a key is written in URL-safe base64") from error
    if len(secret) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return FieldKey(name, secret)
