"""The joint commitment: its wording and who has signed, writing, approving, refusing, withdrawing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from dekon.api.access import allow, caller
from dekon.api.envelope import ONE_LINE, answers
from dekon.api.paging import Page, PageQuery, Rows, paged
from dekon.api.versions import Versioned, stamped, takes_version, unchanged
from dekon.coordination.choices import Topic
from dekon.coordination.selectors import commitments as selectors
from dekon.coordination.services import commitments as services
from dekon.coordination.services.commitments import Said, Words
from dekon.org import selectors as org
from dekon.org.choices import Action

router = Router()

Line = Annotated[str, Field(min_length=3, max_length=255, pattern=ONE_LINE)]


class CommitmentOut(Versioned):
    """One version of the commitment of a year, or of a satker's performance agreement."""

    id: int
    year: int = Field(alias="fiscal_year", examples=[2022])
    satker: str = Field(description="six digits; empty for the joint commitment", examples=[""])
    edition: int = Field(description="1, 2, …; a later one names the earlier", examples=[1])
    replaces: int | None = Field(alias="supersedes_id", description="the version before")
    state: str = Field(description="draf, siap, berjalan, lengkap or ditarik", examples=["berjalan"])
    document: str = Field(
        description="number of the document; empty for a draft", examples=["DEKON/KOMITMEN/2022/0001"]
    )

    @staticmethod
    def resolve_satker(found: Any) -> str:
        """The code."""
        return found.satker.code if found.satker else ""

    @staticmethod
    def resolve_document(found: Any) -> str:
        """The number."""
        return found.document.number if found.document else ""


class StatementOut(Schema):
    """One numbered statement, verbatim."""

    number: int
    topic: str = Field(examples=["akuntabilitas"])
    heading: str
    text: str


class SeatOut(Schema):
    """One office that has to sign."""

    place: int = Field(description="of the signature; what signing and refusing name")
    office: str
    province: str = Field(description="Kemendagri code; empty for the ministry", examples=["32"])
    name: str = Field(description="who signed, else who heads the office as it was last seen")
    state: str = Field(description="signed, paper, refused, late or waiting", examples=["signed"])
    method: str = Field(description="lokal, bsre, token or luar; empty where nothing was signed")
    certified: bool
    signed_at: datetime | None
    refusal: str = Field(description="the reason of a refusal that still stands, for whom it concerns")


class CommitmentDetailOut(CommitmentOut):
    """A version with what it says and who signs it."""

    title: str
    preamble: str
    closing: str
    sign_by: date | None
    statements: list[StatementOut]
    seats: list[SeatOut] = Field(description="in the order of the document; none of a draft")

    @staticmethod
    def resolve_title(found: Any) -> str:
        """Of its wording, like the others."""
        return selectors.wording_of(found).title

    @staticmethod
    def resolve_preamble(found: Any) -> str:
        """What stands before the statements."""
        return selectors.wording_of(found).preamble

    @staticmethod
    def resolve_closing(found: Any) -> str:
        """What stands after them."""
        return selectors.wording_of(found).closing

    @staticmethod
    def resolve_sign_by(found: Any) -> date | None:
        """The last day on which nobody is late."""
        return selectors.wording_of(found).sign_by

    @staticmethod
    def resolve_statements(found: Any) -> list[Any]:
        """In their order."""
        return list(selectors.wording_of(found).statements.all())

    @staticmethod
    def resolve_seats(found: Any) -> list[SeatOut]:
        """Everybody who has to sign."""
        signing = selectors.signing_of(found, at=timezone.now())
        return [_seat(one) for one in signing.seats] if signing else []


def _seat(one: selectors.Seat) -> SeatOut:
    done = one.signature or one.paper
    return SeatOut(
        place=one.place.pk, office=one.place.office, province=one.place.province.code if one.place.province else "",
        name=done.name if done else one.name, state=one.state, method=one.signature.method if one.signature else "",
        certified=bool(one.signature and one.signature.certified),
        signed_at=one.signature.signed_at if one.signature else None,
        refusal=one.refusal.reason if one.refusal and not done else "",
    )  # fmt: skip


class CommitmentQuery(PageQuery):
    """Versions of a year, or of all."""

    year: Annotated[int | None, Field(ge=2000, le=2100, examples=[2022])] = None


class StatementIn(Schema):
    """One statement; its number is its place in the list."""

    topic: Literal["akuntabilitas", "pembinaan", "pelaporan", "lain"] = "lain"
    heading: Annotated[str, Field(min_length=1, max_length=80, pattern=ONE_LINE, examples=["Akuntabilitas"])]
    text: Annotated[str, Field(min_length=3, max_length=4000, examples=["Program dilaksanakan dengan akuntabel."])]


