"""Reading who is invited, who answered and who came; the codes of the room; the quorum."""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db.models import FETCH_PEERS, Prefetch, QuerySet

from dekon.coordination.choices import Category, Delivery, Presence, Reply
from dekon.coordination.models import Attendance, InvitationMail, Meeting, MeetingSession, Participant
from dekon.errors import NotFound
from dekon.scope import EVERYWHERE, scoped_transaction

ROOM_CODE_SECONDS = 20
"""How long the code on the screen of the room stands; the one before is good for as long again."""
SALT = "dekon.coordination.invitation"


def participants(meeting_id: int, *, category: str = "", reply: str = "") -> QuerySet[Participant]:
    """Who is invited, by number, with the attendance that counts; as far as the reader sees them."""
    bounds = {"category": category, "reply": reply}
    found = Participant.objects.filter(meeting=meeting_id, withdrawn_at=None)
    found = found.filter(**{name: value for name, value in bounds.items() if value})
    counting = Attendance.objects.filter(voided_at=None).order_by("at").fetch_mode(FETCH_PEERS)
    return found.select_related("province", "unit").prefetch_related(Prefetch("attendance", counting, "counting"))


def participant(number: int) -> Participant:
    """One participant with the meeting.

    Raises:
        NotFound: there is none of that number, or not where the reader may look.
    """
    found = Participant.objects.select_related("meeting__unit", "meeting__series", "province").filter(pk=number).first()
    if found is None:
        raise NotFound("participant-unknown", number=number)
    return found


def title_of(number: str) -> str:
    """What another meeting is called; a dash where there is none of that number."""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return "–"
    return Meeting.objects.filter(pk=int(number)).values_list("title", flat=True).first() or "–"


def token_of(found: Participant) -> str:
    """What the personal link of an invitation carries: the code, signed."""
    return signing.Signer(salt=SALT).sign(found.code)


def code_of_token(token: str) -> str:
    """The code that a personal link carries.

    Raises:
        NotFound: nobody here has signed it.
    """
    try:
        return signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature as problem:
        raise NotFound("invitation-link-unknown") from problem


def by_link(token: str) -> Participant:
    """Who holds a personal link, with the meeting; without signing in.

    Raises:
        NotFound: nobody here has signed it, or the invitation was withdrawn.
    """
    code = code_of_token(token)
    with scoped_transaction("", EVERYWHERE):
        found = Participant.objects.select_related("meeting__series", "meeting__unit").filter(code=code).first()
        if found is None or found.withdrawn_at:
            raise NotFound("invitation-link-unknown")
        return found


@dataclass(frozen=True, slots=True)
class MailProgress:
    """How far the mails of a meeting are."""

    sent: int
    waiting: int
    failed: int
    without_address: int
    silent: int


def mail_progress(meeting_id: int) -> MailProgress:
    """How many mails have left, wait and failed; who has no address; who of those with one has not answered."""
    states = list(InvitationMail.objects.filter(participant__meeting=meeting_id).values_list("state", flat=True))
    people = Participant.objects.filter(meeting=meeting_id, withdrawn_at=None)
    return MailProgress(
        states.count(Delivery.SENT), states.count(Delivery.WAITING), states.count(Delivery.FAILED),
        people.filter(email="").count(), people.filter(reply=Reply.NONE).exclude(email="").count(),
    )  # fmt: skip


def room_code(session: MeetingSession, now: datetime) -> str:
    """The six digits that stand on the screen of the room now."""
    return _digits(session.pk, int(now.timestamp()) // ROOM_CODE_SECONDS)


def seconds_left(now: datetime) -> int:
    """Until the code of the room changes."""
    return ROOM_CODE_SECONDS - int(now.timestamp()) % ROOM_CODE_SECONDS


def session_of_digits(meeting: Meeting, digits: str, now: datetime) -> MeetingSession | None:
    """The session on whose screen these digits stand, or stood just before."""
    said = "".join(digits.split())
    window = int(now.timestamp()) // ROOM_CODE_SECONDS
    for session in meeting.sessions.filter(counted=True):
        if any(
            hmac.compare_digest(_digits(session.pk, window - back), said.encode("ascii", "replace").decode())
            for back in (0, 1)
        ):
            return session
    return None


def _digits(session_id: int, window: int) -> str:
    made = hmac.new(settings.SECRET_KEY.encode(), f"room:{session_id}:{window}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(made[:8]) % 1_000_000:06}"


@dataclass(frozen=True, slots=True)
class Tally:
    """A category in numbers: invited, their answers, who is there; `needed` for the quorum."""

    category: str
    invited: int
    coming: int
    deputed: int
    apologised: int
    present: int
    represented: int
    excused: int
    needed: int

    @property
    def silent(self) -> int:
        """Who has not answered."""
        return self.invited - self.coming - self.deputed - self.apologised

    @property
    def sure(self) -> int:
        """Who has said to come, or who comes in the place."""
        return self.coming + self.deputed

    @property
    def there(self) -> int:
        """Who is there or represented."""
        return self.present + self.represented

    @property
    def met(self) -> bool:
        """Whether enough are there."""
        return self.there >= self.needed


@dataclass(frozen=True, slots=True)
class Quorum:
    """All categories of a meeting and their sum."""

    rows: tuple[Tally, ...]
    whole: Tally

    @property
    def met(self) -> bool:
        """Whether every category has enough."""
        return bool(self.rows) and all(row.met for row in self.rows)


def quorum(meeting: Meeting, session_id: int | None = None) -> Quorum:
    """How many are invited, sure and there, by category.

    Args:
        session_id: those who are there in one session; None: in any.

    Legal: house rule; the share is stated for each meeting, rounded up within each category.
    """
    people = list(Participant.objects.filter(meeting=meeting, withdrawn_at=None).values_list("pk", "category", "reply"))
    came = presences(meeting.pk, session_id)
    rows = []
    for category in Category.values:
        members = [(pk, reply) for pk, one, reply in people if one == category]
        if members:
            rows.append(_tally(category, members, came, meeting.quorum_percent))
    needed = sum(row.needed for row in rows)
    whole = _tally("", [(pk, reply) for pk, _category, reply in people], came, meeting.quorum_percent, needed)
    return Quorum(tuple(rows), whole)


def presences(meeting_id: int, session_id: int | None = None) -> Mapping[int, str]:
    """How each participant stands who has a row: present before represented before excused."""
    rows = Attendance.objects.filter(participant__meeting=meeting_id, voided_at=None)
    if session_id:
        rows = rows.filter(session=session_id)
    found: dict[int, set[str]] = defaultdict(set)
    for pk, presence in rows.values_list("participant_id", "presence"):
        found[pk].add(presence)
    return {pk: next(one for one in Presence.values if one in several) for pk, several in found.items()}


def _tally(
    category: str, members: Iterable[tuple[int, str]], came: Mapping[int, str], percent: int, needed: int | None = None
) -> Tally:
    members = list(members)
    replies = [reply for _pk, reply in members]
    there = [came.get(pk, "") for pk, _reply in members]
    return Tally(
        category, len(members), replies.count(Reply.COMING), replies.count(Reply.REPRESENTED),
        replies.count(Reply.APOLOGISED), there.count(Presence.PRESENT), there.count(Presence.REPRESENTED),
        there.count(Presence.EXCUSED), -(-len(members) * percent // 100) if needed is None else needed,
    )  # fmt: skip


def masked_nip(nip: str) -> str:
    """A NIP as it is shown to whoever need not know it: the first four digits and the last two."""
    return f"{nip[:4]}{'•' * 12}{nip[-2:]}" if nip else ""
