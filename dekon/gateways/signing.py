"""Signatures of people in a PDF: places for them, and each of them a PAdES signature as an incremental update.

Who holds the key is told by a `Pen`: a key of this installation, a token. Nothing here knows a person, a document or a
database; a signature either comes back whole or not at all.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from django.conf import settings
from pyhanko.pdf_utils.content import AnnotAppearances, PdfContent, RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import (
    MultivaluedAttributeError,
    NonexistentAttributeError,
    find_unique_cms_attribute,
)
from pyhanko.sign.validation import DocumentSecurityStore, EmbeddedPdfSignature
from pyhanko.stamp.static import StaticStampStyle

from dekon.errors import GatewayFailed
from dekon.gateways.authority import ISSUER as ISSUER_KIND
from dekon.gateways.authority import NAMES, ensure_authority, revocation_lists
from dekon.gateways.clocks import clock
from dekon.gateways.handing import Secret, beside, certificates_in, chain_of, store_of
from dekon.gateways.keys import open_key

A4_HEIGHT_PT: Final = 841.89
ISSUER: Final = NAMES[ISSUER_KIND]
"""Who stands as issuer in the certificates of this installation."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a signature will stand: the field's name, what readers of screens hear, page from 1, box in points.

    The box counts from the upper left corner of the page.
    """

    field: str
    label: str
    page: int
    x: float
    y: float
    width: float
    height: float

    def box(self) -> tuple[int, int, int, int]:
        """The box as PDF counts it, from the lower left corner."""
        left, top = round(self.x), round(A4_HEIGHT_PT - self.y)
        return left, top - round(self.height), left + round(self.width), top


@dataclass(frozen=True, slots=True)
class Wish:
    """What a signature says and how it looks: its field, the reason, the person's name, one page of PDF as its face."""

    field: str
    reason: str
    name: str
    face: bytes | None = None


@dataclass(frozen=True, slots=True)
class Pen:
    """Whoever makes the signature: opened for the length of one signature."""

    open: Callable[[], AbstractContextManager[signers.Signer]]


@dataclass(frozen=True, slots=True)
class Signed:
    """The PDF with one signature more, and whether the signature bears a time that somebody else attests."""

    pdf: bytes
    trusted_time: bool


