"""The joint commitment: written, approved, signed or refused, followed until everybody has signed, withdrawn.

The signature itself is made by `documents`. What is done there is seen here by looking (`follow`): a lower app knows
nothing of a higher one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction

from dekon.audit import services as audit
from dekon.coordination.choices import COMMITMENT_TRANSITIONS, UNDER_WAY, CommitmentState, StepKind, Topic
from dekon.coordination.models import Commitment, CommitmentStatement, CommitmentStep, Wording
from dekon.coordination.selectors import commitments as selectors
from dekon.documents import selectors as documents
from dekon.documents import services as papers
from dekon.documents.choices import DocumentKind, Openness
from dekon.errors import Conflict, NotFound, Problem, Unfit
from dekon.lib.periods import JAKARTA
from dekon.org import services as org
from dekon.org.choices import Action

if TYPE_CHECKING:
    from dekon.coordination.selectors.commitments import Signing
    from dekon.documents.models import Document, SignaturePlace
    from dekon.org.models import Satker, User

type Facts = dict[str, str | int | bool | list[str] | None]

TEMPLATE: Final = "naskah-bersama.typ"
MOST_STATEMENTS: Final = 12
LONGEST_TEXT: Final = 4000


@dataclass(frozen=True, slots=True)
class Said:
    """One statement as it is written; its number is its place in the list."""

    topic: Topic
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """What a commitment is to say. `sign_by`: the last day on which nobody is late; None: no such day."""

    title: str
    preamble: str
    closing: str
    statements: Sequence[Said]
    sign_by: date | None = None


@transaction.atomic
def draft_commitment(
    *, actor: User, fiscal_year: int, words: Words, at: datetime, satker: Satker | None = None
) -> Commitment:
    """Begin the commitment of a year, or a new version once the one before was withdrawn or declared void.

    Args:
        actor: who writes it.
        fiscal_year: of which year.
        words: what it is to say.
        at: the moment, aware.
        satker: whose performance agreement (perjanjian kinerja) it is; None: the joint commitment.

    Raises:
        NotAllowed: the actor writes no commitments.
        Conflict: `commitment-there`: there is a version that counts or is under way.
        Unfit: everything that is wrong with the words.

    Legal: house rule; one commitment a year, a later version names the earlier.
    """
    org.require(actor, Action.EDIT_COMMITMENT)
    _refuse_unfit(words)
    before = (
        Commitment.objects.select_for_update(of=("self",))
        .filter(fiscal_year=fiscal_year, satker=satker)
        .order_by("-edition")
        .first()
    )
    if before and before.state != CommitmentState.WITHDRAWN and not selectors.is_revoked(before):
        raise Conflict("commitment-there", year=fiscal_year, version=before.edition, state=before.get_state_display())
    made = Commitment.objects.create(
        fiscal_year=fiscal_year, satker=satker, edition=before.edition + 1 if before else 1, supersedes=before,
        created_at=at, created_by=actor,
    )  # fmt: skip
    _write(actor, made, words, at)
    _record(actor, made, "commitment-drafted", after=_told(words))
    return made


@transaction.atomic
def edit_commitment(*, actor: User, number: int, words: Words, at: datetime) -> Commitment:
    """Write the draft anew; what it said before stays on record.

    Args:
        actor: who writes it.
        number: the version.
        words: what it is to say.
        at: the moment, aware.

    Raises:
        NotFound: no such version.
        NotAllowed: the actor writes no commitments.
        Conflict: `commitment-frozen`: it was approved or withdrawn.
        Unfit: everything that is wrong with the words.
    """
    found = _locked(number)
    org.require(actor, Action.EDIT_COMMITMENT, selectors.matter_of_commitment(found))
    if found.state != CommitmentState.DRAFT:
        raise Conflict("commitment-frozen", state=found.get_state_display())
    _refuse_unfit(words)
    before = selectors.wording_of(found)
    _write(actor, found, words, at)
    _record(
        actor, found, "commitment-edited", after=_told(words),
        before={"title": before.title, "statements": before.statements.count(), "wording": before.seq},
    )  # fmt: skip
    return found


@transaction.atomic
def approve_commitment(*, actor: User, number: int, basis: str, at: datetime) -> Commitment:
    """Freeze the wording and make the document ready to be signed, with a place for each office that has to.

    Args:
        actor: who prepares it; somebody else signs.
        number: the version.
        basis: by what it was approved, such as the number of a letter.
        at: the moment, aware; provinces and heads are those of its day.

    Raises:
        NotFound: no such version.
        NotAllowed: the actor approves no commitments.
        Conflict: it is no draft any more.
        Unfit: the basis is missing or too long.
    """
    found = _locked(number)
    org.require(actor, Action.APPROVE_COMMITMENT, selectors.matter_of_commitment(found))
    org.require_reason(basis)
    wording = selectors.wording_of(found)
    wanted = selectors.expected(found.satker, at.astimezone(JAKARTA).date())
    found.document = papers.prepare(
        actor=actor, draft=_paper(found, wording), at=at,
        places=[papers.PlaceWish(one.office, one.action, one.province, one.satker) for one in wanted],
    )  # fmt: skip
    found.basis, found.approved_seq = basis.strip(), wording.seq
    _move(found, CommitmentState.PREPARED, "document", "basis", "approved_seq")
    _step(actor, found, StepKind.APPROVED, at, reason=found.basis)
    signing = selectors.signing_of(found, at=at)
    for one, seat in zip(wanted, signing.seats if signing else (), strict=True):
        person = one.held.user if one.held else None
        _step(actor, found, StepKind.NAMED, at, place=seat.place, person=person, name=one.who)
    _record(
        actor, found, "commitment-approved", reason=found.basis,
        after={"document": found.document.number, "wording": wording.seq, "places": len(wanted)},
    )  # fmt: skip
    return found


@transaction.atomic
def withdraw_commitment(*, actor: User, number: int, reason: str, at: datetime) -> Commitment:
    """Withdraw a version as a whole before everybody has signed: the document becomes void and says so.

    Args:
        actor: who withdraws it.
        number: the version.
        reason: why, for everybody who checks a copy.
        at: the moment, aware.

    Raises:
        NotFound: no such version.
        NotAllowed: the actor withdraws no commitments.
        Conflict: everybody has signed (its document can only be revoked), or it is withdrawn already.
        Unfit: the reason is missing or too long.
    """
    found = _locked(number)
    org.require(actor, Action.WITHDRAW_COMMITMENT, selectors.matter_of_commitment(found))
    org.require_reason(reason)
    signing = selectors.signing_of(found, at=at)
    if signing is not None and signing.is_complete:
        raise Conflict("commitment-complete", number=signing.progress.document.number)
    if found.document_id:
        papers.withdraw(actor=actor, document_id=found.document_id, reason=reason, at=at, asked=True)
    _move(found, CommitmentState.WITHDRAWN)
    _step(actor, found, StepKind.WITHDRAWN, at, reason=reason.strip())
    _record(
        actor, found, "commitment-withdrawn", reason=reason.strip(),
        after={"signed": signing.count.signed if signing else 0},
    )  # fmt: skip
    return found


@transaction.atomic
def refuse_signing(*, actor: User, place: int, reason: str, at: datetime) -> CommitmentStep:
    """Say that one does not sign, and why. Whoever signs later has changed their mind; both stay on record.

    Args:
        actor: who would sign there.
        place: the place for the signature.
        reason: why; it stands beside the place.
        at: the moment, aware.

    Raises:
        NotFound: no such place in a commitment.
        NotAllowed: the place is another office's.
        Conflict: it is signed already, or the document is void.
        Unfit: the reason is missing or too long.
    """
    seat, found = _open_place(place)
    org.require(actor, Action(seat.action), selectors.matter_of_place(seat))
    org.require_reason(reason)
    _refuse_done(found, seat, at)
    made = _step(actor, found, StepKind.REFUSED, at, place=seat, person=actor, name=str(actor), reason=reason.strip())
    _record(actor, found, "commitment-refused", place=seat, reason=reason.strip(), after={"office": seat.office})
    return made


@transaction.atomic
def follow(*, actor: User, number: int, at: datetime) -> Commitment:
    """See what became of a version meanwhile: the first and the last signature, successors, who let the day pass.

    Args:
        actor: the system, by its job.
        number: the version.
        at: the present moment, aware.

    Raises:
        NotFound: no such version.
    """
    found = _locked(number)
    signing = selectors.signing_of(found, at=at)
    if signing is None or found.state not in UNDER_WAY or selectors.is_revoked(found):
        return found
    today = at.astimezone(JAKARTA).date()
    _note_successors(actor, found, signing, today, at)
    _note_late(actor, found, signing, at)
    if signing.is_complete:
        _move(found, CommitmentState.COMPLETE)
        _step(actor, found, StepKind.COMPLETED, at)
        _record(actor, found, "commitment-completed", after={"signed": signing.count.signed})
    elif found.state == CommitmentState.PREPARED and signing.count.signed:
        _move(found, CommitmentState.SIGNING)
        _step(actor, found, StepKind.BEGUN, at)
    return found


def _note_successors(actor: User, found: Commitment, signing: Signing, today: date, at: datetime) -> None:
    """Who heads an office now that has not signed yet, where it is somebody else than was known."""
    heads = selectors.present_heads(signing, today)
    for seat in signing.seats:
        held = heads.get(seat.place.pk)
        name = selectors.name_of(held)
        if seat.is_done or name == seat.name:
            continue
        person = held.user if held else None
        _step(actor, found, StepKind.REPLACED, at, place=seat.place, person=person, name=name, reason=seat.name)
        _record(
            actor, found, "signatory-replaced", place=seat.place, before={"signatory": seat.name},
            after={"signatory": name, "office": seat.place.office},
        )  # fmt: skip


def _note_late(actor: User, found: Commitment, signing: Signing, at: datetime) -> None:
    known = set(CommitmentStep.objects.filter(commitment=found, kind=StepKind.LATE).values_list("place_id", flat=True))
    for seat in signing.seats:
        if seat.late and seat.place.pk not in known:
            _step(actor, found, StepKind.LATE, at, place=seat.place)


def _locked(number: int) -> Commitment:
    """A version, with its row locked until the transaction ends."""
    if not Commitment.objects.select_for_update(of=("self",)).filter(pk=number).exists():
        raise NotFound("commitment-unknown", number=number)
    return selectors.commitment(number)


def _open_place(number: int) -> tuple[SignaturePlace, Commitment]:
    seat = documents.place(number)
    found = selectors.commitment_of_place(number)
    if seat.document.revoked_at is not None:
        raise Conflict("document-revoked-already", number=seat.document.number)
    return seat, found


def _refuse_done(found: Commitment, seat: SignaturePlace, at: datetime) -> None:
    signing = selectors.signing_of(found, at=at)
    for one in signing.seats if signing else ():
        if one.place.pk == seat.pk and one.is_done:
            name = one.signature.name if one.signature else one.paper.name if one.paper else ""
            raise Conflict("place-signed-already", office=seat.office, name=name)


def _move(found: Commitment, to: CommitmentState, *columns: str) -> None:
    if to not in COMMITMENT_TRANSITIONS[found.state]:
        raise Conflict("commitment-frozen", state=found.get_state_display())
    found.state = to
    found.save(update_fields=["state", *columns])


def _write(actor: User, found: Commitment, words: Words, at: datetime) -> Wording:
    made = Wording.objects.create(
        commitment=found, seq=Wording.objects.filter(commitment=found).count() + 1, title=words.title.strip(),
        preamble=words.preamble.strip(), closing=words.closing.strip(), sign_by=words.sign_by, written_at=at,
        written_by=actor,
    )  # fmt: skip
    CommitmentStatement.objects.bulk_create(
        CommitmentStatement(
            wording=made, number=number, topic=one.topic, heading=one.heading.strip(), text=one.text.strip()
        )
        for number, one in enumerate(words.statements, start=1)
    )
    _step(actor, found, StepKind.WRITTEN, at, reason=f"{made.seq}")
    return made


def _paper(found: Commitment, wording: Wording) -> papers.Draft:
    """What the document says: the wording as it stands, verbatim."""
    kind = DocumentKind.PERFORMANCE if found.satker_id else DocumentKind.COMMITMENT
    return papers.Draft(
        kind, wording.title, TEMPLATE,
        {
            "pembuka": wording.preamble, "pernyataan": [one.text for one in wording.statements.all()],
            "penutup": wording.closing,
        },
        satker=found.satker, supersedes=_document_before(found), openness=Openness.OPEN,
    )  # fmt: skip


def _document_before(found: Commitment) -> Document | None:
    """The document of the last version that had one."""
    earlier = found.supersedes
    while earlier is not None and earlier.document is None:
        earlier = earlier.supersedes
    return earlier.document if earlier else None


def _step(
    actor: User, found: Commitment, kind: StepKind, at: datetime, *, place: SignaturePlace | None = None,
    person: User | None = None, name: str = "", reason: str = "",
) -> CommitmentStep:  # fmt: skip
    return CommitmentStep.objects.create(
        commitment=found, kind=kind, place=place, person=person, name=name[:160], reason=reason, at=at, by=actor
    )


def _record(
    actor: User, found: Commitment, action: str, *, place: SignaturePlace | None = None, reason: str = "",
    before: Facts | None = None, after: Facts | None = None,
) -> None:  # fmt: skip
    audit.record(
        actor=actor, action=action, subject_type="commitment", subject_id=found.pk, subject_name=str(found),
        satker_code=found.satker.code if found.satker else "",
        place=place.province.code if place and place.province and not found.satker else "",
        before=before, after=after, reason=reason,
    )  # fmt: skip


def _told(words: Words) -> Facts:
    return {
        "title": words.title, "statements": len(words.statements),
        "sign_by": words.sign_by.isoformat() if words.sign_by else "",
    }  # fmt: skip


def _refuse_unfit(words: Words) -> None:
    if found := list(_problems(words)):
        raise Unfit(found)


def _problems(words: Words) -> Iterator[Problem]:
    """Everything that is wrong with what a commitment is to say."""
    if not 3 <= len(words.title.strip()) <= 200:
        yield Problem("title", "commitment-text-length", {"most": 200})
    for field, text in (("preamble", words.preamble), ("closing", words.closing)):
        if len(text) > LONGEST_TEXT or (field == "preamble" and not text.strip()):
            yield Problem(field, "commitment-text-length", {"most": LONGEST_TEXT})
    if not 1 <= len(words.statements) <= MOST_STATEMENTS:
        yield Problem("statements", "commitment-statements", {"most": MOST_STATEMENTS})
    for number, one in enumerate(words.statements, start=1):
        if not one.heading.strip() or len(one.heading) > 80 or not 3 <= len(one.text.strip()) <= LONGEST_TEXT:
            yield Problem(f"statement-{number}", "commitment-statement-unfit", {"number": number, "most": LONGEST_TEXT})
