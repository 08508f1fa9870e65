"""Deciding in a meeting, and following what was decided until it is verified as done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, BinaryIO

from django.db import transaction
from django.db.models import Max

from dekon.audit import services as audit
from dekon.coordination import selectors
from dekon.coordination.choices import DECISION_OVER, DECISION_TRANSITIONS, DecisionState
from dekon.coordination.models import Decision, DecisionEvent
from dekon.coordination.services.meetings import PIECE_BYTES
from dekon.errors import Conflict, NotFound, Problem, Unfit
from dekon.gateways import files
from dekon.lib.uploads import EVIDENCE, inspect, refuse
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.choices import Action, Role

if TYPE_CHECKING:
    from dekon.coordination.models import Meeting
    from dekon.org.models import Province, Unit, User
    from dekon.org.selectors import Matter

TEXT_LENGTH = 2000
PATH = re.compile(r"([A-Z]{2})(?:\.([0-9]{4})(?:\.([A-Z]{3})\.([0-9A-Z]{3}))?)?")


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What was decided: the words, who owns it, by when, about which programme or RO.

    `province` is a Kemendagri code, `unit` two digits; neither: the ministry. `path` is a programme (`DL`), an activity
    (`DL.2175`) or an RO (`DL.2175.SCH.001`), or empty. `owner` is the user name of a person, where it is one person's.
    """

    text: str
    owner_role: str
    due_on: date
    province: str = ""
    unit: str = ""
    path: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file as it was handed in: its content, seekable, and the name that the browser says."""

    stream: BinaryIO
    name: str


@transaction.atomic
def record_decision(*, actor: User, meeting_id: int, facts: DecisionFacts, at: datetime) -> Decision:
    """Write down what a meeting decided. It cannot be rewritten afterwards, only withdrawn with a reason.

    Args:
        at: the moment, aware.

    Raises:
        NotFound: there is no such meeting, province or unit.
        NotAllowed: the actor records no decisions of it.
        Conflict: the meeting has not been called, or was cancelled.
        Unfit: the words or the owner are missing, or the programme cannot be read.
    """
    meeting = selectors.meeting(meeting_id)
    org.require(actor, Action.RECORD_DECISION, selectors.matter_of_meeting(meeting))
    audit.take_turn("meeting-decisions", str(meeting_id))
    province, unit = _owning_place(facts)
    program, kegiatan, kro, ro = _path(facts.path)
    owner = org_selectors.user_by_name(facts.owner) if facts.owner else None
    last = Decision.objects.filter(meeting=meeting).aggregate(last=Max("number"))["last"] or 0
    made = Decision.objects.create(
        meeting=meeting, number=last + 1, text=facts.text.strip(), owner_role=facts.owner_role, province=province,
        unit=unit, due_on=facts.due_on, program=program, kegiatan=kegiatan, kro=kro, ro=ro, recorded_by=actor,
        owner=owner,
    )  # fmt: skip
    DecisionEvent.objects.create(decision=made, state=DecisionState.OPEN, by=actor, at=at)
    _trail(actor, "decision-recorded", made, after={"text": made.text, "due": made.due_on.isoformat()})
    return made


def claim_decision(
    *, actor: User, decision_id: int, note: str, at: datetime, evidence: Evidence | None = None
) -> Decision:
    """Report a decision as done, with words and, where there is one, a file as evidence.

    Args:
        evidence: looked at, scanned and stored before the transaction begins.
        at: the moment, aware.

    Raises:
        NotFound: no such decision, or not for this person.
        NotAllowed: it is somebody else's.
        Conflict: it was reported or is over already.
        Unfit: the words are missing, or something is wrong with the file.
        RuleBroken: the virus scanner finds something.
        GatewayFailed: there is a virus scanner and it does not answer.
    """
    found = selectors.decision(decision_id)
    org.require(actor, Action.CLAIM_DECISION, selectors.matter_of_decision(found))
    _require_words(note, "note")
    return _move(actor, decision_id, (DecisionState.CLAIMED, note), at, _kept(evidence))


def verify_decision(*, actor: User, decision_id: int, done: bool, note: str, at: datetime) -> Decision:
    """Say whether what was reported as done is done; if not, it goes back with the words why.

    Args:
        done: verified; else returned, and then the words are needed.
        at: the moment, aware.

    Raises:
        NotFound: no such decision, or not for this person.
        NotAllowed: the actor does not hold the meeting, or reported it.
        Conflict: nothing is reported.
        Unfit: the words are missing or too long.
    """
    if not done:
        _require_words(note, "note")
    return _move(actor, decision_id, (DecisionState.VERIFIED if done else DecisionState.RETURNED, note), at, {})


def withdraw_decision(*, actor: User, decision_id: int, reason: str, at: datetime) -> Decision:
    """Withdraw a decision that no longer holds; it stays on record with the reason.

    Raises:
        NotFound: no such decision, or not for this person.
        NotAllowed: the actor records no decisions of that meeting.
        Conflict: it is reported or over.
        Unfit: the reason is missing or too long.
    """
    org.require_reason(reason)
    return _move(actor, decision_id, (DecisionState.WITHDRAWN, reason), at, {})


ACTIONS = {
    DecisionState.CLAIMED: Action.CLAIM_DECISION,
    DecisionState.VERIFIED: Action.VERIFY_DECISION,
    DecisionState.RETURNED: Action.VERIFY_DECISION,
    DecisionState.WITHDRAWN: Action.WITHDRAW_DECISION,
}
"""State → what one must hold to bring a decision there."""


def matter_for(found: Decision, to: str) -> Matter:
    """What `may` is asked about a decision that is to go into a state."""
    return selectors.matter_of_decision(found) if to == DecisionState.CLAIMED else selectors.matter_to_verify(found)


@transaction.atomic
def _move(
    actor: User, decision_id: int, step: tuple[DecisionState, str], at: datetime, file: Mapping[str, str | int]
) -> Decision:
    to, note = step
    locked = Decision.objects.select_for_update(of=("self",)).filter(pk=decision_id).first()
    if locked is None:
        raise NotFound("decision-unknown", number=decision_id)
    found = selectors.decision(decision_id)
    org.require(actor, ACTIONS[to], matter_for(found, to))
    if to not in DECISION_TRANSITIONS[found.state]:
        raise Conflict("decision-cannot-move", number=decision_id, status=str(found.get_state_display()))
    before, found.state, found.over_at = found.state, to, at if to in DECISION_OVER else None
    found.save(update_fields=["state", "over_at"])
    DecisionEvent.objects.create(decision=found, state=to, note=note.strip(), by=actor, at=at, **file)
    facts = {"state": to.value, **({"sha256": str(file["sha256"])} if file else {})}
    _trail(actor, "decision-moved", found, before={"state": before}, after=facts, reason=note.strip())
    return selectors.decision(decision_id)


def _kept(evidence: Evidence | None) -> dict[str, str | int]:
    """The file in the store, and the columns that say so."""
    if evidence is None:
        return {}
    looked = inspect(evidence.stream, evidence.name, EVIDENCE)
    refuse(looked, "evidence")
    kept = files.keep(iter(lambda: evidence.stream.read(PIECE_BYTES), b""), shelf="attachments")
    return {
        "name": looked.name, "media_type": looked.media_type, "size_bytes": kept.size_bytes, "sha256": kept.sha256,
    }  # fmt: skip


def _owning_place(facts: DecisionFacts) -> tuple[Province | None, Unit | None]:
    province = org_selectors.province_or_none(facts.province) if facts.province else None
    unit = org_selectors.unit_or_none(facts.unit) if facts.unit else None
    if problems := list(_unfit(facts)):
        raise Unfit(problems)
    return province, unit


def _unfit(facts: DecisionFacts) -> Iterator[Problem]:
    """Everything that keeps a decision from being recorded."""
    if not facts.text.strip():
        yield Problem("text", "meeting-word-missing")
    if len(facts.text) > TEXT_LENGTH:
        yield Problem("text", "result-too-long", {"length": TEXT_LENGTH})
    if facts.owner_role not in Role.values:
        yield Problem("owner_role", "decision-role-unknown", {"role": facts.owner_role[:40]})
    if facts.province and facts.unit:
        yield Problem("unit", "decision-one-place")
    if facts.owner and org_selectors.user_by_name(facts.owner) is None:
        yield Problem("owner", "decision-person-unknown", {"name": facts.owner[:40]})
    if facts.path and not PATH.fullmatch(facts.path):
        yield Problem("path", "decision-path-unreadable", {"path": facts.path[:40]})


def _path(text: str) -> tuple[str, str, str, str]:
    found = PATH.fullmatch(text)
    program, kegiatan, kro, ro = (part or "" for part in found.groups()) if found else ("", "", "", "")
    return program, kegiatan, kro, ro


def _require_words(text: str, field: str) -> None:
    if not text.strip():
        raise Unfit([Problem(field, "meeting-word-missing")])
    if len(text) > TEXT_LENGTH:
        raise Unfit([Problem(field, "result-too-long", {"length": TEXT_LENGTH})])


def _trail(
    actor: User, action: str, of: Decision, *, before: dict[str, str] | None = None, after: dict[str, str],
    reason: str = "",
) -> None:  # fmt: skip
    meeting: Meeting = of.meeting
    place = audit.place_of(of.province.code if of.province else "", of.unit.code if of.unit else "")
    audit.record(
        actor=actor, action=action, subject_type="decision", subject_id=of.pk,
        subject_name=f"{meeting.title} / {of.number}"[:255], place=place, before=before, after=after, reason=reason,
    )  # fmt: skip
