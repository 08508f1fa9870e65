"""Reading the joint commitment: its versions and wording, who has to sign, who has, who refused, who is late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from django.db.models import FETCH_PEERS, QuerySet

from dekon.coordination.choices import CommitmentState, StepKind
from dekon.coordination.models import Commitment, CommitmentStep, Wording
from dekon.documents import selectors as documents
from dekon.documents.choices import DocumentState
from dekon.errors import NotFound
from dekon.history import selectors as history
from dekon.org import selectors as org
from dekon.org.choices import Action, Role
from dekon.org.selectors import Matter, offices, satker_place

if TYPE_CHECKING:
    from dekon.documents.models import PaperSignature, PlacedSignature, SignaturePlace
    from dekon.documents.selectors import Progress
    from dekon.org.models import Province, RoleAssignment, Satker, User

MINISTRY_OFFICE = "Sekretaris Jenderal Kementerian Ketenagakerjaan"

type SeatState = Literal["signed", "paper", "refused", "late", "waiting"]


@dataclass(frozen=True, slots=True)
class Expected:
    """An office that has to sign: what is printed, what one must hold, where it belongs, and who heads it on the day.

    `held` is None where nobody does, or nobody whom the reader may see.
    """

    office: str
    action: Action
    province: Province | None
    satker: Satker | None
    held: RoleAssignment | None

    @property
    def who(self) -> str:
        """The person with Plt. or Plh.; empty where nobody heads the office."""
        return name_of(self.held)


def name_of(held: RoleAssignment | None) -> str:
    """A person as an office names one: Plt. or Plh. before the name."""
    if held is None:
        return ""
    standing = "" if held.standing == "definitif" else f"{held.get_standing_display()} "
    return f"{standing}{held.user}"


@dataclass(frozen=True, slots=True)
class Seat:
    """One place for a signature: who heads its office, what stands in it, and what else is known of it."""

    place: SignaturePlace
    name: str
    replaced: bool
    signature: PlacedSignature | None
    paper: PaperSignature | None
    refusal: CommitmentStep | None
    late: bool

    @property
    def state(self) -> SeatState:
        """How it stands: a signature counts whatever was said before it."""
        if self.signature:
            return "signed"
        if self.paper:
            return "paper"
        if self.refusal:
            return "refused"
        return "late" if self.late else "waiting"

    @property
    def is_done(self) -> bool:
        """Whether the office has signed, either way."""
        return self.signature is not None or self.paper is not None


@dataclass(frozen=True, slots=True)
class Count:
    """How many have signed by which method, how many refused, are late, or wait."""

    certified: int = 0
    uncertified: int = 0
    wet: int = 0
    refused: int = 0
    late: int = 0
    waiting: int = 0

    @property
    def signed(self) -> int:
        """All that signed."""
        return self.certified + self.uncertified + self.wet

    @property
    def whole(self) -> int:
        """All that have to sign."""
        return self.signed + self.refused + self.late + self.waiting


@dataclass(frozen=True, slots=True)
class Signing:
    """The signing of a version: its seats in the order of the document, and how far it is."""

    progress: Progress
    seats: tuple[Seat, ...]

    @property
    def count(self) -> Count:
        """The seats, counted."""
        signed = [one.signature for one in self.seats if one.signature]
        rest = [one.state for one in self.seats if not one.signature]
        return Count(
            certified=sum(one.certified for one in signed), uncertified=sum(not one.certified for one in signed),
            wet=rest.count("paper"), refused=rest.count("refused"), late=rest.count("late"),
            waiting=rest.count("waiting"),
        )  # fmt: skip

    @property
    def is_complete(self) -> bool:
        """Whether everybody has signed, on the document or on paper."""
        return all(one.is_done for one in self.seats)


def commitments(*, year: int | None = None, joint: bool | None = None) -> QuerySet[Commitment]:
    """Versions that the reader may see, newest year and version first.

    Args:
        year: only of that fiscal year.
        joint: only the joint commitment, or only performance agreements of satker.
    """
    found = Commitment.objects.select_related("satker", "document", "supersedes")
    if year is not None:
        found = found.filter(fiscal_year=year)
    if joint is not None:
        found = found.filter(satker__isnull=joint)
    return found.order_by("-fiscal_year", "satker__code", "-edition").fetch_mode(FETCH_PEERS)


def commitment(number: int) -> Commitment:
    """One version.

    Raises:
        NotFound: none of that number, or not where the reader may look.
    """
    found = (
        Commitment.objects.select_related("satker__province", "satker__unit", "document", "supersedes")
        .filter(pk=number)
        .first()
    )
    if found is None:
        raise NotFound("commitment-unknown", number=number)
    return found


def commitment_of_place(number: int) -> Commitment:
    """The version in whose document a place for a signature is.

    Raises:
        NotFound: there is none, or not where the reader may look.
    """
    found = Commitment.objects.select_related("satker", "document").filter(document__places=number).first()
    if found is None:
        raise NotFound("place-of-signature-unknown", number=number)
    return found


def newest(year: int, satker: Satker | None = None) -> Commitment | None:
    """The newest version of a year that the reader may see; None where there is none."""
    return commitments(year=year).filter(satker=satker).order_by("-edition").first()


def wording_of(found: Commitment) -> Wording:
    """What a version says: its newest wording, with its statements in order."""
    return Wording.objects.prefetch_related("statements").filter(commitment=found).order_by("-seq")[0]


def wordings_of(found: Commitment) -> list[Wording]:
    """All wordings, the newest first."""
    return list(Wording.objects.filter(commitment=found).order_by("-seq").fetch_mode(FETCH_PEERS))


def steps_of(found: Commitment) -> list[CommitmentStep]:
    """What happened, newest first; who was named when it was prepared stands beside each place instead."""
    steps = CommitmentStep.objects.filter(commitment=found).exclude(kind=StepKind.NAMED)
    return list(steps.select_related("place").order_by("-id").fetch_mode(FETCH_PEERS))


def is_revoked(found: Commitment) -> bool:
    """Whether its document was declared void."""
    return bool(found.document and found.document.revoked_at)


def matter_of_commitment(found: Commitment) -> Matter:
    """A version, for `may`: where it belongs, and how far it is."""
    place = satker_place(found.satker) if found.satker else None
    return Matter(place, found.state, found.get_state_display())


def matter_of_place(place: SignaturePlace) -> Matter:
    """A place for a signature, for `may`: whoever prepared the document may not sign it."""
    document = place.document
    state = DocumentState.REVOKED if document.revoked_at else DocumentState.VALID
    return Matter(documents.where(place), state, str(state.label), frozenset({document.issued_by_id}))


def province_office(province: Province) -> str:
    """The office that signs for a province, as it is printed."""
    return f"Kepala Dinas yang membidangi ketenagakerjaan, Provinsi {province.name}"


def expected(satker: Satker | None, on: date) -> tuple[Expected, ...]:
    """Who has to sign on a day: the Secretary General and the head of every province in force, or of a satker its KPA.

    Args:
        satker: whose performance agreement it is; None for the joint commitment.
        on: the day; provinces that did not exist yet are not asked.
    """
    ministry = Expected(
        MINISTRY_OFFICE, Action.SIGN_AS_MINISTRY, None, None, offices.holder_everywhere(Role.PIMPINAN, on)
    )
    if satker is not None:
        kpa = offices.office_holder(satker, Role.KPA, on)
        return (
            Expected(f"Kuasa Pengguna Anggaran, {satker.name}", Action.SIGN_AS_KPA, None, satker, kpa),
            ministry,
        )
    heads = offices.heads_of_provinces(on)
    return (
        ministry,
        *(
            Expected(province_office(one), Action.SIGN_AS_HEAD, one, None, heads.get(one.pk))
            for one in org.provinces_on(on)
        ),
    )


def present_heads(signing: Signing, on: date) -> dict[int, RoleAssignment]:
    """Who heads the office of each place on a day, by the number of the place; those without anybody are missing."""
    heads = offices.heads_of_provinces(on)
    found = {one.place.pk: _head(one.place, heads, on) for one in signing.seats}
    return {number: held for number, held in found.items() if held is not None}


def _head(place: SignaturePlace, heads: dict[int, RoleAssignment], on: date) -> RoleAssignment | None:
    if place.satker is not None:
        return offices.office_holder(place.satker, Role.KPA, on)
    return heads.get(place.province_id) if place.province_id else offices.holder_everywhere(Role.PIMPINAN, on)


def signing_of(found: Commitment, *, at: datetime) -> Signing | None:
    """How far the signing of a version is; None of a draft.

    Args:
        at: the present moment, aware.
    """
    if found.document is None:
        return None
    progress = documents.progress(found.document, at=at)
    steps = CommitmentStep.objects.filter(commitment=found, place__isnull=False).order_by("id")
    known = _by_place(steps.fetch_mode(FETCH_PEERS))
    last = wording_of(found).sign_by
    late = last is not None and history.today() > last
    return Signing(progress, tuple(_seat(one, known.get(one.pk, []), late=late) for one in progress.places))


def _by_place(steps: Iterable[CommitmentStep]) -> dict[int, list[CommitmentStep]]:
    found: dict[int, list[CommitmentStep]] = {}
    for step in steps:
        found.setdefault(step.place_id or 0, []).append(step)
    return found


def _seat(place: SignaturePlace, steps: list[CommitmentStep], *, late: bool) -> Seat:
    named = [one for one in steps if one.kind in {StepKind.NAMED, StepKind.REPLACED}]
    refused = [one for one in steps if one.kind == StepKind.REFUSED]
    changed = [one for one in named if one.kind == StepKind.REPLACED]
    refusal = refused[-1] if refused else None
    if refusal and changed and changed[-1].pk > refusal.pk:
        refusal = None  # the successor has not refused
    signature, paper = documents.signature_in(place), documents.paper_in(place)
    return Seat(
        place, named[-1].name if named else "", bool(changed), signature, paper, refusal,
        late=late and signature is None and paper is None,
    )  # fmt: skip


def seat_for(signing: Signing, actor: User) -> Seat | None:
    """The place in which somebody would sign; None for who signs nowhere in it."""
    return next(
        (one for one in signing.seats if org.may(actor, Action(one.place.action), _place(one)).allowed),
        None,
    ) or next((one for one in signing.seats if _is_near(actor, one)), None)


def _place(seat: Seat) -> Matter:
    return Matter(documents.where(seat.place))


def _is_near(actor: User, seat: Seat) -> bool:
    """Whether somebody holds the office of a seat and something else keeps them from signing."""
    verdict = org.may(actor, Action(seat.place.action), _place(seat))
    return verdict.code not in {"not-allowed-role", "not-allowed-place"}


def under_way() -> list[Commitment]:
    """Versions that wait for signatures."""
    states = (CommitmentState.PREPARED, CommitmentState.SIGNING)
    return list(Commitment.objects.filter(state__in=states).select_related("document", "satker"))
