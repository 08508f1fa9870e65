"""The system's seal on a PDF: a PAdES signature with a time stamp of the local authority, not certified."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import keys  # type: ignore[import-untyped]  # ships no types
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from dekon.gateways.authority import Authority, Holder, ensure_authority

FIELD = "SegelSistem"


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature of a PDF as it was found.

    `intact`: what it covers was not changed. `trusted`: its certificate comes from this installation's authority.
    `covers_all`: nothing was added after it.
    """

    field: str
    name: str
    signed_at: datetime | None
    intact: bool
    trusted: bool
    covers_all: bool


def seal(pdf: bytes, *, reason: str) -> bytes:
    """The PDF with the system's seal as an incremental update.

    Args:
        pdf: the document.
        reason: why it is sealed, kept in the signature.
    """
    authority = ensure_authority()
    signer = signers.SimpleSigner(
        signing_cert=_certificate(authority.seal), signing_key=_key(authority.seal),
        cert_registry=_store(authority),
    )  # fmt: skip
    clock = timestamps.DummyTimeStamper(
        tsa_cert=_certificate(authority.clock), tsa_key=_key(authority.clock),
        certs_to_embed=_store(authority),
    )  # fmt: skip
    wish = signers.PdfSignatureMetadata(
        field_name=FIELD, reason=reason, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    out = io.BytesIO()
    sealer = signers.PdfSigner(wish, signer, timestamper=clock)
    _beside(sealer.sign_pdf, IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out)
    return out.getvalue()


def _beside[**P, Result](work: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
    """Does work of the library in a thread: it runs an event loop of its own, and the caller may be in one already."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work, *args, **kwargs).result()


def signatures(pdf: bytes) -> list[Signature]:
    """Every signature of a PDF, oldest first; empty for what has none or is no PDF."""
    authority = ensure_authority()
    trusted = ValidationContext(
        trust_roots=[_certificate(authority.root)], other_certs=[_certificate(authority.issuer)], allow_fetching=False
    )
    try:
        embedded = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    except (PdfError, ValueError):
        return []
    return [_looked_at(signature, trusted) for signature in embedded]


def _looked_at(embedded: EmbeddedPdfSignature, trusted: ValidationContext) -> Signature:
    status = _beside(validate_pdf_signature, embedded, signer_validation_context=trusted, ts_validation_context=trusted)
    stamped = status.timestamp_validity
    return Signature(
        field=embedded.field_name,
        name=str(status.signing_cert.subject.native.get("common_name", "")),
        signed_at=stamped.timestamp if stamped else status.signer_reported_dt,
        intact=bool(status.intact and status.valid),
        trusted=bool(status.trusted),
        covers_all=status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
    )


def _store(authority: Authority) -> SimpleCertificateStore:
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # ships no types here
    store.register_multiple([_certificate(authority.issuer), _certificate(authority.root)])
    return store


def _certificate(holder: Holder) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(holder.certificate.public_bytes(Encoding.DER))


def _key(holder: Holder) -> keys.PrivateKeyInfo:
    return keys.PrivateKeyInfo.load(holder.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