def prepare(pdf: bytes, places: Sequence[Place]) -> bytes:
    """The PDF with an empty signature field at each place.

    All fields are there before the first signature, so that each signature fills its own and changes nothing else.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    blank = writer.add_object(RawContent(b"", box=BoxConstraints(width=1, height=1)).as_form_xobject())
    for place in places:
        spec = SigFieldSpec(place.field, on_page=place.page - 1, box=place.box(), readable_field_name=place.label)
        fields.append_signature_field(writer, spec)
        # archives ask that every field on a page has a face, also an empty one
        writer.root["/AcroForm"]["/Fields"][-1].get_object()["/AP"] = AnnotAppearances(blank).as_pdf_object()
    # "append only" from the beginning: the first signature would set it and thereby change more than its field
    fields.ensure_sig_flags(writer, lock_sig_flags=True)
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]  # ships no types here
    return out.getvalue()


def local_pen(certificate: str, serial: int, sealed: str, passphrase: Secret) -> Pen:
    """A key of this installation, opened by its owner's passphrase.

    Raises:
        RuleBroken: `passphrase-wrong`.
    """
    key = asn1_keys.PrivateKeyInfo.load(open_key(sealed, serial, passphrase))
    (own,) = certificates_in(certificate.encode("ascii"))
    signer = signers.SimpleSigner(
        signing_cert=own, signing_key=key, cert_registry=store_of(chain_of(ensure_authority()))
    )
    return Pen(lambda: nullcontext(signer))


def sign(pdf: bytes, pen: Pen, wish: Wish, *, wait_for_clock: bool = False) -> Signed:
    """The PDF with one signature more: PAdES B-T, or B-B where the time-stamp authority does not answer.

    Args:
        pdf: the newest revision; it stays the beginning of what comes back.
        pen: who signs.
        wish: what the signature says.
        wait_for_clock: sign only with a trusted time.

    Raises:
        GatewayFailed: `timestamp-unreachable` for whoever waits; or the pen failed.
    """
    try:
        return Signed(beside(_signed, pdf, pen, wish, stamped=True), trusted_time=True)
    except GatewayFailed as problem:
        if wait_for_clock or problem.code != "timestamp-unreachable":
            raise
    return Signed(beside(_signed, pdf, pen, wish, stamped=False), trusted_time=False)


def _signed(pdf: bytes, pen: Pen, wish: Wish, *, stamped: bool) -> bytes:
    meta = signers.PdfSignatureMetadata(
        field_name=wish.field, reason=wish.reason, name=wish.name, md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
    )  # fmt: skip
    writer, out = IncrementalPdfFileWriter(io.BytesIO(pdf)), io.BytesIO()
    with pen.open() as signer:
        maker = signers.PdfSigner(
            meta, signer, timestamper=clock() if stamped else None,
            stamp_style=_Face.style(wish.face) if wish.face else None,
        )  # fmt: skip
        maker.sign_pdf(writer, existing_fields_only=True, output=out)
    return out.getvalue()


class _Face(PdfContent):
    """One page of a PDF as the face of a signature."""

    def __init__(self, page: bytes) -> None:
        source = PdfFileReader(io.BytesIO(page))
        _left, _low, width, height = (float(edge) for edge in source.root["/Pages"]["/Kids"][0]["/MediaBox"])
        super().__init__(box=BoxConstraints(width=width, height=height))
        self._source = source

    def render(self) -> bytes:
        """Draws the page, filling its box."""
        self.resources.xobject["/Muka"] = self._ensure_writer.import_page_as_xobject(self._source)
        return b"/Muka Do"

    @classmethod
    def style(cls, page: bytes) -> StaticStampStyle:
        """Nothing but the page, as large as the field."""
        whole = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, margins=Margins())
        return StaticStampStyle(background=cls(page), background_layout=whole, background_opacity=1, border_width=0)


def stamp(pdf: bytes) -> bytes:
    """The PDF with a time stamp over all of it, for signatures that had to do without one.

    Raises:
        GatewayFailed: `timestamp-unreachable`.
    """
    return beside(_stamped, pdf)


def _stamped(pdf: bytes) -> bytes:
    out = io.BytesIO()
    signers.PdfTimeStamper(clock()).timestamp_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), "sha256", output=out)
    return out.getvalue()


def archive(pdf: bytes, *, revoked: Mapping[int, datetime], now: datetime) -> bytes:
    """The PDF with all that is needed to check it later, and a time stamp over it: PAdES B-LTA. Again, it is renewed.

    Goes in: every certificate of its signatures and time stamps, this installation's chain, its lists of revoked
    certificates. Of other issuers go in what their signatures carry and what lies in `DEKON_REVOCATION_LISTS`.

    Args:
        pdf: a document on which nobody is to sign any more.
        revoked: serial number of a local certificate → since when it is void.
        now: the moment of the lists.

    Raises:
        GatewayFailed: `timestamp-unreachable`.
    """
    lists = [
        asn1_crl.CertificateList.load(der) for der in (*revocation_lists(revoked, now=now), *_lists_from_outside())
    ]
    return beside(_archived, pdf, lists)


def _archived(pdf: bytes, lists: Sequence[asn1_crl.CertificateList]) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    embedded = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    certificates = {each.sha256: each for each in chain_of(ensure_authority())}
    for one in embedded:
        for each in (one.signer_cert, *one.other_embedded_certs, *_certificates_of_stamp(one)):
            certificates.setdefault(each.sha256, each)
    DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=list(certificates.values()), crls=list(lists))
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]  # ships no types here
    return _stamped(out.getvalue())


def stamp_ends(pdf: bytes) -> datetime | None:
    """The last moment of the certificate behind the newest time stamp over the whole file; None where there is none."""
    return beside(_stamp_ends, pdf)


def _stamp_ends(pdf: bytes) -> datetime | None:
    stamps = PdfFileReader(io.BytesIO(pdf)).embedded_timestamp_signatures
    if not stamps:
        return None
    ends: datetime = stamps[-1].signer_cert.not_valid_after
    return ends


def _certificates_of_stamp(one: EmbeddedPdfSignature) -> list[asn1_x509.Certificate]:
    """Certificates in the time stamp of a signature; none where it has no stamp."""
    try:
        token = find_unique_cms_attribute(one.signer_info["unsigned_attrs"], "signature_time_stamp_token")
    except (NonexistentAttributeError, MultivaluedAttributeError):
        return []
    return [each.chosen for each in token["content"]["certificates"] if each.name == "certificate"]


def _lists_from_outside() -> list[bytes]:
    """Lists of other issuers that the house has put there, DER."""
    folder = settings.REVOCATION_LISTS
    return [path.read_bytes() for path in sorted(Path(folder).glob("*.crl"))] if folder else []
