"""Signing keys of people: made here, kept only sealed by the person's own passphrase, opened for one call.

The passphrase becomes a key by scrypt, which makes guessing slow, and seals the private key with AES-GCM bound to the
serial number of its certificate. Whoever has the database and not the passphrase has no key.
"""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from dekon.errors import RuleBroken
from dekon.gateways.authority import certify_person
from dekon.gateways.handing import Secret

SCRYPT_N: Final = 1 << 15
SCRYPT_BYTES: Final = 64 * 1024 * 1024
SALT_BYTES, NONCE_BYTES = 16, 12
FORM: Final = "s1."


@dataclass(frozen=True, slots=True)
class PersonalKey:
    """A new key: the certificate (PEM), its serial number, its last moment, and the private key as it may be kept."""

    certificate: str
    serial: int
    expires_at: datetime
    sealed: str


def make_key(name: str, number: str, passphrase: Secret, *, now: datetime) -> PersonalKey:
    """A new EC P-256 key with a certificate of the local issuer.

    Args:
        name: the person's name as it stands beside signatures.
        number: what tells two people of one name apart.
        passphrase: seals the key.
        now: the moment from which it is good.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = certify_person(name, number, key.public_key(), now=now)
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    locked = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, plain, _bound(certificate.serial_number))
    return PersonalKey(
        certificate.public_bytes(Encoding.PEM).decode("ascii"), certificate.serial_number,
        certificate.not_valid_after_utc, FORM + base64.urlsafe_b64encode(salt + nonce + locked).decode("ascii"),
    )  # fmt: skip


def open_key(sealed: str, serial: int, passphrase: Secret) -> bytes:
    """The private key, PKCS 8 DER.

    Raises:
        RuleBroken: `passphrase-wrong`.
    """
    raw = base64.urlsafe_b64decode(sealed.removeprefix(FORM))
    salt, nonce, locked = raw[:SALT_BYTES], raw[SALT_BYTES : SALT_BYTES + NONCE_BYTES], raw[SALT_BYTES + NONCE_BYTES :]
    try:
        return AESGCM(_stretched(passphrase, salt)).decrypt(nonce, locked, _bound(serial))
    except InvalidTag as problem:
        raise RuleBroken("passphrase-wrong") from problem


def _stretched(passphrase: Secret, salt: bytes) -> bytes:
    return hashlib.scrypt(passphrase.reveal().encode(), salt=salt, n=SCRYPT_N, r=8, p=1, maxmem=SCRYPT_BYTES, dklen=32)


def _bound(serial: int) -> bytes:
    return f"dekon-signing-key:{serial:x}".encode("ascii")
