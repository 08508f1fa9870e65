"""The system's seal on a PDF: a PAdES signature with a time stamp of the local authority, not certified."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import EmbeddedPdfSignature, SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from dekon.gateways.authority import ensure_authority
from dekon.gateways.clocks import local_clock
from dekon.gateways.handing import beside, certificate_of, chain_of, key_of, store_of

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
        signing_cert=certificate_of(authority.seal), signing_key=key_of(authority.seal),
        cert_registry=store_of(chain_of(authority)),
    )  # fmt: skip
    wish = signers.PdfSignatureMetadata(
        field_name=FIELD, reason=reason, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    out = io.BytesIO()
    sealer = signers.PdfSigner(wish, signer, timestamper=local_clock())
    beside(sealer.sign_pdf, IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out)
    return out.getvalue()


def signatures(pdf: bytes) -> list[Signature]:
    """Every signature of a PDF, oldest first; empty for what has none or is no PDF."""
    authority = ensure_authority()
    trusted = ValidationContext(
        trust_roots=[certificate_of(authority.root)],
        other_certs=[certificate_of(authority.issuer)],
        allow_fetching=False,
    )
    try:
        embedded = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    except (PdfError, ValueError):
        return []
    return [_looked_at(signature, trusted) for signature in embedded]


def _looked_at(embedded: EmbeddedPdfSignature, trusted: ValidationContext) -> Signature:
    status = beside(validate_pdf_signature, embedded, signer_validation_context=trusted, ts_validation_context=trusted)
    stamped = status.timestamp_validity
    return Signature(
        field=embedded.field_name,
        name=str(status.signing_cert.subject.native.get("common_name", "")),
        signed_at=stamped.timestamp if stamped else status.signer_reported_dt,
        intact=bool(status.intact and status.valid),
        trusted=bool(status.trusted),
        covers_all=status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
    )
