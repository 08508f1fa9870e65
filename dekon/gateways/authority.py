"""The local certificate authority: a root, an issuer below it, the system's seal and its clock. Not certified.

Made once in `pki/` below DEKON_HOME; keys lie there as files that only the system's account can read. Whoever needs a
certified signature takes another gateway; what is signed here says that it is not certified (PP 71/2019 Pasal 60).
"""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
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

BACKDATED = timedelta(days=1)
"""How long before they are made the four certificates are good: whoever checks may have a clock that is behind."""

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
    if not all((folder / f"{name}.pem").exists() for name in NAMES):
        with _alone(folder):
            _complete(folder)
    files = [folder / f"{name}.{end}" for name in NAMES for end in ("key", "pem")]
    return _authority(folder, tuple(file.stat().st_mtime_ns for file in files))


def renew_clock(*, before: datetime) -> bool:
    """Give the clock a new key and certificate where its own runs out before a moment. Old stamps carry their own.

    Args:
        before: the moment until which the clock must be good, aware.

    Returns: whether it was renewed.
    """
    folder = Path(settings.PKI_FOLDER)
    authority = ensure_authority()
    if authority.clock.certificate.not_valid_after_utc >= before:
        return False
    with _alone(folder):
        if _read(folder, CLOCK).certificate.not_valid_after_utc < before:
            key = rsa.generate_private_key(65537, 3072)
            made = certify(CLOCK, key, authority.issuer, now=datetime.now(UTC))
            _write(folder / f"{CLOCK}.key", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            _write(folder / f"{CLOCK}.pem", made.public_bytes(Encoding.PEM))
    return True


@lru_cache(maxsize=4)
def _authority(folder: Path, _changed_at: tuple[int, ...]) -> Authority:
    """Opening a key takes as long as signing with it; it is opened anew once its file is another one."""
    return Authority(*(_read(folder, name) for name in (ROOT, ISSUER, SEAL, CLOCK)))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else is in here for this folder; the kernel lets go also of whoever was killed."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _complete(folder: Path) -> None:
    """Make what is missing. A certificate and its key are there at once or not at all: the key is written first."""
    for name, above in ((ROOT, ""), (ISSUER, ROOT), (SEAL, ISSUER), (CLOCK, ISSUER)):
        if (folder / f"{name}.pem").exists():
            continue
        # the time stamper of the signing library takes RSA keys only
        key: Key = rsa.generate_private_key(65537, 3072) if name == CLOCK else ec.generate_private_key(ec.SECP256R1())
        _write(folder / f"{name}.key", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        made = certify(name, key, _read(folder, above) if above else None, now=datetime.now(UTC))
        _write(folder / f"{name}.pem", made.public_bytes(Encoding.PEM))


def _read(folder: Path, name: str) -> Holder:
    key_file = folder / f"{name}.key"
    loaded = load_pem_private_key(key_file.read_bytes(), password=None)
    if not isinstance(loaded, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise TypeError(f"{key_file.name} holds a key of another kind")
    return Holder(x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes()), loaded)


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
        .not_valid_before(now - BACKDATED)
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


PERSON_YEARS = 2
"""Years for which the certificate of a person is good."""
LIST_DAYS = 30
"""Days for which a list of revoked certificates is good; it goes into a document together with a time stamp."""


def certify_person(name: str, number: str, key: ec.EllipticCurvePublicKey, *, now: datetime) -> x509.Certificate:
    """A certificate of the local issuer for a person. It proves what this installation knows of the person, no more.

    Args:
        name: as it stands beside signatures.
        number: what tells two people of one name apart.
        key: the person's public key.
        now: the moment from which it is good.
    """
    issuer = ensure_authority().issuer
    subject = x509.Name([
        x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Dekon"),
        x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Sertifikat lokal, tidak tersertifikasi"),
        x509.NameAttribute(NameOID.SERIAL_NUMBER, number), x509.NameAttribute(NameOID.COMMON_NAME, name[:64]),
    ])  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(min(now + timedelta(days=365 * PERSON_YEARS), issuer.certificate.not_valid_after_utc))
        .add_extension(x509.BasicConstraints(False, None), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), False)
        .add_extension(_usage(is_authority=False), True)
        .sign(issuer.key, hashes.SHA256())
    )


def revocation_lists(revoked: Mapping[int, datetime], *, now: datetime) -> list[bytes]:
    """The lists of revoked certificates of root and issuer, DER.

    Args:
        revoked: serial number of a person's certificate → since when it is void.
        now: the moment of the lists.
    """
    authority = ensure_authority()
    made = []
    for holder, entries in ((authority.root, {}), (authority.issuer, revoked)):
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(holder.certificate.subject)
            .last_update(now - timedelta(minutes=5))
            .next_update(now + timedelta(days=LIST_DAYS))
            .add_extension(x509.CRLNumber(int(now.timestamp())), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(holder.key.public_key()), False)
        )
        for serial, since in sorted(entries.items()):
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since).build()
            builder = builder.add_revoked_certificate(entry)
        made.append(builder.sign(holder.key, hashes.SHA256()).public_bytes(Encoding.DER))
    return made


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
