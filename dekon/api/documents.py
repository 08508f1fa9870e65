"""The register of documents: its list, and one document with its signatures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from dekon.api.access import allow
from dekon.api.envelope import ONE_LINE, answers
from dekon.api.paging import Page, PageQuery, Rows, paged
from dekon.documents import selectors
from dekon.documents.choices import DocumentKind, Openness, RegisterState
from dekon.documents.selectors import Sought
from dekon.org.choices import Action

router = Router()


class DocumentOut(Schema):
    """A document of the register. What the register does not say is empty."""

    id: int
    number: str = Field(description="own number", examples=["DEKON/KOMITMEN/2022/0001"])
    partner_number: str = Field(description="number of the other party, also SRIKANDI's", examples=["B-12/KEP/2022"])
    title: str
    kind: str = Field(examples=["komitmen"])
    openness: str = Field(description="biasa, terbatas or rahasia", examples=["terbatas"])
    classification: str = Field(description="kode klasifikasi", examples=["KU.02.01"])
    subject: str = Field(description="hal")
    attachments: str = Field(description="lampiran, in words", examples=["2 berkas"])
    copies_to: list[str] = Field(description="tembusan, one addressee each")
    satker: str = Field(description="empty where it is of no single one", examples=["029108"])
    issued_at: datetime
    sha256: str = Field(description="of the newest revision")
    code: str = Field(description="of verification", examples=["7KQM-2XPA-9D"])
    state: str = Field(description="menunggu, berlaku, diganti or dicabut", examples=["berlaku"])
    revoked_at: datetime | None
    revoked_reason: str

    @staticmethod
    def resolve_partner_number(one: Any) -> str:
        """Empty where the register does not say."""
        return one.said_partner_number or ""

    @staticmethod
    def resolve_classification(one: Any) -> str:
        """Empty where the register does not say."""
        return one.said_classification or ""

    @staticmethod
    def resolve_subject(one: Any) -> str:
        """Empty where the register does not say."""
        return one.said_subject or ""

    @staticmethod
    def resolve_attachments(one: Any) -> str:
        """Empty where the register does not say."""
        return one.said_attachments or ""

    @staticmethod
    def resolve_copies_to(one: Any) -> list[str]:
        """One addressee each."""
        return (one.said_copies_to or "").splitlines()

    @staticmethod
    def resolve_satker(one: Any) -> str:
        """Its code."""
        return str(one.satker.code) if one.satker else ""

    @staticmethod
    def resolve_sha256(one: Any) -> str:
        """Of the newest revision."""
        return str(one.newest_sha256 or one.sha256)


class SignatureOut(Schema):
    """A signature with a key, as the register knows it."""

    office: str = Field(alias="place.office")
    name: str
    standing: str = Field(description="Plt. or Plh., where somebody acts in the office")
    method: str = Field(description="lokal, token, bsre or luar", examples=["lokal"])
    level: str = Field(description="PAdES level at signing", examples=["B-T"])
    certified: bool
    trusted_time: bool
    signed_at: datetime


class PaperSignatureOut(Schema):
    """A signature by hand; it is counted apart and proves nothing by itself."""

    office: str = Field(alias="place.office")
    name: str
    standing: str
    signed_on: date
    sha256: str = Field(description="of the scan")


class RevisionOut(Schema):
    """One state of a document; its bytes begin with those of the revision before."""

    seq: int
    kind: str = Field(examples=["tanda-tangan"])
    sha256: str
    made_at: datetime


class DocumentDetailOut(DocumentOut):
    """A document with its revisions and signatures."""

    places: int = Field(description="how many offices are to sign")
    signatures: list[SignatureOut]
    on_paper: list[PaperSignatureOut]
    revisions: list[RevisionOut]

    @staticmethod
    def resolve_places(one: Any) -> int:
        """How many offices are to sign."""
        return int(one.places.count())

    @staticmethod
    def resolve_signatures(one: Any) -> list[Any]:
        """In the order in which they came."""
        return selectors.signatures_of(one)

    @staticmethod
    def resolve_on_paper(one: Any) -> list[Any]:
        """Those that count."""
        return [paper for paper in selectors.papers_of(one) if paper.withdrawn_at is None]

    @staticmethod
    def resolve_revisions(one: Any) -> list[Any]:
        """Oldest first."""
        return selectors.revisions_of(one)


class RegisterQuery(PageQuery):
    """Which documents are wanted."""

    kind: Annotated[DocumentKind | None, Field(examples=["komitmen"])] = None
    year: Annotated[int | None, Field(ge=2000, le=2100, examples=[2022])] = None
    state: Annotated[RegisterState | None, Field(examples=["berlaku"])] = None
    openness: Annotated[Openness | None, Field(examples=["biasa"])] = None
    search: Annotated[str, Field(pattern=ONE_LINE, max_length=100, examples=["komitmen"])] = ""


@router.get(
    "/documents", auth=allow(Action.USE_API), response=answers(Page[DocumentOut]), summary="Register of documents"
)
def documents(request: HttpRequest, query: Query[RegisterQuery]) -> Rows:
    """Documents that the caller may see, the newest first."""
    sought = Sought(query.kind or "", query.year, query.state or "", query.openness or "", query.search)
    return paged(selectors.register(sought), query)


@router.get(
    "/documents/{number}", auth=allow(Action.USE_API), response=answers(DocumentDetailOut), summary="One document"
)
def document(request: HttpRequest, number: int) -> object:
    """One document with its revisions and signatures."""
    return selectors.registered(number)
