"""What the signing library takes: certificates and keys in its own form, work in a thread, secrets unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from asn1crypto import keys, pem
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko_certvalidator.registry import SimpleCertificateStore

from dekon.gateways.authority import Authority, Holder


class Secret:
    """A passphrase or PIN on its way through one request: no log, trace or page shows it."""

    __slots__ = ("_words",)

    def __init__(self, words: str) -> None:
        self._words = words

    def reveal(self) -> str:
        """The words themselves, for whoever needs them now."""
        return self._words

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __reduce__(self) -> str | tuple[object, ...]:
        """Refuses to be written anywhere.

        Raises:
            TypeError: always.
        """
        raise TypeError("a secret is not written anywhere")


def beside[**P, Result](work: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
    """Does work of the library in a thread: it runs an event loop of its own, and the caller may be in one already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work, *args, **kwargs).result()


def certificate_of(holder: Holder) -> asn1_x509.Certificate:
    """A certificate as the library takes it."""
    return asn1_x509.Certificate.load(holder.certificate.public_bytes(Encoding.DER))


def key_of(holder: Holder) -> keys.PrivateKeyInfo:
    """A key as the library takes it."""
    return keys.PrivateKeyInfo.load(holder.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


def certificates_in(text: bytes) -> list[asn1_x509.Certificate]:
    """Every certificate of a PEM text; empty for a text without any."""
    if not pem.detect(text):
        return []
    return [asn1_x509.Certificate.load(der) for _kind, _heads, der in pem.unarmor(text, multiple=True)]


def store_of(certificates: Iterable[asn1_x509.Certificate]) -> SimpleCertificateStore:
    """Certificates that go into a signature beside its own."""
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # ships no types here
    store.register_multiple(certificates)
    return store


def chain_of(authority: Authority) -> list[asn1_x509.Certificate]:
    """Issuer and root of this installation."""
    return [certificate_of(authority.issuer), certificate_of(authority.root)]
