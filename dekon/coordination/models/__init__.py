"""Tables of meetings and commitments."""

from dekon.coordination.models.attendance import Attendance, InvitationMail, Participant
from dekon.coordination.models.commitments import (
    Commitment,
    CommitmentStatement,
    CommitmentStep,
    Wording,
)
from dekon.coordination.models.meetings import Material, Meeting, MeetingSeries, MeetingSession

__all__ = [
    "Attendance",
    "Commitment",
    "CommitmentStatement",
    "CommitmentStep",
    "InvitationMail",
    "Material",
    "Meeting",
    "MeetingSeries",
    "MeetingSession",
    "Participant",
    "Wording",
]