class WordsIn(Schema):
    """What a commitment is to say."""

    title: Annotated[str, Field(min_length=3, max_length=200, pattern=ONE_LINE, examples=["Komitmen Bersama 2022"])]
    preamble: Annotated[str, Field(min_length=1, max_length=4000, examples=["Kami menyatakan:"])]
    closing: Annotated[str, Field(max_length=4000)] = ""
    statements: Annotated[list[StatementIn], Field(min_length=1, max_length=12)]
    sign_by: date | None = None

    def words(self) -> Words:
        """For the service."""
        said = [Said(Topic(one.topic), one.heading, one.text) for one in self.statements]
        return Words(self.title, self.preamble, self.closing, said, self.sign_by)


class DraftIn(WordsIn):
    """A new version."""

    year: Annotated[int, Field(ge=2000, le=2100, examples=[2022])]
    satker: Annotated[str, Field(pattern=r"^(\d{6})?$", examples=[""])] = ""


class BasisIn(Schema):
    """By what the wording was approved."""

    basis: Line


class ReasonIn(Schema):
    """Why."""

    reason: Line


@router.get("/commitments", auth=allow(Action.VIEW_PLACE), response=answers(Page[CommitmentOut]), summary="Commitments")
def commitments(request: HttpRequest, query: Query[CommitmentQuery]) -> Rows:
    """Versions that the caller may see, newest year and version first."""
    return paged(selectors.commitments(year=query.year), query, kind="commitment")


@router.get(
    "/commitments/{number}", auth=allow(Action.VIEW_PLACE), response=answers(CommitmentDetailOut),
    summary="A commitment with everybody who signs",
)  # fmt: skip
def commitment(request: HttpRequest, number: int) -> object:
    """What it says, who has signed, who refused, who is late."""
    return stamped("commitment", selectors.commitment(number))


@router.post(
    "/commitments", auth=allow(Action.EDIT_COMMITMENT), response=answers(CommitmentDetailOut), summary="Draft one"
)
def draft(request: HttpRequest, body: DraftIn) -> object:
    """Begin the commitment of a year, or a new version of a withdrawn one."""
    made = services.draft_commitment(
        actor=caller(request), fiscal_year=body.year, words=body.words(), at=timezone.now(),
        satker=org.satker_or_none(body.satker),
    )  # fmt: skip
    return stamped("commitment", selectors.commitment(made.pk))


@router.put(
    "/commitments/{number}", auth=allow(Action.EDIT_COMMITMENT), response=answers(CommitmentDetailOut),
    summary="Write a draft anew",
)  # fmt: skip
@takes_version
def edit(request: HttpRequest, number: int, body: WordsIn) -> object:
    """The wording before stays on record."""
    unchanged(request, "commitment", number)
    services.edit_commitment(actor=caller(request), number=number, words=body.words(), at=timezone.now())
    return stamped("commitment", selectors.commitment(number))


@router.post(
    "/commitments/{number}/approve", auth=allow(Action.APPROVE_COMMITMENT), response=answers(CommitmentDetailOut),
    summary="Freeze the wording and prepare the document",
)  # fmt: skip
@takes_version
def approve(request: HttpRequest, number: int, body: BasisIn) -> object:
    """Each office in force today gets its place for a signature."""
    unchanged(request, "commitment", number)
    services.approve_commitment(actor=caller(request), number=number, basis=body.basis, at=timezone.now())
    return stamped("commitment", selectors.commitment(number))


@router.post(
    "/commitments/{number}/withdraw", auth=allow(Action.WITHDRAW_COMMITMENT), response=answers(CommitmentDetailOut),
    summary="Withdraw the whole version",
)  # fmt: skip
@takes_version
def withdraw(request: HttpRequest, number: int, body: ReasonIn) -> object:
    """Only before everybody has signed."""
    unchanged(request, "commitment", number, adds=True)
    services.withdraw_commitment(actor=caller(request), number=number, reason=body.reason, at=timezone.now())
    return stamped("commitment", selectors.commitment(number))


@router.post(
    "/commitments/places/{number}/refuse", auth=allow(Action.VIEW_PLACE), response=answers(CommitmentDetailOut),
    summary="Refuse to sign, with the reason",
)  # fmt: skip
def refuse(request: HttpRequest, number: int, body: ReasonIn) -> object:
    """Whoever could sign in the place says why not; a signature after it counts."""
    step = services.refuse_signing(actor=caller(request), place=number, reason=body.reason, at=timezone.now())
    return stamped("commitment", selectors.commitment(step.commitment_id))
