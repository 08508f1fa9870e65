"""The local certificate authority: a root, an issuer below it, the system's seal and its clock. Not certified.

Made once in `pki/` below DEKON_HOME; keys lie there as files that only the system's account can read. Whoever needs a
certified signature takes another gateway; what is signed here says that it is not certified (PP 71/2019 Pasal 60).
"""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.conf import settings

ROOT, ISSUER, SEAL, CLOCK = "root", "issuer", "seal", "clock"
NAMES = {
    ROOT: "Dekon Root Lokal (tidak tersertifikasi)",
    ISSUER: "Dekon Penerbit Lokal (tidak tersertifikasi)",
    SEAL: "Segel Sistem Dekon (tidak tersertifikasi)",
    CLOCK: "Penanda Waktu Lokal Dekon (tidak tersertifikasi)",
}
LIFE = {ROOT: 20, ISSUER: 15, SEAL: 10, CLOCK: 10}
"""Years for which each certificate is good."""

type Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Holder:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Key


@dataclass(frozen=True, slots=True)
class Authority:
    """The four certificates of an installation."""

    root: Holder
    issuer: Holder
    seal: Holder
    clock: Holder


def ensure_authority() -> Authority:
    """The authority of this installation, made where it is missing; a half-made one is completed.

    Of several processes that miss it at once (web server, worker, command line) one makes it and the others wait.
    """
    folder = Path(settings.PKI_FOLDER)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if all((folder / f"{name}.pem").exists() for name in NAMES):
        return _authority(folder)
    with _alone(folder):
        return _authority(folder)


def _authority(folder: Path) -> Authority:
    root = _ensure(folder, ROOT, None)
    issuer = _ensure(folder, ISSUER, root)
    return Authority(root, issuer, _ensure(folder, SEAL, issuer), _ensure(folder, CLOCK, issuer))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else is in here for this folder; the kernel lets go also of whoever was killed."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _ensure(folder: Path, name: str, above: Holder | None) -> Holder:
    """One certificate and its key, read or made. Both are in place at once or not at all: the key is written first."""
    key_file, certificate_file = folder / f"{name}.key", folder / f"{name}.pem"
    if not certificate_file.exists():
        # the time stamper of the signing library takes RSA keys only
        key: Key = rsa.generate_private_key(65537, 3072) if name == CLOCK else ec.generate_private_key(ec.SECP256R1())
        _write(key_file, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        _write(certificate_file, certify(name, key, above, now=datetime.now(UTC)).public_bytes(Encoding.PEM))
    loaded = load_pem_private_key(key_file.read_bytes(), password=None)
    if not isinstance(loaded, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise TypeError(f"{key_file.name} holds a key of another kind")
    return Holder(x509.load_pem_x509_certificate(certificate_file.read_bytes()), loaded)


def certify(name: str, key: Key, above: Holder | None, *, now: datetime) -> x509.Certificate:
    """A certificate for one of the four names.

    Args:
        key: its key.
        above: who issues it; None for the root, which issues itself.
        now: the moment from which it is good.
    """
    subject = x509.Name([
        x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Dekon"),
        x509.NameAttribute(NameOID.COMMON_NAME, NAMES[name]),
    ])  # fmt: skip
    is_authority = name in {ROOT, ISSUER}
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.certificate.subject if above else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=365 * LIFE[name]))
        .add_extension(x509.BasicConstraints(is_authority, 1 if name == ROOT else 0 if is_authority else None), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(_usage(is_authority=is_authority), True)
    )
    if above:
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(above.key.public_key())
        builder = builder.add_extension(identifier, False)
    if name == CLOCK:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True)
    return builder.sign(above.key if above else key, hashes.SHA256())


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority, content_commitment=not is_authority, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=is_authority, crl_sign=is_authority,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _write(path: Path, content: bytes) -> None:
    """A file that only its owner reads, whole on the disk or not there."""
    draft = path.with_suffix(f"{path.suffix}.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
