"""Looking at the signatures of a PDF: who, when, by which certificate, and what was changed after.

Trusted are this installation's own root (not certified), the roots in the file `DEKON_CERTIFIED_ROOTS` (certified, PP
71/2019 Pasal 60) and those in `DEKON_TRUSTED_ROOTS` (others, such as a time-stamp authority's). Nothing is fetched.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from asn1crypto import x509 as asn1_x509
from django.conf import settings
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel, SuspiciousModification
from pyhanko.sign.general import (
    MultivaluedAttributeError,
    NonexistentAttributeError,
    find_unique_cms_attribute,
)
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    SignatureCoverageLevel,
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko_certvalidator import ValidationContext

from dekon.gateways.authority import ensure_authority
from dekon.gateways.handing import beside, certificate_of, certificates_in

CODE: Final = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{2}")
"""A code of verification, wherever it stands in a file."""
LINK: Final = re.compile(rf"/v/({CODE.pattern})")
MAX_SIGNATURES: Final = 150
MAX_PAGES: Final = 300
ALLOWED: Final = ModificationLevel.FORM_FILLING
"""What may come after a signature: further signatures, time stamps, material of validation."""


@dataclass(frozen=True, slots=True)
class Found:
    """One signature of a PDF.

    `intact`: what it covers is unchanged. `untouched`: nothing came after it but signatures and time stamps. `trusted`:
    its certificate comes from a known root and was good. `level`: of PAdES, B-B to B-LTA. `attested`: its time is
    attested by somebody else. `flaw` says why a certificate is no good: unknown, expired, revoked.
    """

    field: str
    name: str
    issuer: str
    serial: str
    level: str
    signed_at: datetime | None
    attested: bool
    certified: bool
    intact: bool
    untouched: bool
    trusted: bool
    flaw: str

    @property
    def valid(self) -> bool:
        """Whether it can be relied on."""
        return self.intact and self.untouched and self.trusted


@dataclass(frozen=True, slots=True)
class Report:
    """What a PDF holds.

    `pages`, and `pages_signed` when the first signature was made. `codes`: codes of verification that it bears.
    `trailing`: something was added after the last signature that no signature covers.
    """

    readable: bool
    signatures: tuple[Found, ...] = ()
    timestamps: int = 0
    pages: int = 0
    pages_signed: int = 0
    codes: tuple[str, ...] = ()
    trailing: bool = False

    @property
    def intact(self) -> bool:
        """Whether there are signatures and each of them can be relied on."""
        return bool(self.signatures) and all(found.valid for found in self.signatures)


UNREADABLE: Final = Report(readable=False)


def trust_digest(revoked: Mapping[int, datetime]) -> str:
    """Stands for whom this installation trusts at the moment; another one makes earlier reports void."""
    digest = hashlib.sha256()
    for certificate in sorted(_Trust.read(revoked).digests()):
        digest.update(certificate)
    for serial, since in sorted(revoked.items()):
        digest.update(f"{serial:x} {since.isoformat()}\n".encode())
    return digest.hexdigest()


def look(pdf: bytes, *, revoked: Mapping[int, datetime], now: datetime) -> Report:
    """Everything that the signatures of a PDF say.

    Args:
        pdf: any bytes that somebody says are a PDF, at most as large as the caller lets in.
        revoked: serial number of a local certificate → since when it is void.
        now: the moment at which certificates must be good where no time is attested.
    """
    try:
        return beside(_Look(pdf, _Trust.read(revoked), now).report)
    except Exception:  # noqa: BLE001  a file of a stranger can break a reader in any way; it is then not readable
        return UNREADABLE


@dataclass(frozen=True, slots=True)
class Added:
    """The one signature that a newer file has more than an older one, or why it has not exactly that.

    `fault`: not-an-update, nothing-added, several-added, content-changed, signature-broken, certificate-unknown,
    certificate-expired, certificate-revoked; empty where all is in order.
    """

    fault: str
    found: Found | None = None


def look_at_added(before: bytes, after: bytes, *, revoked: Mapping[int, datetime], now: datetime) -> Added:
    """Whether a file is another one with exactly one good signature more.

    Args:
        before: the file as it was.
        after: the file as it came back.
        revoked: as in `look`.
        now: as in `look`.
    """
    if not after.startswith(before):
        return Added("not-an-update")
    try:
        return beside(_added, before, after, _Trust.read(revoked), now)
    except Exception:  # noqa: BLE001  as in `look`
        return Added("signature-broken")


def _added(before: bytes, after: bytes, trust: _Trust, now: datetime) -> Added:
    old, new = _Look(before, trust, now), _Look(after, trust, now)
    extra = len(new.embedded) - len(old.embedded)
    if extra != 1 or len(new.signed) != len(old.signed) + 1:
        return Added("several-added" if extra > 1 else "nothing-added")
    if not new.only_signed_since(old.reader.xrefs.total_revisions - 1):
        return Added("content-changed")
    found = new.report().signatures[-1]
    if not (found.intact and found.untouched):
        return Added("signature-broken", found)
    return Added(f"certificate-{found.flaw}" if found.flaw else "", found)


@dataclass(frozen=True, slots=True)
class _Trust:
    """Roots by what they are good for."""

    local: tuple[asn1_x509.Certificate, ...]
    certified: tuple[asn1_x509.Certificate, ...]
    others: tuple[asn1_x509.Certificate, ...]
    between: tuple[asn1_x509.Certificate, ...]
    revoked: Mapping[int, datetime]

    @classmethod
    def read(cls, revoked: Mapping[int, datetime]) -> _Trust:
        authority = ensure_authority()
        return cls(
            (certificate_of(authority.root),), tuple(_roots(settings.CERTIFIED_ROOTS)),
            tuple(_roots(settings.TRUSTED_ROOTS)), (certificate_of(authority.issuer),), revoked,
        )  # fmt: skip

    def digests(self) -> Iterator[bytes]:
        for name, roots in (("local", self.local), ("certified", self.certified), ("others", self.others)):
            yield from (name.encode() + root.sha256 for root in roots)

    def context(self, moment: datetime) -> ValidationContext:
        return ValidationContext(
            trust_roots=[*self.local, *self.certified, *self.others], other_certs=list(self.between),
            moment=moment, allow_fetching=False, revocation_mode="soft-fail", retroactive_revinfo=True,
        )  # fmt: skip


def _roots(path: str) -> list[asn1_x509.Certificate]:
    return certificates_in(Path(path).read_bytes()) if path else []


class _Look:
    """One look at one file."""

    def __init__(self, pdf: bytes, trust: _Trust, now: datetime) -> None:
        self.reader = PdfFileReader(io.BytesIO(pdf))
        self.trust = trust
        self.now = now
        embedded: list[EmbeddedPdfSignature] = list(self.reader.embedded_signatures)
        if len(embedded) > MAX_SIGNATURES:
            raise ValueError("more signatures than any document has")
        self.embedded = embedded
        self.signed = [one for one in embedded if one.sig_object_type == "/Sig"]
        self.stamps = [one for one in embedded if one.sig_object_type == "/DocTimeStamp"]

    def report(self) -> Report:
        """All of it."""
        last = self.embedded[-1] if self.embedded else None
        trailing = last is not None and last.evaluate_signature_coverage() != SignatureCoverageLevel.ENTIRE_FILE
        untouched = self._untouched()
        stamped = [one for one in self.stamps if self._stamp_is_good(one)]
        return Report(
            readable=True,
            signatures=tuple(
                self._found(one, untouched=good, stamped=stamped)
                for one, good in zip(self.signed, untouched, strict=True)
            ),
            timestamps=len(stamped),
            pages=int(self.reader.root["/Pages"]["/Count"]),
            pages_signed=self._pages_signed(),
            codes=tuple(sorted(set(self._codes()))),
            trailing=trailing,
        )  # fmt: skip

    def _pages_signed(self) -> int:
        if not self.embedded:
            return 0
        root = self.reader.get_historical_root(self.embedded[0].signed_revision)
        return int(root["/Pages"]["/Count"])

    def _untouched(self) -> list[bool]:
        """Of each signature, whether only what is allowed came after it.

        What came after the first came after all the others too: where that is in order, one look is enough.
        """
        if not self.signed:
            return []
        first = min(self.signed, key=lambda one: one.signed_revision)
        simple = all(one.docmdp_level is None and one.fieldmdp is None for one in self.signed)
        if simple and self._in_order(first):
            return [one.evaluate_signature_coverage() >= SignatureCoverageLevel.ENTIRE_REVISION for one in self.signed]
        return [self._in_order(one) for one in self.signed]

    def _in_order(self, one: EmbeddedPdfSignature) -> bool:
        if one.evaluate_signature_coverage() < SignatureCoverageLevel.ENTIRE_REVISION:
            return False  # it leaves parts of its own revision open
        try:
            result = DEFAULT_DIFF_POLICY.review_file(
                self.reader, one.signed_revision, field_mdp_spec=one.fieldmdp, doc_mdp=one.docmdp_level
            )
        except SuspiciousModification:
            return False
        return not isinstance(result, SuspiciousModification) and result.modification_level <= ALLOWED

    def only_signed_since(self, revision: int) -> bool:
        """Whether nothing but signatures and time stamps came after a revision."""
        try:
            result = DEFAULT_DIFF_POLICY.review_file(self.reader, revision)
        except SuspiciousModification:
            return False
        return not isinstance(result, SuspiciousModification) and result.modification_level <= ALLOWED

    def _stamp_is_good(self, one: EmbeddedPdfSignature) -> bool:
        status = validate_pdf_timestamp(one, self.trust.context(self.now), skip_diff=True)
        return bool(status.intact and status.valid and status.trusted)

    def _found(self, one: EmbeddedPdfSignature, *, untouched: bool, stamped: list[EmbeddedPdfSignature]) -> Found:
        said = _time_of_stamp(one)
        status = self._validated(one, said or self.now)
        token = status.timestamp_validity
        is_stamped = bool(token and token.intact and token.valid and token.trusted)
        if said and not is_stamped:  # a time that nobody attests says nothing about the certificate
            status = self._validated(one, self.now)
        at = token.timestamp if token and is_stamped else status.signer_reported_dt
        later = [stamp for stamp in stamped if stamp.signed_revision > one.signed_revision]
        certificate: Any = status.signing_cert
        flaw = self._flaw(certificate, at or self.now, trusted=bool(status.trusted))
        return Found(
            # plain text: the library's own would carry the whole file along wherever the report is copied
            field=str(one.field_name), name=_name(certificate.subject), issuer=_name(certificate.issuer),
            serial=f"{certificate.serial_number:x}",
            level=self._level(is_stamped=is_stamped, later=later), signed_at=at, attested=is_stamped or bool(later),
            certified=_root_of(status) in {root.sha256 for root in self.trust.certified},
            intact=bool(status.intact and status.valid), untouched=untouched, trusted=not flaw, flaw=flaw,
        )  # fmt: skip

    def _validated(self, one: EmbeddedPdfSignature, moment: datetime) -> Any:  # noqa: ANN401  the library's own status
        return validate_pdf_signature(
            one, signer_validation_context=self.trust.context(moment),
            ts_validation_context=self.trust.context(self.now), skip_diff=True,
        )  # fmt: skip

    def _flaw(self, certificate: Any, at: datetime, *, trusted: bool) -> str:  # noqa: ANN401  as above
        since = self.trust.revoked.get(certificate.serial_number)
        if since is not None and since <= at:
            return "revoked"
        if trusted:
            return ""
        validity = certificate["tbs_certificate"]["validity"].native
        return "unknown" if validity["not_before"] <= at <= validity["not_after"] else "expired"

    def _level(self, *, is_stamped: bool, later: list[EmbeddedPdfSignature]) -> str:
        if not is_stamped:
            return "B-B"
        root = self.reader.root
        if "/DSS" not in root or not ("/CRLs" in root["/DSS"] or "/OCSPs" in root["/DSS"]):
            return "B-T"
        return "B-LTA" if later else "B-LT"

    def _codes(self) -> Iterator[str]:
        """Codes that it bears: in its description, and where its links lead."""
        root = self.reader.root
        if "/Metadata" in root:
            yield from CODE.findall(root["/Metadata"].data.decode("utf-8", "replace"))
        trailer = self.reader.trailer_view
        if "/Info" in trailer:
            yield from (code for value in trailer["/Info"].values() for code in CODE.findall(str(value)))
        for number in range(min(int(root["/Pages"]["/Count"]), MAX_PAGES)):
            found = self.reader.find_page_for_modification(number)  # type: ignore[no-untyped-call]  # ships no types here
            page = found[0].get_object()
            for note in page.get("/Annots", ()):
                shown = note.get_object()
                if "/A" in shown and "/URI" in shown["/A"]:
                    yield from LINK.findall(str(shown["/A"]["/URI"]))


def _time_of_stamp(one: EmbeddedPdfSignature) -> datetime | None:
    """What the time stamp in a signature says; not yet believed."""
    try:
        token = find_unique_cms_attribute(one.signer_info["unsigned_attrs"], "signature_time_stamp_token")
    except (NonexistentAttributeError, MultivaluedAttributeError):
        return None
    moment: datetime = token["content"]["encap_content_info"]["content"].parsed["gen_time"].native
    return moment.astimezone(UTC)


def _root_of(status: Any) -> bytes:  # noqa: ANN401  as above
    """Digest of the certificate on which the chain rests; empty where there is no chain."""
    path = status.validation_path
    if path is None:
        return b""
    return bytes(path.trust_anchor.certificate.sha256) if path.trust_anchor.certificate else b""


def _name(name: Any) -> str:  # noqa: ANN401  as above
    return str(name.native.get("common_name", "") or name.human_friendly)[:200]
