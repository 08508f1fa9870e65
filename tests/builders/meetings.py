"""People who meet, and a meeting with its agenda, by the services."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from dekon.coordination import services
from dekon.coordination.models import Meeting, MeetingSession, Participant
from dekon.coordination.services import Invitee, MeetingFacts, SessionFacts
from dekon.lib.periods import JAKARTA
from dekon.org import selectors as org_selectors
from dekon.org import services as org
from dekon.org.models import User

BEGINS = datetime(2022, 3, 15, 8, tzinfo=JAKARTA)
ENDS = datetime(2022, 3, 15, 16, tzinfo=JAKARTA)
HOUR = timedelta(hours=1)
RAKOR = MeetingFacts(
    "rakor", "Rakor tahunan", "Rakor dekonsentrasi 2022", "Jakarta", "Ruang Utama", BEGINS, ENDS
)  # fmt: skip
REGISTRATION = SessionFacts("Registrasi", BEGINS, BEGINS + HOUR, "Lobi", counted=True)
OPENING = SessionFacts(
    "Pembukaan", BEGINS + HOUR, BEGINS + 2 * HOUR, "Ruang Utama", "Sekretaris Jenderal", counted=True
)


def somebody(name: str, role: str, **bounds: str) -> User:
    """A person with one role, as in the demo without a second factor."""
    return org.add_user(
        actor=org_selectors.system_user(), username=name, password="", role=role, is_demo=True, display_name=name,
        decree_no="SK 1", decree_on=date(2021, 12, 20), **bounds,
    )  # fmt: skip


def rakor(actor: User, facts: MeetingFacts = RAKOR) -> tuple[Meeting, MeetingSession]:
    """A meeting with two sessions of which both are counted; the first is given too."""
    meeting = services.plan_meeting(actor=actor, facts=facts)
    first = services.state_session(actor=actor, meeting_id=meeting.pk, facts=REGISTRATION)
    services.state_session(actor=actor, meeting_id=meeting.pk, facts=OPENING)
    return meeting, first


def invitee(number: int, **facts: str) -> Invitee:
    """Somebody to invite, with made-up words."""
    said = {"category": "lainnya", "name": f"Orang {number} (sintetis)", "position": "Kepala Bidang", "office": "Dinas"}
    return Invitee(**{**said, **facts})


type Running = tuple[Meeting, MeetingSession, list[Participant]]


def running(actor: User, count: int = 3, facts: MeetingFacts = RAKOR) -> Running:
    """A meeting that runs, its first session, and who is invited."""
    meeting, first = rakor(actor, facts)
    wanted = [invitee(one) for one in range(1, count + 1)]
    people = services.invite_people(actor=actor, meeting_id=meeting.pk, people=wanted)
    for to in ("undangan", "berlangsung"):
        services.move_meeting(actor=actor, meeting_id=meeting.pk, to=to, at=BEGINS)
    meeting.refresh_from_db()
    return meeting, first, people
