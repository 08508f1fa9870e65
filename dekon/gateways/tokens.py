"""Keys that never leave a token or security module, reached by PKCS 11.

`DEKON_PKCS11_MODULE` is the path of the maker's library. A person's key is named by the labels of token and key; its
PIN is the person's passphrase.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pkcs11
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from pkcs11 import exceptions as faults
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign import signers
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

from dekon.errors import GatewayFailed, RuleBroken
from dekon.gateways.handing import Secret
from dekon.gateways.signing import Pen

WRONG_PIN: Final = (faults.PinIncorrect, faults.PinInvalid, faults.PinLenRange, faults.ArgumentsBad)
LOCKED: Final = (faults.PinLocked, faults.PinExpired)


def is_configured() -> bool:
    """Whether this installation reaches a token."""
    return bool(settings.PKCS11_MODULE)


def token_pen(token: str, key: str, pin: Secret) -> Pen:
    """A key in a token.

    Args:
        token: label of the token.
        key: label of the key and of its certificate.
        pin: opens the token.

    Raises:
        RuleBroken: `passphrase-wrong`, or `token-locked` by its own count.
        GatewayFailed: `token-unreachable`: no module, no token, or no such key.
    """
    with _session(token, pin):
        pass  # a wrong PIN is told before anything is signed
    return Pen(lambda: _signer(token, key, pin))


def certificate_in_token(token: str, key: str, pin: Secret) -> x509.Certificate:
    """The certificate that lies beside a key.

    Raises:
        RuleBroken, GatewayFailed: as `token_pen`.
    """
    with _signer(token, key, pin) as signer:
        found = signer.signing_cert
    if not isinstance(found, asn1_x509.Certificate):
        raise GatewayFailed("token-unreachable", reason="certificate")
    return x509.load_der_x509_certificate(found.dump())


def pem_of(certificate: x509.Certificate) -> str:
    """A certificate as it is kept."""
    return certificate.public_bytes(Encoding.PEM).decode("ascii")


@contextmanager
def _signer(token: str, key: str, pin: Secret) -> Iterator[signers.Signer]:
    with _session(token, pin) as session:
        try:
            yield PKCS11Signer(
                session, cert_label=key, key_label=key, other_certs_to_pull=None, use_raw_mechanism=_hashes_not(session)
            )
        except (faults.PKCS11Error, pkcs11.exceptions.NoSuchKey) as problem:
            raise GatewayFailed("token-unreachable", reason=type(problem).__name__) from problem


def _hashes_not(session: pkcs11.Session) -> bool:
    """Whether a token signs hashes only, so that the hashing is done here."""
    return pkcs11.Mechanism.ECDSA_SHA256 not in session.token.slot.get_mechanisms()


@contextmanager
def _session(token: str, pin: Secret) -> Iterator[pkcs11.Session]:
    try:
        session = open_pkcs11_session(
            settings.PKCS11_MODULE, token_criteria=TokenCriteria(label=token), user_pin=pin.reveal()
        )
    except WRONG_PIN as problem:
        raise RuleBroken("passphrase-wrong") from problem
    except LOCKED as problem:
        raise RuleBroken("token-locked") from problem
    except (faults.PKCS11Error, OSError, RuntimeError, LookupError) as problem:
        raise GatewayFailed("token-unreachable", reason=type(problem).__name__) from problem
    with session:
        yield session
