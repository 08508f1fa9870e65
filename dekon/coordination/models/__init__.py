"""Tables of meetings and commitments."""

from dekon.coordination.models.attendance import Attendance, InvitationMail, Participant
from dekon.coordination.models.decisions import Decision, DecisionEvent
from dekon.coordination.models.meetings import Material, Meeting, MeetingSeries, MeetingSession
from dekon.coordination.models.minutes import MeetingReport, MinutesBlock, MinutesClosing, MinutesText
from dekon.coordination.models.raised_issues import IssueEvent, RaisedIssue

__all__ = [
    "Attendance",
    "Decision",
    "DecisionEvent",
    "InvitationMail",
    "IssueEvent",
    "Material",
    "Meeting",
    "MeetingReport",
    "MeetingSeries",
    "MeetingSession",
    "MinutesBlock",
    "MinutesClosing",
    "MinutesText",
    "Participant",
    "RaisedIssue",
]
