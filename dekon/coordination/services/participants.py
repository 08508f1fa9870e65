"""Who is invited to a meeting: by name, from a list, or drawn from the register of provinces; and what they answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max, Q

from dekon.audit import services as audit
from dekon.coordination import selectors
from dekon.coordination.choices import Category, MeetingState, Reply
from dekon.coordination.models import Meeting, Participant
from dekon.coordination.services.meetings import locked
from dekon.errors import Conflict, NotFound, Problem, Unfit
from dekon.lib.codes import new_code
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.choices import Action
from dekon.scope import EVERYWHERE, scoped_transaction

if TYPE_CHECKING:
    from dekon.org.models import User

DRAWN = {
    Category.HEAD: ("Kepala Dinas Tenaga Kerja", "Dinas Tenaga Kerja"),
    Category.SECRETARY: ("Sekretaris Dinas Tenaga Kerja", "Dinas Tenaga Kerja"),
    Category.BAPPEDA: ("Kepala Bappeda", "Bappeda"),
}
"""What is drawn for every province: category → office and institution."""
TO_BE_NAMED = "(belum disebut namanya)"
KEPT_PERSONAL = timedelta(days=730)
"""How long NIP and mail addresses are kept after a meeting: a house rule, since UU 27/2022 asks for no longer."""


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody to be invited. `province` is a Kemendagri code, `unit` two digits; NIP is 18 digits or empty."""

    category: str
    name: str
    position: str
    office: str
    nip: str = ""
    email: str = ""
    province: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an invited person answers; a representative is named where one comes."""

    reply: str
    note: str = ""
    deputy_name: str = ""
    deputy_nip: str = ""
    deputy_position: str = ""


@transaction.atomic
def invite_people(*, actor: User, meeting_id: int, people: Sequence[Invitee]) -> list[Participant]:
    """Put people on the list of a meeting. Whoever stands there already (same NIP, or name and office) is left as is.

    Args:
        actor: who prepares the meeting.
        people: whom to invite; each gets the next number and a code of its own.

    Raises:
        NotFound: there is no such meeting, province or unit.
        NotAllowed: the actor does not prepare it.
        Conflict: it is over.
        Unfit: somebody has no name or office, an unknown category or an impossible NIP.

    Returns: who was added.
    """
    meeting = locked(actor, meeting_id, Action.MANAGE_MEETING)
    _require_fit(people)
    rows = Participant.objects.filter(meeting=meeting)
    here = list(rows.filter(withdrawn_at=None).values_list("nip", "name", "position", "office"))
    known_nip, known = {one[0] for one in here if one[0]}, {one[1:] for one in here}
    fresh = [one for one in people if one.nip not in known_nip and (one.name, one.position, one.office) not in known]
    first = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    made = Participant.objects.bulk_create(_rows(actor, meeting, fresh, first))
    if made:
        _trail(actor, "participants-invited", meeting, after={"count": len(made), "first": first})
    return made


@transaction.atomic
def draw_heads(*, actor: User, meeting_id: int, categories: Iterable[str]) -> list[Participant]:
    """Invite the offices of every province on the day of the meeting in one act; who is there already is left as is.

    The name of a head of a Dinas comes from the roles of that day; other names follow with the answer.

    Args:
        categories: of `DRAWN`: heads and secretaries of the Dinas, heads of Bappeda.

    Raises:
        NotFound: there is no such meeting.
        NotAllowed: the actor does not prepare it.
        Conflict: it is over.
    """
    meeting = locked(actor, meeting_id, Action.MANAGE_MEETING)
    here = set(meeting.participants.filter(withdrawn_at=None).values_list("category", "province__code"))
    names = {Category.HEAD: org_selectors.heads_on(meeting.first_day)}
    people = []
    for province in org_selectors.provinces_on(meeting.first_day):
        for category in (one for one in DRAWN if one in set(categories) and (one, province.code) not in here):
            position, institution = DRAWN[category]
            name = names.get(category, {}).get(province.code, TO_BE_NAMED)
            office = f"{institution} Provinsi {province.name}"
            people.append(Invitee(category, name, position, office, province=province.code))
    return invite_people(actor=actor, meeting_id=meeting_id, people=people)


@transaction.atomic
def withdraw_invitation(*, actor: User, participant_id: int, reason: str, at: datetime) -> Participant:
    """Take somebody off the list; that the person stood there stays on record. The badge no longer counts.

    Raises:
        NotFound: there is no such participant.
        NotAllowed: the actor does not prepare the meeting.
        Conflict: it is over, the person is off already, or has come.
        Unfit: the reason is missing or too long.
    """
    found = Participant.objects.select_for_update().filter(pk=participant_id).first()
    if found is None:
        raise NotFound("participant-unknown", number=participant_id)
    meeting = locked(actor, found.meeting_id, Action.MANAGE_MEETING)
    if found.withdrawn_at or found.attendance.filter(voided_at=None).exists():
        raise Conflict("participant-settled", name=found.name)
    org.require_reason(reason)
    found.withdrawn_at, found.withdrawn_reason = at, reason.strip()
    found.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    _trail(actor, "participant-withdrawn", meeting, before={"number": found.number}, reason=reason.strip())
    return found


@transaction.atomic
def record_reply(*, actor: User, participant_id: int, answer: Answer, at: datetime) -> Participant:
    """Note what an invited person answered by letter or telephone.

    Raises:
        NotFound: there is no such participant.
        NotAllowed: the actor does not prepare the meeting.
        Conflict: it is over, or the person is off the list.
        Unfit: no representative is named, or the NIP is impossible.
    """
    found = Participant.objects.select_for_update().filter(pk=participant_id).first()
    if found is None:
        raise NotFound("participant-unknown", number=participant_id)
    locked(actor, found.meeting_id, Action.MANAGE_MEETING)
    return _keep(actor, found, answer, at)


def reply_by_link(*, token: str, answer: Answer, at: datetime) -> Participant:
    """Note what somebody answers who holds the personal link of the invitation, without signing in.

    Args:
        token: of the link; it is good until the meeting begins to be over.

    Raises:
        NotFound: no such link, or no longer good.
        Conflict: the meeting is over.
        Unfit: no representative is named, or the NIP is impossible.
    """
    code = selectors.code_of_token(token)
    with scoped_transaction("", EVERYWHERE):
        found = Participant.objects.select_for_update(of=("self",)).select_related("meeting").filter(code=code).first()
        if found is None or found.withdrawn_at:
            raise NotFound("invitation-link-unknown")
        if found.meeting.state not in {MeetingState.INVITING, MeetingState.RUNNING}:
            raise Conflict("meeting-not-inviting", title=found.meeting.title)
        return _keep(org_selectors.system_user(), found, answer, at)


@transaction.atomic
def minimise_participants(*, actor: User, now: datetime) -> int:
    """Remove NIP and mail addresses of meetings that are long over. Returns of how many people.

    Legal: UU 27/2022 Pasal 16 ayat (2) huruf g; the span is a house rule.
    """
    old = Participant.objects.filter(meeting__ends_at__lt=now - KEPT_PERSONAL)
    rows = old.filter(~Q(nip="") | ~Q(email="") | ~Q(deputy_nip=""))
    count = rows.update(nip="", email="", deputy_nip="")
    if count:
        audit.record(
            actor=actor, action="participants-minimised", subject_type="meeting", subject_id="*", after={"count": count}
        )
    return count


def _keep(actor: User, found: Participant, answer: Answer, at: datetime) -> Participant:
    problems = []
    if answer.reply not in Reply.values or answer.reply == Reply.NONE:
        problems.append(Problem("reply", "reply-unknown"))
    deputed = answer.reply == Reply.REPRESENTED
    if deputed and not answer.deputy_name.strip():
        problems.append(Problem("deputy_name", "deputy-unnamed"))
    if deputed and answer.deputy_nip and not is_nip(answer.deputy_nip):
        problems.append(Problem("deputy_nip", "nip-impossible", {"nip": answer.deputy_nip[:20]}))
    if problems:
        raise Unfit(problems)
    if found.withdrawn_at:
        raise Conflict("participant-settled", name=found.name)
    before, found.reply, found.replied_at, found.reply_note = found.reply, answer.reply, at, answer.note.strip()
    found.deputy_name = answer.deputy_name.strip() if deputed else ""
    found.deputy_nip = answer.deputy_nip if deputed else ""
    found.deputy_position = answer.deputy_position.strip() if deputed else ""
    found.save(
        update_fields=["reply", "replied_at", "reply_note", "deputy_name", "deputy_nip", "deputy_position"]
    )  # fmt: skip
    audit.record(
        actor=actor, action="invitation-answered", subject_type="meeting", subject_id=found.meeting_id,
        subject_name=found.meeting.title, place=audit.place_of(found.province.code if found.province else "", ""),
        before={"reply": before}, after={"reply": found.reply, "number": found.number},
    )  # fmt: skip
    return found


def is_nip(text: str) -> bool:
    """Whether it can be the number of a civil servant: 18 digits."""
    return len(text) == 18 and text.isascii() and text.isdigit()


def _require_fit(people: Iterable[Invitee]) -> None:
    problems = []
    for one in people:
        if one.category not in Category.values:
            problems.append(Problem("category", "category-unknown", {"category": one.category[:40]}))
        if not one.name.strip() or not one.position.strip() or not one.office.strip():
            problems.append(Problem("name", "invitee-incomplete"))
        if one.nip and not is_nip(one.nip):
            problems.append(Problem("nip", "nip-impossible", {"nip": one.nip[:20]}))
    if problems:
        raise Unfit(problems)


def _rows(actor: User, meeting: Meeting, people: Sequence[Invitee], first: int) -> list[Participant]:
    provinces = {code: org_selectors.province_or_none(code) for code in {one.province for one in people}}
    units = {code: org_selectors.unit_or_none(code) for code in {one.unit for one in people}}
    return [
        Participant(
            meeting=meeting, number=number, code=new_code(), category=one.category, name=one.name.strip()[:160],
            nip=one.nip, position=one.position.strip()[:255], office=one.office.strip()[:255], email=one.email.strip(),
            province=provinces[one.province], unit=units[one.unit], added_by=actor,
        )
        for number, one in enumerate(people, start=first)
    ]  # fmt: skip


def _trail(
    actor: User, action: str, meeting: Meeting, *, before: dict[str, int] | None = None,
    after: dict[str, int] | None = None, reason: str = "",
) -> None:  # fmt: skip
    audit.record(
        actor=actor, action=action, subject_type="meeting", subject_id=meeting.pk, subject_name=meeting.title,
        place=audit.place_of("", meeting.unit.code if meeting.unit else ""), before=before, after=after, reason=reason,
    )  # fmt: skip
